import type { PortKey } from './port-key.ts'

/** Flow rows of one minute as columns; pooled over sensors, in no order. Sums of packets by class are of the same rows. */
export interface FlowColumns {
  readonly rows: number
  /** The node's internal number of the sensor. */
  readonly sensor: Uint32Array
  /** Address numbers (address-book.ts). */
  readonly source: Float64Array
  readonly port: Uint32Array
  readonly packets: Uint32Array
  readonly bytes: Float64Array
  /** Packets of the class scan. */
  readonly scan: Uint32Array
  /** Distinct destinations within the row's network (an upper bound in partial rows). */
  readonly destinations: Uint32Array
  /** Number of the /24 or /64 that was hit: compared, never shown. */
  readonly network: Float64Array
  /** Common TTL and first SYN's window; −1: none. */
  readonly ttl: Int16Array
  readonly window: Int32Array
  /** Bits: 1 Mirai, 2 ZMap, 4 Masscan. */
  readonly tools: Uint8Array
  /** 1: a known research scanner. */
  readonly research: Uint8Array
  /** Two letters as `first << 8 | second`; 0: not known. */
  readonly economy: Uint16Array
  /** 0: not known. */
  readonly asn: Uint32Array
}
export const toolBits = { mirai: 1, zmap: 2, masscan: 4 } as const

/** Backscatter of one victim and attack protocol in a bin of 10 s of one sensor. */
export interface BackscatterColumns {
  readonly rows: number
  /** Seconds since 1970, a multiple of 10. */
  readonly bin: Float64Array
  readonly sensor: Uint32Array
  readonly victim: Float64Array
  /** IP protocol number of the attack. */
  readonly protocol: Uint8Array
  readonly packets: Uint32Array
  readonly bytes: Float64Array
  readonly ports: Uint16Array
}

/** SYNs that were drawn, with their second; `weight` = SYNs of that minute for each drawn one, × 1000. */
export interface SynColumns {
  readonly rows: number
  readonly second: Float64Array
  readonly sensor: Uint32Array
  readonly source: Float64Array
  readonly port: Uint32Array
  readonly weight: Uint32Array
}

/** What an answering sensor heard: one interaction, without its samples. */
export interface Heard {
  /**
   * When it began, in seconds since 1970. Evidence is asked by it. It may lie in an earlier minute than the slice's: on a node
   * an interaction comes with the minute in which it was over (of UDP the record of a minute), at most an hour after its begin.
   */
  readonly at: number
  readonly sensor: number
  readonly source: number
  readonly src_port: number
  readonly port: PortKey
  readonly handshake: 'none' | 'completed' | 'dialogue'
  /** Which responder spoke: `telnet`, `http`, `ntp` … */
  readonly protocol: string
  readonly requests: number
  readonly bytes_in: number
  readonly bytes_out: number
  /** Lower-case hexadecimal; empty: nothing came. */
  readonly payload_sha256: string
  readonly ja4: string
  /** `user\npassword`. */
  readonly credentials: readonly string[]
  readonly urls: readonly string[]
  readonly research: boolean
  readonly economy: number
  readonly asn: number
}

/** One minute of all sensors of an organisation. Nothing in it may be changed. */
export interface Slice {
  /** Seconds since 1970, a multiple of 60. */
  readonly minute: number
  readonly flows: FlowColumns
  readonly backscatter: BackscatterColumns
  readonly syns: SynColumns
  readonly heard: readonly Heard[]
  /** Sensors that watched in this minute and for how long: who is not here is missing, not quiet. */
  readonly watched: readonly { readonly sensor: number; readonly observed_s: number }[]
  /** The text of an address number. */
  readonly addressText: (number: number) => string
}
