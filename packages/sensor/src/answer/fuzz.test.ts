import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzDialogues } from './fuzz.ts'

/** What fits into one packet on any way (RFC 8200: 1,280 less headers). */
const DATAGRAM_BYTES_MAX = 1_232

test('no first payload breaks a dialogue, and what it gets is bounded', () => {
  const { out_bytes_most, datagram_bytes_most } = fuzzDialogues(20_000, 1)
  assert.ok(out_bytes_most > 100 && out_bytes_most < 64 * 1024, String(out_bytes_most))
  assert.ok(datagram_bytes_most > 100 && datagram_bytes_most <= DATAGRAM_BYTES_MAX, String(datagram_bytes_most))
})
