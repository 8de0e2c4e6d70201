import { HOUR_S } from '@hirundo/base'
import type { CallOutput, coverageAnswer, ReportMover, seriesAnswer, TopEntry } from '@hirundo/contract'
import type { Period } from './quarter.ts'

type CoverageRow = CallOutput<typeof coverageAnswer>['data'][number]
type SeriesPoint = CallOutput<typeof seriesAnswer>['data']['points'][number]

const DAY_S = 86_400
/** Of how many ranks of this quarter movers are looked for. */
export const RANKS_LOOKED_AT = 50
/** Of the quarter before: a port below is called new. */
export const RANKS_BEFORE = 500
const MOVERS_MAX = 5
const RANKS_CLIMBED_MIN = 3
const RATIO_MIN = 1.5
/** Packets per sensor and day below which a ratio says nothing. */
const PER_DAY_MIN = 1

const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** Days that all sensors watched together. */
export const sensorDays = (coverage: readonly Pick<CoverageRow, 'observed_s'>[]): number =>
  coverage.reduce((sum, { observed_s }) => sum + observed_s, 0) / DAY_S

/** Packets divided by the days watched; null where nobody watched. */
export const perDay = (packets: number, days: number): number | null => (days > 0 ? rounded(packets / days) : null)

/**
 * Points of a figure. The last bin of a running quarter is cut, and its figure is then one of a shorter time: it is put
 * into proportion, so that the present does not look like calm.
 */
export const pointsOf = (points: readonly SeriesPoint[], to: number, step_s: number) => points.map(({ at, packets_per_sensor }) => {
  const length = Math.min(step_s, to - Date.parse(at) / 1000)
  return { at, packets_per_sensor: packets_per_sensor === null || length <= 0 ? null : rounded((packets_per_sensor * step_s) / length) }
})

/** Observations of less than this are drawn by the hour: a few points of a day each would show nothing. */
const HOURS_UNTIL_S = 8 * DAY_S

/** From when and how fine a period is drawn, by its points of days: where observation began late, from there. */
export function drawnOf(days: readonly Pick<SeriesPoint, 'at' | 'packets'>[], { from, to }: Period): Drawn {
  const first = days.find(({ packets }) => packets !== null)
  const begin = first ? Math.max(from, Date.parse(first.at) / 1000) : from
  return first && to - begin < HOURS_UNTIL_S ? { from: begin, step_s: HOUR_S } : { from, step_s: DAY_S }
}

export interface Drawn {
  readonly from: number
  readonly step_s: number
}

/** What a ranking of two quarters says of each of its first rows. */
export interface Compared {
  readonly now: readonly TopEntry[]
  readonly before: readonly TopEntry[]
  /** Sensor days of each quarter. */
  readonly days: number
  readonly days_before: number
}

/** An entry with rank and mean of the quarter before. */
export function rankedOf(entry: TopEntry, { before, days, days_before }: Compared) {
  const past = before.find(({ key }) => key === entry.key)
  return {
    key: entry.key, rank: entry.rank, previous_rank: past?.rank ?? null, packets: entry.packets, sources: entry.sources,
    packets_per_sensor_day: perDay(entry.packets, days),
    previous_packets_per_sensor_day: past ? perDay(past.packets, days_before) : null,
  }
}

const moverOf = (entry: TopEntry, compared: Compared): ReportMover => {
  const ranked = rankedOf(entry, compared)
  const { packets_per_sensor_day: now, previous_packets_per_sensor_day: past } = ranked
  return { ...ranked, service: entry.service ?? null, ratio: now === null || !past ? null : rounded(now / past) }
}

/**
 * Ports that changed their place most: climbers by ratio of the means, newcomers by rank. Without observations of the
 * quarter before nothing is new and nothing climbs.
 */
export function moversOf(compared: Compared): { readonly climbers: ReportMover[], readonly newcomers: ReportMover[] } {
  if (compared.days_before <= 0) return { climbers: [], newcomers: [] }
  const all = compared.now.slice(0, RANKS_LOOKED_AT).map((entry) => moverOf(entry, compared))
    .filter(({ packets_per_sensor_day }) => (packets_per_sensor_day ?? 0) >= PER_DAY_MIN)
  return {
    climbers: all.filter(({ rank, previous_rank, ratio }) => previous_rank !== null && previous_rank - rank >= RANKS_CLIMBED_MIN && (ratio ?? 0) >= RATIO_MIN)
      .toSorted((a, b) => b.ratio! - a.ratio!).slice(0, MOVERS_MAX),
    newcomers: all.filter(({ previous_rank }) => previous_rank === null).slice(0, MOVERS_MAX),
  }
}

/**
 * The longest run of whole days on which one sensor did not watch, in days since the first point; days before its first
 * observation count only when it had watched before (`known`).
 */
export function longestSilence(live: readonly boolean[], known: boolean): { readonly first: number, readonly days: number } | undefined {
  let longest: { first: number, days: number } | undefined
  const begin = known ? 0 : live.indexOf(true)
  if (begin === -1) return undefined
  for (let i = begin, first = begin; i < live.length; i++) {
    if (live[i]) first = i + 1
    else if (i + 1 - first > (longest?.days ?? 0)) longest = { first, days: i + 1 - first }
  }
  return longest
}
