import { DAY_S, HOUR_S } from '@hirundo/base'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../client.ts'
import type { Dimension, Freshness, Question, TimeRange } from '../model.ts'
import { StoreError } from '../store-error.ts'
import type { Store } from '../store.ts'
import { blockOf } from './rows.ts'
import {
  asked, EXAM_DAYS, EXAM_FROM, EXAM_TO, examDays, examHours, examNetworks, keyOf, naiveBy, ORGANISATION, randomRows, runsOf, seeded,
  type NaiveTotals, type Seen,
} from './world.ts'

export interface ExamStore {
  readonly store: Store
  /** For what a store's door does not show, such as the number of parts. */
  readonly db: Database
  readonly close: () => Promise<void>
}

const dimensions: readonly Dimension[] = ['port', 'protocol', 'economy', 'asn', 'sensor', 'source']
const nothingFresh: Freshness = { hours: [], days: [], raw_from: 0 }
const allFresh: Freshness = { hours: [{ from: EXAM_FROM, to: EXAM_TO }], days: [{ from: EXAM_FROM, to: EXAM_TO }], raw_from: 0 }
const whole = (fresh: Freshness): Question => ({ organisation: ORGANISATION, from: EXAM_FROM, to: EXAM_TO, research: 'include', fresh })

/** Sorted ranges apart from each other, from chosen units. */
function rangesOf(chosen: readonly boolean[], unit: number): TimeRange[] {
  const ranges: { from: number; to: number }[] = []
  chosen.forEach((yes, i) => {
    const from = EXAM_FROM + i * unit
    if (!yes) return
    if (ranges.at(-1)?.to === from) ranges.at(-1)!.to = from + unit
    else ranges.push({ from, to: from + unit })
  })
  return ranges
}

const questions = fc.record({
  at: fc.integer({ min: 0, max: EXAM_DAYS * 1_440 - 1 }), minutes: fc.integer({ min: 1, max: EXAM_DAYS * 1_440 }),
  research: fc.constantFrom('include', 'exclude', 'only'),
  sensors: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }), { nil: undefined }),
  hours: fc.array(fc.boolean(), { minLength: EXAM_DAYS * 24, maxLength: EXAM_DAYS * 24 }),
  days: fc.array(fc.boolean(), { minLength: EXAM_DAYS, maxLength: EXAM_DAYS }),
}).map(({ at, minutes, research, sensors, hours, days }): Question => ({
  organisation: ORGANISATION, from: EXAM_FROM + at * 60, to: Math.min(EXAM_TO, EXAM_FROM + (at + minutes) * 60), research,
  ...(sensors ? { sensors } : {}), fresh: { hours: rangesOf(hours, HOUR_S), days: rangesOf(days, DAY_S), raw_from: 0 },
}))

/** Up to here a sketch of precision 14 still is a set. Above: five standard errors of 0.81 %. */
const EXACT_SOURCES = 500
function checkCounts(actual: Counted, totals: NaiveTotals | undefined, what: string): void {
  const expected = plain(totals)
  assert.deepEqual([actual.packets, actual.bytes], [expected.packets, expected.bytes], what)
  const error = expected.sources <= EXACT_SOURCES ? 0 : 0.0406 * expected.sources
  assert.ok(Math.abs(actual.sources - expected.sources) <= error, `${what}: ${actual.sources} sources instead of ${expected.sources}`)
}
interface Counted { readonly packets: number; readonly bytes: number; readonly sources: number }

const plain = (totals: NaiveTotals | undefined) => ({ packets: totals?.packets ?? 0, bytes: totals?.bytes ?? 0, sources: totals?.sources.size ?? 0 })

