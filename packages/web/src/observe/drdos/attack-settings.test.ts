import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings, settingsQuery } from './attack-settings.ts'

test('an address without settings, or with nonsense, asks by AmpPot; numbers count only when they are own', () => {
  const ampot = { definition: 'ampot', packets_min: 100, gap_s: 600 }
  assert.deepEqual(readSettings({}), ampot)
  assert.deepEqual(readSettings({ definition: 'toString', packets_min: '3' }), ampot)
  assert.deepEqual(readSettings({ definition: 'hopscotch', packets_min: '3' }), { definition: 'hopscotch', packets_min: 5, gap_s: 900 })
  assert.deepEqual(readSettings({ definition: 'own', packets_min: '3', gap_s: '120' }), { definition: 'own', packets_min: 3, gap_s: 120 })
})

test('numbers that the node would refuse are not asked with', () => {
  for (const bad of ['0', '59', '-1', '1e3', '99999999', 'x', '']) assert.equal(readSettings({ definition: 'own', gap_s: bad }).gap_s, 600, bad)
  assert.equal(readSettings({ definition: 'own', packets_min: '0' }).packets_min, 100)
})

test('a definition is asked for by its name, own numbers by themselves', () => {
  assert.deepEqual(settingsQuery(readSettings({ definition: 'hopscotch' })), { definition: 'hopscotch' })
  assert.deepEqual(settingsQuery(readSettings({ definition: 'own' })), { packets_min: 100, gap_s: 600 })
})
