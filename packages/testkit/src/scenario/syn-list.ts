import { synSampleLayout } from '@hirundo/formats'
import type { ScenarioSensor } from './sensors.ts'
import { doubled, MAPPED, mapped, SensorOrder, swap, windowOf } from './words.ts'

const START = 4096
/** What a sensor keeps of a minute's SYNs (sensor/bounds.ts). */
const SYN_SAMPLES_MAX = 1_000
const ROW_WORDS = synSampleLayout.row_bytes / 4

/** Pure SYNs of a minute, written as each sensor's sample of them. */
export class SynList {
  readonly #sensors: readonly ScenarioSensor[]
  readonly #by: SensorOrder
  #sensor = new Uint16Array(START)
  #source = new Uint32Array(START)
  #port = new Uint16Array(START)
  #shape = new Uint8Array(START)
  #second = new Uint8Array(START)
  #count = 0
  #rows = new Int32Array(START * ROW_WORDS)

  constructor(sensors: readonly ScenarioSensor[]) {
    this.#sensors = sensors
    this.#by = new SensorOrder(sensors.length)
  }

  add(sensor: number, source: number, port: number, shape: number, second: number): void {
    const at = this.#count++
    if (at === this.#sensor.length) this.#grow()
    this.#sensor[at] = sensor
    this.#source[at] = source
    this.#port[at] = port
    this.#shape[at] = shape
    this.#second[at] = second
  }

  /** Gives the rows of each sensor that had any and begins anew. Of more than it keeps every n-th is drawn. */
  write(minute_s: number, clock_s: Int32Array, give: (sensor: number, rows: number, body: Uint8Array) => void): void {
    this.#by.sort(this.#sensor, this.#count)
    if (this.#rows.length < this.#count * ROW_WORDS) this.#rows = new Int32Array(2 * this.#count * ROW_WORDS)
    for (const { index, base } of this.#sensors) {
      const first = this.#by.starts[index]!
      const seen = this.#by.starts[index + 1]! - first
      if (seen === 0) continue
      const kept = Math.min(seen, SYN_SAMPLES_MAX)
      const weight = Math.round((seen * 1000) / kept)
      const net = swap(base & 0xffffff00)
      for (let i = 0; i < kept; i++) this.#write(i * ROW_WORDS, this.#by.order[first + Math.floor((i * seen) / kept)]!, minute_s + clock_s[index]!, net, weight)
      give(index, kept, new Uint8Array(this.#rows.buffer, 0, kept * synSampleLayout.row_bytes))
    }
    this.#count = 0
  }

  #write(at: number, from: number, minute_s: number, net: number, weight: number): void {
    const rows = this.#rows
    const source = this.#source[from]!
    rows[at] = minute_s + this.#second[from]!
    mapped(rows, at + 1, source)
    rows[at + 5] = 0
    rows[at + 6] = 0
    rows[at + 7] = MAPPED
    rows[at + 8] = net
    rows[at + 9] = this.#port[from]! | (windowOf(this.#shape[from]!, source) << 16)
    rows[at + 10] = weight
  }

  #grow(): void {
    this.#sensor = doubled(this.#sensor)
    this.#source = doubled(this.#source)
    this.#port = doubled(this.#port)
    this.#shape = doubled(this.#shape)
    this.#second = doubled(this.#second)
  }
}
