import { DAY_S, HOUR_S } from '@hirundo/base'
import type { Database } from '../client.ts'
import { dimensionNumber } from '../keys.ts'
import { copyPasses, heavy, recomputeMonths } from '../rollup.ts'
import { rollupColumns, type Tier } from '../schema/tables.ts'
import { Bindings } from '../sql.ts'
import type { Store } from '../store.ts'
import { benchNetworks, generateDay, RAW_DAYS, SENSORS } from './generate.ts'

export interface BenchData {
  /** End of the data, exclusive: midnight UTC. */
  readonly to: number
  readonly raw_from: number
  readonly from: number
}
/** Raw days end with this instant; history goes back to two years before it. */
const END = Date.UTC(2026, 6, 1) / 1000
const HISTORY_DAYS = 730
/** Days whose rollups hold everything. */
export const REAL_DAYS = 30
export const benchData: BenchData = { to: END, raw_from: END - RAW_DAYS * DAY_S, from: END - HISTORY_DAYS * DAY_S }

/** Steps of building, so that a broken-off build goes on where it was. */
export interface Progress {
  readonly isDone: (step: string) => boolean
  readonly done: (step: string) => void
}

/** Raw rows of 90 days, and rollups of two years. */
export async function build(store: Store, db: Database, rows: number, seed: number, progress: Progress): Promise<void> {
  const shape = { seed, sensors: SENSORS, rows_per_day: Math.round(rows / RAW_DAYS) }
  const real = Array.from({ length: REAL_DAYS }, (_, i) => END - (REAL_DAYS - i) * DAY_S)
  const steps: Readonly<Record<string, () => Promise<void>>> = {
    tables: () => store.loadNetworks(benchNetworks()),
    raw: async () => {
      for (let day = 0; day < RAW_DAYS; day++) await generateDay(db, shape, benchData.raw_from + day * DAY_S, day)
    },
    hours: () => store.rollupHours(real.flatMap((day) => Array.from({ length: 24 }, (_, i) => day + i * HOUR_S))),
    days: () => store.rollupDays(real),
    month: () => recomputeMonths(db, [END - DAY_S]),
    ...Object.fromEntries(Array.from({ length: Math.ceil(HISTORY_DAYS / REAL_DAYS) - 1 }, (_, i) => [`history-${(i + 1) * REAL_DAYS}`, () => history(db, (i + 1) * REAL_DAYS)])),
    months: () => shiftMonths(db),
  }
  for (const [step, work] of Object.entries(steps)) {
    if (progress.isDone(step)) continue
    const begin = performance.now()
    await work()
    progress.done(step)
    process.stderr.write(`${step}: ${((performance.now() - begin) / 1000).toFixed(0)} s\n`)
  }
}

const { total, protocol, economy, sensor, port_source, port_economy } = dimensionNumber

/**
 * What the time before the real days is given. Left out to bound the time of building, and so not asked for there:
 * pairs, sensor by sensor ports, ASs and sources. Before the raw days, days hold the keys of at least 100 packets, and
 * hours only the dimensions with few keys; months hold every key.
 */
const small = `dimension IN (${total}, ${protocol}, ${economy}, ${sensor})`
const notSensors = `(dimension NOT IN (${port_source}, ${port_economy}) AND sensor = 0 OR ${small})`

/** Each repetition of the real days has other packets per key. */
async function history(db: Database, back: number): Promise<void> {
  await shift(db, 'day', back, back < RAW_DAYS ? notSensors : `${notSensors} AND (packets >= 100 OR ${small})`)
  await shift(db, 'hour', back, back < RAW_DAYS ? notSensors : small)
}

const columnsOf = (moved: string, seconds: number, factor: (name: string) => string): string =>
  rollupColumns.map(({ name }) =>
    name === 'bin' ? moved : name.endsWith('_minute') ? `${name} - ${seconds}` : name === 'packets' || name === 'bytes' || name === 'scan' ? factor(name) : name).join()
const factorOf = (salt: number) => (name: string) => `toUInt64(ceil(${name} * (0.5 + (cityHash64(key, ${salt}) % 1024) / 1024)))`

/** All months but the real one repeat it. */
async function shiftMonths(db: Database): Promise<void> {
  const lists = 'organisation, dimension, scope, sensor, bin, research'
  for (let back = 1; back < 24; back++) {
    const moved = `toDateTime(toStartOfMonth(subtractMonths(bin, ${back})), 'UTC')`
    const factor = factorOf(back)
    const real = `bin = toDateTime(${END - REAL_DAYS * DAY_S}, 'UTC') AND ${notSensors}`
    for (const pass of copyPasses) {
      await db.command(`INSERT INTO rollup_month SELECT ${columnsOf(moved, back * REAL_DAYS * DAY_S, factor)} FROM rollup_month WHERE ${real} AND ${pass.where}`, undefined, { ...pass.settings, max_block_size: '4096' })
    }
    await db.command(
      `INSERT INTO rank_month SELECT organisation, dimension, scope, sensor, key, ${moved}, research, toUInt32(row_number() OVER ` +
        `(PARTITION BY ${lists} ORDER BY ${factor('packets')} DESC, key)), ${factor('packets')} FROM rank_month WHERE ${real}`, undefined, heavy)
  }
}

/** A step that was cut off and begun again would leave its rows twice, and answers slower than they are. */
async function refuseRemains(db: Database, tier: Tier, back: number): Promise<void> {
  const b = new Bindings()
  const range = `bin >= ${b.time(END - (REAL_DAYS + back) * DAY_S)} AND bin < ${b.time(END - back * DAY_S)}`
  const found = await db.rows(`SELECT 1 FROM rollup_${tier} WHERE ${range} LIMIT 1`, b)
  if (found.length > 0) throw new Error(`history-${back} was cut off before: remove the data and build it anew`)
}

async function shift(db: Database, tier: Tier, back: number, where: string): Promise<void> {
  await refuseRemains(db, tier, back)
  const moved = `bin - ${back * DAY_S}`
  const factor = factorOf(back)
  const values = columnsOf(moved, back * DAY_S, factor)
  const range = (b: Bindings) => `bin >= ${b.time(END - REAL_DAYS * DAY_S)} AND ${moved} >= ${b.time(benchData.from)}`
  for (const pass of copyPasses) {
    const b = new Bindings()
    await db.command(`INSERT INTO rollup_${tier} SELECT ${values} FROM rollup_${tier} WHERE ${range(b)} AND (${where}) AND ${pass.where}`, b, { ...pass.settings, max_threads: 1, max_block_size: '256', min_insert_block_size_rows: '8192' })
  }
  const k = new Bindings()
  await db.command(
    `INSERT INTO rank_${tier} SELECT organisation, dimension, scope, sensor, key, ${moved}, research, toUInt32(row_number() OVER ` +
      `(PARTITION BY organisation, dimension, scope, sensor, bin, research ORDER BY ${factor('packets')} DESC, key)), ${factor('packets')} ` +
      `FROM rank_${tier} WHERE ${range(k)} AND (${where})`, k, heavy)
  const c = new Bindings()
  await db.command(`INSERT INTO coverage_${tier} SELECT organisation, sensor, ${moved}, minutes, observed_s, dropped, last_minute - ${back * DAY_S}, 0 FROM coverage_${tier} WHERE ${range(c)}`, c, heavy)
}
