import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '@hirundo/base'
import { pcapHeader } from './pcap-writer.ts'
import { addTally, type Tally } from './tally.ts'
import { rhythm, snap_bytes_max, windowBase, type TrafficOptions } from './traffic.ts'
import { drawWindow } from './window.ts'

export interface PaceOptions extends Omit<TrafficOptions, 'minutes' | 'packets' | 'start_s'> {
  readonly packets_per_second: number
  readonly worm_began_s: number
  /** Follow the day as `generateMinutes` does, so that the present joins the past without a step; else an even rate. */
  readonly daily?: boolean
  /** Length of one slice; a late slice is longer, a minute at most. */
  readonly slice_ms?: number
}

const slice_ms_max = 60_000

/**
 * A pcap stream in real time: the file header, then slices whose packets carry the times of the slice that has just
 * passed. Ends when `signal` is aborted; what it wrote is added to `tally`.
 */
export async function* pace(options: PaceOptions, world: Pick<World, 'now'>, signal: AbortSignal, tally: Tally): AsyncGenerator<Uint8Array> {
  const slice_ms = options.slice_ms ?? 200
  const base = windowBase({ ...options, start_s: 0 })
  let reached_ms = world.now()
  let owed = 0
  yield pcapHeader(options.snap_bytes ?? snap_bytes_max)
  while (!signal.aborted) {
    await sleep(slice_ms, undefined, { signal }).catch(() => undefined)
    const length_ms = Math.min(world.now() - reached_ms, slice_ms_max)
    if (length_ms <= 0) continue
    const level = options.daily === true ? rhythm(options.seed, Math.floor(reached_ms / 60_000) * 60) : 1
    owed += (length_ms / 1000) * options.packets_per_second * level
    const packets = Math.floor(owed)
    owed -= packets
    const window = drawWindow({ ...base, from_ms: reached_ms, length_ms, packets })
    for (const chunk of window.records) yield chunk.slice()
    addTally(tally, window.tally)
    reached_ms += length_ms
  }
}
