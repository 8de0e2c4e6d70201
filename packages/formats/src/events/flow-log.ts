import { isMapped, MINUTE_S } from '@hirundo/base'
import type { MinuteCounters } from '../observer-model.ts'
import { LoggedFlow } from './logged-flow.ts'
import type { LoggedPackets } from './model.ts'

/** Lines of a log come late by their writer's buffers, flows by how long they lasted. */
const LATE_S = 600
const PACKETS_MAX = 0xffff_ffff

export interface FlowLogSink {
  /** One row of flowLayout; the packets of a source that is left out are not in the counters as counted. */
  flow(row: Uint8Array, src: Uint8Array, minute: number): void
  /** After the rows of a minute; the same minute may come again, with `partial`. */
  minute(counters: MinuteCounters): void
}

export interface FlowLogOptions {
  /** Flows and values of theirs that are held at once; more make partial rows. */
  readonly flows_max: number
  /** Sources whose packets do not count: they are told as not for us. */
  readonly isLeftOut: (src: Uint8Array) => boolean
}

interface OpenMinute {
  readonly start: number
  readonly flows: Map<string, { readonly flow: LoggedFlow; readonly net: Uint8Array }>
  /** Flows, and values of theirs beyond the first. */
  held: number
  partial: boolean
}

/** FlowTuple rows of what a log tells of packets: minute by minute, in order of key, the destination only as its network. */
export class FlowLog {
  readonly #options: FlowLogOptions
  readonly #sink: FlowLogSink
  readonly #open = new Map<number, OpenMinute>()
  #latest = 0
  #closed_before = 0
  #held = 0

  constructor(options: FlowLogOptions, sink: FlowLogSink) {
    this.#options = options
    this.#sink = sink
  }

  add(of: LoggedPackets): void {
    const second = Math.floor(of.at_ms / 1000)
    const start = second - (second % MINUTE_S)
    if (start > this.#latest) this.#advance(start)
    let minute = this.#open.get(start)
    if (!minute) {
      minute = { start, flows: new Map(), held: 0, partial: start < this.#closed_before }
      this.#open.set(start, minute)
    }
    const net = networkOf(of.dst)
    const key = keyOf(of, net)
    let entry = minute.flows.get(key)
    if (entry && entry.flow.packets + of.packets > PACKETS_MAX) {
      this.#giveOutAll(true)
      return this.add(of)
    }
    let taken = 0
    if (!entry) {
      entry = { flow: new LoggedFlow(of), net }
      minute.flows.set(key, entry)
      taken = 1
    }
    taken += entry.flow.add(of, latin1(of.dst.subarray(isMapped(of.dst) ? 15 : 8)))
    minute.held += taken
    this.#held += taken
    if (this.#held >= this.#options.flows_max) this.#giveOutAll(true)
  }

  /** What is old enough is complete; it is looked at once a minute, or late lines would each be a row. */
  #advance(latest: number): void {
    this.#latest = latest
    const before = latest - LATE_S
    const due = [...this.#open.values()].filter(({ start }) => start < before).toSorted((a, b) => a.start - b.start)
    this.#closed_before = Math.max(this.#closed_before, before)
    for (const minute of due) this.#giveOut(minute)
  }

  #giveOutAll(are_partial: boolean): void {
    for (const minute of [...this.#open.values()].toSorted((a, b) => a.start - b.start)) {
      minute.partial ||= are_partial
      this.#giveOut(minute)
    }
    if (are_partial) this.#closed_before = Math.max(this.#closed_before, this.#latest + MINUTE_S)
  }

  #giveOut({ start, flows, held, partial }: OpenMinute): void {
    let counted = 0
    let left_out = 0
    let rows = 0
    for (const key of [...flows.keys()].toSorted()) {
      const { flow, net } = flows.get(key)!
      this.#sink.flow(flow.row(start, net, partial), flow.src, start)
      if (this.#options.isLeftOut(flow.src)) left_out += flow.packets
      else {
        counted += flow.packets
        rows++
      }
    }
    this.#held -= held
    this.#open.delete(start)
    this.#sink.minute({ minute: start, packets: counted + left_out, counted, not_ip: 0, not_for_us: left_out, malformed: 0, flows: rows, partial })
  }

  finish(): void {
    this.#giveOutAll(false)
  }
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

/** The /24 of IPv4, the /64 of IPv6. */
const networkOf = (dst: Uint8Array): Uint8Array => {
  const net = dst.slice()
  net.fill(0, isMapped(dst) ? 15 : 8)
  return net
}

function keyOf({ src, protocol, dst_port = -1, icmp_type = -1, icmp_code = -1 }: LoggedPackets, net: Uint8Array): string {
  return `${latin1(src)}${latin1(net)}${protocol} ${dst_port} ${icmp_type} ${icmp_code}`
}
