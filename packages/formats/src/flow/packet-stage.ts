import { BATCH_PACKETS, P, PACKET_WORDS } from './flow-batch.ts'
import { SourceRanges } from './source-ranges.ts'

const CHUNK_WORDS = BATCH_PACKETS * PACKET_WORDS
const IN_CHUNK = CHUNK_WORDS - 1
/** Packets of a minute after which their sources say how to divide it. */
const SAMPLE_PACKETS = 4096
const PARTS_MAX = 256

/**
 * IPv4 packets of the current minute that are not in its table yet. A large stage holds a whole minute, divided by
 * ranges of sources: one range at a time its flows fit into the processor's cache, where those of a minute do not,
 * and ranges come in the order of the rows. A small one holds a batch for the table.
 */
export class PacketStage {
  readonly words: Int32Array
  count = 0
  /** With so many packets the book must look: divide the stage, or take them out. */
  full = BATCH_PACKETS
  readonly #packets_max: number
  readonly #ranges = new SourceRanges(PARTS_MAX)
  /** Where the next packet of each part goes; at a multiple of CHUNK_WORDS it needs a chunk. */
  readonly #tails = new Int32Array(PARTS_MAX)
  readonly #firsts = new Int32Array(PARTS_MAX).fill(-1)
  readonly #next: Int32Array
  #chunks = 0

  /** `packets_max`: what a large stage may hold, 32 bytes each, touched only as far as they come. */
  constructor(packets_max: number) {
    const large = packets_max >= 2 * SAMPLE_PACKETS
    this.#packets_max = large ? packets_max : BATCH_PACKETS
    const chunks = Math.ceil(this.#packets_max / BATCH_PACKETS) + (large ? PARTS_MAX : 0)
    this.words = new Int32Array(chunks * CHUNK_WORDS)
    this.#next = new Int32Array(chunks)
  }

  /** Whether the stage holds, or will hold, a minute's packets in parts. */
  get large(): boolean {
    return this.full > BATCH_PACKETS
  }

  get parts(): number {
    return this.#ranges.count
  }

  /** Empties the stage; `large`: for all packets of a minute if it may hold them. */
  begin(large: boolean): void {
    this.full = Math.min(this.#packets_max, large ? SAMPLE_PACKETS : BATCH_PACKETS)
    this.#ranges.join()
    this.#empty()
  }

  #empty(): void {
    this.count = 0
    this.#chunks = 0
    this.#tails.fill(0)
    this.#firsts.fill(-1)
  }

  /** Word offset for the next packet, which is from `src`. */
  place(src: number): number {
    const part = this.#ranges.of(src)
    let at = this.#tails[part]!
    if ((at & IN_CHUNK) === 0) at = this.#extend(part, at)
    this.#tails[part] = at + PACKET_WORDS
    this.count++
    return at
  }

  #extend(part: number, tail: number): number {
    const chunk = this.#chunks++
    if (this.#firsts[part]! < 0) this.#firsts[part] = chunk
    else this.#next[tail / CHUNK_WORDS - 1] = chunk
    this.#next[chunk] = -1
    return chunk * CHUNK_WORDS
  }

  /** When the sample has come: divides the stage by it. False when it was, and is now really full. */
  divide(): boolean {
    if (this.full !== SAMPLE_PACKETS) return false
    // With a single part chunks lie one after the other.
    const sample = this.words.slice(0, this.count * PACKET_WORDS)
    const sources = new Uint32Array(this.count)
    for (let i = 0; i < sources.length; i++) sources[i] = sample[i * PACKET_WORDS + P.src]!
    this.#ranges.divide(sources.sort())
    this.full = this.#packets_max
    this.#empty()
    for (let from = 0; from < sample.length; from += PACKET_WORDS) {
      const to = this.place(sample[from + P.src]!)
      for (let i = 0; i < PACKET_WORDS; i++) this.words[to + i] = sample[from + i]!
    }
    return true
  }

  /** Packets of a part; all chunks but the last are whole. */
  packetsOf(part: number): number {
    let packets = 0
    this.each(part, (_, count) => (packets += count))
    return packets
  }

  /** Gives the packets of a part in the order in which they came: word offset and number. */
  each(part: number, take: (from: number, count: number) => void): void {
    const tail = this.#tails[part]!
    for (let chunk = this.#firsts[part]!; chunk >= 0; chunk = this.#next[chunk]!) {
      const from = chunk * CHUNK_WORDS
      const last = tail > from && tail <= from + CHUNK_WORDS
      take(from, last ? (tail - from) / PACKET_WORDS : BATCH_PACKETS)
    }
  }
}
