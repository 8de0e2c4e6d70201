import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { importGraph, importsOf } from './import-graph.ts'
import { brokenImports } from './import-rules.ts'
import { packageLayers } from './layers.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

const declared = (name: string): ReadonlySet<string> => {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as { dependencies?: object }
  return new Set(Object.keys(manifest.dependencies ?? {}))
}

test('imports go down only', () => {
  const graph = importGraph(root)
  const packages = new Set(graph.map((entry) => entry.file.split('/')[1]))
  // An empty or partial reading would pass silently: every package must have been read.
  assert.deepEqual([...packages].toSorted(), Object.keys(packageLayers).toSorted())
  assert.ok(graph.length > 200, `only ${graph.length} imports were read`)
  assert.deepEqual(brokenImports(graph, declared), [])
})

test('a planted import of every forbidden sort is found', () => {
  const none = () => new Set<string>()
  const planted: [string, string][] = [
    ['packages/base/src/a.ts', 'node:fs'],
    ['packages/base/src/a.ts', '@hirundo/formats'],
    ['packages/formats/src/a.ts', 'fastify'],
    ['packages/sensor/src/a.ts', '@hirundo/server'],
    ['packages/analytics/src/a.ts', '../../formats/src/index.ts'],
    ['packages/server/src/platform/a.ts', '../modules/observatory/index.ts'],
    ['packages/server/src/modules/observatory/a.ts', '../../app/index.ts'],
    ['packages/server/src/modules/observatory/a.ts', '../warning/index.ts'],
    ['packages/server/src/modules/warning/a.ts', '../observatory/store.ts'],
    ['packages/server/src/modules/observatory/a.ts', '@hirundo/sensor'],
    ['packages/server/src/app/a.ts', 'left-pad'],
  ]
  for (const [file, specifier] of planted) {
    assert.equal(brokenImports([{ file, specifier }], none).length, 1, `${file} → ${specifier} was not found`)
  }
})

test('imports are read in every form', () => {
  const text = "import a from 'a'; import type { B } from 'b'; export * from 'c'; export { d } from 'd'; const e = await import('e')"
  const read = importsOf('x.ts', text).map((entry) => entry.specifier)
  assert.deepEqual(read.toSorted(), ['a', 'b', 'c', 'd', 'e'])
})
