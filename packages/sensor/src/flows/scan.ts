import { openCaptureScan } from '@hirundo/formats'
import { CHUNK_BYTES, readChunks, type OpenFile } from './source.ts'

/**
 * For each chunk of a file the earliest second of a packet in it or in any later chunk: what says, before the file
 * is read for good, when a minute is complete. The last entry (after all chunks) is +∞.
 */
export async function scanOrder(file: OpenFile): Promise<Float64Array> {
  const earliest: number[] = []
  const scan = openCaptureScan(file.name)
  const chunks = readChunks(file)
  for (let chunk = await chunks.next(); chunk; chunk = await chunks.next()) {
    const read = scan.push(chunk)
    earliest.push(scan.takeEarliest())
    if (!read.ok || chunk.length < CHUNK_BYTES) break
  }
  chunks.close()
  const order = Float64Array.from([...earliest, Number.POSITIVE_INFINITY])
  for (let i = order.length - 2; i >= 0; i--) order[i] = Math.min(order[i]!, order[i + 1]!)
  return order
}
