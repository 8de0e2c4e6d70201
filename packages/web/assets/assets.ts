import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

const home = join(import.meta.dirname, '..')
const dist = join(home, 'dist')
const STAMP = 'built-from'

/** Hash of everything the pages are made of in this checkout; undefined where only the built pages were shipped. */
function sources(): string | undefined {
  const packages = ['../base/src', '../contract/src', '../figures/src', 'src', 'public'].map((path) => join(home, path))
  if (!existsSync(join(home, 'src'))) return undefined
  const files = packages.flatMap((path) => globSync('**/*.{ts,tsx,css,js,svg,webmanifest}', { cwd: path }).map((file) => join(path, file)))
  const hash = createHash('sha256')
  for (const file of [...files.filter((file) => !file.includes('.test.')), join(home, 'index.html'), join(home, 'vite.config.ts')].toSorted()) {
    hash.update(file.slice(home.length)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

const stampOf = (directory: string): string | undefined =>
  existsSync(join(directory, STAMP)) ? readFileSync(join(directory, STAMP), 'utf8') : undefined

/**
 * The directory with the built pages. In a checkout whose pages changed since they were built, they are built first
 * (some seconds; `say` is told). Built beside and moved in one step: two nodes that start together do not disturb one another.
 */
export async function webAssets(say: (text: string) => void = () => undefined): Promise<string> {
  const wanted = sources()
  if (wanted === undefined || stampOf(dist) === wanted) return dist
  say('Building the pages of this checkout, which takes some seconds')
  const { build } = await import('vite')
  const beside = join(home, 'node_modules', `.pages-${process.pid}`)
  await mkdir(beside, { recursive: true })
  try {
    await build({ configFile: join(home, 'vite.config.ts'), root: home, mode: 'production', build: { outDir: beside } })
    writeFileSync(join(beside, STAMP), wanted)
    await rm(dist, { recursive: true, force: true })
    await rename(beside, dist)
  } catch (error) {
    await rm(beside, { recursive: true, force: true })
    // Another process was faster with the same sources.
    if (stampOf(dist) !== wanted) throw error
  }
  return dist
}
