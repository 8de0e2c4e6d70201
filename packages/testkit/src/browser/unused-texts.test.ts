import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { texts as report } from '@hirundo/contract/catalogues/report/en'
import { texts as web } from '@hirundo/contract/catalogues/web/en'
import { unusedKeys } from './unused-texts.ts'

const packages = join(import.meta.dirname, '../../..')
const read = (pattern: string): string[] => {
  const files = globSync(pattern, { cwd: packages }).filter((file) => !/\.test\.tsx?$/.test(file))
  assert.ok(files.length > 5, `${pattern} finds only ${files.length} files`)
  return files.map((file) => readFileSync(join(packages, file), 'utf8'))
}

describe('texts that nothing says any more', () => {
  it('are none of the pages’', () => assert.deepEqual(unusedKeys(Object.keys(web), read('web/src/**/*.{ts,tsx}')), []))

  it('are none of the report’s', () => {
    // Its sources name keys without the area.
    const keys = Object.keys(report).map((key) => key.replace(/^report\./, ''))
    const sources = read('server/src/modules/report/**/*.ts')
    assert.deepEqual(unusedKeys(keys, sources), [])
  })

  it('are found, whole or put together', () => {
    const sources = ["t('port.name')", 't(`port.class_${kind}`)', 't(`${area}.class_x`)', 't(`port.${a}_of_${b}`)', '"port.quoted"']
    const keys = ['port.name', 'port.class_scan', 'port.quoted', 'port.x_of_y', 'port.nobody', 'port.class', 'portXclass_a', 'port.x_of_']
    assert.deepEqual(unusedKeys(keys, sources), ['port.nobody', 'port.class', 'portXclass_a', 'port.x_of_'])
  })
})