/** Ranks by packets; equal packets may stand in any order, so packets are compared rank by rank and sums key by key. */
async function checkTop(store: Store, rows: readonly Seen[], dimension: Dimension, question: Question): Promise<void> {
  const expected = naiveBy(asked(rows, question), (row) => keyOf(dimension, row))
  const answer = await store.top(dimension, question, 10)
  const ordered = [...expected.values()].map((totals) => totals.packets).sort((a, b) => b - a)
  assert.deepEqual(answer.map((row) => row.packets), ordered.slice(0, 10), dimension)
  for (const row of answer) {
    checkCounts(row, expected.get(row.key), `${dimension} ${row.key}`)
  }
}

async function checkSeries(store: Store, rows: readonly Seen[], question: Question, step: number): Promise<void> {
  const chosen = asked(rows, question)
  const expected = naiveBy(chosen, (row) => Math.floor(row.minute / step) * step)
  for (const point of await store.series('total', null, question, step)) {
    checkCounts(point, expected.get(point.at), `total at ${point.at}`)
  }
  const key = 'tcp/22'
  const ofPort = naiveBy(chosen.filter((row) => keyOf('port', row) === key), (row) => Math.floor(row.minute / step) * step)
  for (const point of await store.series('port', key, question, step)) {
    assert.deepEqual(point.packets, plain(ofPort.get(point.at)).packets, `${key} at ${point.at}`)
  }
}

