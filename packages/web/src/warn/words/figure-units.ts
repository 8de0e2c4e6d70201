import { figureNames, type FigureName } from '@hirundo/contract'
import type { Format } from '../../text/format.ts'
import type { Text } from '../../text/text.tsx'

type Unit = 'count' | 'decimal' | 'seconds' | 'share' | 'ratio' | 'per_minute' | 'per_second' | 'per_hour' | 'days' | 'bytes'

/** What each figure is counted in. */
const units: Readonly<Record<FigureName, Unit>> = {
  packets: 'count', bytes: 'bytes', ports: 'count', sources: 'count', sources_before: 'count', sensors: 'count', packets_before: 'count',
  destinations_at_least: 'count', destination_share: 'share', duration_s: 'seconds', max_ppm: 'per_minute', estimated_pps: 'per_second', estimated_ppm: 'per_minute',
  timeout_s: 'seconds', seen_probability: 'share', score: 'decimal', density: 'decimal', variance_ratio: 'decimal', synchronised_sources: 'count',
  growth_per_hour: 'per_hour', doubling_time_s: 'seconds', doubling_time_low_s: 'seconds', doubling_time_high_s: 'seconds', kalman_rate_per_hour: 'per_hour',
  infected_share: 'share', windows_growing: 'count', median: 'count', interquartile_range: 'count', mean_28_days: 'count', deviation_28_days: 'count',
  spike_threshold: 'count', days_known: 'days', days_silent: 'days', new_after_days: 'days', handshakes: 'count', dialogues: 'count', requests: 'count',
  amplification: 'ratio', members: 'count', victim_ports: 'count', rate_ratio: 'ratio', share_of_region: 'share',
  moved_sources: 'count', evenness: 'decimal', sensor_ppm: 'per_minute',
}

export const isFigureName = (name: string): name is FigureName => (figureNames as readonly string[]).includes(name)

/** Digits that a threshold as 0.98 needs, and a score as 12.4 does not. */
export const figureNumber = (value: number, format: Format): string => (Math.abs(value) < 10 && !Number.isInteger(value) ? format.significant(value) : format.decimal(value))

// An estimate of nine digits would claim what nobody knows.
const rate = (name: FigureName, value: number, format: Format): string => (name.startsWith('estimated_') ? format.significant(value) : figureNumber(value, format))

/** A figure's value with its unit, as the reader writes it. */
export function figureValue(name: FigureName, value: number, format: Format, t: Text): string {
  switch (units[name]) {
    case 'count': return format.number(Math.round(value))
    case 'bytes': return t('warn.unit_bytes', { n: format.number(Math.round(value)) })
    case 'decimal': return figureNumber(value, format)
    case 'seconds': return format.duration(value)
    case 'share': return format.percent(value)
    case 'ratio': return format.ratio(value)
    case 'per_minute': return t('warn.unit_per_minute', { n: rate(name, value, format) })
    case 'per_second': return t('warn.unit_per_second', { n: rate(name, value, format) })
    case 'per_hour': return t('warn.unit_per_hour', { n: figureNumber(value, format) })
    case 'days': return t('ui.days', { n: Math.round(value) })
  }
}

/** What a figure is called; a name that this version does not know is shown as it is. */
export const figureName = (name: string, t: Text): string => (isFigureName(name) ? t(`warn.figure.${name}`) : name)

/** So much in a time. */
export const isRate = (name: string): boolean => isFigureName(name) && units[name].startsWith('per_')
