import { DAY_S, HOUR_S } from '@hirundo/base'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoreError } from '../store-error.ts'
import { dimensions, nothingFresh, allFresh, whole, questions, plain, checkCounts, checkTop, checkSeries, rows, type ExamRun } from './checks.ts'
import { asked, EXAM_FROM, examDays, examHours, keyOf, naiveBy } from './world.ts'

/** Answers equal a naive count over the same rows. */
export function answering(run: ExamRun): void {
  test('from any mix of tiers, top, series and total equal a naive count', async () => {
    await run.store.rollupHours(examHours)
    await run.store.rollupDays(examDays)
    await fc.assert(fc.asyncProperty(questions, fc.constantFrom(...dimensions), fc.constantFrom(600, HOUR_S, 6 * HOUR_S, DAY_S), async (question, dimension, step) => {
      checkCounts(await run.store.total(question), naiveBy(asked(rows, question), () => 0).get(0), 'total')
      await checkTop(run.store, rows, dimension, question)
      await checkSeries(run.store, rows, dimension, question, step)
    }), { numRuns: 40, seed: 7 })
  })

  test('a port, a source and a matrix equal a naive count', async () => {
    for (const fresh of [nothingFresh, allFresh]) {
      const chosen = asked(rows, whole(fresh))
      const ofPort = chosen.filter((row) => keyOf('port', row) === 'udp/53')
      const port = await run.store.port('udp/53', whole(fresh))
      assert.equal(port.packets, plain(naiveBy(ofPort, () => 0).get(0)).packets)
      assert.equal(port.first_seen, Math.min(...ofPort.map((row) => row.minute)))
      assert.equal(port.tools.mirai, ofPort.reduce((sum, row) => sum + row.tool_mirai, 0))
      const bySource = naiveBy(ofPort, (row) => row.src)
      assert.deepEqual(port.top_sources.map((row) => row.packets), [...bySource.values()].map((t) => t.packets).sort((a, b) => b - a).slice(0, 20))
      const bySensor = naiveBy(ofPort, (row) => row.sensor)
      assert.deepEqual(new Map(port.sensors.map((row) => [row.sensor, row.packets])), new Map([...bySensor].map(([sensor, t]) => [sensor, t.packets])))
      const loudest = port.top_sources[0]!.source
      const ofSource = chosen.filter((row) => row.src === loudest)
      const source = await run.store.source(loudest, whole(fresh))
      assert.equal(source.packets, ofSource.reduce((sum, row) => sum + row.packets, 0))
      assert.deepEqual(new Map(source.ports.map((row) => [row.key, row.packets])), new Map([...naiveBy(ofSource, (row) => keyOf('port', row))].map(([key, t]) => [key, t.packets])))
      assert.deepEqual(source.days.map((day) => day.packets), [...naiveBy(ofSource, (row) => Math.floor(row.minute / DAY_S))].sort((a, b) => a[0] - b[0]).map(([, t]) => t.packets))
      const matrix = await run.store.matrix(whole(fresh), 3)
      const cells = naiveBy(chosen, (row) => `${keyOf('port', row)} ${row.sensor}`)
      matrix.ports.forEach((key, i) => matrix.sensors.forEach((sensor, j) => assert.equal(matrix.packets[i]![j], plain(cells.get(`${key} ${sensor}`)).packets)))
    }
  })

  test('an outage is a hole and the mean divides by sensors that watched', async () => {
    for (const fresh of [nothingFresh, allFresh]) {
      const points = await run.store.series('total', null, { ...whole(fresh), from: EXAM_FROM + 1_800 }, DAY_S)
      assert.deepEqual(points.map((point) => [point.live_sensors, point.sensor_equivalents]), [[1, 1], [1, 1], [0, 0], [0, 0]])
      assert.deepEqual(await run.store.watched(whole(fresh), DAY_S), [0, 1].map((day) => ({ sensor: 1, at: EXAM_FROM + day * DAY_S, observed_s: DAY_S })))
      assert.deepEqual(await run.store.coverage(whole(fresh)), [{ sensor: 1, observed_s: 2 * DAY_S, dropped: 2 * 1_440, last_minute: EXAM_FROM + 2 * DAY_S - 60 }])
      const last = { ...whole(fresh), from: EXAM_FROM + 2 * DAY_S - 120 }
      assert.deepEqual(await run.store.sensorMinutes(last), [120, 60].map((before) => ({ sensor: 1, at: EXAM_FROM + 2 * DAY_S - before, packets: 0, observed_s: 60 })))
      assert.deepEqual(await run.store.sensorMinutes({ ...last, sensors: [2] }), [])
    }
  })

  test('the previous period of equal length gives the previous rank', async () => {
    const question = { ...whole(allFresh), from: EXAM_FROM + 2 * DAY_S }
    const before = [...naiveBy(asked(rows, { ...question, from: EXAM_FROM, to: question.from }), (row) => row.protocol)].sort((a, b) => b[1].packets - a[1].packets)
    for (const row of await run.store.top('protocol', question, 5)) {
      assert.equal(row.previous_rank, before.findIndex(([protocol]) => String(protocol) === row.key) + 1 || null)
    }
  })

  test('the previous rank of a key is the same however many ranks are asked for', async () => {
    const question = { ...whole(allFresh), from: EXAM_FROM + 2 * DAY_S }
    const all = await run.store.top('source', question, 400)
    assert.ok(all.some(({ rank, previous_rank }) => previous_rank !== null && previous_rank > rank), 'some fell')
    for (const limit of [1, 20, 60]) assert.deepEqual(await run.store.top('source', question, limit), all.slice(0, limit))
    assert.ok(all.every(({ rank, previous_rank }) => previous_rank === null || previous_rank <= Math.max(100, 2 * rank)))
  })
  choosing(run)
}

/** What a question names is what is read, and nothing else is. */
function choosing(run: ExamRun): void {
  test('each key chooses its own raw rows and no others', async () => {
    for (const dimension of dimensions) {
      const question = whole(nothingFresh)
      for (const [key, totals] of [...naiveBy(asked(rows, question), (row) => keyOf(dimension, row))].slice(0, 20)) {
        const [point] = await run.store.series(dimension, key, question, 8 * DAY_S)
        checkCounts(point!, totals, `${dimension} ${key}`)
      }
    }
  })

  test('values are bound, so that no key or address is read as SQL', async () => {
    await assert.rejects(async () => run.store.series('economy', "X' OR 1=1", whole(nothingFresh), HOUR_S))
    await assert.rejects(async () => run.store.source("1.2.3.4' --", whole(nothingFresh)))
  })

  test('what is too wide is refused with a code', async () => {
    await assert.rejects(run.store.series('total', null, { ...whole(nothingFresh), from: 0 }, 60), (error: StoreError) => error.problem.code === 'query/too-wide')
    await assert.rejects(run.store.top('port', whole(nothingFresh), 100_000), (error: StoreError) => error.problem.code === 'request/invalid')
  })
}
