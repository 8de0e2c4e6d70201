import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realWorld, unwrap, type Uuid } from '@hirundo/base'
import { batchKinds, decodeBatchBody, decodeBatchHeader, decodeInteraction, flowLayout, splitInteractionRows } from '@hirundo/formats'
import { openJournal } from '@hirundo/journal'
import { addRequests } from './numbered-interactions.ts'

/** What a sensor's spool holds; the sensor must not be running. */
export interface SpoolContent {
  readonly batches: number
  /** Packets in flow rows by minute (seconds since 1970). */
  readonly packets: ReadonlyMap<number, number>
  readonly interactions: number
  /** Of interactions, by the minute in which they began. */
  readonly requests: ReadonlyMap<number, number>
}

const READ_BYTES = 4 * 1024 * 1024

function addRows(rows: Uint8Array, packets: Map<number, number>): void {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
  const { row_bytes, offset } = flowLayout
  for (let at = 0; at < rows.length; at += row_bytes) {
    const minute = view.getUint32(at + offset['minute']!, true)
    packets.set(minute, (packets.get(minute) ?? 0) + view.getUint32(at + offset['packets']!, true))
  }
}

/** Reads the whole spool as a recovering sensor would. Throws when it has a gap: nothing may be missing in it here. */
export async function readSpool(state_directory: string): Promise<SpoolContent> {
  const packets = new Map<number, number>()
  const requests = new Map<number, number>()
  let interactions = 0
  const directory = join(state_directory, 'spool')
  const epochs = await readdir(directory).catch(() => [])
  if (epochs.length === 0) return { batches: 0, packets, interactions, requests }
  if (epochs.length > 1) throw new Error(`the spool changed its epoch: ${epochs.length} are there`)
  const { sensor } = JSON.parse(await readFile(join(state_directory, 'state.json'), 'utf8')) as { sensor: Uuid }
  const epoch = epochs[0] as Uuid
  const fatal = (error: unknown): never => {
    throw error
  }
  const journal = unwrap(await openJournal({ directory: join(directory, epoch), kind: 'spool', origin: sensor, epoch, onFatal: fatal, world: realWorld }))
  try {
    for (let from = 1n; from <= journal.last;) {
      const read = await journal.read(from, { bytes_max: READ_BYTES })
      if (read.gaps.length > 0) throw new Error(`the spool has a gap: ${read.gaps[0]!.reason}`)
      for (const { payload } of read.records) {
        const batch = unwrap(decodeBatchHeader(payload))
        if (batch.header.kind === batchKinds.flow) addRows(unwrap(decodeBatchBody(batch)), packets)
        if (batch.header.kind !== batchKinds.interaction) continue
        for (const row of unwrap(splitInteractionRows(unwrap(decodeBatchBody(batch)), batch.header.rows))) addRequests(requests, unwrap(decodeInteraction(row)))
        interactions += batch.header.rows
      }
      from = read.next
    }
    return { batches: Number(journal.last), packets, interactions, requests }
  } finally {
    await journal.close()
  }
}
