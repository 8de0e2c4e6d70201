import { CaptureScan, type PartTimes } from '@hirundo/formats'
import { CHUNK_BYTES, readChunks, type OpenFile } from './source.ts'

/** What is known of the times in a file before it is read for good: when a minute is complete. */
export class FileOrder {
  readonly #parts: readonly PartTimes[]
  /** For each chunk the earliest second in it or in any later one; then +∞. */
  readonly #due: Float64Array

  constructor(parts: readonly PartTimes[]) {
    this.#parts = parts
    this.#due = new Float64Array(parts.length + 1).fill(Number.POSITIVE_INFINITY)
    for (let i = parts.length - 1; i >= 0; i--) this.#due[i] = Math.min(parts[i]!.earliest, this.#due[i + 1]!)
  }

  get chunks(): number {
    return this.#parts.length
  }

  /** Earliest second from chunk `at` to the end. */
  due(at: number): number {
    return this.#due[Math.min(at, this.chunks)]!
  }

  /** Start of the last minute of chunk `at`; +∞ when its minutes are not in order. */
  lastMinute(at: number): number {
    return this.#parts[at]?.last_minute ?? Number.POSITIVE_INFINITY
  }
}

/** Reads the times of a file. What cannot be read is reported when the file is read for good. */
export async function scanOrder(file: OpenFile, interval_s: number): Promise<FileOrder> {
  const parts: PartTimes[] = []
  const scan = new CaptureScan(file.name, interval_s)
  const chunks = readChunks(file)
  for (let chunk = await chunks.next(); chunk; chunk = await chunks.next()) {
    const read = scan.push(chunk)
    parts.push(scan.take())
    if (!read.ok || chunk.length < CHUNK_BYTES) break
  }
  chunks.close()
  return new FileOrder(parts)
}
