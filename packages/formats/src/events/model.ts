import type { Cidr } from '@hirundo/base'
import type { Interaction } from '../interaction/model.ts'

/** Logs of others' sensors that can be read. */
export const logKinds = ['cowrie', 'dionaea', 'conpot', 'eve', 'tpot', 'kernel', 'dshield', 'nfdump'] as const
export type LogKind = (typeof logKinds)[number]

/** What one line came to: it said something, says nothing to us, went to other networks than ours, or cannot be read. */
export type LineOutcome = 'event' | 'skipped' | 'not_for_us' | 'bad'

/** Packets that a log names: all of one source to one port at one time. */
export interface LoggedPackets {
  readonly at_ms: number
  readonly src: Uint8Array
  readonly dst: Uint8Array
  /** IANA number. */
  readonly protocol: number
  /** Absent where the protocol has none, or the log does not say. */
  readonly src_port: number | undefined
  readonly dst_port: number | undefined
  readonly icmp_type: number | undefined
  readonly icmp_code: number | undefined
  /** Of the first packet, or of all together where the log joins them. */
  readonly tcp_flags: number | undefined
  readonly ttl: number | undefined
  readonly tcp_window: number | undefined
  readonly ip_id: number | undefined
  readonly packets: number
  /** IP bytes; 0 where the log does not say. */
  readonly bytes: number
}

/** Where what was read goes, in an order that depends on the lines alone. */
export interface LogSink {
  interaction(of: Interaction): void
  packets(of: LoggedPackets): void
}

export interface LogOptions {
  /**
   * Networks that were watched, hidden in every text. In logs of a network (eve, kernel, dshield, nfdump) what went
   * elsewhere does not count; a honeypot's own log may know only addresses behind a NAT, so all of it counts. Empty:
   * all counts.
   */
  readonly own: readonly Cidr[]
  /** Of times without a zone: seconds east of UTC. */
  readonly zone_s: number
  /** For times without a year: that of the first of them; it goes up where December ends. Absent: such lines are bad. */
  readonly first_year: number | undefined
}

export interface LogReader {
  /** A line without its end. A bad one leaves no trace. */
  take(line: string): LineOutcome
  /** The log has ended: gives out everything that is open. */
  finish(): void
}

/** Bounds of reading. */
export const logBounds = {
  line_bytes_max: 1024 * 1024,
  /** Of nested JSON. */
  depth_max: 32,
  /** Sessions and flows that may be open at once; the oldest is given out for the next. */
  open_max: 50_000,
  /** What their texts take together, about. */
  open_bytes_max: 64 * 1024 * 1024,
  /** Sessions that have ended and may still be added to: some events come late. */
  ended_max: 1_000,
} as const
