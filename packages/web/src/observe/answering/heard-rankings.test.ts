import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyText, ofText } from './heard-rankings.ts'

test('what the node hides is not made up, what is empty is not taken for hidden, and no URL is shown as one', () => {
  assert.equal(keyText('passwords', { key: null, of: null }), '')
  assert.equal(keyText('urls', { key: 'http://192.0.2.7/x', of: null }), 'hxxp://192[.]0[.]2[.]7/x')
  assert.equal(keyText('payloads', { key: 'ab'.repeat(32), of: null }), `${'ab'.repeat(8)}…`)
  assert.equal(keyText('paths', { key: '/.env', of: null }), '/.env')
})

test('a function has name and protocol as people call them; one that is not known stays as it came', () => {
  assert.deepEqual([keyText('functions', { key: '43', of: 'modbus' }).slice(0, 12), ofText('functions', 'modbus')], ['Encapsulated', 'Modbus/TCP'])
  assert.deepEqual([keyText('functions', { key: '99', of: 'modbus' }), ofText('functions', 'constructor'), ofText('tools', null)], ['99', 'constructor', undefined])
})
