/** Sensors that are told apart in a set; with more, counts are lower bounds and `exact` says so. */
export const sensors_max = 256
export const SENSOR_WORDS = sensors_max / 32

export interface SavedSensorBits {
  readonly sensors: readonly number[]
  readonly exact: boolean
}

/** Gives each sensor a bit, in the order in which they are met: sets of sensors are then a few words each. */
export class SensorBits {
  exact: boolean
  readonly #bits: Map<number, number>

  constructor(saved?: SavedSensorBits) {
    this.#bits = new Map(saved?.sensors.map((sensor, i) => [sensor, i]))
    this.exact = saved?.exact ?? true
  }

  /** 0 … sensors_max − 1. */
  bitOf(sensor: number): number {
    const known = this.#bits.get(sensor)
    if (known !== undefined) return known
    if (this.#bits.size >= sensors_max) {
      this.exact = false
      return sensors_max - 1
    }
    const bit = this.#bits.size
    this.#bits.set(sensor, bit)
    return bit
  }

  save(): SavedSensorBits {
    return { sensors: [...this.#bits.keys()], exact: this.exact }
  }
}

/** Adds a sensor's bit to the set that lies in a column of SENSOR_WORDS words for each event. */
export function addSensor(sets: Uint32Array, slot: number, bit: number): void {
  const at = slot * SENSOR_WORDS + (bit >>> 5)
  sets[at] = sets[at]! | (1 << (bit & 31))
}

/** How many are in the set. */
export function sensorsIn(sets: Uint32Array, slot: number): number {
  let count = 0
  for (let i = slot * SENSOR_WORDS; i < (slot + 1) * SENSOR_WORDS; i++) count += ones(sets[i]!)
  return count
}

/** Bits of a word that are set. */
export function ones(word: number): number {
  let left = word - ((word >>> 1) & 0x55555555)
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333)
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
