import { countOf, surprise } from '../numeric/counts.ts'
import type { SeenIn } from '../series/port-watch.ts'
import { atLeast, sensorsNeeded, short } from '../series/telling.ts'
import type { Decision } from './episode.ts'
import type { Level } from './levels.ts'
import type { ChangePointParameters } from './parameters.ts'

export interface Around {
  /** Sensors that watched. */
  readonly sensors: number
  readonly days: number
  /** Score that is valid; undefined: none is, and the level stands alone. */
  readonly score: number | undefined
}

/** A score that a division by nearly nothing made is no larger than this. */
const SCORE_MAX = 1e6
/** With so few sensors one of them may well see most. */
const FEW_SENSORS = 2

/** Whether a level that lies far above its baseline is told, and why. Neighbours count as one source: they are scaled down to their networks. */
export function decide({ seen: all, mean, dispersion }: Level, seen: SeenIn, around: Around, parameters: ChangePointParameters): Decision | undefined {
  const { deviations_min, deviations_alone, ratio_min, sources_min, sensors_min, days_known_min, threshold, warning } = parameters
  const sources = Math.round(all * (seen.networks / Math.max(1, seen.sources)))
  const ratio = sources / mean
  const sensors = sensorsNeeded(sensors_min, around.sensors)
  const wanted = around.score === undefined ? deviations_alone : deviations_min
  if (seen.networks < sources_min || ratio < ratio_min || surprise(sources, mean, dispersion) < wanted) return undefined
  if (seen.sensors < sensors || around.days < days_known_min || isAlone(seen, around, parameters)) return undefined
  const score = around.score === undefined ? undefined : short(Math.min(SCORE_MAX, around.score))
  const wide = seen.sensors >= Math.max(sensors, warning.sensor_share * around.sensors)
  return {
    severity: ratio >= warning.ratio && sources >= warning.sources && wide ? 'warning' : 'notice',
    figures: {
      sources, sources_before: short(mean), rate_ratio: short(ratio), sensors: seen.sensors, days_known: Math.floor(around.days),
      ...(score === undefined ? {} : { score }),
    },
    crossed: [
      atLeast('sources', sources, Math.max(sources_min, countOf(wanted, mean, dispersion))), atLeast('rate_ratio', short(ratio), ratio_min),
      atLeast('sensors', seen.sensors, sensors), ...(score === undefined ? [] : [atLeast('score', score, threshold)]),
    ],
    exact: { start: seen.start, end: seen.end, packets: seen.packets, sources: seen.exact ? seen.sources : null, sensors: seen.sensors },
  }
}

/** One network, or one sensor, makes most of it. */
function isAlone(seen: SeenIn, { sensors }: Around, { network_share_max, sensor_share_max }: ChangePointParameters): boolean {
  return seen.network_share_max > network_share_max || (sensors > FEW_SENSORS && seen.sensor_share_max > sensor_share_max)
}
