import type { TopEntry } from '@hirundo/contract'
import type { TextKey } from '../../text/text.tsx'

export const measures = ['packets', 'per_sensor', 'sources'] as const
export type Measure = (typeof measures)[number]
export const measureName: Readonly<Record<Measure, TextKey>> = { packets: 'ui.packets', per_sensor: 'ui.per_sensor', sources: 'ui.sources' }

export const measureOf = (text: string | undefined): Measure => measures.find((one) => one === text) ?? 'packets'

export function valueOf(entry: Pick<TopEntry, 'packets' | 'sources' | 'packets_per_sensor'>, measure: Measure): number | null {
  return measure === 'packets' ? entry.packets : measure === 'sources' ? entry.sources : entry.packets_per_sensor
}

/** The code of addresses that no table places. */
export const UNKNOWN = 'ZZ'
export const isUnknown = (code: string): boolean => code === UNKNOWN || code === ''

/** Largest first by the measure; what is unknown comes last, since it is no place. */
export function byMeasure<E extends Pick<TopEntry, 'key' | 'packets' | 'sources' | 'packets_per_sensor'>>(entries: readonly E[], measure: Measure): E[] {
  return entries.toSorted((a, b) => Number(isUnknown(a.key)) - Number(isUnknown(b.key)) || (valueOf(b, measure) ?? 0) - (valueOf(a, measure) ?? 0))
}
