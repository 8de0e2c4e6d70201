import type { Novelty } from '@hirundo/contract'
import type { PortKey } from '../core/port-key.ts'
import type { Heard, Slice } from '../core/slice.ts'
import { sourceNetwork } from '../series/source-network.ts'
import { sensorsNeeded } from '../series/telling.ts'
import type { NewStringParameters } from './parameters.ts'
import { textHash } from './text-hash.ts'

const HOUR_S = 3600
const DAY_S = 86_400
const DAY_H = 24
/** A source and a sensor in one number: 2³³ × 2²⁰. */
const SENSORS = 2 ** 20

type Kind = Exclude<Novelty, 'port'>

/** A string that came from two sources or more and is not known; plain data. */
export interface NewString {
  readonly hash: number
  readonly novelty: Kind
  readonly value: string
  /** Where it was heard when it came from a second source. */
  readonly port: PortKey
  /** Hour since 1970 in which its second source was heard. */
  readonly since: number
  readonly sources: Set<number>
  readonly networks: Set<number | string>
  readonly sensors: Set<number>
  /** Interactions in which it was heard. */
  visits: number
  last: number
  /** Hour until which it is followed, once it was told; 0: it was not. */
  followed_to: number
}

export interface SavedStrings {
  readonly singles: readonly (readonly (readonly [number, number])[])[]
  readonly brought: readonly (readonly [number, number])[]
  readonly candidates: readonly (readonly [number, NewString])[]
  readonly known: readonly (readonly [number, number])[]
  readonly answering: readonly (readonly [number, number])[]
  readonly days: number
  readonly shed: Readonly<Record<'strings' | 'strings_of_one_source', number>>
}

/** Hash of a string → who alone brought it. */
type Singles = Map<number, number>
const copyOf = (one: NewString): NewString => ({ ...one, sources: new Set(one.sources), networks: new Set(one.networks), sensors: new Set(one.sensors) })

/**
 * Payloads, JA4s, credentials and URLs. Of a string that one source alone brings only a hash is kept, for two days; a second
 * source makes it a candidate, and when it spreads it is news. Who brings many new ones in a day is not listened to. What finds
 * no room is counted; what is known is not pushed out by what is new.
 */
export class NewStrings {
  /** Strings that found no room; and strings of sources that bring too many. */
  readonly shed: Record<'strings' | 'strings_of_one_source', number>
  days: number
  readonly #parameters: NewStringParameters
  readonly #seed: number
  #singles: [today: Singles, yesterday: Singles]
  /** New strings that a source brought today. */
  readonly #brought: Map<number, number>
  readonly #candidates: Map<number, NewString>
  /** Strings that are no news, with the last day on which they were heard. */
  readonly #known: Map<number, number>
  /** Sensors that hear, with the last day. */
  readonly #answering: Map<number, number>

  constructor(parameters: NewStringParameters, seed: number, saved?: SavedStrings) {
    this.#parameters = parameters
    this.#seed = seed
    this.#singles = [new Map(saved?.singles[0]), new Map(saved?.singles[1])]
    this.#brought = new Map(saved?.brought)
    this.#candidates = new Map(saved?.candidates.map(([hash, one]) => [hash, copyOf(one)]))
    this.#known = new Map(saved?.known)
    this.#answering = new Map(saved?.answering)
    this.days = saved?.days ?? 0
    this.shed = { strings: 0, strings_of_one_source: 0, ...saved?.shed }
  }

  /** Sensors that answer. */
  get answering(): number {
    return this.#answering.size
  }

