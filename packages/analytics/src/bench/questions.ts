import { DAY_S, HOUR_S } from '@hirundo/base'
import { seeded } from '../exam/world.ts'
import type { Dimension, Freshness, Question } from '../model.ts'
import type { Store } from '../store.ts'
import { benchData, REAL_DAYS } from './build.ts'

/** One answer of part 4 with parameters drawn anew each time. */
export interface Asked {
  readonly name: string
  readonly ask: (store: Store, random: () => number) => Promise<unknown>
}

const lengths = [HOUR_S, 6 * HOUR_S, DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S, 365 * DAY_S, 730 * DAY_S]
/** The last day is still open, and the last two hours have not been rolled up. */
const fresh: Freshness = {
  hours: [{ from: benchData.from, to: benchData.to - 2 * HOUR_S }], days: [{ from: benchData.from, to: benchData.to - DAY_S }], raw_from: benchData.raw_from,
}
const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!

/** A range that ends in the raw days at some minute; where it begins before them, at midnight. */
function question(random: () => number, lengths_s: readonly number[] = lengths, ends_within_days = 59): Question {
  const to = benchData.to - 60 * Math.floor(random() ** 2 * ends_within_days * 1_440)
  const from = Math.max(benchData.from, to - pick(random, lengths_s))
  const aligned = from < benchData.raw_from ? Math.floor(from / DAY_S) * DAY_S : from
  return { organisation: 1, from: aligned, to, research: pick(random, ['include', 'include', 'exclude', 'only'] as const), fresh }
}

const someSensors = (random: () => number): number[] => Array.from({ length: 1 + Math.floor(random() * 5) }, () => 1 + Math.floor(random() * 44))
const ports = ['tcp/23', 'tcp/22', 'tcp/445', 'udp/23', 'tcp/8080', 'tcp/3389', 'icmp/8/0', 'udp/53', 'tcp/6379', 'tcp/17123']
const keys: Readonly<Record<string, readonly string[]>> = {
  port: ports, economy: ['XA', 'XB', 'XC'], asn: ['64512', '64600', '65000'], protocol: ['6', '17', '1'], sensor: ['1', '7', '30'],
}
const steps: readonly (readonly [number, number])[] = [[60, 6 * HOUR_S], [60, DAY_S], [600, 3 * DAY_S], [HOUR_S, 30 * DAY_S], [HOUR_S, 90 * DAY_S], [DAY_S, 365 * DAY_S], [DAY_S, 730 * DAY_S]]

const top = (dimension: Dimension): Asked => ({
  name: `top ${dimension}`, ask: (store, random) => store.top(dimension, question(random), pick(random, [5, 10, 20, 50])),
})
/** Within the days whose rollups hold everything. */
const recentLengths = [HOUR_S, 6 * HOUR_S, DAY_S, 3 * DAY_S, 7 * DAY_S, 14 * DAY_S]
const recent = (random: () => number): Question => question(random, recentLengths, REAL_DAYS - 15)
const topBySensors = (dimension: Dimension): Asked => ({
  name: `top ${dimension}, some sensors`,
  ask: (store, random) => store.top(dimension, { ...recent(random), sensors: someSensors(random) }, pick(random, [5, 10, 20])),
})
const series = (dimension: Dimension | 'total'): Asked => ({
  name: `series ${dimension}`,
  ask: (store, random) => {
    const [step, length] = pick(random, steps)
    const key = dimension === 'total' ? null : pick(random, keys[dimension]!)
    return store.series(dimension, key, question(random, [length]), step)
  },
})

async function someSource(store: Store, random: () => number): Promise<string> {
  const to = benchData.to - DAY_S - HOUR_S * Math.floor(random() * 24 * 60)
  const rows = await store.top('source', { organisation: 1, from: to - HOUR_S, to, research: pick(random, ['exclude', 'only'] as const), fresh }, 100)
  return pick(random, rows).key
}

export const questions: readonly Asked[] = [
  ...(['port', 'protocol', 'economy', 'asn', 'sensor', 'source'] as const).map(top),
  ...(['port', 'source'] as const).map(topBySensors),
  ...(['total', 'port', 'protocol', 'economy', 'asn', 'sensor'] as const).map(series),
  { name: 'total', ask: (store, random) => store.total(question(random)) },
  { name: 'port', ask: (store, random) => store.port(pick(random, ports), recent(random)) },
  { name: 'matrix', ask: (store, random) => store.matrix(recent(random), 20) },
  { name: 'coverage', ask: (store, random) => store.coverage(question(random)) },
]

/** Addresses are found first, outside the measured time. */
export async function sourceQuestions(store: Store, count: number, seed: number): Promise<Asked> {
  const random = seeded(seed)
  const addresses: string[] = []
  for (let i = 0; i < Math.min(count, 20); i++) addresses.push(await someSource(store, random))
  return { name: 'source', ask: (answering, draw) => answering.source(pick(draw, addresses), recent(draw)) }
}
