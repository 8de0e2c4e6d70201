import { seriesDimensions, type TopDimension } from '@hirundo/contract'
import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listOf, oneOf } from '../../app/search-params.ts'
import type { Text } from '../../text/text.tsx'
import { useAsking, type Asking } from '../question/question.ts'

export type SeriesDimension = (typeof seriesDimensions)[number]
export const measures = ['packets_per_sensor', 'packets', 'sources'] as const
export type Measure = (typeof measures)[number]
export type LineScale = 'linear' | 'log'

/** Lines that can be told apart on one picture. */
export const KEYS_MAX = 6
/** What the node answers at most. */
const BINS_MAX = 10_000
export const stepsAll = [60, 300, 600, 1800, 3600, 10_800, 21_600, 86_400] as const

/** The ranking in which keys of a dimension are found. */
export const rankingOf: Readonly<Record<Exclude<SeriesDimension, 'total'>, TopDimension>> = {
  port: 'ports', protocol: 'protocols', economy: 'economies', asn: 'asns', sensor: 'sensors', source: 'sources',
}

export interface ExploreState {
  readonly dimension: SeriesDimension
  readonly keys: readonly string[]
  /** Undefined: the node chooses. */
  readonly step: number | undefined
  readonly scale: LineScale
  readonly measure: Measure
}

const among = <T extends string>(all: readonly T[], value: string | undefined, otherwise: T): T => (all.includes(value as T) ? (value as T) : otherwise)

/** What the address says beside the question; what is not understood counts as absent. */
export function readExplore(search: Readonly<Record<string, unknown>>): ExploreState {
  const dimension = among(seriesDimensions, oneOf(search['dimension']), 'total')
  const keys = dimension === 'total' ? [] : [...new Set(listOf(search['key']).map((key) => key.trim().slice(0, 100)).filter((key) => key !== ''))].slice(0, KEYS_MAX)
  const step = Number(oneOf(search['step']))
  return {
    dimension, keys, step: (stepsAll as readonly number[]).includes(step) ? step : undefined,
    scale: among(['linear', 'log'] as const, oneOf(search['scale']), 'linear'),
    measure: among(measures, oneOf(search['measure']), 'packets_per_sensor'),
  }
}

/** Steps at which the node can answer the whole period. */
export function stepsFor({ from, to }: Pick<Asking, 'from' | 'to'>): readonly number[] {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000
  return stepsAll.filter((step) => seconds / step <= BINS_MAX && (step <= seconds || step === 60))
}

/** The whole state of the page: it is its address. */
export function useExplore() {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const { asking, change } = useAsking()
  const state = useMemo(() => readExplore(search), [search])
  return { asking, change, state }
}

const [HOUR_S, DAY_S] = [3600, 86_400]

/** `5 minutes`, `1 hour`: the length of a step in the reader's language. */
export function stepText(step_s: number, t: Text): string {
  if (step_s % DAY_S === 0) return t('ui.days', { n: step_s / DAY_S })
  return step_s % HOUR_S === 0 ? t('ui.hours', { n: step_s / HOUR_S }) : t('explore.minutes', { n: step_s / 60 })
}
