import { HOUR_S, MINUTE_S } from '@hirundo/base'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listOf, oneOf } from '../../app/search-params.ts'

/** Lengths that a reader may choose; anything else is `from` and `to`. */
export const lengths = { '1h': HOUR_S, '6h': 6 * HOUR_S, '24h': 24 * HOUR_S, '7d': 168 * HOUR_S, '30d': 720 * HOUR_S, '90d': 2160 * HOUR_S, '365d': 8760 * HOUR_S } as const
export type Length = keyof typeof lengths
const DEFAULT: Length = '24h'

export type Research = 'include' | 'exclude' | 'only'

/** What the address of a page says of period, sensors and research scanners. */
export interface Asking {
  /** Undefined: `from` and `to` are given. */
  readonly last: Length | undefined
  /** RFC 3339, whole minutes, `to` exclusive. */
  readonly from: string
  readonly to: string
  readonly sensor: readonly string[]
  readonly research: Research
  /** As routes take it: what is the default is left out. */
  readonly query: { readonly from: string; readonly to: string; readonly sensor?: string[]; readonly research?: Research }
  /** As other pages' addresses take it. */
  readonly search: Readonly<Record<string, string | readonly string[] | undefined>>
}

const iso = (second: number): string => new Date(second * 1000).toISOString()
const valid = (text: string | undefined): string | undefined => (text !== undefined && Number.isFinite(Date.parse(text)) ? new Date(text).toISOString() : undefined)

/** Reads the search part of an address; what is not understood counts as absent. `now_s`: whole minutes, so that equal questions are asked once. */
export function readAsking(search: Readonly<Record<string, unknown>>, now_s: number): Asking {
  const [from, to] = [valid(oneOf(search['from'])), valid(oneOf(search['to']))]
  const wanted = oneOf(search['last'])
  const chosen: Length = wanted !== undefined && Object.hasOwn(lengths, wanted) ? (wanted as Length) : DEFAULT
  const custom = from !== undefined && to !== undefined && from < to
  const last = custom ? undefined : chosen
  const period = custom ? { from, to } : { from: iso(now_s - lengths[chosen]), to: iso(now_s) }
  const sensor = listOf(search['sensor']).slice(0, 100)
  const asked = oneOf(search['research'])
  const research: Research = asked === 'exclude' || asked === 'only' ? asked : 'include'
  const more = { ...(sensor.length > 0 ? { sensor } : {}), ...(research === 'include' ? {} : { research }) }
  return {
    last, ...period, sensor, research, query: { ...period, ...more },
    search: { ...(last === undefined ? period : last === DEFAULT ? {} : { last }), ...more },
  }
}

const MINUTE_MS = MINUTE_S * 1000
/** The full minute that has begun: the same for everyone who asks within it. */
export const nowMinute = (): number => Math.floor(Date.now() / MINUTE_MS) * MINUTE_S

/** The question in the page's address, and how to change it; each change is a step of the browser's history. */
export function useAsking(): { readonly asking: Asking; readonly change: (part: Readonly<Record<string, string | readonly string[] | undefined>>) => void } {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const now_s = nowMinute()
  const asking = useMemo(() => readAsking(search, now_s), [search, now_s])
  return {
    asking,
    change: (part) => void navigate({ to: '.', search: (before: Record<string, unknown>) => Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined)) } as never),
  }
}

/** A word of a command as a shell takes it: names come from outside, and what is shown is copied. */
export const shellWord = (text: string): string => (/^[\w./:][\w./:-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** `hirundo top ports --from … --to …`: the same question on the command line. */
export function commandLine(words: string, asking: Asking): string {
  const sensors = asking.sensor.map((name) => ` --sensor ${shellWord(name)}`).join('')
  const range = asking.last === undefined ? ` --from ${asking.from} --to ${asking.to}` : ` --from -${asking.last}`
  return `hirundo ${words}${range}${sensors}${asking.research === 'include' ? '' : ` --research ${asking.research}`}`
}
