/** Who came to a quiet port within the last hours; plain data. */
export interface Visits {
  /** By source and sensor. */
  readonly source: number[]
  readonly network: (number | string)[]
  readonly sensor: number[]
  readonly packets: number[]
  /** Hour of the last packet. */
  readonly last: number[]
  /** Packets of all sources by hour, the latest last. */
  readonly hours: number[]
  readonly by_hour: number[]
  /** Last hour in which somebody came who is not listed. */
  left_out: number
}

export const noVisits = (): Visits => ({ source: [], network: [], sensor: [], packets: [], last: [], hours: [], by_hour: [], left_out: -1 })

export function copyOf(of: Visits): Visits {
  return {
    source: [...of.source], network: [...of.network], sensor: [...of.sensor], packets: [...of.packets], last: [...of.last],
    hours: [...of.hours], by_hour: [...of.by_hour], left_out: of.left_out,
  }
}

export function addPackets(visits: Visits, hour: number, packets: number): void {
  const at = visits.hours.length - 1
  if (visits.hours[at] === hour) visits.by_hour[at]! += packets
  else {
    visits.hours.push(hour)
    visits.by_hour.push(packets)
  }
}

/** Forgets who was last seen before an hour; answers how many entries that were. */
export function forgetBefore(visits: Visits, hour: number): number {
  const columns = [visits.source, visits.network, visits.sensor, visits.packets, visits.last] as const
  let kept = 0
  for (let i = 0; i < visits.source.length; i++) {
    if (visits.last[i]! < hour) continue
    for (const column of columns) column[kept] = column[i]!
    kept++
  }
  const gone = visits.source.length - kept
  for (const column of columns) column.length = kept
  const first = visits.hours.findIndex((one) => one >= hour)
  const old = first < 0 ? visits.hours.length : first
  visits.hours.splice(0, old)
  visits.by_hour.splice(0, old)
  return gone
}

export interface Spread {
  readonly networks: number
  readonly sensors: number
  /** Largest share of one sensor in pairs of source and sensor. */
  readonly sensor_share_max: number
}

/** How far those who are told apart spread; `counts`: whose visit counts. */
export function spreadOf(visits: Visits, counts: (source: number) => boolean): Spread {
  const networks = new Set<number | string>()
  const sensors = new Map<number, number>()
  let pairs = 0
  for (let i = 0; i < visits.source.length; i++) {
    if (!counts(visits.source[i]!)) continue
    networks.add(visits.network[i]!)
    sensors.set(visits.sensor[i]!, (sensors.get(visits.sensor[i]!) ?? 0) + 1)
    pairs++
  }
  return { networks: networks.size, sensors: sensors.size, sensor_share_max: pairs > 0 ? Math.max(...sensors.values()) / pairs : 0 }
}
