import { tags, type Tag } from '@hirundo/contract'
import { oneOf } from '../../app/search-params.ts'

export const steps = ['hour', 'day'] as const
export const measures = ['packets', 'sources'] as const
export interface ForecastAsking { readonly step: (typeof steps)[number]; readonly measure: (typeof measures)[number] }

/** What the address of a forecast says; what is not understood counts as absent. */
export function readForecast(search: Readonly<Record<string, unknown>>): ForecastAsking {
  return { step: steps.find((one) => one === oneOf(search['step'])) ?? 'hour', measure: measures.find((one) => one === oneOf(search['measure'])) ?? 'packets' }
}

/** What is forecast: a port, or packets with a tool's fingerprint. */
export type ForecastOf = { readonly protocol: 'tcp' | 'udp'; readonly port: number; readonly tag?: undefined } | { readonly tag: Tag }

/** From the address of a page, `tcp/23` or `tags/mirai`; undefined where it names neither. */
export function readForecastOf(first: string, second: string): ForecastOf | undefined {
  const tag = first === 'tags' ? tags.find((one) => one === second) : undefined
  if (tag !== undefined) return { tag }
  return (first === 'tcp' || first === 'udp') && /^\d{1,5}$/.test(second) && Number(second) <= 65_535 ? { protocol: first, port: Number(second) } : undefined
}
