import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { StoreError, type Recounted } from '@hirundo/analytics'
import { fail, ok } from '@hirundo/base'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Detection } from '../detectors/model.ts'
import { compare } from './check.ts'
import { dimensionOf, frameOf } from './series.ts'
import { storeDetections } from './store-detections.ts'
import { startDoors, type Doors } from './testing/doors.ts'
import { context, DAY, detection, T0 } from './testing/findings.ts'

let doors: Doors
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(async () => {
  await doors.clear()
  doors.now = (T0 + 3600) * 1000
})

const store = (detections: readonly Detection[]) => storeDetections(doors.tools, 1, detections, context())
const only = async (): Promise<string> => (await doors.ask('GET', '/findings?limit=1')).body.findings[0].id
const query = { of: 'flows' as const, from: '2026-01-05T00:00:00Z', to: '2026-01-05T00:10:00Z', protocol: 'tcp', port: 23, research: 'exclude' as const }

test('what the store says now is held against what it said, and a difference has a reason', () => {
  const stored = { query, packets: 100, sources: 1000, sensors: 3 }
  const now = (part: Partial<Recounted>): Recounted => ({ packets: 100, sources: 1000, sensors: 3, max_ppm: null, ...part })
  const said = (part: Partial<Recounted>, of: Partial<typeof stored> | { sources: null; sensors: null } = {}) => {
    const { same, reason, now: again } = compare({ ...stored, ...of }, now(part))
    return [same, reason, again?.packets ?? null]
  }
  assert.deepEqual(said({}), [true, null, 100])
  assert.deepEqual(said({ packets: 101 }), [false, 'late-data', 101])
  assert.deepEqual(said({ packets: 99 }), [false, 'retention', 99])
  assert.deepEqual(said({ packets: 0, sources: 0, sensors: 0 }), [false, 'retention', null])
  assert.deepEqual(said({ sources: 1020 }), [true, 'estimate', 100])
  assert.deepEqual(said({ sources: 1200 }), [false, 'late-data', 100])
  assert.deepEqual(said({ sensors: 4 }), [false, 'late-data', 100])
  assert.deepEqual(said({ sensors: 2 }), [false, 'retention', 100])
  assert.deepEqual(said({ sources: 5, sensors: 9 }, { sources: null, sensors: null }), [true, null, 100], 'what was not known is not compared')
  assert.deepEqual(said({ sources: null }), [true, null, 100])
})

test('what was counted of some sources only is a lower bound, or as near as a sample is', () => {
  const group = { query: { ...query, of: 'scans' as const, signature: 'tool=mirai ttl=64' }, packets: 5000, sources: 1000, sensors: null }
  const said = (counted: 'at-least' | 'sample', packets: number, sources: number) => {
    const { same, reason } = compare({ ...group, counted }, { packets, sources, sensors: 9, max_ppm: null })
    return [same, reason]
  }
  assert.deepEqual(said('at-least', 5000, 1000), [true, null])
  assert.deepEqual(said('at-least', 5100, 1010), [true, 'estimate'])
  assert.deepEqual([said('at-least', 4999, 1000), said('at-least', 5000, 999)], [[false, 'retention'], [false, 'retention']])
  assert.deepEqual([said('sample', 900, 900), said('sample', 900, 800)], [[true, 'estimate'], [false, 'retention']])
})

