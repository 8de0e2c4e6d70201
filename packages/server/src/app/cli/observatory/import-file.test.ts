import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parseCidr, realWorld, unwrap, uuidV4 } from '@hirundo/base'
import { batchKinds, decodeBatchBody, decodeBatchHeader, flowLayout } from '@hirundo/formats'
import { silentLog } from '@hirundo/sensor'
import { ephemeralKey, epochOf, importDigest, importFile } from './import-file.ts'
import { capture } from './testing/capture.ts'

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hirundo-import-'))
})
after(() => rm(directory, { recursive: true, force: true }))

const destinations = [unwrap(parseCidr('192.0.2.0/24'))]
const sensor = uuidV4(realWorld)

async function imported(path: string) {
  const digest = await importDigest(path, destinations, 'north')
  const batches: Uint8Array[] = []
  const file = await importFile({
    path, digest, destinations, sensor, sign: ephemeralKey().sign, log: silentLog,
    send: async (some) => void batches.push(...some),
  })
  return { file, batches, epoch: epochOf(digest) }
}

test('the same file gives the same epoch and the same rows under the same numbers', async () => {
  const path = join(directory, 'a.pcap')
  await writeFile(path, capture(300))
  const [one, two] = [await imported(path), await imported(path)]
  assert.equal(one.file.counters.counted, 300)
  assert.equal(one.file.whole, true)
  assert.equal(one.epoch, two.epoch)
  const rows = (batches: readonly Uint8Array[]) => batches.map((batch) => {
    const decoded = unwrap(decodeBatchHeader(batch))
    return [decoded.header.first, decoded.header.kind, Buffer.from(unwrap(decodeBatchBody(decoded))).toString('hex')]
  })
  assert.deepEqual(rows(one.batches), rows(two.batches))
  assert.ok(one.batches.length >= 2)
  await writeFile(path, capture(301))
  assert.notEqual((await imported(path)).epoch, one.epoch)
})

test('a file that ends early counts up to there and says so', async () => {
  const path = join(directory, 'cut.pcap')
  await writeFile(path, capture(10).subarray(0, -5))
  const { file } = await imported(path)
  assert.equal(file.whole, false)
  assert.equal(file.counters.counted, 9)
  await writeFile(path, Buffer.from('no capture at all'))
  assert.equal((await imported(path)).file.whole, false)
})

test('minutes of a busy file come whole: none is cut because a sensor would hold less', async () => {
  const path = join(directory, 'busy.pcap')
  // More flows at once than a sensor of little memory would hold, then a second of each of four more minutes.
  await writeFile(path, Buffer.concat([capture(200_000, 1_767_225_600, { per_second: 10_000, sources: 200_000 }), capture(240, 1_767_225_660).subarray(24)]))
  const { batches } = await imported(path)
  const flows = batches.map((batch) => unwrap(decodeBatchHeader(batch))).filter(({ header }) => header.kind === batchKinds.flow)
  const rows = Buffer.concat(flows.map((batch) => unwrap(decodeBatchBody(batch))))
  const at = (name: string, i: number) => i * flowLayout.row_bytes + flowLayout.offset[name]!
  const count = rows.length / flowLayout.row_bytes
  assert.equal(count, 200_004)
  for (let i = 0; i < count; i++) assert.equal(rows[at('partial', i)], 0)
})
