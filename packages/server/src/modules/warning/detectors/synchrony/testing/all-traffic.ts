import type { MinuteRows } from '../recent-minutes.ts'

/** Packets of all ports together by /16 and minute, and which ports each /16 touched. */
export interface AllTraffic {
  readonly units: readonly number[]
  readonly minutes: number
  /** Row u is of `units[u]`, with a column for each minute. */
  readonly counts: Float64Array
  readonly portsOf: readonly ReadonlySet<number>[]
}

export function allTraffic(rows: readonly MinuteRows[]): AllTraffic {
  const index = new Map<number, number>()
  for (const minute of rows) for (let i = 0; i < minute.rows; i++) if (minute.unit[i]! >= 0 && !index.has(minute.unit[i]!)) index.set(minute.unit[i]!, index.size)
  const counts = new Float64Array(index.size * rows.length)
  const portsOf = Array.from({ length: index.size }, () => new Set<number>())
  rows.forEach((minute, t) => {
    for (let i = 0; i < minute.rows; i++) {
      const u = index.get(minute.unit[i]!)
      if (u === undefined) continue
      counts[u * rows.length + t]! += minute.packets[i]!
      portsOf[u]!.add(minute.port[i]!)
    }
  })
  return { units: [...index.keys()], minutes: rows.length, counts, portsOf }
}

/** Ports that so many of these units, and this share of them, touched. */
export function portsOfMany({ portsOf }: AllTraffic, units: readonly number[], units_min: number, share_min: number): number[] {
  const touched = new Map<number, number>()
  for (const u of units) for (const port of portsOf[u]!) touched.set(port, (touched.get(port) ?? 0) + 1)
  return [...touched].filter(([, count]) => count >= units_min && count >= share_min * units.length).map(([port]) => port)
}
