import { INSTANT_END_S, type Cidr, type World } from '@hirundo/base'
import type { ObserverCounters } from '@hirundo/formats'
import { Intake, sensorBounds, streamSource, type Log } from '@hirundo/sensor'
import { PacketDetectors, packetParameters } from '../../modules/warning/index.ts'

export interface CaptureDetections extends Pick<PacketDetectors, 'detections' | 'parameters' | 'shed'> {
  readonly counters: ObserverCounters
  /** Files that could not be read to their end; what came before counts. */
  readonly unreadable: number
}

export interface CaptureDetectionOptions {
  /** Only packets to these count; empty: all. */
  readonly destinations: readonly Cidr[]
  readonly log: Log
  /** Keys the tables, so that no capture can aim at them. */
  readonly random: World['random']
}

/** Sensors hold less; here a minute stays whole. About 150 MB. */
const flows_max = 2 ** 20

/** Runs detectors over captures, in the order given, as one observation. */
export async function detectInCaptures(paths: readonly string[], { destinations, log, random }: CaptureDetectionOptions): Promise<CaptureDetections> {
  const detectors = new PacketDetectors(packetParameters(destinations))
  const intake = new Intake({
    source: streamSource(false, []), destinations, bounds: { ...sensorBounds, flows_max }, log, resume_s: 0, monotonic_ms: () => 0,
    // Minutes close by the captures' own times.
    world: { now: () => INSTANT_END_S * 1000, random }, out: (kind, rows, body) => detectors.take(kind, rows, body),
  })
  for (const path of paths) await intake.readFile(path, () => undefined)
  intake.finish()
  detectors.end()
  const { detections, parameters, shed } = detectors
  return { detections, parameters, shed, counters: intake.counters, unreadable: intake.unreadable }
}
