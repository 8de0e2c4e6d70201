import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatAddress, realWorld, unwrap, uuidV4 } from '@hirundo/base'
import { batchKinds, decodeBatchBody, decodeBatchHeader, flowLayout, sensorMinuteLayout, type RowLayout } from '@hirundo/formats'
import { silentLog } from '@hirundo/sensor'
import { ephemeralKey, epochOf, importDigest, importFile } from './import-file.ts'
import { importLog, logDigest } from './import-log.ts'
import { capture } from './testing/capture.ts'

const isInstalled = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const missing = ['nfpcapd', 'nfdump'].filter((program) => !isInstalled(program))
const sensor = uuidV4(realWorld)
const options = { own: [], zone_s: 0, first_year: undefined }

/** Rows of one kind, by the columns that both ways know. */
function rowsOf(batches: readonly Uint8Array[], kind: number, { row_bytes, offset }: RowLayout, columns: readonly string[]): string[] {
  return batches.flatMap((batch) => {
    const decoded = unwrap(decodeBatchHeader(batch))
    if (decoded.header.kind !== kind) return []
    const body = unwrap(decodeBatchBody(decoded))
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    return Array.from({ length: decoded.header.rows }, (_, row) => columns.map((name) =>
      name === 'src' || name === 'dst_net' ? formatAddress(body, row * row_bytes + offset[name]!) : view.getUint32(row * row_bytes + offset[name]!, true)).join(' '))
  })
}

async function collected(run: (send: (some: readonly Uint8Array[]) => Promise<void>) => Promise<unknown>): Promise<Uint8Array[]> {
  const batches: Uint8Array[] = []
  await run(async (some) => void batches.push(...some))
  return batches
}

test('a capture read by us and the same capture through nfpcapd and nfdump become the same rows', { skip: missing.length > 0 && `not installed: ${missing.join(', ')}` }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-nfdump-'))
  try {
    const [pcap, csv] = [join(directory, 'a.pcap'), join(directory, 'flows.csv')]
    await writeFile(pcap, capture(150))
    const env = { ...process.env, TZ: 'UTC' }
    assert.equal(spawnSync('nfpcapd', ['-r', pcap, '-w', directory], { env }).status, 0)
    const file = (await readdir(directory)).filter((name) => name.startsWith('nfcapd')).toSorted()
    await writeFile(csv, file.map((name) => spawnSync('nfdump', ['-r', join(directory, name), '-o', 'csv'], { env, encoding: 'utf8' }).stdout).join(''))
    const [digest, log_digest] = [await importDigest(pcap, [], 'x'), await logDigest(csv, 'nfdump', 'x', options)]
    const shared = { sensor, sign: ephemeralKey().sign, log: silentLog }
    const ours = await collected((send) => importFile({ ...shared, path: pcap, digest, destinations: [], send }))
    const theirs = await collected(async (send) => {
      const { bad_lines, events } = await importLog({ ...shared, path: csv, kind: 'nfdump', options, decoys: [], epoch: epochOf(log_digest), send })
      assert.deepEqual([bad_lines, events], [0, 150])
    })
    const columns = ['minute', 'src', 'dst_net', 'dst_port', 'packets', 'bytes', 'dsts', 'src_ports', 'src_port_common', 'size_common', 'scan', 'backscatter', 'other']
    assert.deepEqual(rowsOf(theirs, batchKinds.flow, flowLayout, columns), rowsOf(ours, batchKinds.flow, flowLayout, columns))
    const minutes = ['minute', 'observed_s', 'packets', 'counted', 'flows']
    assert.deepEqual(rowsOf(theirs, batchKinds.sensor_minute, sensorMinuteLayout, minutes), rowsOf(ours, batchKinds.sensor_minute, sensorMinuteLayout, minutes))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
