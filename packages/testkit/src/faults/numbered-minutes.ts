import { destinationsOf } from '../traffic/destinations.ts'
import { mix } from '../traffic/random.ts'
import { snap_bytes_max } from '../traffic/traffic.ts'
import { drawWindow } from '../traffic/window.ts'
import type { Tally } from '../traffic/tally.ts'

/** Traffic of one sensor as numbered minutes: any of them can be made again from the seed alone. */
export interface NumberedMinutes {
  readonly seed: number
  readonly stream: number
  readonly destinations: readonly string[]
  readonly start_s: number
}

const packets_min = 200
const packets_spread = 400

/** Minute `index`; every minute has another number of packets, so that one cannot stand for another unnoticed. */
export function minuteOf(of: NumberedMinutes, index: number): { readonly minute_s: number; readonly tally: Tally; readonly records: Iterable<Uint8Array> } {
  const minute_s = of.start_s + 60 * index
  const packets = packets_min + (mix(of.seed, of.stream, index) % packets_spread)
  const window = drawWindow({
    seed: of.seed, stream: of.stream, destinations: destinationsOf(of.destinations), snap_bytes: snap_bytes_max,
    flows_per_packet: 0.5, worm_began_s: of.start_s - 86_400, noise: 0.01, from_ms: minute_s * 1000, length_ms: 60_000, packets,
  })
  return { minute_s, ...window }
}