/** One suite for every store that is configured: what it passes embedded it must pass on a server. */
export function examine(name: string, open: () => Promise<ExamStore>): void {
  describe(`exam: ${name}`, () => {
    let exam: ExamStore
    let store: Store
    const rows = randomRows(seeded(20_260_101), 24_000)
    before(async () => {
      exam = await open()
      store = exam.store
      await store.migrate()
    })
    after(() => exam.close())

    test('migrating again changes nothing', async () => {
      await store.migrate()
      assert.deepEqual((await store.size()).map((table) => table.table), ['schema_version'])
    })

    test('before any network table is loaded rows are stored without networks', async () => {
      await store.insertBlock(blockOf(1n, 'flow', [{ organisation: 99, sensor: 1, rows: [{ minute: EXAM_FROM, src: '240.0.0.1', packets: 1 }] }]))
      assert.equal(await store.networksAsOf(), null)
      const answer = await store.top('economy', { ...whole(nothingFresh), organisation: 99 }, 1)
      assert.equal(answer[0]?.key, 'ZZ')
      await store.loadNetworks(examNetworks)
      assert.equal(await store.networksAsOf(), examNetworks.as_of)
    })

    test('a block is one part in each table, also at its largest, and absent where it was not written', async () => {
      const many = Array.from({ length: 250_000 }, (_, i) => ({ minute: EXAM_FROM + (i % 1_440) * 60, src: '240.0.0.1', packets: 1 }))
      await store.insertBlock(blockOf(2n, 'flow', [{ organisation: 98, sensor: 1, rows: many }, { organisation: 98, sensor: 2, rows: many }]), ['flow'])
      const [{ parts }] = (await exam.db.rows<{ parts: number }>('SELECT uniqExact(_part) AS parts FROM flow WHERE block = 2')) as [{ parts: number }]
      assert.equal(parts, 1)
      assert.deepEqual(await store.missingTables(2n, 'flow'), ['flow_by_source'])
      await store.insertBlock(blockOf(2n, 'flow', [{ organisation: 98, sensor: 1, rows: many.slice(0, 5) }]), await store.missingTables(2n, 'flow'))
      assert.deepEqual(await store.missingTables(2n, 'flow'), [])
      assert.deepEqual(await store.missingTables(3n, 'sensor_minute'), ['sensor_minute'])
    })

    test('rows of every kind are stored and counted', async () => {
      for (let at = 0, id = 10n; at < rows.length; at += 6_000, id++) {
        const part = rows.slice(at, at + 6_000)
        for (const month of [0, 1]) {
          const chosen = part.filter((row) => new Date(row.minute * 1000).getUTCMonth() === month)
          await store.insertBlock(blockOf(id * 2n + BigInt(month), 'flow', runsOf(chosen)))
        }
      }
      const minutes = Array.from({ length: 2 * 1_440 }, (_, i) => ({ minute: EXAM_FROM + i * 60, observed_s: 60, dropped: 1 }))
      await store.insertBlock(blockOf(100n, 'sensor_minute', [{ organisation: ORGANISATION, sensor: 1, rows: minutes }]))
      await store.insertBlock(blockOf(101n, 'backscatter', [{ organisation: ORGANISATION, sensor: 1, rows: [{ bin: EXAM_FROM, victim: '240.0.0.9', packets: 2 }] }]))
      await store.insertBlock(blockOf(102n, 'syn_sample', [{ organisation: ORGANISATION, sensor: 1, rows: [{ second: EXAM_FROM, src: '240.0.0.9', weight: 1000 }] }]))
      checkCounts(await store.total(whole(nothingFresh)), naiveBy(asked(rows, whole(nothingFresh)), () => 0).get(0), 'total')
    })

    test('from any mix of tiers, top, series and total equal a naive count', async () => {
      await store.rollupHours(examHours)
      await store.rollupDays(examDays)
      await fc.assert(fc.asyncProperty(questions, fc.constantFrom(...dimensions), fc.constantFrom(HOUR_S, 6 * HOUR_S, DAY_S), async (question, dimension, step) => {
        checkCounts(await store.total(question), naiveBy(asked(rows, question), () => 0).get(0), 'total')
        await checkTop(store, rows, dimension, question)
        await checkSeries(store, rows, question, step)
      }), { numRuns: 40, seed: 7 })
    })

    test('a port, a source and a matrix equal a naive count', async () => {
      for (const fresh of [nothingFresh, allFresh]) {
        const chosen = asked(rows, whole(fresh))
        const ofPort = chosen.filter((row) => keyOf('port', row) === 'udp/53')
        const port = await store.port('udp/53', whole(fresh))
        assert.equal(port.packets, plain(naiveBy(ofPort, () => 0).get(0)).packets)
        assert.equal(port.first_seen, Math.min(...ofPort.map((row) => row.minute)))
        assert.equal(port.tools.mirai, ofPort.reduce((sum, row) => sum + row.tool_mirai, 0))
        const bySource = naiveBy(ofPort, (row) => row.src)
        assert.deepEqual(port.top_sources.map((row) => row.packets), [...bySource.values()].map((t) => t.packets).sort((a, b) => b - a).slice(0, 20))
        const bySensor = naiveBy(ofPort, (row) => row.sensor)
        assert.deepEqual(new Map(port.sensors.map((row) => [row.sensor, row.packets])), new Map([...bySensor].map(([sensor, t]) => [sensor, t.packets])))
        const loudest = port.top_sources[0]!.source
        const ofSource = chosen.filter((row) => row.src === loudest)
        const source = await store.source(loudest, whole(fresh))
        assert.equal(source.packets, ofSource.reduce((sum, row) => sum + row.packets, 0))
        assert.deepEqual(new Map(source.ports.map((row) => [row.key, row.packets])), new Map([...naiveBy(ofSource, (row) => keyOf('port', row))].map(([key, t]) => [key, t.packets])))
        assert.deepEqual(source.days.map((day) => day.packets), [...naiveBy(ofSource, (row) => Math.floor(row.minute / DAY_S))].sort((a, b) => a[0] - b[0]).map(([, t]) => t.packets))
        const matrix = await store.matrix(whole(fresh), 3)
        const cells = naiveBy(chosen, (row) => `${keyOf('port', row)} ${row.sensor}`)
        matrix.ports.forEach((key, i) => matrix.sensors.forEach((sensor, j) => assert.equal(matrix.packets[i]![j], plain(cells.get(`${key} ${sensor}`)).packets)))
      }
    })

    test('an outage is a hole and the mean divides by sensors that watched', async () => {
      for (const fresh of [nothingFresh, allFresh]) {
        const points = await store.series('total', null, { ...whole(fresh), from: EXAM_FROM + 1_800 }, DAY_S)
        assert.deepEqual(points.map((point) => [point.live_sensors, point.sensor_equivalents]), [[1, 1], [1, 1], [0, 0], [0, 0]])
        assert.deepEqual(await store.coverage(whole(fresh)), [{ sensor: 1, observed_s: 2 * DAY_S, dropped: 2 * 1_440, last_minute: EXAM_FROM + 2 * DAY_S - 60 }])
      }
    })

    test('the previous period of equal length gives the previous rank', async () => {
      const question = { ...whole(allFresh), from: EXAM_FROM + 2 * DAY_S }
      const before = [...naiveBy(asked(rows, { ...question, from: EXAM_FROM, to: question.from }), (row) => row.protocol)].sort((a, b) => b[1].packets - a[1].packets)
      for (const row of await store.top('protocol', question, 5)) {
        assert.equal(row.previous_rank, before.findIndex(([protocol]) => String(protocol) === row.key) + 1 || null)
      }
    })

    test('a recomputed hour takes in rows that came after it and leaves the others', async () => {
      const hour = EXAM_FROM + 5 * HOUR_S
      const row = { minute: hour, src: '240.7.7.7', protocol: 6, dst_port: 9_999, icmp_type: -1, icmp_code: -1, packets: 5 }
      await store.insertBlock(blockOf(500n, 'flow', [{ organisation: ORGANISATION, sensor: 1, rows: [row] }]))
      const before = await store.total(whole(allFresh))
      await store.rollupHours([hour])
      await store.rollupDays([EXAM_FROM])
      const hoursOnly = { ...allFresh, days: [] }
      assert.equal((await store.total(whole(allFresh))).packets, before.packets + 5)
      assert.equal((await store.total(whole(hoursOnly))).packets, before.packets + 5)
      assert.equal((await store.port('tcp/9999', whole(allFresh))).packets, 5)
    })

    test('values are bound, so that no key or address is read as SQL', async () => {
      await assert.rejects(async () => store.series('economy', "X' OR 1=1", whole(nothingFresh), HOUR_S))
      await assert.rejects(async () => store.source("1.2.3.4' --", whole(nothingFresh)))
    })

    test('what is too wide is refused with a code', async () => {
      await assert.rejects(store.series('total', null, { ...whole(nothingFresh), from: 0 }, 60), (error: StoreError) => error.problem.code === 'query/too-wide')
      await assert.rejects(store.top('port', whole(nothingFresh), 100_000), (error: StoreError) => error.problem.code === 'request/invalid')
    })

    test('dropped raw rows leave the rollups exact, and finer questions about them are refused', async () => {
      const before = await store.total(whole(allFresh))
      const february = Date.UTC(2026, 1, 1) / 1000
      const dropped = await store.dropBefore('raw', february + DAY_S)
      assert.ok(dropped.includes('flow/202601') && !dropped.some((name) => name.endsWith('202602')), dropped.join())
      const fresh = { ...allFresh, raw_from: february }
      assert.deepEqual(await store.total(whole(fresh)), before)
      await assert.rejects(store.total({ ...whole(fresh), from: EXAM_FROM + 60 }), (error: StoreError) => error.problem.detail['what'] === 'resolution')
    })

    test('a late block is added once', async () => {
      const fresh = { ...allFresh, raw_from: Date.UTC(2026, 1, 1) / 1000 }
      const before = await store.total(whole(fresh))
      const sensorRows = [0, 1].map((day) => ({ minute: EXAM_FROM + day * DAY_S, src: '240.8.8.8', protocol: 6, dst_port: 23, packets: 1_000_000, bytes: 1 }))
      const block = blockOf(700n, 'flow', [{ organisation: ORGANISATION, sensor: 1, rows: sensorRows }])
      await store.addLateBlock(block)
      await store.addLateBlock(block)
      for (const tiers of [fresh, { ...fresh, days: [] }]) {
        assert.equal((await store.total(whole(tiers))).packets, before.packets + 2_000_000)
        assert.equal((await store.top('source', whole(tiers), 1))[0]?.key, '240.8.8.8')
      }
    })
  })
}