test('a check asks the stored questions as they are stored', async () => {
  await store([detection({ kind: 'change-point', subject: { protocol: 'tcp', port: 23 }, evidence: [{ query, packets: 100, sources: 7, sensors: 2 }] })])
  doors.asked.length = 0
  doors.recounted = () => ({ packets: 100, sources: 7, sensors: 2, max_ppm: null })
  const { body } = await doors.ask('GET', `/findings/${await only()}/check`, { role: 'viewer' })
  assert.deepEqual(doors.asked, [{ of: 'flows', organisation: 1, from: T0, to: T0 + 600, protocol: 'tcp', port: 23, research: 'exclude' }])
  assert.deepEqual(body, { reproduced: true, answers: [{ stored: { query, packets: 100, sources: 7, sensors: 2 }, now: { query, packets: 100, sources: 7, sensors: 2 }, same: true, reason: null }] })
  const group = { ...query, of: 'scans' as const, signature: 'tool=mirai ttl=64 window=0' }
  await doors.clear()
  await store([detection({ kind: 'campaign', subject: { protocol: 'tcp', port: 23, signature: group.signature }, evidence: [{ query: group, packets: 100, sources: 7, sensors: null }] })])
  await doors.ask('GET', `/findings/${await only()}/check`)
  assert.deepEqual(doors.asked.at(-1)!.alike, { tools: ['mirai'], ttl: 64, window: 0 })
  await doors.clear()
  await store([detection({ kind: 'change-point', subject: { protocol: 'tcp', port: 23 }, evidence: [{ query, packets: 100, sources: 7, sensors: 2 }] })])
  doors.recounted = () => ({ packets: 120, sources: 7, sensors: 2, max_ppm: null })
  const late = (await doors.ask('GET', `/findings/${await only()}/check`)).body
  assert.deepEqual([late.reproduced, late.answers[0].reason], [false, 'late-data'])
  // Own decoys are no sources: not counted when it was found, nor now.
  await sql`insert into decoy (id, organisation_id, network, note, created_by, created_at) values (gen_random_uuid(), 1, '203.0.113.0/24', '', 'x', now())`.execute(doors.db)
  await doors.ask('GET', `/findings/${await only()}/check`)
  assert.deepEqual(doors.asked.at(-1)!.hidden, ['203.0.113.0/24'])
  await sql`delete from decoy`.execute(doors.db)
  doors.recounted = () => {
    throw new StoreError('query/timeout')
  }
  assert.equal((await doors.ask('GET', `/findings/${await only()}/check`)).code, 'query/timeout')
})

test('a finding of many events shows and asks again so many of their questions', async () => {
  await store(Array.from({ length: 50 }, (_, i) => detection({ start: T0 + i * 3600, packets: i + 1 })))
  doors.asked.length = 0
  doors.recounted = ({ from }) => ({ packets: (from - T0) / 3600 + 1, sources: null, sensors: 3, max_ppm: null })
  const { body } = await doors.ask('GET', `/findings/${await only()}/check`)
  assert.deepEqual([body.reproduced, body.answers.length, doors.asked.length], [true, 20, 20])
})

test('the graph has enough points and not too many, the window lies in it, and it ends before what is to come', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 400 * DAY }), fc.integer({ min: 0, max: 40 * DAY }), (length, ago) => {
    const start = T0
    const end = T0 + length
    const now = end + ago
    const { step_s, from, to } = frameOf({ start, end }, now)
    const points = (to - from) / step_s
    assert.ok(from % step_s === 0 && to % step_s === 0 && 86_400 % step_s === 0)
    assert.ok(from <= start && to >= end && to < now + step_s, `${from} ${to}`)
    assert.ok(points >= 60 && (points <= 201 || (step_s === 86_400 && points <= length / step_s + 70)), `${points}`)
    assert.ok(start - from >= Math.min(length, 60 * DAY) / 2 || length > 60 * DAY, 'what was usual before is seen')
  }))
  assert.deepEqual(frameOf({ start: T0, end: T0 + 120 }, T0 + 10 * DAY), { step_s: 60, from: T0 - 7080, to: T0 + 3720 })
})

test('whose packets the graph shows', () => {
  const of = (part: object) => dimensionOf({ victim: null, source: null, protocol: null, port: null, ...part })
  assert.deepEqual(of({ victim: '240.0.0.1', protocol: 'dns' }), { dimension: 'source', key: '240.0.0.1' })
  assert.deepEqual(of({ source: '240.0.0.2', protocol: 'tcp', port: 23 }), { dimension: 'source', key: '240.0.0.2' })
  assert.deepEqual(of({ protocol: 'tcp', port: 0 }), { dimension: 'port', key: 'tcp/0' })
  assert.deepEqual(of({ protocol: 'icmp', port: 8 * 256 }), { dimension: 'port', key: 'icmp/8/0' })
  assert.deepEqual(of({ protocol: 'tcp' }), { dimension: 'total' })
})

