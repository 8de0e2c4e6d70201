import type { Research, TimeRange } from '../model.ts'

/** What is asked about interactions; times are whole seconds, `to` exclusive. */
export interface InteractionQuestion extends TimeRange {
  readonly organisation: number
  /** Internal numbers; absent: all of the organisation. */
  readonly sensors?: readonly number[]
  readonly research: Research
  /** Networks whose addresses are left out as sources, as CIDR: our own decoys. */
  readonly hidden?: readonly string[]
}

/** One stored interaction; `at_ms` milliseconds since 1970 UTC. */
export interface StoredInteraction {
  readonly at_ms: number
  /** −1: not known. */
  readonly clock_error_ms: number
  readonly sensor: number
  readonly source: string
  readonly src_port: number
  readonly dst_port: number
  readonly transport: 'tcp' | 'udp'
  readonly handshake: 'none' | 'completed' | 'dialogue'
  readonly protocol: string
  readonly requests: number
  readonly bytes_in: number
  readonly bytes_out: number
  readonly duration_ms: number
  readonly truncated: boolean
  /** Lower-case hexadecimal; empty: nothing came. */
  readonly payload_sha256: string
  readonly sample: Uint8Array
  readonly logins: readonly { readonly user: string; readonly password: string }[]
  readonly urls: readonly string[]
  readonly facts: Readonly<Record<string, string>>
  /** Empty name: no rule fired. */
  readonly guess_name: string
  readonly guess_rule: string
}

/** Interactions of a source in the range, by strength of evidence. */
export interface EvidenceSums {
  readonly none: number
  readonly completed: number
  readonly dialogue: number
  readonly first_seen_ms: number | null
  readonly last_seen_ms: number | null
  readonly sensors: number
}

/** Where the next page of a source's interactions begins: after those that are newer than this one, and `given` of its equals. */
export interface InteractionCursor {
  readonly at_ms: number
  readonly sensor: number
  readonly src_port: number
  readonly dst_port: number
  /** Rows equal in all of these that the pages before held: logs in whole seconds have many. */
  readonly given: number
}

type Place = Omit<InteractionCursor, 'given'>
const same = (a: Place, b: Place): boolean => a.at_ms === b.at_ms && a.sensor === b.sensor && a.src_port === b.src_port && a.dst_port === b.dst_port

/** After these rows, which came after `before`. */
export function cursorAfter(rows: readonly StoredInteraction[], before: InteractionCursor | undefined): InteractionCursor {
  const last = rows.at(-1)!
  const { at_ms, sensor, src_port, dst_port } = last
  const given = rows.filter((row) => same(row, last)).length + (before && same(before, last) ? before.given : 0)
  return { at_ms, sensor, src_port, dst_port, given }
}

export const interactionKeys = [
  'sources', 'protocols', 'users', 'passwords', 'credentials', 'urls', 'paths', 'payloads', 'tools', 'ja4', 'functions', 'amplifiers',
] as const
/**
 * What interactions are counted by. `credentials`: user and password together. `paths`: fact `http.path`. `functions`:
 * what was asked of control systems (modbus.function, s7.function, enip.command, dnp3.function, iec104.type,
 * bacnet.service). `amplifiers`: protocols of UDP requests, most requests first. A login counts once per interaction.
 */
export type InteractionKey = (typeof interactionKeys)[number]

export interface InteractionRow {
  readonly key: string
  /** Second part: the user of a password, the protocol of a function, the rule of a tool; else empty. */
  readonly of: string
  readonly interactions: number
  readonly requests: number
  readonly sources: number
  readonly sensors: number
  readonly bytes_in: number
  readonly bytes_out: number
  readonly first_seen_ms: number
  readonly last_seen_ms: number
}

export interface InteractionPoint {
  readonly at: number
  readonly none: number
  readonly completed: number
  readonly dialogue: number
  readonly requests: number
  readonly sources: number
}

/** When requests in one victim's name are one attack. */
export interface AttackSettings {
  readonly packets_min: number
  /** The longest silence within an attack, in seconds. */
  readonly gap_s: number
}

/** UDP requests that an attacker sent in the name of one victim for one protocol, pooled over sensors. */
export interface Attack {
  readonly victim: string
  readonly economy: string
  readonly asn: number
  readonly as_name: string
  readonly protocol: string
  readonly start_ms: number
  readonly end_ms: number
  readonly requests: number
  readonly bytes_in: number
  readonly bytes_out: number
  readonly sensors: number
  /** Destination ports of the victim that would have been hit: source ports of the requests; the commonest first, at most 5. */
  readonly victim_ports: readonly number[]
  /** Requests in the densest minute (records are folded to a minute, so it is spread evenly within each record). */
  readonly max_ppm: number
}

/** A value and how many sources sent it, for shared forms: only what ≥ k sources sent comes out of the store. */
export interface CommonValue {
  readonly value: string
  readonly sources: number
  readonly sensors: number
  readonly first_seen_ms: number
  readonly last_seen_ms: number
}

/** Answers about interactions. Every list is bounded by `limit`. */
export interface Interactions {
  /** Interactions of one source, newest first. */
  of(address: string, question: InteractionQuestion, limit: number, after?: InteractionCursor): Promise<readonly StoredInteraction[]>
  evidence(address: string, question: InteractionQuestion): Promise<EvidenceSums>
  top(what: InteractionKey, question: InteractionQuestion, limit: number): Promise<readonly InteractionRow[]>
  series(question: InteractionQuestion, step: number): Promise<readonly InteractionPoint[]>
  /** By requests, most first; also how many there are beyond `limit`. */
  attacks(question: InteractionQuestion, settings: AttackSettings, limit: number): Promise<{ readonly attacks: readonly Attack[]; readonly total: number }>
  /** Values that at least `sources_min` sources sent: of those that answered a handshake, an IPv6 /64 as one. */
  common(what: 'users' | 'passwords' | 'urls' | 'payloads', question: InteractionQuestion, sources_min: number, limit: number): Promise<readonly CommonValue[]>
  /** Internal numbers of the sensors that sent an interaction in the range. */
  sensorsHeard(question: InteractionQuestion): Promise<readonly number[]>
  /** Rows stored in the range over all organisations: for checks and the demo's balance. */
  stored(range: TimeRange): Promise<{ readonly rows: number; readonly requests: number }>
}
