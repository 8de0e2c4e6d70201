/** Sensors of a scenario, and the addresses that they pool. */
export interface ScenarioSensor {
  readonly index: number
  readonly name: string
  /** First address as a number; all of a sensor's addresses lie in one /24. */
  readonly base: number
  readonly addresses: number
  /** Number of its first address among all. */
  readonly first: number
  /** It also answers: what is said to it becomes interactions. */
  readonly answers: boolean
}

export type SensorGroup = readonly [count: number, addresses: number]
/** Sizes of a region's sensors: many single addresses, some small networks. */
export const usualSensors: readonly SensorGroup[] = [[30, 1], [20, 4], [10, 16]]
/** 198.18.0.0/15 is for benchmarks (RFC 2544): nobody's. */
const BASE = 0xc6120000
const NETWORK = 256
const OFFSET = 8
const sensors_max = 500
const ANSWERS_EVERY = 10

/** The usual mix of sizes for another number of sensors. */
export function groupsFor(sensors: number): SensorGroup[] {
  const total = usualSensors.reduce((sum, [count]) => sum + count, 0)
  const large = Math.round((sensors * usualSensors[2]![0]) / total)
  const middle = Math.round((sensors * usualSensors[1]![0]) / total)
  return [[sensors - middle - large, 1], [middle, 4], [large, 16]]
}

export function sensorsOf(groups: readonly SensorGroup[]): ScenarioSensor[] {
  const sensors: ScenarioSensor[] = []
  let first = 0
  for (const [count, addresses] of groups) {
    if (addresses < 1 || addresses > NETWORK) throw new RangeError(`a sensor has 1 to ${NETWORK} addresses, not ${addresses}`)
    for (let i = 0; i < count; i++) {
      const index = sensors.length
      const base = BASE + index * NETWORK + (addresses > NETWORK - OFFSET ? 0 : OFFSET)
      sensors.push({ index, name: `scenario-${String(index + 1).padStart(3, '0')}`, base, addresses, first, answers: index % ANSWERS_EVERY === 5 })
      first += addresses
    }
  }
  if (sensors.length === 0 || sensors.length > sensors_max) throw new RangeError(`a scenario has 1 to ${sensors_max} sensors`)
  return sensors
}

export const addressesOf = (sensors: readonly ScenarioSensor[]): number => sensors.reduce((sum, { addresses }) => sum + addresses, 0)
