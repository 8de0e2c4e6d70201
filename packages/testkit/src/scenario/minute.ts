import { backscatterLayout, batchKinds, encodeInteraction, sensorMinuteLayout, type Interaction } from '@hirundo/formats'
import { FlowMerger } from './flow-merger.ts'
import { packetBytes, shapeList, TCP } from './shapes.ts'
import type { ScenarioSensor } from './sensors.ts'
import { SynList } from './syn-list.ts'
import { mapped } from './words.ts'

/** Rows of one sensor as a batch carries them (formats/row-layout.ts, interaction/codec.ts). `body` is reused by the next minute. */
export type Emit = (kind: number, sensor: number, rows: number, body: Uint8Array) => void

const MINUTE_S = 60
const BIN_S = 10
const START = 4096

/** Backscatter of a minute before it is put into bins. */
interface Answer { readonly sensor: number; readonly victim: number; readonly protocol: number; readonly port: number; readonly second: number; readonly packets: number; readonly bytes: number }

/**
 * What comes to all sensors in one minute. Processes add packets; `write` gives rows per sensor. `silent` sensors get nothing;
 * a sensor with a clock error writes its rows into another minute.
 */
export class Minute {
  readonly sensors: readonly ScenarioSensor[]
  readonly addresses: number
  /** By sensor: 1 while it watches nothing. */
  readonly silent: Uint8Array
  /** By sensor: seconds by which its clock is wrong, whole minutes. */
  readonly clock_s: Int32Array
  /** Packets added since the beginning, silent sensors left out. */
  packets = 0
  rows = 0
  readonly #sensor_of: Uint16Array
  readonly #flows: FlowMerger
  readonly #syns: SynList
  readonly #heard: Interaction[][]
  #answers: Answer[] = []
  readonly #packets_of: Uint32Array
  #rows = new Int32Array(START)

  constructor(sensors: readonly ScenarioSensor[]) {
    this.sensors = sensors
    this.addresses = sensors.reduce((sum, one) => sum + one.addresses, 0)
    this.silent = new Uint8Array(sensors.length)
    this.clock_s = new Int32Array(sensors.length)
    this.#sensor_of = Uint16Array.from(sensors.flatMap(({ index, addresses }) => Array.from({ length: addresses }, () => index)))
    this.#flows = new FlowMerger(sensors)
    this.#syns = new SynList(sensors)
    this.#heard = sensors.map(() => [])
    this.#packets_of = new Uint32Array(sensors.length)
  }

  sensorOf(dst: number): number {
    return this.#sensor_of[dst]!
  }

  /** `packets` of one make from a source to the pooled address `dst`, the first at `second` of the minute. */
  add(shape: number, source: number, dst: number, port: number, packets: number, second: number): void {
    const sensor = this.#sensor_of[dst]!
    if (this.silent[sensor] === 1) return
    this.packets += packets
    this.#packets_of[sensor]! += packets
    this.#flows.add(sensor, dst - this.sensors[sensor]!.first, source, shape, port, packets)
    const { protocol, class: of } = shapeList[shape]!
    if (protocol === TCP && of === 'scan') for (let i = 0; i < packets; i++) this.#syns.add(sensor, source, port, shape, Math.min(MINUTE_S - 1, second + i))
  }

  /** Answers of a victim of an attack to forged sources; `port` is the attacked one, `back` the forged source's. */
  addBackscatter(shape: number, victim: number, dst: number, port: number, back: number, packets: number, second: number): void {
    const sensor = this.#sensor_of[dst]!
    if (this.silent[sensor] === 1) return
    this.packets += packets
    this.#packets_of[sensor]! += packets
    this.#flows.add(sensor, dst - this.sensors[sensor]!.first, victim, shape, back, packets, port)
    const { protocol } = shapeList[shape]!
    this.#answers.push({ sensor, victim, protocol, port, second, packets, bytes: packets * packetBytes(shapeList[shape]!, port) })
  }

