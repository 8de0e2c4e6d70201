import { isMissing, readUpTo, type Disk, type DiskFile } from './disk.ts'
import type { JournalGap, JournalRead, JournalRecord } from './model.ts'
import type { Quarantine } from './quarantine.ts'
import { claimedBytes, findRecord, HEADER_BYTES, RECORD_BYTES, recordAt, type FoundRecord } from './record.ts'
import type { Segment } from './segment.ts'

const CURSORS_MAX = 16
const WINDOW_BYTES_MIN = 64 * 1024

/** Reads ranges of sequences and remembers where the last ones ended, so that reading on does not search. */
export class Reader {
  readonly #disk: Disk
  readonly #quarantine: Quarantine
  readonly #cursors = new Map<bigint, { readonly segment: string; readonly offset: number }>()

  constructor(disk: Disk, quarantine: Quarantine) {
    this.#disk = disk
    this.#quarantine = quarantine
  }

  /** From `from` up to the segment's durable end at this moment, about `bytes_max` of payload. */
  async read(segment: Segment, from: bigint, bytes_max: number): Promise<JournalRead> {
    const file = await this.#disk.open(segment.path, 'r').catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw error
    })
    if (!file) return wholeGap(segment, from)
    try {
      const cursor = this.#cursors.get(from)
      const start = cursor?.segment === segment.name ? { offset: cursor.offset, sequence: from } : undefined
      const pass = new Pass(file, segment, start, Math.max(WINDOW_BYTES_MIN, bytes_max))
      const { records, gaps } = await pass.run(from, bytes_max)
      if (gaps.length > 0) await this.#quarantine.keepSegment(segment)
      this.#remember(pass.expected, segment.name, pass.offset)
      return { records, gaps, next: pass.expected }
    } finally {
      await file.close()
    }
  }

  #remember(sequence: bigint, segment: string, offset: number): void {
    this.#cursors.delete(sequence)
    this.#cursors.set(sequence, { segment, offset })
    for (const oldest of this.#cursors.keys()) {
      if (this.#cursors.size <= CURSORS_MAX) return
      this.#cursors.delete(oldest)
    }
  }
}

const wholeGap = (segment: Segment, from: bigint): JournalRead => ({
  records: [],
  gaps: [{ first: from, last: segment.last, reason: 'missing', segment: segment.name, offset: 0 }],
  next: segment.last + 1n,
})

/** One walk over the records of a segment, through a window of its bytes. */
class Pass {
  offset: number
  expected: bigint
  readonly #file: DiskFile
  readonly #segment: Segment
  readonly #bytes: number
  readonly #last: bigint
  readonly #window_bytes: number
  #window: { base: number; bytes: Uint8Array } = { base: 0, bytes: new Uint8Array(0) }

  constructor(
    file: DiskFile, segment: Segment, start: { offset: number; sequence: bigint } | undefined, window_bytes: number,
  ) {
    this.#file = file
    this.#segment = segment
    this.#bytes = segment.bytes
    this.#last = segment.last
    this.#window_bytes = window_bytes
    this.offset = start?.offset ?? HEADER_BYTES
    this.expected = start?.sequence ?? segment.first
  }

  async run(from: bigint, bytes_max: number): Promise<{ records: JournalRecord[]; gaps: JournalGap[] }> {
    const records: JournalRecord[] = []
    const gaps: JournalGap[] = []
    let taken = 0
    while (taken < bytes_max && this.expected <= this.#last) {
      const record = await this.#next()
      if (!record) {
        const gap = await this.#skipDamage()
        if (gap.last >= from) gaps.push({ ...gap, first: gap.first < from ? from : gap.first })
        continue
      }
      this.offset = record.end
      this.expected = record.sequence + 1n
      if (record.sequence < from) continue
      records.push({ sequence: record.sequence, kind: record.kind, payload: record.payload })
      taken += record.payload.length + RECORD_BYTES
    }
    return { records, gaps }
  }

  /** The record at `offset` with its `end` in the file, or undefined when it is damaged. */
  async #next(): Promise<FoundRecord | undefined> {
    let record = this.#inWindow()
    if (record) return record
    if (this.#window.base !== this.offset || this.#window.bytes.length === 0) {
      await this.#load(this.#window_bytes)
      record = this.#inWindow()
      if (record) return record
    }
    const claimed = claimedBytes(this.#window.bytes, 0)
    if (claimed === undefined || RECORD_BYTES + claimed <= this.#window.bytes.length) return undefined
    if (this.offset + RECORD_BYTES + claimed > this.#bytes) return undefined
    await this.#load(RECORD_BYTES + claimed)
    return this.#inWindow()
  }

  #inWindow(): FoundRecord | undefined {
    const { base, bytes } = this.#window
    const at = this.offset - base
    if (at < 0 || at >= bytes.length) return undefined
    const record = recordAt(bytes, at, this.expected, this.expected)
    return record && { ...record, end: record.end + base }
  }

  async #load(length: number): Promise<void> {
    const bytes = await readUpTo(this.#file, this.offset, Math.min(length, this.#bytes - this.offset))
    this.#window = { base: this.offset, bytes }
  }

  /** Moves behind the damage at `offset` and names what it took. */
  async #skipDamage(): Promise<JournalGap> {
    await this.#load(this.#bytes - this.offset)
    const at_end = this.#window.bytes.length === 0
    const found = findRecord(this.#window.bytes, 1, this.expected + 1n, this.#last)
    const gap: JournalGap = {
      first: this.expected,
      last: found ? found.record.sequence - 1n : this.#last,
      reason: at_end ? 'missing' : 'damaged',
      segment: this.#segment.name,
      offset: this.offset,
    }
    this.offset = found ? this.offset + found.offset : this.#bytes
    this.expected = gap.last + 1n
    return gap
  }
}
