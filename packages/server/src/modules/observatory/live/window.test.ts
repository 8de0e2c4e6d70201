import assert from 'node:assert/strict'
import { test } from 'node:test'
import { climbersOf, newestWhole, windowOf } from './window.ts'

const minute = (text: string): number => Date.parse(`2026-11-20T${text}Z`) / 1000
const row = (key: string, rank: number, previous_rank: number | null, packets = 100) => ({ key, rank, previous_rank, packets, sources: 1, bytes: 1 })

test('the window ends with what is queryable, and follows the clock when nothing comes', () => {
  const at = Date.parse('2026-11-20T12:30:20.5Z')
  const end = (newest: string | undefined) => windowOf(at, newest === undefined ? undefined : minute(newest)).to
  assert.equal(end('12:29'), minute('12:30'))
  assert.equal(end('12:28'), minute('12:29'))
  assert.equal(end('12:10'), minute('12:27'))
  assert.equal(end(undefined), minute('12:27'))
  assert.equal(end('12:45'), minute('12:30'), 'a sensor ahead of the clock moves nothing')
  const { from, to } = windowOf(at, minute('12:29'))
  assert.equal(to - from, 3600)
})

test('climbers rise by share of their rank, new ones from below what was looked at, and a handful of packets is chance', () => {
  const rows = [row('same', 1, 1), row('five', 5, 40), row('new', 12, null), row('tail', 40, 50), row('few', 20, null, 3), row('fell', 30, 10)]
  assert.deepEqual(climbersOf(rows).map(({ key }) => key), ['new', 'five'])
  assert.equal(climbersOf(Array.from({ length: 20 }, (_, i) => row(`p${i}`, i + 1, null))).length, 8)
})

test('a minute that came in part only does not end the hour; one of fewer sensors, or the first of all, does', () => {
  const row = (at: number, observed_s: number) => ({ at, observed_s })
  assert.equal(newestWhole([]), undefined)
  assert.equal(newestWhole([row(60, 60), row(60, 60), row(120, 15), row(120, 15)]), 60)
  assert.equal(newestWhole([row(60, 60), row(60, 60), row(120, 60), row(120, 50)]), 120)
  assert.equal(newestWhole([row(60, 60), row(180, 15)]), 180)
})
