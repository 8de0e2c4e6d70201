import { setImmediate as nextTurn } from 'node:timers/promises'
import { realWorld, MINUTE_S } from '@hirundo/base'
import type { Interaction } from '@hirundo/formats'
import { streamSource, type Source } from '@hirundo/sensor'
import { pastInteractions, presentInteractions } from '../traffic/interactions/interactions.ts'
import { pace } from '../traffic/pace.ts'
import { pcapHeader } from '../traffic/pcap-writer.ts'
import { emptyTally, type Tally } from '../traffic/tally.ts'
import { generateMinutes, snap_bytes_max } from '../traffic/traffic.ts'
import type { SimulatedSensor } from './sensors.ts'

/** What all simulated sensors of one demo share. */
export interface SimulatedWorld {
  readonly seed: number
  readonly packets_per_second: number
  /** The worm has been growing for a day when the live traffic begins. */
  readonly worm_began_s: number
  /** Interactions per minute of a sensor that answers, without attacks. */
  readonly interactions_per_minute: number
}

export interface Past {
  readonly from_s: number
  readonly minutes: number
  readonly signal: AbortSignal
}

const trafficOf = (sensor: SimulatedSensor, stream: number, world: SimulatedWorld) => ({
  seed: world.seed, stream, destinations: sensor.destinations, worm_began_s: world.worm_began_s,
})

async function* history(sensor: SimulatedSensor, stream: number, world: SimulatedWorld, past: Past): AsyncGenerator<Uint8Array> {
  const { from_s, minutes, signal } = past
  yield pcapHeader(snap_bytes_max)
  const packets = Math.round(minutes * MINUTE_S * world.packets_per_second * sensor.share)
  for (const { records } of generateMinutes({ ...trafficOf(sensor, stream, world), start_s: from_s, minutes, packets })) {
    for (const chunk of records) yield chunk.slice()
    if (signal.aborted) return
    // The generator never waits for anything: without this nothing would be sent meanwhile.
    await nextTurn()
  }
}

/** Whole minutes of the past, as fast as they can be read; ends early when the signal is aborted. */
export const historySource = (sensor: SimulatedSensor, stream: number, world: SimulatedWorld, past: Past): Source =>
  streamSource(false, [{ name: 'simulated history', chunks: history(sensor, stream, world, past) }])

/** Traffic of the present until `signal` is aborted. */
export function liveSource(sensor: SimulatedSensor, stream: number, world: SimulatedWorld, signal: AbortSignal): { source: Source; tally: Tally } {
  const tally = emptyTally()
  const options = { ...trafficOf(sensor, stream, world), packets_per_second: world.packets_per_second * sensor.share, daily: true }
  return { tally, source: streamSource(true, [{ name: 'simulated traffic', chunks: pace(options, realWorld, signal, tally) }]) }
}

type Hearsay = (signal: AbortSignal) => AsyncIterable<Interaction>

const visitsOf = (sensor: SimulatedSensor, stream: number, world: SimulatedWorld) =>
  sensor.face && { seed: world.seed, stream, face: sensor.face, per_minute: world.interactions_per_minute, worm_began_s: world.worm_began_s }

/** What a sensor that answers heard in the past; undefined for one that only listens. */
export function pastHearsay(sensor: SimulatedSensor, stream: number, world: SimulatedWorld, past: Past): Hearsay | undefined {
  const visits = visitsOf(sensor, stream, world)
  return visits && ((signal) => pastInteractions(visits, past.from_s, past.minutes, AbortSignal.any([signal, past.signal])))
}

/** What it hears from now on, until `end` is aborted. */
export function presentHearsay(sensor: SimulatedSensor, stream: number, world: SimulatedWorld, end: AbortSignal): Hearsay | undefined {
  const visits = visitsOf(sensor, stream, world)
  return visits && ((signal) => presentInteractions(visits, realWorld, AbortSignal.any([signal, end])))
}
