import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '@hirundo/base'
import { pcapHeader } from './pcap-writer.ts'
import { addTally, emptyTally, type Tally } from './tally.ts'
import { snap_bytes_max, windowBase, type TrafficOptions } from './traffic.ts'
import { drawWindow } from './window.ts'

export interface PaceOptions extends Omit<TrafficOptions, 'minutes' | 'packets' | 'start_s'> {
  readonly packets_per_second: number
  readonly worm_began_s: number
  /** Length of one slice; slices that are late are written together. */
  readonly slice_ms?: number
}

/** Where live traffic goes; the promise holds the pacer back, e.g. until a pipe has drained. */
export type Sink = (bytes: Uint8Array) => Promise<void>

/**
 * Writes a pcap stream in real time: a file header, then slices whose packets carry the times of the slice that has
 * just passed. Ends when `signal` is aborted and returns what was written.
 */
export async function pace(options: PaceOptions, world: Pick<World, 'now'>, sink: Sink, signal: AbortSignal): Promise<Tally> {
  const slice_ms = options.slice_ms ?? 200
  const base = windowBase({ ...options, start_s: 0 })
  const sum = emptyTally()
  const began_ms = world.now()
  let reached_ms = began_ms
  let sent = 0
  await sink(pcapHeader(options.snap_bytes ?? snap_bytes_max))
  while (!signal.aborted) {
    await sleep(slice_ms, undefined, { signal }).catch(() => undefined)
    const now_ms = Math.min(world.now(), reached_ms + 60_000)
    const due = Math.round(((now_ms - began_ms) / 1000) * options.packets_per_second)
    if (now_ms <= reached_ms || due === sent) continue
    const window = drawWindow({ ...base, from_ms: reached_ms, length_ms: now_ms - reached_ms, packets: due - sent })
    for (const chunk of window.records) await sink(chunk.slice())
    addTally(sum, window.tally)
    sent = due
    reached_ms = now_ms
  }
  return sum
}
