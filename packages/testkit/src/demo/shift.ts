const FILE_HEADER_BYTES = 24
const RECORD_HEADER_BYTES = 16
const MAGICS = new Map<number, boolean>([[0xa1b2c3d4, true], [0xa1b23c4d, true], [0xd4c3b2a1, false], [0x4d3cb2a1, false]])

/** Where the walk through one stream is; `little` is known after the file header. */
interface Walk {
  skip: number
  little: boolean | undefined
}

/** Puts `onTime` of each second in its place; gives the number of bytes that are done with. */
function mapRecords(bytes: Uint8Array, walk: Walk, name: string, onTime: (second: number) => number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = Math.min(walk.skip, bytes.length)
  walk.skip -= at
  if (walk.little === undefined) {
    if (bytes.length < FILE_HEADER_BYTES) return 0
    walk.little = MAGICS.get(view.getUint32(0, true))
    if (walk.little === undefined) throw new RangeError(`${name} is no pcap file: --shift-to-now cannot move its times`)
    at = FILE_HEADER_BYTES
  }
  while (walk.skip === 0 && at + RECORD_HEADER_BYTES <= bytes.length) {
    view.setUint32(at, onTime(view.getUint32(at, walk.little)), walk.little)
    const end = at + RECORD_HEADER_BYTES + view.getUint32(at + 8, walk.little)
    at = Math.min(end, bytes.length)
    walk.skip = end - at
  }
  return at
}

/** A pcap stream with `onTime` of each record's second in its place; the same bytes otherwise. Throws on other formats. */
export async function* mapSeconds(chunks: AsyncIterable<Uint8Array>, name: string, onTime: (second: number) => number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0)
  const walk: Walk = { skip: 0, little: undefined }
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([held, chunk])
    const done = mapRecords(bytes, walk, name, onTime)
    yield bytes.subarray(0, done)
    held = bytes.subarray(done)
  }
  yield held
}

/** The latest second in some pcap streams; 0 when they hold no packet. */
export async function lastSecond(streams: readonly { readonly name: string; readonly chunks: AsyncIterable<Uint8Array> }[]): Promise<number> {
  let last = 0
  for (const { name, chunks } of streams) {
    const times = mapSeconds(chunks, name, (second) => {
      last = Math.max(last, second)
      return second
    })
    for await (const chunk of times) void chunk
  }
  return last
}
