import { topDimensions, type TopDimension } from '@hirundo/contract'
import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { oneOf } from '../../app/search-params.ts'
import { useAsking, type Asking } from '../question/question.ts'

/** What a period is compared with: the one just before it, the same hours of the day or week before, or any other. */
export const bases = ['previous', 'day', 'week', 'custom'] as const
export type Base = (typeof bases)[number]
export const limits = [10, 20, 50] as const
export type Limit = (typeof limits)[number]
export const orders = ['size', 'change'] as const
export type Order = (typeof orders)[number]

export interface Period { readonly from: string; readonly to: string }
export interface CompareState {
  readonly dimension: TopDimension
  readonly base: Base
  readonly before: Period
  readonly limit: Limit
  readonly order: Order
}

const DAY_MS = 86_400_000
const among = <T extends string | number>(all: readonly T[], value: unknown, otherwise: T): T => (all.includes(value as T) ? (value as T) : otherwise)
const valid = (text: string | undefined): string | undefined => (text !== undefined && Number.isFinite(Date.parse(text)) ? new Date(text).toISOString() : undefined)

/** The period of the same length that lies so far before. */
function earlier({ from, to }: Period, by_ms: number): Period {
  const iso = (at: string) => new Date(Math.max(0, Date.parse(at) - by_ms)).toISOString()
  return { from: iso(from), to: iso(to) }
}

/** What the address says beside the question; what is not understood counts as absent. */
export function readCompare(search: Readonly<Record<string, unknown>>, asking: Pick<Asking, 'from' | 'to'>): CompareState {
  const [base_from, base_to] = [valid(oneOf(search['base_from'])), valid(oneOf(search['base_to']))]
  const custom = base_from !== undefined && base_to !== undefined && base_from < base_to ? { from: base_from, to: base_to } : undefined
  const asked = among(bases, oneOf(search['base']), 'previous')
  const base = custom ? 'custom' : asked === 'custom' ? 'previous' : asked
  const length_ms = Date.parse(asking.to) - Date.parse(asking.from)
  return {
    base, before: custom ?? earlier(asking, base === 'day' ? DAY_MS : base === 'week' ? 7 * DAY_MS : length_ms),
    dimension: among(topDimensions, oneOf(search['dimension']), 'ports'),
    limit: among(limits, Number(oneOf(search['limit'])), 20),
    order: among(orders, oneOf(search['order']), 'size'),
  }
}

/** The whole state of the page: it is its address. */
export function useCompare() {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const { asking, change } = useAsking()
  const state = useMemo(() => readCompare(search, asking), [search, asking])
  return { asking, change, state }
}
