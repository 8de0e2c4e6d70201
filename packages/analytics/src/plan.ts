import { DAY_S, HOUR_S } from '@hirundo/base'
import type { Freshness, TimeRange } from './model.ts'
import type { Tier } from './schema/tables.ts'
import { StoreError } from './store-error.ts'

/** A stretch of the question's range and the tier that answers it. */
export interface Segment extends TimeRange {
  readonly tier: Tier | 'raw'
}
export type Plan = readonly Segment[]

/** More stretches than this make one statement too long; a node with such holes has rollups to catch up first. */
const SEGMENTS_MAX = 400

/** First second of the UTC month after the one that `at` lies in. */
export function nextMonth(at: number): number {
  const date = new Date(at * 1000)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1000
}
export function monthStart(at: number): number {
  const date = new Date(at * 1000)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000
}

/** Months whose every day is fresh: the store recomputes a month together with its days. */
function wholeMonths(days: readonly TimeRange[]): TimeRange[] {
  return days.flatMap((range) => {
    const from = monthStart(range.from) === range.from ? range.from : nextMonth(range.from)
    const to = monthStart(range.to)
    return from < to ? [{ from, to }] : []
  })
}

const inward = (range: TimeRange, tier: Tier): TimeRange => {
  if (tier === 'month') {
    const from = monthStart(range.from) === range.from ? range.from : nextMonth(range.from)
    return { from, to: monthStart(range.to) }
  }
  const unit = tier === 'day' ? DAY_S : HOUR_S
  return { from: Math.ceil(range.from / unit) * unit, to: Math.floor(range.to / unit) * unit }
}

/** Takes what `fresh` offers out of one raw segment. */
function carve(segment: Segment, fresh: readonly TimeRange[], tier: Tier): Segment[] {
  if (segment.tier !== 'raw') return [segment]
  const parts: Segment[] = []
  let at = segment.from
  for (const offer of fresh) {
    const { from, to } = inward({ from: Math.max(offer.from, at), to: Math.min(offer.to, segment.to) }, tier)
    if (from >= to) continue
    if (at < from) parts.push({ tier: 'raw', from: at, to: from })
    parts.push({ tier, from, to })
    at = to
  }
  if (at < segment.to) parts.push({ tier: 'raw', from: at, to: segment.to })
  return parts
}

/**
 * Each second of the range from the coarsest tier that holds it as the raw rows have it now. `query/too-wide` when
 * rows that are needed one by one have been dropped and only a coarser tier than the question allows still holds them.
 */
export function planTiers(range: TimeRange, fresh: Freshness, allowed: readonly Tier[]): Plan {
  if (range.from >= range.to) return []
  const offers: Record<Tier, readonly TimeRange[]> = { month: wholeMonths(fresh.days), day: fresh.days, hour: fresh.hours }
  let plan: Segment[] = [{ tier: 'raw', from: range.from, to: range.to }]
  for (const tier of ['month', 'day', 'hour'] as const) {
    if (allowed.includes(tier)) plan = plan.flatMap((segment) => carve(segment, offers[tier], tier))
  }
  if (plan.length > SEGMENTS_MAX) throw new StoreError('query/too-wide', { what: 'range', segments: plan.length })
  refuseDropped(plan, fresh)
  return plan
}

function refuseDropped(plan: Plan, fresh: Freshness): void {
  for (const segment of plan) {
    const to = Math.min(segment.to, fresh.raw_from)
    if (segment.tier !== 'raw' || segment.from >= to) continue
    const kept = [...fresh.days, ...fresh.hours].some((range) => range.from < to && range.to > segment.from)
    if (kept) throw new StoreError('query/too-wide', { what: 'resolution', raw_from: fresh.raw_from, from: segment.from, to })
  }
}

export const segmentsOf = (plan: Plan, tier: Segment['tier']): readonly Segment[] => plan.filter((segment) => segment.tier === tier)
