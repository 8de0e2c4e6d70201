import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf, typedOf, valueOf } from './setting-kind.ts'

test('a setting is changed by its unit and type', () => {
  assert.equal(kindOf({ key: 'observatory.raw_retention_days', default: 90 }), 'days')
  assert.equal(kindOf({ key: 'observatory.journal_bytes_max', default: 1 }), 'bytes')
  assert.equal(kindOf({ key: 'x.session_idle_hours', default: 12 }), 'hours')
  assert.equal(kindOf({ key: 'x.count', default: 3 }), 'number')
  assert.equal(kindOf({ key: 'x.on', default: false }), 'boolean')
  assert.equal(kindOf({ key: 'x.file', default: '' }), 'text')
  assert.equal(kindOf({ key: 'x.names', default: [] }), 'lines')
  assert.equal(kindOf({ key: 'observatory.research_networks', default: [] }), 'networks')
  assert.equal(kindOf({ key: 'warning.own_networks', default: [] }), 'lines')
  assert.equal(kindOf({ key: 'notify.webhook_allow', default: [] }), 'json')
  assert.equal(kindOf({ key: 'notify.deliveries_per_hour_max', default: 20 }), 'number')
  assert.equal(kindOf({ key: 'x.rules', default: [{ a: 1 }] }), 'json')
})

test('what is shown to be typed gives the same value back', () => {
  const cases = [['days', 90], ['bytes', 64 * 2 ** 30], ['bytes', 64 * 2 ** 20], ['boolean', true], ['boolean', false], ['text', '/srv/a.csv'], ['lines', ['a', 'b']], ['lines', []], ['json', { a: [1] }]] as const
  for (const [kind, value] of cases) assert.deepEqual(valueOf(kind, typedOf(kind, value)), value)
})

test('what is no number is no value, so that nothing is stored by mistake', () => {
  for (const typed of ['', ' ', 'ninety', '1e999', '5 days']) assert.equal(valueOf('days', typed), undefined, typed)
  assert.equal(valueOf('bytes', '0,5'), 2 ** 29)
  assert.equal(valueOf('json', '{'), undefined)
})
