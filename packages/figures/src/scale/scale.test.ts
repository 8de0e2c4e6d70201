import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { classBounds, shadeOf } from './classes.ts'
import { linearTicks, logTicks } from './linear.ts'
import { timeTicks } from './time.ts'

describe('ticks', () => {
  it('cover the values with round numbers', () => {
    assert.deepEqual(linearTicks(940, 4), [0, 500, 1000])
    assert.deepEqual(linearTicks(7, 4), [0, 2, 4, 6, 8])
    assert.deepEqual(linearTicks(0, 4).at(-1), 1)
    assert.deepEqual(logTicks(3, 20_000), [1, 10, 100, 1000, 10_000, 100_000])
  })

  it('stay few and grow, for any maximum', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1e18, noNaN: true }), fc.integer({ min: 1, max: 12 }), (max, count) => {
      const ticks = linearTicks(max, count)
      assert.ok(ticks.length <= 51 && ticks.at(-1)! >= (max > 1e-9 ? max * 0.999_999 : 0))
      assert.ok(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]!))
    }))
  })
})

const at = (text: string) => Date.parse(text)
const shown = (from: string, to: string, count: number, zone: string) =>
  timeTicks(at(from), at(to), count, 'en', zone).map(({ at_ms, label }) => `${new Date(at_ms).toISOString().slice(0, 16)} ${label}`)

describe('time ticks', () => {
  it('stand on round times of the reader’s clock', () => {
    assert.deepEqual(shown('2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z', 4, 'Asia/Tokyo'),
      ['2026-07-01T03:00 12:00', '2026-07-01T09:00 18:00', '2026-07-01T15:00 2 Jul', '2026-07-01T21:00 06:00'])
    assert.deepEqual(shown('2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z', 3, 'UTC'),
      ['2026-07-01T00:00 Jul 2026', '2026-08-01T00:00 Aug', '2026-09-01T00:00 Sept', '2026-10-01T00:00 Oct'])
  })

  it('keep their hour across a change of the clock', () => {
    const labels = shown('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', 8, 'Europe/Zurich').map((line) => line.slice(17))
    assert.deepEqual(labels, ['18:00', '29 Mar', '06:00', '12:00', '18:00', '30 Mar', '06:00', '12:00'])
  })

  it('are bounded, inside and in order for any range and zone', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 3e12 }), fc.constantFrom('UTC', 'Asia/Kolkata', 'Pacific/Apia', 'America/St_Johns'), (from, length, zone) => {
      const ticks = timeTicks(from, from + length, 8, 'ko', zone)
      assert.ok(ticks.length <= 100)
      assert.ok(ticks.every(({ at_ms }, i) => at_ms >= from && at_ms <= from + length && (i === 0 || at_ms > ticks[i - 1]!.at_ms)))
    }), { numRuns: 100 })
  })
})

describe('classes', () => {
  it('hold every value, the largest in the darkest', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 1e-3, max: 1e15, noNaN: true }), { minLength: 1, maxLength: 50 }), (values) => {
      const bounds = classBounds(values)
      assert.ok(bounds.length >= 1 && bounds.length <= 5 && bounds.at(-1)! * (1 + 1e-8) >= Math.max(...values))
      assert.equal(shadeOf(Math.max(...values), bounds), bounds.length === 1 ? 3 : 5)
      const shades = values.toSorted((a, b) => a - b).map((value) => shadeOf(value, bounds))
      assert.deepEqual(shades, shades.toSorted((a, b) => a - b))
    }))
  })

  it('give nothing a shade of its own', () => assert.equal(shadeOf(0, [1, 2]), 0))
})
