import type { Freshness, TimeRange } from '@hirundo/analytics'
import { DAY_S, HOUR_S } from '@hirundo/base'
import { sql, type Kysely } from 'kysely'
import { observatoryDb } from '../tables.ts'

/** `range` without the stretches of `unit` seconds that begin at `holes` (sorted, each once). */
export function without(range: TimeRange, holes: readonly number[], unit: number): TimeRange[] {
  const parts: TimeRange[] = []
  let from = range.from
  for (const hole of holes) {
    const to = Math.min(hole, range.to)
    if (from < to) parts.push({ from, to })
    from = Math.max(from, hole + unit)
  }
  if (from < range.to) parts.push({ from, to: range.to })
  return parts
}

/** Cuts ranges in two at `cuts` (sorted, each once): nothing is left out. */
export function cutAt(ranges: readonly TimeRange[], cuts: readonly number[]): TimeRange[] {
  return ranges.flatMap((range) => {
    const inside = cuts.filter((cut) => cut > range.from && cut < range.to)
    return [range.from, ...inside].map((from, i) => ({ from, to: inside[i] ?? range.to }))
  })
}

/** From when on raw rows and hours are kept, in seconds since 1970. */
export async function readFloors(db: Kysely<unknown>): Promise<{ readonly raw_from: number; readonly hours_from: number }> {
  const floors = await observatoryDb(db).selectFrom('retention_floor').selectAll().execute()
  const floor = (tier: string) => floors.find((row) => row.tier === tier)?.start ?? 0
  return { raw_from: floor('raw'), hours_from: floor('hour') }
}

const outward = ({ from, to }: TimeRange, unit: number): TimeRange => ({
  from: Math.floor(from / unit) * unit, to: Math.ceil(to / unit) * unit,
})

/**
 * What the rollups hold as the raw rows have it now. A period with rows has an entry from before its first row was
 * inserted; one without an entry is empty in every tier, and so is fresh.
 */
export async function readFreshness(db: Kysely<unknown>, asked: TimeRange): Promise<Freshness> {
  const o = observatoryDb(db)
  const days = outward(asked, DAY_S)
  const [dirty, floors, late] = await Promise.all([
    o.selectFrom('rollup_period').select(['tier', 'start']).whereRef('dirty_generation', '<>', 'done_generation')
      .where('start', '>=', days.from).where('start', '<', days.to).orderBy('start').execute(),
    readFloors(db),
    // Months that only late rows ever went to: the store has computed their days, and perhaps never the month itself.
    sql<{ start: number }>`select distinct extract(epoch from ((month || '-01')::timestamp + interval '1 month' - interval '1 day'))::bigint as start
      from inbox_block b where late and not exists (select from rollup_period p where p.tier = 'day' and p.dirty_generation = p.done_generation
        and p.start = extract(epoch from ((b.month || '-01')::timestamp + interval '1 month' - interval '1 day'))::bigint)`.execute(db),
  ])
  const holes = (tier: string) => dirty.filter((row) => row.tier === tier).map(({ start }) => start)
  // A cut keeps the month from being read as a whole: its days are read one by one.
  const cuts = late.rows.map(({ start }) => start).toSorted((a, b) => a - b)
  const hours = outward(asked, HOUR_S)
  return {
    days: cutAt(without(days, holes('day'), DAY_S), cuts),
    hours: without({ from: Math.max(hours.from, floors.hours_from), to: hours.to }, holes('hour'), HOUR_S),
    raw_from: floors.raw_from,
  }
}
