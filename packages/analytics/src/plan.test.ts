import { DAY_S, HOUR_S } from '@hirundo/base'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Freshness } from './model.ts'
import { nextMonth, planTiers } from './plan.ts'
import { StoreError } from './store-error.ts'

const FROM = Date.UTC(2025, 11, 1) / 1000
const all = ['hour', 'day', 'month'] as const
const unit = { hour: HOUR_S, day: DAY_S } as const

const ranges = (unit_s: number, count: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max: count }), { minLength: 2, maxLength: 12 }).map((cuts) => {
    const sorted = [...cuts].sort((a, b) => a - b)
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, i) => ({ from: FROM + sorted[2 * i]! * unit_s, to: FROM + sorted[2 * i + 1]! * unit_s }))
  })

test('a plan covers the range once, each tier only where it is fresh and on its own boundaries', () => {
  fc.assert(fc.property(ranges(HOUR_S, 120 * 24), ranges(DAY_S, 120), fc.integer({ min: 0, max: 120 * 1_440 }), fc.integer({ min: 1, max: 120 * 1_440 }), (hours, days, at, minutes) => {
    const range = { from: FROM + at * 60, to: FROM + (at + minutes) * 60 }
    const plan = planTiers(range, { hours, days, raw_from: 0 }, all)
    assert.equal(plan[0]!.from, range.from)
    assert.equal(plan.at(-1)!.to, range.to)
    plan.forEach((segment, i) => {
      assert.ok(segment.from < segment.to)
      if (i > 0) assert.equal(segment.from, plan[i - 1]!.to)
      if (segment.tier === 'raw') return
      const offers = segment.tier === 'hour' ? hours : days
      assert.ok(offers.some((offer) => offer.from <= segment.from && segment.to <= offer.to), `${segment.tier} is fresh`)
      if (segment.tier !== 'month') assert.equal(segment.from % unit[segment.tier], 0)
      else assert.equal(nextMonth(segment.from - 1), segment.from)
    })
  }))
})

test('a whole fresh month is read as a month, and as days where months are not allowed', () => {
  const month = { from: FROM, to: nextMonth(FROM) }
  const fresh: Freshness = { hours: [], days: [{ from: FROM - DAY_S, to: month.to + DAY_S }], raw_from: 0 }
  assert.deepEqual(planTiers(month, fresh, all), [{ tier: 'month', ...month }])
  assert.deepEqual(planTiers(month, fresh, ['hour', 'day']), [{ tier: 'day', ...month }])
})

test('where raw rows were dropped, a question finer than what is kept is refused, and one before all data is not', () => {
  const fresh: Freshness = { hours: [], days: [{ from: FROM, to: FROM + 10 * DAY_S }], raw_from: FROM + 5 * DAY_S }
  assert.throws(() => planTiers({ from: FROM + HOUR_S, to: FROM + DAY_S }, fresh, all), StoreError)
  assert.deepEqual(planTiers({ from: FROM - DAY_S, to: FROM }, fresh, all), [{ tier: 'raw', from: FROM - DAY_S, to: FROM }])
})
