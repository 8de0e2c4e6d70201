import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { fingerprintText } from './fingerprint.ts'

// Vectors of RFC 4648 section 10 and of coreutils' base32, cut to 20 characters and grouped.
test('first 100 bits in base32', () => {
  assert.equal(fingerprintText(new TextEncoder().encode('foobarfoobarfoobar')), 'mzxw-6ytb-ojtg-633c-mfzg')
  assert.equal(fingerprintText(new Uint8Array(32)), 'aaaa-aaaa-aaaa-aaaa-aaaa')
  assert.equal(fingerprintText(new Uint8Array(32).fill(255)), '7777-7777-7777-7777-7777')
})

test('a bit within the first 100 changes it, a later one does not', () => {
  const hash = new Uint8Array(createHash('sha256').update('key').digest())
  const flipped = (bit: number) => fingerprintText(hash.map((byte, i) => (i === bit >> 3 ? byte ^ (0x80 >> (bit & 7)) : byte)))
  for (let bit = 0; bit < 256; bit++) assert.equal(flipped(bit) === fingerprintText(hash), bit >= 100)
})
