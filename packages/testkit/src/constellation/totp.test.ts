import assert from 'node:assert/strict'
import { test } from 'node:test'
import { totpCode } from './totp.ts'

test('codes are those of RFC 6238, appendix B (the last six of its eight digits)', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const vectors: [number, string][] = [[59, '287082'], [1111111109, '081804'], [1234567890, '005924'], [20000000000, '353130']]
  for (const [second, code] of vectors) assert.equal(totpCode(secret, second * 1000), code)
})
