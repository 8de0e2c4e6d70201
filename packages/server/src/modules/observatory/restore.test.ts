import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { formatSeconds } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { restoreBackup } from '../../app/backup/restore.ts'
import { observatoryDb } from './tables.ts'
import { RealNode, testDirectory, until, value } from './testing/real-node.ts'

/** A whole hour that ended a while ago. */
const HOUR = Math.floor(Date.now() / 3_600_000) * 3600 - 2 * 3600
const BATCHES = 30

const real = new RealNode()
let directory: Awaited<ReturnType<typeof testDirectory>>
before(async () => {
  directory = await testDirectory()
  await real.start(join(directory.path, 'one'), { rollup_quiet_ms: 500 })
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const snapshot = async () =>
  (await observatoryDb(real.node.platform.db).selectFrom('inbox_cursor').select('snapshot').executeTakeFirstOrThrow()).snapshot
const rolled = () => until(async () => (await real.status()).hours_to_roll === 0, 'the last sum')

async function answers() {
  const query = { from: formatSeconds(HOUR), to: formatSeconds(HOUR + 3600) }
  const tops = await Promise.all(contract.topDimensions.map(async (dimension) =>
    (await value(real.client().call(contract.topAnswer, { params: { dimension }, query }))).data))
  const { packets, rows } = await real.status()
  return { tops, packets, rows }
}

test('a backup made under load, restored elsewhere, asks for the rest again and ends with the same sums', async () => {
  const sensor = await real.enrolled('north')
  const batches = Array.from({ length: BATCHES }, (_, i) =>
    sensor.flows([{ minute: HOUR + i * 60, src: `240.${i}.0.1`, dst_port: i % 2 === 0 ? 23 : 445, packets: i + 1 }]))
  for (const batch of batches.slice(0, 10)) await real.send(sensor, [batch])
  await real.projected()
  await rolled()
  assert.equal(await snapshot(), 0)
  const backup = real.backup(join(directory.path, 'backup'))
  const during: Promise<string>[] = []
  for (const batch of batches.slice(10, 20)) during.push(real.send(sensor, [batch]))
  await Promise.all([backup, ...during])
  // Said only after the whole backup was read back: batches that it holds may leave the journal when they are old.
  assert.ok((await snapshot()) >= 10)
  for (const batch of batches.slice(20)) await real.send(sensor, [batch])
  await real.projected()
  await rolled()
  const before = await answers()
  assert.equal(before.packets, (BATCHES * (BATCHES + 1)) / 2)
  await real.stop()

  await restoreBackup(join(directory.path, 'backup'), join(directory.path, 'two'))
  await real.start(join(directory.path, 'two'), { rollup_quiet_ms: 500 })
  const acked = Number(await real.send(sensor, batches.slice(-1)))
  assert.ok(acked >= 10 && acked <= 20, `the node has gone back to ${acked}`)
  assert.equal((await real.projected()).packets, (acked * (acked + 1)) / 2)
  assert.equal(await real.send(sensor, batches.slice(acked)), String(BATCHES))
  await real.projected()
  await rolled()
  assert.deepEqual(await answers(), before)
})

test('a backup that cannot be finished lets nothing leave the journal', async () => {
  const known = await snapshot()
  const { analytics } = real.node
  const take = analytics.snapshot.bind(analytics)
  analytics.snapshot = () => Promise.reject(new Error('planted'))
  await assert.rejects(real.backup(join(directory.path, 'broken')))
  analytics.snapshot = take
  assert.equal(await snapshot(), known)
  await assert.rejects(restoreBackup(join(directory.path, 'broken'), join(directory.path, 'three')), /no manifest/)
})
