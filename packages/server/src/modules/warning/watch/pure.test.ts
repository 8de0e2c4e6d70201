import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MinuteCounts } from '@hirundo/analytics'
import { DAY_S, HOUR_S } from '@hirundo/base'
import fc from 'fast-check'
import { Value } from 'typebox/value'
import type { Detector } from '../detectors/model.ts'
import { kept, nextMark, type Checkpoint } from './checkpoints.ts'
import { chunksOf, rowTables } from './chunks.ts'
import { detectorView, type Seen } from './detector-views.ts'
import { WorkerFailed } from './engine-worker.ts'
import { LateBook } from './late.ts'
import { detectionKey, lastOfEach } from './model.ts'
import { readyUntil } from './ready.ts'
import { fingerprintOf } from './scene.ts'
import { parametersOf } from './settings.ts'
import { whyFailed } from './why-failed.ts'

const config = { settle_s: 8, grace_s: 40 }
const M = 60_000 * 60

test('a minute is complete when all who live or delivered lately delivered it or a later one, and not before it has settled', () => {
  const ready = (now_s: number, delivered: Readonly<Record<number, readonly number[]>>, live: readonly number[] = []): number => {
    const counts = Object.entries(delivered).map(([minute, sensors]) => ({ minute: M + Number(minute) * 60, sensors }))
    return (readyUntil({ position: M, now_s: M + now_s, counts, live }, config) - M) / 60
  }
  assert.equal(ready(67, { 0: [1, 2] }, [1, 2]), 0, 'not settled')
  assert.equal(ready(68, { 0: [1, 2] }, [1, 2]), 1)
  assert.equal(ready(68, { 0: [1] }, [1, 2]), 0, 'a live sensor is missing')
  assert.equal(ready(99, { 0: [1] }, [1, 2]), 0)
  assert.equal(ready(100, { 0: [1] }, [1, 2]), 1, 'its grace is over')
  assert.equal(ready(68, { '-1': [1, 2], 0: [1] }), 0, 'one that delivered the minute before is waited for')
  assert.equal(ready(68, { '-4': [2], '-1': [1], 0: [1] }), 1, 'one that went is not')
  assert.equal(ready(68, {}), 0, 'where nobody is known, the grace decides')
  assert.equal(ready(128, { 1: [1] }, [1]), 2, 'who delivered a later minute has no more for this one')
  assert.equal(ready(128, { 9: [1] }, [1]), 2, 'a clock that is ahead opens no minute before its time')
  assert.equal(ready(-500, {}), 0, 'a clock that fell back takes nothing back')
})

const countsArbitrary = fc.uniqueArray(fc.record({
  minute: fc.integer({ min: 0, max: 60 }), flow: fc.integer({ min: 0, max: 900 }), backscatter: fc.integer({ min: 0, max: 300 }), syn_sample: fc.nat(50), sensor_minute: fc.nat(3), interaction: fc.nat(90),
}), { selector: ({ minute }) => minute, maxLength: 40 }).map((all) => all.toSorted((a, b) => a.minute - b.minute).map((one): MinuteCounts => ({ ...one, minute: M + one.minute * 60, sensors: [] })))
const bounds = { page_rows_max: 250, page_heard_max: 40, minute_rows_max: 500, minute_heard_max: 60 }

test('chunks cover the range once, and none is larger than an answer but one minute alone', () => {
  fc.assert(fc.property(countsArbitrary, (counts) => {
    const range = { from: M, to: M + 61 * 60 }
    const chunks = chunksOf(range, counts, bounds)
    assert.deepEqual([chunks[0]!.from, chunks.at(-1)!.to], [range.from, range.to])
    chunks.forEach((chunk, i) => {
      if (i > 0) assert.equal(chunk.from, chunks[i - 1]!.to)
      const inside = counts.filter(({ minute }) => minute >= chunk.from && minute < chunk.to)
      for (const table of rowTables) {
        const rows = inside.reduce((sum, one) => sum + one[table], 0)
        const { rows: said, read, of } = chunk.tables[table]
        assert.equal(said, rows)
        if (inside.length > 1) assert.ok(rows <= bounds.page_rows_max)
        assert.ok(rows / of <= bounds.page_rows_max && read * bounds.page_rows_max <= bounds.minute_rows_max)
        assert.equal(read === of || rows === 0, rows <= bounds.minute_rows_max || read === of)
      }
      assert.equal(chunk.heard, inside.reduce((sum, one) => sum + one.interaction, 0))
      if (inside.length > 1) assert.ok(chunk.heard <= bounds.page_heard_max)
    })
  }))
})

test('late rows are taken in when it is quiet, or when it was loud for long, and never for more than their share of time', () => {
  const book = new LateBook({ late_quiet_ms: 60, late_wait_ms_max: 600, again_share_max: 0.2 })
  assert.equal(book.isDue(1e9), false)
  book.note(500, 1_000)
  book.note(400, 1_050)
  book.note(450, 1_100)
  assert.deepEqual([book.from, book.isDue(1_159), book.isDue(1_160)], [400, false, true])
  for (let at = 1_120; at <= 1_600; at += 20) book.note(900, at)
  assert.deepEqual([book.isDue(1_599), book.isDue(1_600)], [false, true])
  book.taken(undefined, 1_700)
  assert.deepEqual([book.from, book.isDue(9_999)], [undefined, false])
  book.looked(100, 1_700)
  assert.deepEqual([book.mayLook(2_099), book.mayLook(2_100)], [false, true])
  book.taken(700, 2_000)
  assert.deepEqual([book.from, book.isDue(2_059), book.isDue(2_060)], [700, false, true])
})

