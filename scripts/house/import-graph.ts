import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'

export interface Import {
  /** Path of the importing file, from the root. */
  readonly file: string
  readonly specifier: string
}

/** Every TypeScript source of the packages, from the root, tests included. */
export function sourceFiles(root: string): string[] {
  return readdirSync(join(root, 'packages'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => file.split('/')[2] === 'src')
    .toSorted()
}

/** All static, dynamic and re-exporting imports of a source text. Throws where the text does not parse. */
export function importsOf(file: string, text: string): Import[] {
  const parsed = parseSync(file, text)
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]!.message}`)
  const { staticImports, staticExports, dynamicImports } = parsed.module
  const exported = staticExports.flatMap((e) => e.entries.flatMap((entry) => entry.moduleRequest?.value ?? []))
  const dynamic = dynamicImports.map((d) => text.slice(d.moduleRequest.start, d.moduleRequest.end).replace(/^['"`]|['"`]$/g, ''))
  const specifiers = new Set([...staticImports.map((i) => i.moduleRequest.value), ...exported, ...dynamic])
  return [...specifiers].map((specifier) => ({ file, specifier }))
}

export const importGraph = (root: string): Import[] =>
  sourceFiles(root).flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
