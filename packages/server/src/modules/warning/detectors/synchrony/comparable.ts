import { MINUTE_S } from '@hirundo/base'
import type { MinuteRows } from './recent-minutes.ts'

/** A stretch of time as samples of equal length. */
export interface WindowShape {
  /** Second at which it ends. */
  readonly end: number
  readonly sample_s: number
  readonly samples: number
}

export interface Comparable {
  /** Start of each sample that is used, in order. */
  readonly starts: readonly number[]
  /** Sensors that watched all of them. */
  readonly sensors: ReadonlySet<number>
}

/** Samples that fewer sensors than this share of the most watched are left out … */
const sensors_share_min = 0.5
/** … and a sensor watched one when it did so for this share of its minutes. */
const minutes_share_min = 0.8

/**
 * Which samples and sensors can be compared. A sensor that came, went or slept for a while makes all its sources fall silent
 * in step: it is left out of the window. What most were missing from is left out as a sample.
 */
export function comparable(minutes: readonly MinuteRows[], { end, sample_s, samples }: WindowShape): Comparable {
  const first = end - samples * sample_s
  const watched = Array.from({ length: samples }, () => new Map<number, number>())
  for (const { minute, watched: sensors } of minutes) {
    const sample = watched[Math.floor((minute - first) / sample_s)]!
    for (const sensor of sensors) sample.set(sensor, (sample.get(sensor) ?? 0) + 1)
  }
  const minutes_min = minutes_share_min * (sample_s / MINUTE_S)
  const up = watched.map((sample) => new Set([...sample].filter(([, count]) => count >= minutes_min).map(([sensor]) => sensor)))
  const most = Math.max(...up.map(({ size }) => size))
  const used = up.flatMap((sensors, i) => (sensors.size > 0 && sensors.size >= sensors_share_min * most ? [{ sensors, start: first + i * sample_s }] : []))
  const all = [...used[0]?.sensors ?? []].filter((sensor) => used.every(({ sensors }) => sensors.has(sensor)))
  return { starts: used.map(({ start }) => start), sensors: new Set(all) }
}
