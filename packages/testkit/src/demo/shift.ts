const FILE_HEADER_BYTES = 24
const RECORD_HEADER_BYTES = 16
const MAGICS = new Map<number, boolean>([[0xa1b2c3d4, true], [0xa1b23c4d, true], [0xd4c3b2a1, false], [0x4d3cb2a1, false]])

/** Calls `onTime` for each record of a pcap stream and puts its answer in the place of the second; same bytes otherwise. */
export async function* mapSeconds(chunks: AsyncIterable<Uint8Array>, name: string, onTime: (second: number) => number): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array(0)
  let skip = 0
  let little: boolean | undefined
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([held, chunk])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = Math.min(skip, bytes.length)
    skip -= at
    if (little === undefined && bytes.length >= FILE_HEADER_BYTES) {
      little = MAGICS.get(view.getUint32(0, true))
      if (little === undefined) throw new RangeError(`${name} is no pcap file: --shift-to-now cannot move its times`)
      at = FILE_HEADER_BYTES
    }
    while (little !== undefined && skip === 0 && at + RECORD_HEADER_BYTES <= bytes.length) {
      view.setUint32(at, onTime(view.getUint32(at, little)), little)
      const end = at + RECORD_HEADER_BYTES + view.getUint32(at + 8, little)
      at = Math.min(end, bytes.length)
      skip = end - at
    }
    yield bytes.subarray(0, at)
    held = bytes.subarray(at)
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
