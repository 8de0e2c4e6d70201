import { deserialize, serialize } from 'node:v8'
import type { Slice } from '../core/slice.ts'
import type { Detection, Detector, Run, Scene } from '../model.ts'

export const nobodysScene: Scene = { addresses: 0, sensors: 3, own: { economies: [], asns: [], networks: [] }, seed: 5 }

export interface RunOf {
  readonly detections: readonly Detection[]
  readonly shed: Readonly<Record<string, number>>
}

/**
 * All that a detector gives for these slices, in its order. `cuts`: before the slices with these numbers (modulo how many there are) the run is saved, goes
 * through bytes and is started again, with another seed of its tables.
 */
export function runOver<P extends object>(detector: Detector<P>, slices: readonly Slice[], more: { readonly parameters?: Partial<P>; readonly scene?: Partial<Scene>; readonly cuts?: readonly number[] } = {}): RunOf {
  const parameters = { ...detector.defaults, ...more.parameters }
  const scene = { ...nobodysScene, ...more.scene }
  let run: Run = detector.start(parameters, scene)
  const detections: Detection[] = []
  const cuts = new Set(more.cuts?.map((cut) => cut % Math.max(1, slices.length)))
  slices.forEach((slice, i) => {
    if (cuts.has(i)) run = detector.start(parameters, { ...scene, seed: 1000 + i }, deserialize(serialize(run.save())))
    detections.push(...(run.minute?.(slice) ?? []))
  })
  detections.push(...run.end())
  return { detections, shed: run.shed }
}

/** Of each event what was said last, by kind, subject and start; in order of these. */
export function lastTold(detections: readonly Detection[]): readonly Detection[] {
  const nameOf = ({ kind, subject, start }: Detection): string => JSON.stringify([kind, Object.entries(subject).toSorted(), start])
  return [...new Map(detections.map((one) => [nameOf(one), one] as const))].toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, one]) => one)
}
