import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError, type HeardRow, type MinuteCounts, type Store } from '@hirundo/analytics'
import { windowLayouts } from '@hirundo/analytics/windows'
import { MinuteReader, type Loaded } from './reader.ts'

const M = 60_000 * 60
const bounds = { page_rows_max: 100, page_heard_max: 20, minute_rows_max: 200, minute_heard_max: 40 }

/** A store of so many flow rows and interactions by minute, whose answers hold so many at most. */
function storeOf(minutes: readonly { readonly flow: number; readonly interaction: number }[], answer_rows_max: number, answer_heard_max: number) {
  const asked: string[] = []
  const counts: MinuteCounts[] = minutes.map((one, i) => ({ minute: M + i * 60, backscatter: 0, syn_sample: 0, sensor_minute: 0, sensors: [], ...one }))
  const within = ({ from, to }: { from: number; to: number }) => counts.filter(({ minute }) => minute >= from && minute < to)
  const sum = (some: readonly MinuteCounts[], of: 'flow' | 'interaction'): number => some.reduce((total, one) => total + one[of], 0)
  const windows = {
    counts: async (question: { from: number; to: number }) => within(question),
    rows: async (table: string, question: { from: number; to: number }, part = { index: 0, of: 1 }) => {
      const all = table === 'flow' ? sum(within(question), 'flow') : 0
      const rows = Math.floor(all / part.of) + (part.index < all % part.of ? 1 : 0)
      asked.push(`${table} ${question.from - M} ${part.index}/${part.of}`)
      if (rows > answer_rows_max) throw new StoreError('query/too-wide')
      return new Uint8Array(rows * windowLayouts.flow.row_bytes)
    },
    heard: async (question: { from: number; to: number }, limit: number) => {
      const rows = Math.min(limit, sum(within(question), 'interaction'))
      if (rows > answer_heard_max) throw new StoreError('query/timeout')
      return Array.from({ length: rows }, () => ({}) as HeardRow)
    },
  }
  return { asked, analytics: { windows } as unknown as Pick<Store, 'windows'> }
}

async function readAll(analytics: Pick<Store, 'windows'>, minutes: number): Promise<readonly Loaded[]> {
  const all: Loaded[] = []
  for await (const loaded of new MinuteReader(analytics, bounds).read({ organisation: 1 }, { from: M, to: M + minutes * 60 })) all.push(loaded)
  return all
}
const rowsIn = (loaded: readonly Loaded[]): number => loaded.flatMap(({ pages }) => pages).reduce((sum, { bytes }) => sum + bytes.length / windowLayouts.flow.row_bytes, 0)
const shedIn = (loaded: readonly Loaded[]) => loaded.reduce((sum, { shed }) => ({ rows: sum.rows + shed.rows, interactions: sum.interactions + shed.interactions }), { rows: 0, interactions: 0 })

test('everything is read once while it fits, also a minute of several answers', async () => {
  const { analytics } = storeOf([{ flow: 60, interaction: 5 }, { flow: 50, interaction: 5 }, { flow: 190, interaction: 30 }, { flow: 0, interaction: 0 }, { flow: 10, interaction: 1 }], 100, 1_000)
  const loaded = await readAll(analytics, 5)
  assert.deepEqual([rowsIn(loaded), loaded.flatMap(({ heard }) => heard).length, shedIn(loaded)], [310, 41, { rows: 0, interactions: 0 }])
  assert.deepEqual([loaded[0]!.from, loaded.at(-1)!.to], [M, M + 300])
  loaded.forEach(({ from }, i) => assert.ok(i === 0 || loaded[i - 1]!.to === from))
})

test('of a minute beyond its bounds a part is read, and what is not is counted', async () => {
  const { analytics } = storeOf([{ flow: 1_000, interaction: 500 }], 100, 1_000)
  const loaded = await readAll(analytics, 1)
  assert.deepEqual([rowsIn(loaded), loaded[0]!.heard.length, shedIn(loaded)], [200, 40, { rows: 800, interactions: 460 }])
})

test('a store that gives less than expected is asked for fewer minutes, then for less of a minute; what it never gives is counted', async () => {
  const some = storeOf(Array.from({ length: 4 }, () => ({ flow: 20, interaction: 4 })), 30, 6)
  const loaded = await readAll(some.analytics, 4)
  assert.deepEqual([rowsIn(loaded), shedIn(loaded)], [80, { rows: 0, interactions: 0 }])
  assert.equal(loaded.flatMap(({ heard }) => heard).length, 16)
  const little = storeOf([{ flow: 90, interaction: 36 }], 10, 5)
  const [one] = await readAll(little.analytics, 1)
  assert.equal(rowsIn([one!]) + one!.shed.rows, 90)
  assert.ok(rowsIn([one!]) > 0 && one!.shed.rows > 0)
  assert.ok(one!.heard.length > 0 && one!.heard.length + one!.shed.interactions === 36)
  const nothing = storeOf([{ flow: 90, interaction: 36 }], -1, -1)
  const [none] = await readAll(nothing.analytics, 1)
  assert.deepEqual([none!.shed.rows, none!.shed.interactions], [90, 36])
})

test('a store that is away is told, and nothing counts as read', async () => {
  const { analytics } = storeOf([{ flow: 5, interaction: 0 }], 10, 10)
  const away = { windows: { ...analytics.windows, rows: () => Promise.reject(new StoreError('node/unavailable')) } }
  await assert.rejects(readAll(away, 1), (error: StoreError) => error.problem.code === 'node/unavailable')
})