  /** What a sensor that answers heard; left out while it is silent or by sensors that do not answer. */
  addHeard(sensor: number, interaction: Interaction): void {
    if (this.silent[sensor] === 0 && this.sensors[sensor]!.answers) this.#heard[sensor]!.push(interaction)
  }

  /** Gives the minute's rows by sensor and begins the next one. */
  write(minute_s: number, emit: Emit): void {
    this.#flows.write(minute_s, this.clock_s, (sensor, rows, body) => this.#give(emit, batchKinds.flow, sensor, rows, body))
    this.#syns.write(minute_s, this.clock_s, (sensor, rows, body) => this.#give(emit, batchKinds.syn_sample, sensor, rows, body))
    this.#writeBackscatter(minute_s, emit)
    for (const { index } of this.sensors) {
      if (this.silent[index] === 0) this.#writeMinute(minute_s, index, emit)
      this.#writeHeard(index, emit)
    }
    this.#packets_of.fill(0)
  }

  #give(emit: Emit, kind: number, sensor: number, rows: number, body: Uint8Array): void {
    this.rows += rows
    emit(kind, sensor, rows, body)
  }

  #writeBackscatter(minute_s: number, emit: Emit): void {
    const bins = new Map<string, Answer & { packets: number; bytes: number; ports: Set<number> }>()
    for (const one of this.#answers) {
      const key = `${one.sensor} ${Math.floor(one.second / BIN_S)} ${one.victim} ${one.protocol}`
      const known = bins.get(key)
      if (!known) bins.set(key, { ...one, ports: new Set([one.port]) })
      else {
        known.packets += one.packets
        known.bytes += one.bytes
        known.ports.add(one.port)
      }
    }
    this.#answers = []
    const words = backscatterLayout.row_bytes / 4
    for (const [sensor, all] of Map.groupBy(bins.values(), ({ sensor }) => sensor)) {
      const rows = this.#room(all.length * words)
      all.forEach((one, i) => {
        const at = i * words
        rows[at] = minute_s + this.clock_s[sensor]! + Math.floor(one.second / BIN_S) * BIN_S
        mapped(rows, at + 1, one.victim)
        rows[at + 5] = one.protocol | (one.ports.size << 16)
        rows[at + 6] = one.port
        rows[at + 7] = one.packets
        rows[at + 8] = one.bytes
        rows[at + 9] = 0
        rows[at + 10] = Math.min(one.packets, this.sensors[sensor]!.addresses)
        rows[at + 11] = 0
      })
      this.#give(emit, batchKinds.backscatter, sensor, all.length, new Uint8Array(rows.buffer, 0, all.length * backscatterLayout.row_bytes))
    }
  }

  #writeMinute(minute_s: number, sensor: number, emit: Emit): void {
    const packets = this.#packets_of[sensor]!
    const rows = this.#room(sensorMinuteLayout.row_bytes / 4)
    rows.fill(0, 0, sensorMinuteLayout.row_bytes / 4)
    rows[0] = minute_s + this.clock_s[sensor]!
    rows[1] = MINUTE_S
    // packets, counted
    rows[2] = rows[4] = packets
    rows[14] = this.#flows.flowsOf(sensor)
    this.#give(emit, batchKinds.sensor_minute, sensor, 1, new Uint8Array(rows.buffer, 0, sensorMinuteLayout.row_bytes))
  }

  #writeHeard(sensor: number, emit: Emit): void {
    const heard = this.#heard[sensor]!
    if (heard.length === 0) return
    const shift_ms = this.clock_s[sensor]! * 1000
    const rows = heard.map((one) => encodeInteraction(shift_ms === 0 ? one : { ...one, at_ms: one.at_ms + shift_ms }))
    this.#heard[sensor] = []
    this.#give(emit, batchKinds.interaction, sensor, rows.length, Buffer.concat(rows))
  }

  #room(words: number): Int32Array {
    if (this.#rows.length < words) this.#rows = new Int32Array(2 * words)
    return this.#rows
  }
}
