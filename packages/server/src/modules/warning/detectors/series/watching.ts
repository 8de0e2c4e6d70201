import { median } from '../numeric/quantiles.ts'

export interface SavedWatching {
  readonly recent: Float64Array
  readonly count: number
  readonly usual: number
}

/** How much was watched in a bin, against what is usual. */
export interface Watched {
  /** Nobody watched, or under half of what is usual: no value, and nothing to learn. */
  readonly hole: boolean
  /** Sensor equivalents: divisor of what is learned. */
  readonly exposure: number
  /**
   * Factor of what is expected: at least the usual. Sensors that are missing may be the small ones, so that what comes need not
   * be less; and when they are back it is no growth.
   */
  readonly expected: number
  readonly usual: number
}

const RENEWED_EVERY = 6

/** Watches the watchers: the usual number of sensor equivalents is the median of the last bins in which anybody watched. */
export class Watching {
  readonly #recent: Float64Array
  #count: number
  #usual: number

  constructor(bins: number, saved?: SavedWatching) {
    this.#recent = saved?.recent.slice() ?? new Float64Array(bins)
    this.#count = saved?.count ?? 0
    this.#usual = saved?.usual ?? 0
  }

  get usual(): number {
    return this.#usual
  }

  next(sensor_equivalents: number): Watched {
    if (sensor_equivalents > 0) {
      this.#recent[this.#count % this.#recent.length] = sensor_equivalents
      // At first it is renewed each time.
      if (this.#count++ % RENEWED_EVERY === 0 || this.#count < RENEWED_EVERY) this.#usual = median(this.#recent.subarray(0, this.#count))
    }
    const usual = this.#usual
    const hole = sensor_equivalents <= 0 || sensor_equivalents < usual / 2
    return { hole, exposure: sensor_equivalents, expected: Math.max(sensor_equivalents, usual), usual }
  }

  save(): SavedWatching {
    return { recent: this.#recent.slice(), count: this.#count, usual: this.#usual }
  }
}
