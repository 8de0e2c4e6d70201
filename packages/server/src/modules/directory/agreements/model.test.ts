import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { agreementAt, expiresSoon, lanesOpen, WARN_MS, type AgreementFacts } from './model.ts'

const LATEST = 20
const instant = fc.nat(LATEST)
const agreement: fc.Arbitrary<AgreementFacts> = fc.record({
  kinds: fc.subarray(['finding', 'bulletin'], { minLength: 1 }), approved_ms: fc.array(fc.option(instant, { freq: 4 }), { maxLength: 4 }), expires_ms: instant, ended_ms: fc.option(instant),
})

test('lanes are open at the instants from the last approval to before the first end, and no others', () => {
  fc.assert(fc.property(agreement, fc.nat(LATEST + 2), (one, at) => {
    const { approved_ms, expires_ms, ended_ms } = one
    const open = approved_ms.length >= 2 && approved_ms.every((when) => when !== null && when <= at) && at < expires_ms && (ended_ms === null || at < ended_ms)
    assert.deepEqual(lanesOpen(one, at), open ? one.kinds : [])
    assert.equal(agreementAt(one, at) === 'in-force', open)
  }), { numRuns: 3000 })
})

test('what has ended does not open again', () => {
  fc.assert(fc.property(agreement, instant, instant, (one, a, b) => {
    const [early, late] = [Math.min(a, b), Math.max(a, b)]
    if (['expired', 'ended'].includes(agreementAt(one, early))) assert.equal(agreementAt(one, late), agreementAt(one, early))
  }))
})

test('one more party that has not approved closes, and ending closes', () => {
  fc.assert(fc.property(agreement, instant, (one, at) => {
    assert.deepEqual(lanesOpen({ ...one, approved_ms: [...one.approved_ms, null] }, at), [])
    assert.deepEqual(lanesOpen({ ...one, ended_ms: at }, at), [])
  }))
})

test('an end is warned of for 30 days before it, while in force', () => {
  const one = { kinds: ['finding'], approved_ms: [0, 0], expires_ms: 2 * WARN_MS, ended_ms: null }
  assert.deepEqual([WARN_MS - 1, WARN_MS, 2 * WARN_MS - 1, 2 * WARN_MS].map((at) => expiresSoon(one, at)), [false, true, true, false])
  assert.equal(expiresSoon({ ...one, approved_ms: [0, null] }, WARN_MS), false)
})
