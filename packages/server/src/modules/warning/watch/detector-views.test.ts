import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Detector } from '../detectors/model.ts'
import { detectorView, type Seen } from './detector-views.ts'

test('of a detector that an error ended and that began anew it is said, though it runs', () => {
  const detector = { kind: 'worm', version: 1, source: '', defaults: {}, start: () => assert.fail() } satisfies Detector
  const health = { kind: 'worm' as const, version: 1, source: '', parameters: {}, failed: undefined, failed_before: { why: 'cannot', at: 60 }, shed: {}, given: 0, learning: undefined }
  const status = { state: 'running', watched_to: 1000, health: [health], shed: {} } as unknown as NonNullable<Seen['status']>
  const { state, reason } = detectorView(detector, { status, now_s: 1000, late_after_s: 60 })
  assert.deepEqual([state, reason], ['ok', 'worm was ended by an error at 1970-01-01T00:01:00Z and began anew without what it knew: cannot'])
})
