import { DAY_S, HOUR_S } from '@hirundo/base'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import type { Database } from '../client.ts'
import type { Dimension, Freshness, Key, Question, TimeRange } from '../model.ts'
import type { Store } from '../store.ts'
import { asked, EXAM_DAYS, EXAM_FROM, EXAM_TO, keyOf, naiveBy, ORGANISATION, randomRows, seeded, type NaiveTotals, type Seen } from './world.ts'

/** What an exam is held on; filled in when it begins. */
export interface ExamRun {
  store: Store
  /** For what a store's door does not show, such as the number of parts. */
  db: Database
}
export const rows: readonly Seen[] = randomRows(seeded(20_260_101), 24_000)

export const dimensions: readonly Dimension[] = ['port', 'protocol', 'economy', 'asn', 'sensor', 'source']
export const nothingFresh: Freshness = { hours: [], days: [], raw_from: 0 }
export const allFresh: Freshness = { hours: [{ from: EXAM_FROM, to: EXAM_TO }], days: [{ from: EXAM_FROM, to: EXAM_TO }], raw_from: 0 }
export const whole = (fresh: Freshness): Question => ({ organisation: ORGANISATION, from: EXAM_FROM, to: EXAM_TO, research: 'include', fresh })

/** Sorted ranges apart from each other, from chosen units. */
export function rangesOf(chosen: readonly boolean[], unit: number): TimeRange[] {
  const ranges: { from: number; to: number }[] = []
  chosen.forEach((yes, i) => {
    const from = EXAM_FROM + i * unit
    if (!yes) return
    if (ranges.at(-1)?.to === from) ranges.at(-1)!.to = from + unit
    else ranges.push({ from, to: from + unit })
  })
  return ranges
}

export const questions = fc.record({
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
export const EXACT_SOURCES = 500
export function checkCounts(actual: Counted, totals: NaiveTotals | undefined, what: string): void {
  const expected = plain(totals)
  assert.deepEqual([actual.packets, actual.bytes], [expected.packets, expected.bytes], what)
  const error = expected.sources <= EXACT_SOURCES ? 0 : 0.0406 * expected.sources
  assert.ok(Math.abs(actual.sources - expected.sources) <= error, `${what}: ${actual.sources} sources instead of ${expected.sources}`)
}
export interface Counted { readonly packets: number; readonly bytes: number; readonly sources: number }

export const plain = (totals: NaiveTotals | undefined) => ({ packets: totals?.packets ?? 0, bytes: totals?.bytes ?? 0, sources: totals?.sources.size ?? 0 })

/** Ranks by packets; equal packets may stand in any order, so packets are compared rank by rank and sums key by key. */
export async function checkTop(store: Store, rows: readonly Seen[], dimension: Dimension, question: Question): Promise<void> {
  const expected = naiveBy(asked(rows, question), (row) => keyOf(dimension, row))
  const answer = await store.top(dimension, question, 10)
  const ordered = [...expected.values()].map((totals) => totals.packets).sort((a, b) => b - a)
  assert.deepEqual(answer.map((row) => row.packets), ordered.slice(0, 10), dimension)
  for (const row of answer) {
    checkCounts(row, expected.get(row.key), `${dimension} ${row.key}`)
  }
}

const someKey: Readonly<Record<Dimension, Key>> = { port: 'tcp/22', protocol: '6', economy: 'XB', asn: '64513', sensor: '1', source: '241.1.37.1' }

export async function checkSeries(store: Store, rows: readonly Seen[], dimension: Dimension, question: Question, step: number): Promise<void> {
  const chosen = asked(rows, question)
  const expected = naiveBy(chosen, (row) => Math.floor(row.minute / step) * step)
  for (const point of await store.series('total', null, question, step)) {
    checkCounts(point, expected.get(point.at), `total at ${point.at}`)
  }
  if (!question.sensors) {
    const tool = (at: number, name: string): number =>
      chosen.filter((row) => Math.floor(row.minute / step) * step === at).reduce((sum, row) => sum + Number(row[name as keyof Seen] ?? 0), 0)
    for (const { at, mirai, zmap, masscan } of await store.tools(question, step)) {
      assert.deepEqual([mirai, zmap, masscan], ['tool_mirai', 'tool_zmap', 'tool_masscan'].map((name) => tool(at, name)), `tools at ${at}`)
    }
  }
  const key = someKey[dimension]
  const ofKey = naiveBy(chosen.filter((row) => keyOf(dimension, row) === key), (row) => Math.floor(row.minute / step) * step)
  for (const point of await store.series(dimension, key, question, step)) {
    checkCounts(point, ofKey.get(point.at), `${dimension} ${key} at ${point.at}`)
  }
}

