import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}
/** What Vite writes about a build: chunks by the source that they begin with. */
export type Manifest = Readonly<Record<string, Chunk>>

export interface PageSize {
  readonly javascript_gzip_bytes: number
  readonly css_gzip_bytes: number
  readonly files: readonly string[]
}

/** The goal of issue 3: kB are thousands of bytes. */
export const JAVASCRIPT_GZIP_BYTES_MAX = 350_000
/** What is loaded before the overview shows something in English: the frame, the texts and the page itself. */
export const overviewParts = ['index.html', '../contract/src/catalogues/web/en.ts', 'src/observe/overview/overview-page.tsx'] as const

/** Files that are loaded for some chunks and all that they import at once, and their size on the wire. */
export function pageSize(manifest: Manifest, parts: readonly string[], read: (file: string) => Uint8Array): PageSize {
  const chunks = new Set<string>()
  const add = (name: string): void => {
    if (chunks.has(name)) return
    const chunk = manifest[name]
    if (!chunk) throw new Error(`the build has no chunk ${name}`)
    chunks.add(name)
    for (const imported of chunk.imports ?? []) add(imported)
  }
  for (const part of parts) add(part)
  const of = (name: string) => manifest[name]!
  const scripts = [...new Set([...chunks].map((name) => of(name).file))].filter((file) => file.endsWith('.js'))
  const styles = [...new Set([...chunks].flatMap((name) => of(name).css ?? []))]
  const size = (files: readonly string[]): number => files.reduce((sum, file) => sum + gzipSync(read(file)).length, 0)
  return { javascript_gzip_bytes: size(scripts), css_gzip_bytes: size(styles), files: [...scripts, ...styles] }
}

/** The size of the overview in a directory of built pages. */
export function overviewSize(assets: string): PageSize {
  const manifest = JSON.parse(readFileSync(join(assets, '.vite/manifest.json'), 'utf8')) as Manifest
  return pageSize(manifest, overviewParts, (file) => readFileSync(join(assets, file)))
}
