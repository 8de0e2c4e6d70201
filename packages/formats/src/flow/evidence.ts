import { AttackReader } from '../frame/backscatter.ts'
import type { Transport } from '../frame/transport.ts'
import { P, PACKET_WORDS, TOOLS_SHIFT } from './flow-batch.ts'
import type { Minute } from './minute.ts'
import { swapBytes } from './swap.ts'

const USUAL_BIN_S = 10
const MAPPED_WORD = 0xffff0000 | 0
const MIX = 0x9e3779b1

/** What detectors need beyond minute rows: backscatter vectors and SYN samples. */
export class Evidence {
  readonly #attack = new AttackReader()
  readonly #packet = new Int32Array(PACKET_WORDS)
  readonly #bin_s: number

  /** `bin_s`: length of a vector's bin. */
  constructor(bin_s = USUAL_BIN_S) {
    this.#bin_s = bin_s
  }

  /** A packet of backscatter; `at` µs after the start of the minute; the place and room of its transport header. */
  backscatterV4(
    minute: Minute, bytes: Uint8Array, view: DataView, ip: number, l4: number, room: number, at: number, transport: Transport,
  ): void {
    this.#attack.readV4(bytes, view, ip, l4, room, transport)
    this.#add(minute, view.getInt32(ip + 16), 0, view.getUint16(ip + 2), at)
  }

  backscatterV6(
    minute: Minute, bytes: Uint8Array, view: DataView, ip: number, of: number, l4: number, room: number, at: number,
    transport: Transport,
  ): void {
    this.#attack.readV6(bytes, view, ip, of, l4, room, transport)
    // Two words tell destinations apart: those of a sensor share most of their upper half.
    const low = view.getInt32(ip + 32) ^ Math.imul(view.getInt32(ip + 24), MIX)
    const high = view.getInt32(ip + 36) ^ Math.imul(view.getInt32(ip + 28), MIX)
    this.#add(minute, low, high, 40 + view.getUint16(ip + 4), at)
  }

  #add(minute: Minute, dst_low: number, dst_high: number, size: number, at: number): void {
    const { key, port, mismatch } = this.#attack
    const second = minute.start + Math.floor(at / 1e6)
    key[0] = second - (second % this.#bin_s)
    const packet = this.#packet
    packet[P.marks] = mismatch ? 1 << TOOLS_SHIFT : 0
    packet[P.port_window] = port
    packet[P.size_syn] = size
    minute.vectors.addWide(key, dst_low, dst_high, packet)
  }

  /** A pure SYN, drawn into the minute's sample or not. */
  synV4(minute: Minute, view: DataView, ip: number, at: number, transport: Transport): void {
    const row = this.#draw(minute, at, transport)
    if (row < 0) return
    const { words } = minute.samples!
    words.fill(0, row + 1, row + 9)
    words[row + 3] = words[row + 7] = MAPPED_WORD
    words[row + 4] = swapBytes(view.getInt32(ip + 12))
    words[row + 8] = swapBytes(view.getInt32(ip + 16) & 0xffffff00)
  }

  synV6(minute: Minute, view: DataView, ip: number, at: number, transport: Transport): void {
    const row = this.#draw(minute, at, transport)
    if (row < 0) return
    const { words } = minute.samples!
    for (let i = 0; i < 6; i++) words[row + 1 + i] = swapBytes(view.getInt32(ip + 8 + 4 * i))
    words[row + 7] = words[row + 8] = 0
  }

  #draw(minute: Minute, at: number, transport: Transport): number {
    const row = minute.samples!.draw()
    if (row < 0) return row
    const { words } = minute.samples!
    words[row] = minute.start + Math.floor(at / 1e6)
    words[row + 9] = (transport.port - 1) | (transport.syn << 16)
    return row
  }
}
