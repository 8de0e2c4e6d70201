import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { fingerprintText } from '@hirundo/base'
import fc from 'fast-check'
import { expiresSoon, readFingerprint, signers_max, standingOf, versionOf, type KeyFacts } from './model.ts'

const v4 = '0123456789ABCDEF0123456789ABCDEF01234567'
const v6 = `${v4}89ABCDEF0123456789ABCDEF`
const valueOf = (kind: 'openpgp' | 'node', text: string) => {
  const read = readFingerprint(kind, text)
  return read.ok ? read.value : undefined
}

test('fingerprints are read as people write them, and have one form', () => {
  assert.deepEqual([valueOf('openpgp', v4), valueOf('openpgp', v4.toLowerCase()), valueOf('openpgp', `0x${v4}`), valueOf('openpgp', v4.replaceAll(/(.{4})/g, '$1 ')), valueOf('openpgp', v4.replaceAll(/(..)(?!$)/g, '$1:'))], Array.from({ length: 5 }, () => v4))
  assert.deepEqual([valueOf('openpgp', v6), versionOf('openpgp', v6), versionOf('openpgp', v4), versionOf('node', 'x')], [v6, 6, 4, null])
  // A key id, one digit too few or too many, and what only looks like a digit.
  for (const wrong of ['01234567', '0123456789ABCDEF', v4.slice(1), `${v4}0`, v4.replace('0', 'O'), v4.replace('A', 'А'), '']) assert.equal(valueOf('openpgp', wrong), undefined, wrong)
})

test('a node’s fingerprint is what base writes, in any case and grouping', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
    const text = fingerprintText(createHash('sha256').update(key).digest())
    assert.deepEqual([text, text.toUpperCase(), text.replaceAll('-', ' '), text.replaceAll('-', '')].map((one) => valueOf('node', one)), [text, text, text, text])
  }))
  assert.deepEqual(['abcd-efgh-ijkl-mnop', 'abcd-efgh-ijkl-mnop-qrs1', v4].map((one) => valueOf('node', one)), [undefined, undefined, undefined])
})

const key = (id: number, more: Partial<KeyFacts> = {}): KeyFacts => ({ id, valid_from_ms: null, valid_to_ms: null, verified: true, signer_id: null, revoked: null, ...more })
const standing = (keys: readonly KeyFacts[], now = 100) => standingOf(keys[0]!, now, (id) => keys.find((one) => one.id === id))

test('only what people compared, and what such a key vouched for, is verified', () => {
  assert.equal(standing([key(1)]), 'verified')
  assert.equal(standing([key(1, { verified: false })]), 'unverified')
  assert.equal(standing([key(1, { signer_id: 2 }), key(2)]), 'verified')
  assert.equal(standing([key(1, { signer_id: 2 }), key(2, { verified: false })]), 'unverified')
  assert.equal(standing([key(1, { signer_id: 2 })]), 'unverified')
  assert.equal(standing([key(1, { signer_id: 2 }), key(2, { signer_id: 1 })]), 'unverified')
})

test('a compromised key takes along what it vouched for; one that expired or was replaced does not', () => {
  assert.equal(standing([key(1, { signer_id: 2 }), key(2, { revoked: 'superseded', valid_to_ms: 50 })]), 'verified')
  assert.equal(standing([key(1, { signer_id: 2 }), key(2, { revoked: 'compromised' })]), 'unverified')
  assert.equal(standing([key(1, { signer_id: 2 }), key(2, { signer_id: 3 }), key(3, { revoked: 'compromised' })]), 'unverified')
  assert.equal(standing([key(1, { revoked: 'retired' })]), 'revoked')
})

test('a key is good from its first instant to before its last', () => {
  const one = [key(1, { valid_from_ms: 100, valid_to_ms: 200 })]
  assert.deepEqual([99, 100, 199, 200].map((now) => standing(one, now)), ['not-yet-valid', 'verified', 'verified', 'expired'])
  const day = 86_400_000
  assert.deepEqual([0, 10 * day, 39 * day, 40 * day].map((now) => expiresSoon(key(1, { valid_to_ms: 40 * day }), now)), [false, true, true, false])
})

test('chains beyond the bound are not followed', () => {
  const chain = Array.from({ length: signers_max + 2 }, (_, i) => key(i, { signer_id: i + 1 }))
  const upTo = (n: number) => [...chain.slice(0, n), key(n)]
  assert.deepEqual([standing(upTo(signers_max)), standing(upTo(signers_max + 1))], ['verified', 'unverified'])
})
