import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTimeZone, wallOf } from '@hirundo/base'
import { visibilities } from '@hirundo/contract'
import fc from 'fast-check'
import { isDay, isOpen, isPartOfDate, isSeenBy } from './model.ts'

const DAY_MIN = 1440
const monday_ms = Date.UTC(2026, 10, 16)
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const dateOf = (day: number): string => new Date(monday_ms + day * 86_400_000).toISOString().slice(0, 10)

test('somebody answers in the stretches that begin on the days that count, and at no other minute', () => {
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
  fc.assert(fc.property(days, fc.nat(DAY_MIN - 1), fc.nat(DAY_MIN - 1), fc.uniqueArray(fc.integer({ min: -1, max: 14 })), fc.integer({ min: 0, max: 14 * DAY_MIN - 1 }), (wanted, from, to, off, at) => {
    const holidays = new Set(off.map(dateOf))
    // All stretches, written down one by one: day 0 is a Monday.
    const stretches = Array.from({ length: 16 }, (_, i) => i - 1).filter((day) => wanted.includes(((day + 7) % 7) + 1) && !off.includes(day))
      .map((day) => [day * DAY_MIN + from, day * DAY_MIN + (to > from ? to : to + DAY_MIN)] as const)
    const naive = stretches.some(([begin, end]) => at >= begin && at < end)
    assert.equal(isOpen({ days: wanted, from: clock(from), to: clock(to) }, holidays, wallOf(monday_ms + at * 60_000, 'UTC')), naive)
  }))
})

test('hours are those of the wall of the zone, over its changes of the clock', () => {
  const hours = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }
  const open = (at: string, zone: string) => isOpen(hours, new Set(), wallOf(Date.parse(at), zone))
  assert.deepEqual(['2026-11-20T00:00:00Z', '2026-11-20T07:59:00Z', '2026-11-20T08:00:00Z'].map((at) => open(at, 'Asia/Tokyo')), [true, true, false])
  assert.deepEqual(['2026-10-23T07:30:00Z', '2026-10-26T07:30:00Z', '2026-10-26T08:00:00Z'].map((at) => open(at, 'Europe/Berlin')), [true, false, true])
  // A Friday evening there is a Saturday at UTC.
  assert.equal(open('2026-11-21T00:30:00Z', 'America/Los_Angeles'), true)
})

test('around the clock is every minute but those of holidays', () => {
  assert.deepEqual([wallOf(monday_ms, 'UTC'), wallOf(monday_ms + 86_400_000, 'UTC')].map((wall) => isOpen(null, new Set([dateOf(1)]), wall)), [true, false])
})

test('who may see more sees all that those before may', () => {
  for (const [i, least] of visibilities.entries()) {
    assert.deepEqual(visibilities.map((audience) => isSeenBy(least, audience)), visibilities.map((_, k) => k >= i), least)
  }
})

test('days, parts of dates and zones are those there are', () => {
  assert.deepEqual(['2026-02-28', '2026-02-29', '2024-02-29', '2026-13-01', '2026-00-10'].map(isDay), [true, false, true, false, false])
  assert.deepEqual(['1999', '1999-12', '1999-13', '1999-12-31', '1999-12-32', '0000'].map(isPartOfDate), [true, true, false, true, false, false])
  assert.deepEqual(['Asia/Tokyo', 'UTC', 'Asia/Nowhere', '../etc'].map(isTimeZone), [true, true, false, false])
})
