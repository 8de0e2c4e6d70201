import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secretOf } from './secret-of.ts'

test('what stands behind # is the secret, also when a mail program escaped it', () => {
  assert.equal(secretOf('#QbyWYX1AtzpGNoGVr8W6Kx-gAP9_qTos'), 'QbyWYX1AtzpGNoGVr8W6Kx-gAP9_qTos')
  assert.equal(secretOf('#Qby%57YX1%20'), 'QbyWYX1')
})

test('a link that was cut or is none gives no secret and no error', () => {
  for (const hash of ['', '#', '#%', '#abc%E3', `#${'a'.repeat(101)}`]) assert.equal(secretOf(hash), '', hash)
})
