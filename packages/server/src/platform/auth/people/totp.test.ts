import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeTotp, totpStep } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

test('codes are those of RFC 6238 appendix B, cut to six digits', () => {
  for (const [seconds, code] of [[59, '287082'], [1_111_111_109, '081804'], [1_234_567_890, '005924'], [20_000_000_000, '353130']] as const) {
    assert.equal(totpStep(secret, code, seconds * 1000, 0), Math.floor(seconds / 30), code)
  }
})

test('a code is taken one step early or late, no more, and not twice', () => {
  const at = 1_111_111_109_000
  const step = Math.floor(at / 30_000)
  for (const [shift, taken] of [[-60_000, false], [-30_000, true], [0, true], [30_000, true], [60_000, false]] as const) {
    assert.equal(totpStep(secret, '081804', at + shift, 0), taken ? step : undefined, String(shift))
  }
  assert.equal(totpStep(secret, '081804', at, step), undefined)
  assert.equal(totpStep(secret, '081804', at, step - 1), step)
})

test('an app is told the node’s name, and a colon in it does not break the address', () => {
  const { uri, secret: text } = describeTotp(secret, '[::1]', 'akiko@example.org')
  assert.equal(text, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  assert.match(uri, /^otpauth:\/\/totp\/Hirundo%20%5B__1%5D:akiko%40example\.org\?issuer=Hirundo%20%5B__1%5D&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30$/)
})
