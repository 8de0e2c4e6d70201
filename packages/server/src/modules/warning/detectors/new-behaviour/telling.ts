import type { Severity, Subject } from '@hirundo/contract'
import { portSubject, type PortKey } from '../core/port-key.ts'
import type { Detection } from '../model.ts'
import type { Seen } from '../series/port-watch.ts'
import { atLeast, scansOf } from '../series/telling.ts'
import type { NewPort } from './ports.ts'
import type { NewParameters } from './parameters.ts'
import type { NewString } from './strings.ts'

const HOUR_S = 3600

/** Why a port was told; kept while it is followed. */
export interface Reason {
  readonly severity: Severity
  readonly sources: number
  readonly sources_needed: number
  readonly sensors: number
  readonly sensors_needed: number
  readonly days_known: number
  readonly days_silent: number | undefined
}

export const reasonOf = ({ spread, sources_needed, sensors_needed, days_silent }: NewPort, days_known: number, severity: Severity): Reason =>
  ({ severity, sources: spread.networks, sources_needed, sensors: spread.sensors, sensors_needed, days_known, days_silent })

export function severityOf(sources: number, sensors: number, watching: number, { warning }: NewParameters): Severity {
  return sources >= warning.sources && sensors >= warning.sensor_share * watching ? 'warning' : 'notice'
}

/** A port that is new, with all that came since. */
export function portDetection(port: PortKey, seen: Seen, end: number, reason: Reason, { port: { days_silent, days_known_min } }: NewParameters, open: boolean): Detection {
  const subject: Subject = { ...portSubject(port), novelty: 'port' }
  return {
    kind: 'new', subject, start: seen.since, end, open, severity: reason.severity, packets: seen.packets,
    figures: {
      packets: seen.packets, sources: seen.networks, sensors: seen.sensors, days_known: reason.days_known, new_after_days: days_silent,
      ...(reason.days_silent === undefined ? {} : { days_silent: reason.days_silent }),
    },
    crossed: [
      atLeast('sources', reason.sources, reason.sources_needed), atLeast('sensors', reason.sensors, reason.sensors_needed),
      reason.days_silent === undefined ? atLeast('days_known', reason.days_known, days_known_min) : atLeast('days_silent', reason.days_silent, days_silent),
    ],
    evidence: [scansOf(port, seen.since, end, { packets: seen.packets, sources: seen.exact ? seen.sources : null, sensors: seen.exact ? seen.sensors : null })],
  }
}

/** `interactions`: how many began on its port in the hours from … up to `until`, when that is known. */
export interface HeardOn { readonly until: number; readonly interactions: number | undefined }

export function stringDetection(one: NewString, end: number, { answering, days_known, sensors_needed, heard }: {
  readonly answering: number; readonly days_known: number; readonly sensors_needed: number; readonly heard: HeardOn
}, severity: Severity, { string: { sources_min, days_known_min, days_silent } }: NewParameters, open: boolean): Detection {
  const { interactions } = heard
  const evidence = heard.until <= one.since || interactions === undefined ? [] : [scansOf(one.port, one.since * HOUR_S, heard.until * HOUR_S, { packets: interactions, sources: null, sensors: null })]
  return {
    kind: 'new', subject: { ...portSubject(one.port), novelty: one.novelty, value: one.value }, start: one.since * HOUR_S, end, open, severity, packets: one.visits,
    figures: { packets: one.visits, sources: one.networks.size, sensors: one.sensors.size, days_known, new_after_days: days_silent, share_of_region: answering > 0 ? one.sensors.size / answering : 0 },
    crossed: [
      atLeast('sources', one.networks.size, sources_min[one.novelty]), atLeast('sensors', one.sensors.size, sensors_needed), atLeast('days_known', days_known, days_known_min),
    ],
    evidence: evidence.map((of) => ({ ...of, query: { ...of.query, of: 'interactions' } })),
  }
}
