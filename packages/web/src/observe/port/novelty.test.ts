import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noveltyOf } from './novelty.ts'

const day = (n: number, packets: number | null, live_sensors: number) => ({ at: `2026-11-0${n}T00:00:00.000Z`, packets, live_sensors })

test('new is only what was not there while somebody watched', () => {
  assert.equal(noveltyOf([day(1, 0, 2), day(2, 0, 2)]).kind, 'new')
  assert.equal(noveltyOf([day(1, null, 0), day(2, null, 0)]).kind, 'unknown')
  assert.equal(noveltyOf([]).kind, 'unknown')
})

test('what was seen before has its first day, and holes are no days without it', () => {
  assert.deepEqual(noveltyOf([day(1, null, 0), day(2, 0, 1), day(3, 4, 1), day(4, 9, 1)]), {
    kind: 'seen', watched_days: 3, seen_days: 2, first: day(3, 0, 0).at,
  })
})
