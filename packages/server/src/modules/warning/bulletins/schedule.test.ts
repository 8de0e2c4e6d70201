import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dueAt, isQuiet, isQuietHours, wallMinute, type Quiet } from './schedule.ts'

const at = (text: string) => Date.parse(text)
const quiet = (from: string, to: string, time_zone = 'UTC', but_urgent = false): Quiet => ({ from, to, time_zone, but_urgent })
const due = (now: string, digest: 'at-once' | 'hourly' | 'daily', hours: Quiet | null, severity: 'notice' | 'urgent' = 'notice') => new Date(dueAt(at(now), { digest, quiet: hours }, severity)).toISOString()

test('at once is now, hourly the next full hour, daily the next midnight UTC', () => {
  assert.equal(due('2026-11-20T10:20:30.500Z', 'at-once', null), '2026-11-20T10:20:30.500Z')
  assert.equal(due('2026-11-20T10:20:30Z', 'hourly', null), '2026-11-20T11:00:00.000Z')
  assert.equal(due('2026-11-20T11:00:00Z', 'hourly', null), '2026-11-20T12:00:00.000Z')
  assert.equal(due('2026-11-20T10:20:30Z', 'daily', null), '2026-11-21T00:00:00.000Z')
})

test('quiet hours hold it until they end, in their own zone, over midnight', () => {
  const night = quiet('22:00', '07:30', 'Asia/Tokyo')
  assert.equal(due('2026-11-20T13:00:00Z', 'at-once', night), '2026-11-20T22:30:00.000Z')
  assert.equal(due('2026-11-20T22:29:59.999Z', 'at-once', night), '2026-11-20T22:30:00.000Z')
  assert.equal(due('2026-11-20T22:30:00Z', 'at-once', night), '2026-11-20T22:30:00.000Z')
  assert.equal(due('2026-11-20T12:59:59Z', 'at-once', night), '2026-11-20T12:59:59.000Z')
  assert.equal(due('2026-11-20T12:30:00Z', 'hourly', night), '2026-11-20T22:30:00.000Z')
  assert.equal(due('2026-11-20T10:00:00Z', 'daily', night), '2026-11-20T22:30:00.000Z')
})

test('urgent ones break the silence only where that was asked for', () => {
  assert.equal(due('2026-11-20T03:00:00Z', 'at-once', quiet('00:00', '06:00', 'UTC', true), 'urgent'), '2026-11-20T03:00:00.000Z')
  assert.equal(due('2026-11-20T03:00:00Z', 'at-once', quiet('00:00', '06:00', 'UTC', true)), '2026-11-20T06:00:00.000Z')
  assert.equal(due('2026-11-20T03:00:00Z', 'at-once', quiet('00:00', '06:00'), 'urgent'), '2026-11-20T06:00:00.000Z')
})

test('the clock that jumps over the end ends them, and the one that goes back does not end them twice', () => {
  // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00Z. 25 October: 03:00 becomes 02:00 at 01:00Z.
  assert.equal(due('2026-03-28T23:00:00Z', 'at-once', quiet('22:00', '02:30', 'Europe/Berlin')), '2026-03-29T01:00:00.000Z')
  assert.equal(due('2026-10-24T23:00:00Z', 'at-once', quiet('22:00', '02:30', 'Europe/Berlin')), '2026-10-25T00:30:00.000Z')
  assert.equal(due('2026-10-25T00:50:00Z', 'at-once', quiet('22:00', '02:30', 'Europe/Berlin')), '2026-10-25T00:50:00.000Z')
  assert.equal(due('2026-10-25T01:10:00Z', 'at-once', quiet('22:00', '02:30', 'Europe/Berlin')), '2026-10-25T01:30:00.000Z')
  assert.equal(due('2026-03-28T10:00:00Z', 'daily', quiet('22:00', '02:30', 'Europe/Berlin')), '2026-03-29T01:00:00.000Z')
})

test('times and zones that mean nothing are told from those that do', () => {
  assert.ok(isQuietHours(quiet('00:00', '23:59', 'America/St_Johns')))
  for (const bad of [quiet('24:00', '06:00'), quiet('06:00', '29:00'), quiet('06:00', '07:00', 'Mars/Olympus'), quiet('06:00', '07:00', '')]) assert.ok(!isQuietHours(bad), JSON.stringify(bad))
})

const zones = ['UTC', 'Asia/Tokyo', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Chatham', 'America/Santiago', 'Africa/Casablanca']
const time = fc.tuple(fc.nat(23), fc.nat(59)).map((two) => two.map((part) => String(part).padStart(2, '0')).join(':'))
const hours = fc.record({ from: time, to: time, time_zone: fc.constantFrom(...zones), but_urgent: fc.boolean() })
/** Half of them near a change of some clock. */
const instant = fc.oneof(
  fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') }),
  fc.tuple(fc.constantFrom('2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z', '2026-10-03T15:30:00Z', '2026-04-04T15:00:00Z', '2026-04-05T03:00:00Z', '2026-09-06T04:00:00Z', '2026-02-15T02:00:00Z'), fc.integer({ min: -36 * 3_600_000, max: 36 * 3_600_000 })).map(([text, off]) => at(text) + off),
)

test('whatever zone and day: due is the first moment that is not quiet', () => {
  fc.assert(fc.property(instant, hours, (now, quiet) => {
    const when = dueAt(now, { digest: 'at-once', quiet }, 'notice')
    if (!isQuiet(quiet, now)) return when === now
    for (let ms = Math.floor(now / 60_000) * 60_000; ms < when; ms += 60_000) if (!isQuiet(quiet, ms)) return false
    return when > now && !isQuiet(quiet, when) && when % 60_000 === 0
  }), { numRuns: 300 })
})

test('no digest is lost in time: later than what it takes, never quiet, within a day and the quiet hours after it', () => {
  fc.assert(fc.property(instant, fc.option(hours, { nil: null }), fc.constantFrom('hourly' as const, 'daily' as const), fc.constantFrom('notice' as const, 'urgent' as const), (now, quiet, digest, severity) => {
    const when = dueAt(now, { digest, quiet }, severity)
    const loud = quiet === null || (quiet.but_urgent && severity === 'urgent')
    return when > now && when <= now + 51 * 3_600_000 && (loud || !isQuiet(quiet, when))
  }), { numRuns: 300 })
})

test('a later moment is never due earlier', () => {
  fc.assert(fc.property(instant, fc.integer({ min: 0, max: 86_400_000 }), hours, fc.constantFrom('at-once' as const, 'hourly' as const, 'daily' as const), (now, more, quiet, digest) =>
    dueAt(now, { digest, quiet }, 'notice') <= dueAt(now + more, { digest, quiet }, 'notice')), { numRuns: 300 })
})

test('the wall clock of a zone', () => {
  assert.equal(wallMinute(at('2026-11-20T00:05:59.999Z'), 'Asia/Kathmandu'), 5 * 60 + 50)
  assert.equal(wallMinute(at('2026-11-20T00:00:00Z'), 'UTC'), 0)
})
