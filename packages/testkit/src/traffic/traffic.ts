import { mix } from './random.ts'
import { destinationsOf } from './destinations.ts'
import { drawWindow, type WindowRequest } from './window.ts'
import type { Tally } from './tally.ts'

/** Simulated background radiation for some networks: every value has a default but those that say what and when. */
export interface TrafficOptions {
  readonly seed: number
  readonly start_s: number
  readonly minutes: number
  /** Packets of the whole time. */
  readonly packets: number
  /** Networks in text; the node's simulated sensors use documentation and benchmark ranges. */
  readonly destinations: readonly string[]
  /** Sensor number: the same senders, other packets. */
  readonly stream?: number
  /** Aim for distinct flow keys ÷ packets; small networks merge more than they are asked to. */
  readonly flows_per_packet?: number
  readonly snap_bytes?: number
  /** When the worm begins; default: an hour before the start. */
  readonly worm_began_s?: number
  readonly noise?: number
}

export interface MinuteOfTraffic {
  readonly minute_s: number
  readonly tally: Tally
  /** pcap records; to be read before the next minute is asked for. */
  readonly records: Iterable<Uint8Array>
}

export const snap_bytes_max = 96
const DAY_S = 86_400

/** Level of a minute around 1: quiet at 03:00 UTC, busy at 15:00, and a little noise. */
export function rhythm(seed: number, minute_s: number): number {
  const day = Math.sin((2 * Math.PI * (minute_s - DAY_S * 0.375)) / DAY_S)
  return 1 + 0.25 * day + 0.1 * (mix(seed, Math.floor(minute_s / 60), 0x6d696e) / 0x1_0000_0000 - 0.5)
}

/** Packets of each minute: by rhythm, whole numbers that add up to the total. */
export function packetsByMinute(options: TrafficOptions): number[] {
  const levels = Array.from({ length: options.minutes }, (_, i) => rhythm(options.seed, options.start_s + 60 * i))
  const total = levels.reduce((sum, level) => sum + level, 0)
  let level = 0
  let given = 0
  return levels.map((one) => {
    level += one
    const upTo = Math.round((level / total) * options.packets)
    const packets = upTo - given
    given = upTo
    return packets
  })
}

/** What all windows of one source of traffic have in common. */
export function windowBase(options: Omit<TrafficOptions, 'minutes' | 'packets'>): Omit<WindowRequest, 'from_ms' | 'length_ms' | 'packets'> {
  const snap_bytes = options.snap_bytes ?? snap_bytes_max
  if (snap_bytes < 14 || snap_bytes > snap_bytes_max) throw new RangeError(`snap_bytes must be 14 to ${snap_bytes_max}`)
  return {
    seed: options.seed, stream: options.stream ?? 0, destinations: destinationsOf(options.destinations), snap_bytes,
    flows_per_packet: options.flows_per_packet ?? 0.5, worm_began_s: options.worm_began_s ?? options.start_s - 3600,
    noise: options.noise ?? 0.001,
  }
}

/** Minute after minute of traffic. A minute's bytes depend on seed, stream, its time and its packets only. */
export function* generateMinutes(options: TrafficOptions): Generator<MinuteOfTraffic> {
  const base = windowBase(options)
  let minute_s = options.start_s
  for (const packets of packetsByMinute(options)) {
    const { tally, records } = drawWindow({ ...base, from_ms: minute_s * 1000, length_ms: 60_000, packets })
    yield { minute_s, tally, records }
    minute_s += 60
  }
}
