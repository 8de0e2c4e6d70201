import { ABSENT, flowLayout } from '@hirundo/formats'
import type { ScenarioSensor } from './sensors.ts'
import { ICMP, packetBytes, shapeList, TCP } from './shapes.ts'
import { doubled, MAPPED, mapped, SensorOrder, swap, ttlOf, windowOf } from './words.ts'

const START = 4096
const ROW_WORDS = flowLayout.row_bytes / 4
/** A /24 has 256 addresses. */
const BIT_WORDS = 8
const protocols = Uint8Array.from(shapeList, ({ protocol }) => protocol)

const ones = (word: number): number => {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Merges a minute's packets to flow rows: one for each sensor, source, protocol and port. A row has the make of its first packet. */
export class FlowMerger {
  readonly #sensors: readonly ScenarioSensor[]
  readonly #by: SensorOrder
  #sensor = new Uint16Array(START)
  #source = new Uint32Array(START)
  #port = new Uint16Array(START)
  #src_port = new Uint16Array(START)
  #shape = new Uint8Array(START)
  #packets = new Uint32Array(START)
  #bits = new Uint32Array(START * BIT_WORDS)
  #count = 0
  /** Number of the flow + 1; 0: free. */
  #slots = new Uint32Array(4 * START)
  #rows = new Int32Array(START * ROW_WORDS)

  constructor(sensors: readonly ScenarioSensor[]) {
    this.#sensors = sensors
    this.#by = new SensorOrder(sensors.length)
  }

  /** `place` is the destination's number among the sensor's addresses. */
  add(sensor: number, place: number, source: number, shape: number, port: number, packets: number, src_port = 0): void {
    const flow = this.#flow(sensor, source, shape, port, src_port)
    this.#packets[flow]! += packets
    this.#bits[flow * BIT_WORDS + (place >>> 5)]! |= 1 << (place & 31)
  }

  flowsOf(sensor: number): number {
    return this.#by.starts[sensor + 1]! - this.#by.starts[sensor]!
  }

  #flow(sensor: number, source: number, shape: number, port: number, src_port: number): number {
    const protocol = protocols[shape]!
    const mask = this.#slots.length - 1
    let h = Math.imul(source ^ Math.imul(port | (protocol << 16), 0x9e3779b1), 0x85ebca6b) ^ Math.imul(sensor, 0xc2b2ae35)
    h ^= h >>> 15
    for (let slot = h & mask; ; slot = (slot + 1) & mask) {
      const flow = this.#slots[slot]! - 1
      if (flow < 0) {
        this.#slots[slot] = this.#count + 1
        return this.#begin(sensor, source, shape, port, src_port)
      }
      if (this.#source[flow] === source && this.#port[flow] === port && this.#sensor[flow] === sensor && protocols[this.#shape[flow]!] === protocol) return flow
    }
  }

  #begin(sensor: number, source: number, shape: number, port: number, src_port: number): number {
    const flow = this.#count++
    if (flow === this.#sensor.length) this.#grow()
    this.#sensor[flow] = sensor
    this.#source[flow] = source
    this.#port[flow] = port
    this.#src_port[flow] = src_port
    this.#shape[flow] = shape
    this.#packets[flow] = 0
    this.#bits.fill(0, flow * BIT_WORDS, (flow + 1) * BIT_WORDS)
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    return flow
  }

  /** Gives the rows of each sensor that had any and begins anew. */
  write(minute_s: number, clock_s: Int32Array, give: (sensor: number, rows: number, body: Uint8Array) => void): void {
    this.#by.sort(this.#sensor, this.#count)
    if (this.#rows.length < this.#count * ROW_WORDS) this.#rows = new Int32Array(2 * this.#count * ROW_WORDS)
    for (const { index, base } of this.#sensors) {
      const first = this.#by.starts[index]!
      const rows = this.#by.starts[index + 1]! - first
      if (rows === 0) continue
      const net = swap(base & 0xffffff00)
      for (let i = 0; i < rows; i++) this.#write(i * ROW_WORDS, this.#by.order[first + i]!, minute_s + clock_s[index]!, net)
      give(index, rows, new Uint8Array(this.#rows.buffer, 0, rows * flowLayout.row_bytes))
    }
    this.#count = 0
    this.#slots.fill(0)
  }

  #write(at: number, flow: number, minute_s: number, net: number): void {
    const rows = this.#rows
    const number = this.#shape[flow]!
    const shape = shapeList[number]!
    const [source, port, packets] = [this.#source[flow]!, this.#port[flow]!, this.#packets[flow]!]
    const size = packetBytes(shape, port)
    const is_icmp = shape.protocol === ICMP
    const is_syn = shape.protocol === TCP && shape.class === 'scan'
    rows[at] = minute_s
    mapped(rows, at + 1, source)
    rows[at + 5] = 0
    rows[at + 6] = 0
    rows[at + 7] = MAPPED
    rows[at + 8] = net
    rows[at + 9] = is_icmp ? ABSENT : port
    rows[at + 10] = is_icmp ? (port >>> 8) | ((port & 255) << 16) : ABSENT
    rows[at + 11] = shape.protocol | (ttlOf(number, source) << 16)
    rows[at + 12] = packets
    rows[at + 13] = this.#destinations(flow)
    rows[at + 14] = packets * size
    rows[at + 15] = 0
    rows[at + 16] = is_icmp ? 0 : 1
    rows[at + 17] = is_icmp ? ABSENT : this.#src_port[flow] || 1024 + ((source ^ minute_s) % 60_000 + 60_000) % 60_000
    rows[at + 18] = (shape.flags & 0xffff) | ((is_syn ? shape.header_bytes : ABSENT) << 16)
    rows[at + 19] = size
    rows[at + 20] = is_syn ? windowOf(number, source) : ABSENT
    rows[at + 21] = shape.class === 'scan' ? packets : 0
    rows[at + 22] = shape.class === 'backscatter' ? packets : 0
    rows[at + 23] = shape.class === 'other' ? packets : 0
    rows[at + 24] = shape.tool === 'mirai' ? packets : 0
    rows[at + 25] = shape.tool === 'zmap' ? packets : 0
    rows[at + 26] = shape.tool === 'masscan' ? packets : 0
  }

  #destinations(flow: number): number {
    let sum = 0
    for (let i = flow * BIT_WORDS; i < (flow + 1) * BIT_WORDS; i++) sum += ones(this.#bits[i]!)
    return sum
  }

  #rehash(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length)
    const mask = this.#slots.length - 1
    for (let flow = 0; flow < this.#count; flow++) {
      let h = Math.imul(this.#source[flow]! ^ Math.imul(this.#port[flow]! | (protocols[this.#shape[flow]!]! << 16), 0x9e3779b1), 0x85ebca6b) ^ Math.imul(this.#sensor[flow]!, 0xc2b2ae35)
      h ^= h >>> 15
      let slot = h & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = flow + 1
    }
  }

  #grow(): void {
    this.#sensor = doubled(this.#sensor)
    this.#source = doubled(this.#source)
    this.#port = doubled(this.#port)
    this.#src_port = doubled(this.#src_port)
    this.#shape = doubled(this.#shape)
    this.#packets = doubled(this.#packets)
    this.#bits = doubled(this.#bits)
  }
}
