import type { Freshness, TimeRange } from '@hirundo/analytics'
import { DAY_S, HOUR_S } from '@hirundo/base'
import type { Kysely } from 'kysely'
import { lastDayOf, monthOf } from '../projector/months.ts'
import { observatoryDb } from '../tables.ts'

/** `range` without the stretches of `unit` seconds that begin at `holes` (sorted). */
export function without(range: TimeRange, holes: readonly number[], unit: number): TimeRange[] {
  const parts: TimeRange[] = []
  let from = range.from
  for (const hole of holes) {
    if (hole > from) parts.push({ from, to: Math.min(hole, range.to) })
    from = Math.max(from, hole + unit)
  }
  if (from < range.to) parts.push({ from, to: range.to })
  return parts
}

/** Cuts ranges in two at `cuts` (sorted): nothing is left out. */
export function cutAt(ranges: readonly TimeRange[], cuts: readonly number[]): TimeRange[] {
  return ranges.flatMap((range) => {
    const inside = cuts.filter((cut) => cut > range.from && cut < range.to)
    return [range.from, ...inside].map((from, i) => ({ from, to: inside[i] ?? range.to }))
  })
}

const outward = ({ from, to }: TimeRange, unit: number): TimeRange => ({
  from: Math.floor(from / unit) * unit, to: Math.ceil(to / unit) * unit,
})

/** Last days of the months that a range touches. */
function lastDays({ from, to }: TimeRange): number[] {
  const first = monthOf(from)
  return Array.from({ length: Math.max(0, monthOf(Math.max(from, to - 1)) - first + 1) }, (_, i) => lastDayOf(first + i))
}

/**
 * What the rollups hold as the raw rows have it now. A period with rows has an entry from before its first row was
 * inserted; one without an entry is empty in every tier, and so is fresh.
 */
export async function readFreshness(db: Kysely<unknown>, asked: TimeRange): Promise<Freshness> {
  const o = observatoryDb(db)
  const days = outward(asked, DAY_S)
  const [dirty, floors, months] = await Promise.all([
    o.selectFrom('rollup_period').select(['tier', 'start']).whereRef('dirty_generation', '<>', 'done_generation')
      .where('start', '>=', days.from).where('start', '<', days.to).orderBy('start').execute(),
    o.selectFrom('retention_floor').selectAll().execute(),
    o.selectFrom('rollup_period').select('start').where('tier', '=', 'day').whereRef('dirty_generation', '=', 'done_generation')
      .where('start', 'in', [0, ...lastDays(days)]).execute(),
  ])
  const floor = (tier: string) => floors.find((row) => row.tier === tier)?.start ?? 0
  const holes = (tier: string) => dirty.filter((row) => row.tier === tier).map(({ start }) => start)
  const computed = new Set(months.map(({ start }) => start))
  // Where the month itself was never computed a cut keeps its days apart, and they are read one by one.
  const cuts = lastDays(days).filter((day) => !computed.has(day))
  const hours = outward(asked, HOUR_S)
  return {
    days: cutAt(without(days, holes('day'), DAY_S), cuts),
    hours: without({ from: Math.max(hours.from, floor('hour')), to: hours.to }, holes('hour'), HOUR_S),
    raw_from: floor('raw'),
  }
}
