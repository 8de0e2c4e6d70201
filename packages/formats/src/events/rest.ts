import type { Draft } from './draft.ts'
import { listOf, objectOf, textOf, type JsonObject } from './json.ts'

const DEPTH_MAX = 3
const LIST_MAX = 16
/** Fields that say where a sensor stands: never kept, whatever they hold. */
const OWN = /(?:^|[._-])(?:dst|dest|destination|target|daddr|laddr|honeypot|local|public|sensor|sensorid|host|hostname|server|listen|t-pot|geoip_ext)/i

/**
 * Keeps what a log says beyond what is understood, as facts with the source's prefix: texts, numbers, and lists of
 * them, also of nested objects. `known` are the names at the top that were dealt with.
 */
export function keepRest(draft: Draft, event: JsonObject, prefix: string, known: ReadonlySet<string>, depth = 1): void {
  for (const [name, value] of Object.entries(event)) {
    if (known.has(name) || OWN.test(name)) continue
    const of = `${prefix}.${name}`
    if (Array.isArray(value)) draft.mayFact(of, listOf(value).slice(0, LIST_MAX).map(textOf).filter((text) => text !== undefined).join(','))
    else if (typeof value !== 'object') draft.mayFact(of, value)
    else if (depth < DEPTH_MAX) keepRest(draft, objectOf(value) ?? {}, of, nothing, depth + 1)
  }
}

const nothing: ReadonlySet<string> = new Set()
