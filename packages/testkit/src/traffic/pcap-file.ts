import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { pcapHeader } from './pcap-writer.ts'
import { addTally, emptyTally, type Tally } from './tally.ts'
import { generateMinutes, snap_bytes_max, type TrafficOptions } from './traffic.ts'

export interface PcapFile {
  readonly path: string
  readonly bytes: number
  /** Lower-case hex of the whole file. */
  readonly sha256: string
  readonly tally: Tally
  readonly minutes: readonly { readonly minute_s: number; readonly tally: Tally }[]
}

/** Writes the traffic as one pcap file (replacing it) and returns what must be found in it. */
export function writePcapFile(path: string, options: TrafficOptions): PcapFile {
  const file = openSync(path, 'w')
  const hash = createHash('sha256')
  const tally = emptyTally()
  const minutes: { minute_s: number; tally: Tally }[] = []
  let bytes = 0
  const put = (chunk: Uint8Array): void => {
    hash.update(chunk)
    for (let done = 0; done < chunk.length; ) done += writeSync(file, chunk, done)
    bytes += chunk.length
  }
  try {
    put(pcapHeader(options.snap_bytes ?? snap_bytes_max))
    for (const minute of generateMinutes(options)) {
      for (const chunk of minute.records) put(chunk)
      addTally(tally, minute.tally)
      minutes.push({ minute_s: minute.minute_s, tally: minute.tally })
    }
  } finally {
    closeSync(file)
  }
  return { path, bytes, sha256: hash.digest('hex'), tally, minutes }
}