test('the graph of a victim asks what its evidence asks: requests in its name, or backscatter of its protocol', async () => {
  const points = [0, 60, 120].map((second) => ({ at: new Date((T0 + second) * 1000).toISOString(), packets: 0, sources: 0, bytes: 0, live_sensors: 2, packets_per_sensor: 0 }))
  doors.series = async () => ok({ from: '2026-01-05T00:00:00Z', to: '2026-01-05T00:03:00Z', simulated: false, data: { step_s: 60, points } }) as never
  for (const [kind, of, protocol] of [['drdos', 'requests', 'dns'], ['rsdos', 'backscatter', 'udp']] as const) {
    await doors.clear()
    const evidence = [{ query: { of, victim: '240.0.0.9', protocol, from: '2026-01-05T00:00:00Z', to: '2026-01-05T00:01:00Z', research: 'include' as const }, packets: 7, sources: null, sensors: 2 }]
    await store([detection({ kind, subject: { victim: '240.0.0.9', protocol }, evidence })])
    const asked: unknown[] = []
    doors.victimSeries = (question, step) => {
      asked.push({ ...question, step })
      return [{ at: T0 + 60, packets: 7 }]
    }
    const drawn = async () => (await doors.ask('GET', `/findings/${await only()}/series`)).body.points.map((point: { packets: number; sources: number; live_sensors: number }) => [point.packets, point.sources, point.live_sensors])
    assert.deepEqual(await drawn(), [[0, 0, 2], [7, 1, 2], [0, 0, 2]], kind)
    assert.deepEqual(asked, [{ of, organisation: 1, victim: '240.0.0.9', protocol, from: T0, to: T0 + 180, research: 'include', step: 60 }])
    doors.victimSeries = () => []
    assert.deepEqual((await drawn()).map((point: number[]) => point[2]), [0, 0, 0], 'rows that are gone are no zero packets')
    doors.victimSeries = () => {
      throw new StoreError('query/timeout')
    }
    assert.equal((await doors.ask('GET', `/findings/${await only()}/series`)).code, 'query/timeout')
  }
})

test('where the rows are gone the graph is of the hours or days that are kept, and a hole is no zero packets', async () => {
  await store([detection({ kind: 'change-point', subject: { protocol: 'tcp', port: 23 }, evidence: [{ query, packets: 100, sources: 7, sensors: 2 }] })])
  const steps: number[] = []
  const answer = (step: number, packets: number | null) => ok({
    from: '2026-01-05T00:00:00Z', to: '2026-01-05T02:00:00Z', simulated: true,
    data: { step_s: step, points: [{ at: '2026-01-05T00:00:00Z', packets, sources: packets, bytes: packets, live_sensors: packets === null ? 0 : 2, packets_per_sensor: null }] },
  }) as never
  doors.series = async (_, { step }) => {
    steps.push(step!)
    return step === 60 ? answer(60, null) : step === 3600 ? fail('query/too-wide') : answer(step!, 5)
  }
  const { body } = await doors.ask('GET', `/findings/${await only()}/series`)
  assert.deepEqual(steps, [60, 3600, 86_400])
  assert.deepEqual(body, {
    step_s: 86_400, from: '2026-01-05T00:00:00Z', to: '2026-01-05T02:00:00Z', start: '2026-01-05T00:00:00Z', end: '2026-01-05T00:10:00Z', simulated: true,
    points: [{ at: '2026-01-05T00:00:00Z', packets: 5, sources: 5, live_sensors: 2 }],
  })
  doors.series = async () => answer(60, null)
  assert.deepEqual((await doors.ask('GET', `/findings/${await only()}/series`)).body.points, [{ at: '2026-01-05T00:00:00Z', packets: 0, sources: 0, live_sensors: 0 }])
  doors.series = async () => fail('node/unavailable')
  assert.equal((await doors.ask('GET', `/findings/${await only()}/series`)).code, 'node/unavailable')
})