  sensorsNeeded(): number {
    return sensorsNeeded(this.#parameters.sensors_min, this.answering)
  }

  find(hash: number): NewString | undefined {
    return this.#candidates.get(hash)
  }

  /** Takes what was heard in a minute; gives the strings that have spread now. */
  take({ minute, heard, addressText }: Slice): readonly NewString[] {
    const changed = new Set<NewString>()
    for (const one of heard) {
      if (one.research) continue
      this.#answering.set(one.sensor, Math.floor(minute / DAY_S))
      for (const [novelty, value] of this.#stringsOf(one)) {
        const found = this.#hear(novelty, value, one, minute, addressText)
        if (found) changed.add(found)
      }
    }
    return this.days < this.#parameters.days_known_min ? [] : [...changed].filter((one) => one.followed_to === 0 && this.#spreads(one))
  }

  /** Closes a day that was watched. What spread too slowly is known; so is all that was heard while nothing was known. */
  day(today: number): void {
    if (this.#answering.size > 0) this.days++
    const { days_known_min, days_silent, window_days } = this.#parameters
    const [learning, learnt] = [this.days <= days_known_min, this.days === days_known_min]
    for (const [hash, one] of this.#candidates) {
      const over = (today + 1) * DAY_H >= Math.max(one.since + window_days * DAY_H, one.followed_to)
      if (!over && !learnt && !(learning && this.#spreads(one))) continue
      this.#candidates.delete(hash)
      if (this.#known.size < this.#parameters.known_max) this.#known.set(hash, Math.floor(one.last / DAY_H))
      else this.shed.strings++
    }
    for (const [hash, day] of this.#known) if (today - day >= days_silent) this.#known.delete(hash)
    for (const [sensor, day] of this.#answering) if (today - day >= window_days) this.#answering.delete(sensor)
    this.#singles = [new Map(), this.#singles[0]]
    this.#brought.clear()
  }

  save(): SavedStrings {
    return {
      singles: this.#singles.map((one) => [...one]), brought: [...this.#brought], candidates: [...this.#candidates].map(([hash, one]) => [hash, copyOf(one)]),
      known: [...this.#known], answering: [...this.#answering], days: this.days, shed: { ...this.shed },
    }
  }

  *#stringsOf({ payload_sha256, ja4, credentials, urls }: Heard): Generator<readonly [Kind, string]> {
    const { strings_per_interaction_max } = this.#parameters
    if (payload_sha256 !== '') yield ['payload', payload_sha256]
    if (ja4 !== '') yield ['ja4', ja4]
    for (const one of credentials.slice(0, strings_per_interaction_max)) yield ['credential', one]
    for (const one of urls.slice(0, strings_per_interaction_max)) yield ['url', one]
  }

  #hear(novelty: Kind, value: string, one: Heard, minute: number, addressText: Slice['addressText']): NewString | undefined {
    const hash = textHash(`${novelty}\n${value}`, this.#seed)
    if (this.#known.has(hash)) {
      this.#known.set(hash, Math.floor(minute / DAY_S))
      return undefined
    }
    const hour = Math.floor(minute / HOUR_S)
    const candidate = this.#candidates.get(hash) ?? this.#second(hash, { novelty, value, port: one.port, source: one.source, sensor: one.sensor, hour, addressText })
    if (!candidate) return undefined
    candidate.visits++
    candidate.last = hour
    const { sources_per_string_max, told_sources_max } = this.#parameters
    if (candidate.sources.size >= (candidate.followed_to > 0 ? told_sources_max : sources_per_string_max)) return undefined
    this.#visit(candidate, one.source, one.sensor, addressText)
    return candidate
  }

  /** The candidate that a second source makes of a string; undefined: it is the first, or there is no room. */
  #second(hash: number, { novelty, value, port, source, sensor, hour, addressText }: {
    readonly novelty: Kind; readonly value: string; readonly port: PortKey; readonly source: number; readonly sensor: number; readonly hour: number; readonly addressText: Slice['addressText']
  }): NewString | undefined {
    const { candidates_max, singles_max, value_chars_max } = this.#parameters
    const [today, yesterday] = this.#singles
    const first = today.get(hash) ?? yesterday.get(hash)
    if (first === undefined) {
      if (!this.#mayBring(source)) this.shed.strings_of_one_source++
      else if (today.size >= singles_max) this.shed.strings++
      else today.set(hash, source * SENSORS + (sensor % SENSORS))
      return undefined
    }
    const first_source = Math.floor(first / SENSORS)
    if (first_source === source) return undefined
    if (this.#candidates.size >= candidates_max) {
      this.shed.strings++
      return undefined
    }
    today.delete(hash)
    yesterday.delete(hash)
    const made: NewString = {
      hash, novelty, value: value.slice(0, value_chars_max), port, since: hour, sources: new Set(), networks: new Set(), sensors: new Set(), visits: 1, last: hour, followed_to: 0,
    }
    this.#visit(made, first_source, first % SENSORS, addressText)
    this.#candidates.set(hash, made)
    return made
  }

  #mayBring(source: number): boolean {
    const { strings_per_source_max, sources_counted_max } = this.#parameters
    const before = this.#brought.get(source)
    if (before === undefined && this.#brought.size >= sources_counted_max) return true
    if ((before ?? 0) >= strings_per_source_max) return false
    this.#brought.set(source, (before ?? 0) + 1)
    return true
  }

  #visit(one: NewString, source: number, sensor: number, addressText: Slice['addressText']): void {
    one.sources.add(source)
    one.networks.add(sourceNetwork(source, addressText))
    one.sensors.add(sensor)
  }

  #spreads({ novelty, networks, sensors }: NewString): boolean {
    return networks.size >= this.#parameters.sources_min[novelty] && sensors.size >= this.sensorsNeeded()
  }
}
