import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runSettings } from './settings.ts'

const wrong = (given: Record<string, string>, environment: Record<string, string> = {}): unknown => {
  const settings = runSettings(given, environment)
  return settings.ok ? undefined : settings.problem.detail['what']
}

test('argument before environment before file before default', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'hirundo-settings-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const config = join(directory, 'sensor.json')
  writeFileSync(config, JSON.stringify({ state: '/file', interface: 'eth9', dst: ['192.0.2.0/24', '2001:db8::/32'], batch_rows_max: 7, flows_max: 5000 }))
  const settings = runSettings({ config, state: '/given' }, { HIRUNDO_SENSOR_STATE: '/environment', HIRUNDO_SENSOR_FLOWS_MAX: '6000' })
  assert.ok(settings.ok)
  assert.equal(settings.value.state, '/given')
  assert.equal(settings.value.interface, 'eth9')
  assert.equal(settings.value.destinations.length, 2)
  assert.deepEqual(settings.value.bounds, { batch_rows_max: 7, flows_max: 6000 })
  writeFileSync(config, '{"spol_bytes_max":1}')
  assert.equal(wrong({ config }), 'spol_bytes_max')
  writeFileSync(config, '{')
  assert.equal(wrong({ config }), 'config')
})

test('what cannot work is refused by name before anything starts', () => {
  const source = { interface: 'eth0' }
  assert.equal(wrong(source), undefined)
  assert.equal(wrong({}), 'source')
  assert.equal(wrong({ ...source, read: 'x' }), 'source')
  assert.equal(wrong({ interface: '-w/etc/passwd x' }), 'interface')
  assert.equal(wrong({ interface: '-w' }), 'interface')
  assert.equal(wrong({ ...source, spol_bytes_max: '1' }), 'spol_bytes_max')
  assert.equal(wrong({ ...source, node: 'ftp://x' }), 'node')
  assert.equal(wrong({ ...source, drain_seconds: 'soon' }), 'drain_seconds')
  assert.equal(wrong({ ...source, batch_rows_max: '50001' }), 'batch_rows_max')
  assert.equal(wrong({ ...source, batch_rows_max: '0.5' }), 'batch_rows_max')
  assert.equal(wrong({ ...source, spool_bytes_max: '1' }), 'spool_bytes_max')
})

test('a wrong network is refused without repeating it', () => {
  const settings = runSettings({ interface: 'eth0', dst: '192.0.2.0/24,198.51.100.1/24' }, {})
  assert.ok(!settings.ok)
  assert.ok(!JSON.stringify(settings.problem).includes('198.51'))
})