test('of checkpoints one an hour stays for a day and one a day for eight, and the newest always', () => {
  const at = (position: number): Checkpoint => ({ fingerprint: '0', begin: 0, position, plan: 0 })
  const now = 40 * DAY_S + 5 * HOUR_S + 120
  const all = [now, ...Array.from({ length: 12 * 24 }, (_, i) => 40 * DAY_S + 5 * HOUR_S - i * HOUR_S)].map(at)
  const positions = kept(all, { checkpoint_hours: 24, checkpoint_days: 8 }).map(({ position }) => position)
  const hours = Array.from({ length: 24 }, (_, i) => 40 * DAY_S + 5 * HOUR_S - i * HOUR_S)
  assert.deepEqual(positions.filter((one) => one >= now - DAY_S), [now, ...hours.filter((one) => Math.floor(one / HOUR_S) !== Math.floor(now / HOUR_S))])
  assert.deepEqual(positions.filter((one) => one < now - DAY_S), Array.from({ length: 7 }, (_, i) => (39 - i) * DAY_S))
  assert.equal(nextMark(now, now), now - 120 + HOUR_S)
  assert.equal(nextMark(20 * DAY_S, now), 21 * DAY_S)
  assert.equal(nextMark(now - DAY_S, now), 39 * DAY_S + 6 * HOUR_S)
})

test('events are told apart by kind, subject and start, and of what is given again the last counts', () => {
  const one = { kind: 'scan', subject: { source: '240.0.0.1', port: 23, protocol: 'tcp' }, start: 60, end: 120 } as never
  const same = { kind: 'scan', subject: { protocol: 'tcp', port: 23, source: '240.0.0.1' }, start: 60, end: 180 } as never
  const other = { kind: 'scan', subject: { victim: '240.0.0.1', port: 23, protocol: 'tcp' }, start: 60, end: 180 } as never
  assert.equal(detectionKey(one), detectionKey(same))
  assert.notEqual(detectionKey(one), detectionKey(other))
  assert.deepEqual(lastOfEach([one, other, same]), [same, other])
})

test('parameters are accepted by name and type; a bound may be lowered and not raised', () => {
  const detector = { kind: 'rsdos', defaults: { packets_min: 25, victims_max: 1_000, share_max: 0.7, ports: [22, 23], quick: true, gap: { seconds: 3 } } } as unknown as Detector
  const schema = parametersOf([detector])
  const accepts = (rsdos: object): boolean => Value.Check(schema, { rsdos })
  for (const good of [{}, { packets_min: 50 }, { victims_max: 10 }, { share_max: 0.9 }, { ports: [] }, { quick: false }, { gap: { seconds: 1 } }]) assert.ok(accepts(good), JSON.stringify(good))
  for (const bad of [{ packets: 1 }, { packets_min: '25' }, { packets_min: -1 }, { victims_max: 1_001 }, { ports: ['22'] }, { gap: { minutes: 1 } }]) assert.ok(!accepts(bad), JSON.stringify(bad))
  assert.ok(!Value.Check(schema, { nothing: {} }))
})

test('another scene, parameter or version makes another fingerprint, and the same ones the same', () => {
  const detector = { kind: 'rsdos', version: 1, defaults: { packets_min: 25 } } as unknown as Detector
  const scene = { addresses: 9, sensors: 2, own: { economies: [], asns: [], networks: [] } }
  const base = fingerprintOf(scene, {}, [detector])
  assert.match(base, /^[0-9a-f]{16}$/)
  assert.equal(fingerprintOf({ ...scene }, { rsdos: { packets_min: 25 } }, [{ ...detector }]), base)
  const others = [fingerprintOf({ ...scene, addresses: 10 }, {}, [detector]), fingerprintOf(scene, { rsdos: { packets_min: 26 } }, [detector]), fingerprintOf(scene, {}, [{ ...detector, version: 2 }])]
  assert.equal(new Set([base, ...others]).size, 4)
})

test('a detector that keeps up and knows too few days is learning, and says how many it needs', () => {
  const detector = { kind: 'worm', version: 1, source: '', defaults: {}, start: () => assert.fail() } satisfies Detector
  const health = { kind: 'worm' as const, version: 1, source: '', parameters: {}, failed: undefined, shed: {}, given: 0, learning: { days: 1, days_needed: 2 } }
  const status = { state: 'running', watched_to: 1000, health: [health], shed: {} } as unknown as NonNullable<Seen['status']>
  const said = (part: object, now_s = 1000) => {
    const { state, learning } = detectorView(detector, { status: { ...status, health: [{ ...health, ...part }] }, now_s, late_after_s: 60 } satisfies Seen)
    return [state, learning]
  }
  assert.deepEqual(said({}), ['learning', { days: 1, days_needed: 2 }])
  assert.deepEqual(said({ learning: undefined }), ['ok', null])
  assert.equal(said({}, 2000)[0], 'late')
  assert.equal(said({ failed: 'cannot' })[0], 'failed')
})

test('why a watch stopped is said of what it was: a thread, a file or a store', () => {
  const file = Object.assign(new Error('EROFS: read-only file system, open \'/data/warning/1\''), { code: 'EROFS', syscall: 'open', path: '/data/warning/1' })
  const store = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1' })
  assert.deepEqual([new WorkerFailed('the thread ended'), file, store, new Error('away')].map(whyFailed), [
    'the thread ended', 'a file cannot be used: the disk is mounted read-only', 'a store does not answer', 'a store does not answer',
  ])
})
