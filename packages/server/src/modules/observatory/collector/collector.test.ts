import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { realWorld } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { batchKinds, encodeBatch, encodeInteraction, signedBytes, attachSignature } from '@hirundo/formats'
import { batch_months_max } from '../projector/rows.ts'
import { observatoryDb } from '../tables.ts'
import { startTestDatabase, startTestNode, type TestDatabase, type TestNode } from '../testing/node.ts'
import { ackedBy, approved, drained, send } from '../testing/approve.ts'
import { FakeSensor, flowRows, interaction, type FlowRow } from '../testing/sensor.ts'

let database: TestDatabase
before(async () => {
  database = await startTestDatabase()
})
after(() => database.stop())

/** Some days ago: what is older than the days of raw rows is late, and a fixed day would get so. */
const HOUR = Math.floor(realWorld.now() / 3_600_000) * 3600 - 3 * 86_400
const rows = (packets: number, more: Partial<FlowRow> = {}): FlowRow[] =>
  [{ minute: HOUR, src: '240.1.2.3', dst_port: 23, packets, ...more }]

/** Waits until the store holds as many packets. */
async function stored(node: TestNode, packets: number): Promise<void> {
  for (let i = 0; i < 500 && node.store.sums('flow').packets < packets; i++) await sleep(10)
  assert.equal(node.store.sums('flow').packets, packets)
  assert.equal(node.store.sums('flow_by_source').packets, packets)
}

test('batches reach the store once, whatever order and repetition they come in', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  const [one, two, three] = [sensor.flows(rows(1)), sensor.flows(rows(10)), sensor.flows(rows(100))]
  assert.equal(await ackedBy(node, sensor, [two]), '0')
  assert.equal(await ackedBy(node, sensor, [one, one]), '1')
  assert.equal(await ackedBy(node, sensor, [three, two]), '2')
  const both = await Promise.all([send(node, sensor, [one, two, three]), send(node, sensor, [two, three])])
  for (const reply of both) assert.ok('acked' in reply && reply.acked === '3')
  await stored(node, 111)
  await node.close()
})

test('an acknowledgement is signed by the node for this sensor and epoch', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  const token = await node.call(contract.createEnrolmentToken, { body: {} })
  assert.ok('token' in token)
  const enrolled = await node.call(contract.enrolSensor, { body: new FakeSensor().enrolment(token.token.split('.')[0]!, 'other') })
  assert.ok('node_public_key' in enrolled)
  const reply = await send(node, sensor, [sensor.flows(rows(1))])
  assert.ok('signature' in reply)
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(enrolled.node_public_key, 'base64')])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  const text = contract.acknowledgementText(sensor.uuid, sensor.epoch, reply.acked)
  assert.ok(verify(null, Buffer.from(text), key, Buffer.from(reply.signature, 'base64')))
  await node.close()
})

test('marks survive a restart, also of what was not projected yet', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  const batches = [1, 2, 3, 4].map((packets) => sensor.flows(rows(packets)))
  assert.equal(await ackedBy(node, sensor, batches.slice(0, 2)), '2')
  await stored(node, 3)
  node.store.failBefore = new Set(Array.from({ length: 1000 }, (_, i) => node.store.calls + 1 + i))
  assert.equal(await ackedBy(node, sensor, batches.slice(2, 3)), '3')
  await sleep(60)
  await node.restart()
  assert.equal(await ackedBy(node, sensor, batches), '4')
  node.store.failBefore.clear()
  await stored(node, 10)
  await node.close()
})

test('a bad signature and a foreign batch are refused and move nothing; what stands behind them waits', async () => {
  const node = await startTestNode(database)
  const [north, south] = [await approved(node), await approved(node, 'south')]
  const good = north.flows(rows(5))
  for (let at = 0; at < good.length; at += 7) {
    const bad = Uint8Array.from(good)
    bad[at]! ^= 0x40
    const reply = await send(node, north, [bad])
    assert.ok(!('acked' in reply) || reply.acked === '0', `byte ${at} may be changed unseen`)
  }
  for (const length of [0, 1, 95, 160, good.length - 1]) {
    const reply = await send(node, north, [good.subarray(0, length)])
    assert.ok(!('acked' in reply))
  }
  const foreign = await send(node, north, [south.flows(rows(1000)), good])
  assert.ok('acked' in foreign && foreign.acked === '1')
  assert.deepEqual(foreign.refused.map(({ code }) => code), ['batch/signature-invalid'])
  await stored(node, 5)
  await node.close()
})

test('a signed batch that cannot be read is kept, counted and acknowledged, and stops nothing', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  const header = { kind: batchKinds.flow, sensor: sensor.uuid, epoch: sensor.epoch, first: 1n, last: 1n, rows: 1, created_ms: 1 }
  const future = flowRows(rows(7, { minute: 0xffff_fff0 }))
  const unsigned = encodeBatch(header, future, { compress: false })
  const unreadable = attachSignature(unsigned, sensor.sign(signedBytes(unsigned)))
  assert.equal(await ackedBy(node, sensor, [unreadable, sensor.flows(rows(3), { first: 2n })]), '2')
  await stored(node, 3)
  await drained(node)
  const status = await node.call(contract.observatoryStatus, {})
  assert.ok('quarantined' in status && status.quarantined === 1)
  await node.restart()
  assert.equal(await ackedBy(node, sensor, [unreadable]), '2')
  await node.close()
})

test('a batch of interactions with one bad row is kept apart and stops nothing', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  const good = encodeInteraction(interaction({ at_ms: HOUR * 1000 }))
  const bent = (at: number, value: number) => {
    const row = good.slice()
    row[at] = value
    return new Uint8Array(Buffer.concat([good, row]))
  }
  const scattered = Array.from({ length: batch_months_max + 1 }, (_, i) => interaction({ at_ms: Date.UTC(2020, i, 2) }))
  // A handshake of no kind, a length that is another, a text that is not UTF-8, one row too few.
  const bad = [sensor.batch(batchKinds.interaction, bent(37, 9), 2), sensor.batch(batchKinds.interaction, bent(0, 7), 2),
    sensor.batch(batchKinds.interaction, bent(64, 0xff), 2), sensor.batch(batchKinds.interaction, good, 2), sensor.interactions(scattered)]
  assert.equal(await ackedBy(node, sensor, [...bad, sensor.interactions([interaction({ at_ms: HOUR * 1000 })])]), '6')
  await drained(node)
  assert.deepEqual(node.store.sums('interaction'), { rows: 1, packets: 0 })
  const before = await node.call(contract.observatoryStatus, {})
  assert.ok('quarantined' in before)
  assert.deepEqual([before.quarantined, before.interactions], [5, 1])
  await node.close()
})

test('a clock that runs wild makes no plan of a thousand blocks: what lies in too many months is kept apart', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  const months = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => ({ minute: Date.UTC(2026 - Math.floor((from + i) / 12), 11 - ((from + i) % 12), 1) / 1000, src: '240.1.2.3', dst_port: 23, packets: 1 }))
  assert.equal(await ackedBy(node, sensor, [sensor.flows(months(batch_months_max + 1)), sensor.flows(months(batch_months_max)), sensor.flows(rows(5))]), '3')
  assert.equal(await ackedBy(node, sensor, [0, 1, 2, 3].map((i) => sensor.flows(months(batch_months_max, i * batch_months_max)))), '7')
  await drained(node)
  const status = await node.call(contract.observatoryStatus, {})
  assert.ok('packets' in status)
  assert.deepEqual([status.packets, status.quarantined], [5 * batch_months_max + 5, 1])
  const plans = await observatoryDb(node.db).selectFrom('inbox_block').select((e) => e.fn.countAll<number>().as('blocks')).groupBy('plan').execute()
  assert.ok(plans.length >= 2 && plans.every(({ blocks }) => Number(blocks) <= 128), JSON.stringify(plans))
  await node.close()
})

test('a gap moves the mark, is remembered, and what it names is not waited for', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  assert.equal(await ackedBy(node, sensor, [sensor.flows(rows(1)), sensor.gap(2n, 9n), sensor.flows(rows(2))]), '10')
  await stored(node, 3)
  await drained(node)
  const listed = await node.call(contract.listSensors, {})
  assert.ok('sensors' in listed)
  assert.deepEqual(listed.sensors.map(({ gaps, gap_batches }) => [gaps, gap_batches]), [[1, 8]])
  // Larger than a JSON number: it is said as well as it can be, and stops nothing.
  assert.equal(await ackedBy(node, sensor, [sensor.gap(11n, 0x7fff_ffff_ffff_fff0n)]), String(0x7fff_ffff_ffff_fff0n))
  await drained(node)
  await node.restart()
  assert.equal(await ackedBy(node, sensor, [sensor.gap(11n, 12n)]), String(0x7fff_ffff_ffff_fff0n))
  await node.close()
})

test('kinds of later versions are acknowledged and stay in the journal', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  assert.equal(await ackedBy(node, sensor, [sensor.batch(77, new Uint8Array(12), 3), sensor.flows(rows(4))]), '2')
  await stored(node, 4)
  await drained(node)
  const status = await node.call(contract.observatoryStatus, {})
  assert.ok('unknown_kinds' in status && status.unknown_kinds === 1 && status.quarantined === 0)
  await node.close()
})

test('a full node says so, keeps nothing of the request, and goes on afterwards', async () => {
  const node = await startTestNode(database, { config: { backlog_bytes_max: 300 } })
  const sensor = await approved(node)
  node.store.failBefore = new Set(Array.from({ length: 100_000 }, (_, i) => i))
  const batches = [1, 2, 3, 4, 5].map((packets) => sensor.flows(rows(packets)))
  const codes: string[] = []
  for (const batch of batches) {
    const reply = await send(node, sensor, [batch])
    if ('code' in reply) codes.push(reply.code)
  }
  assert.ok(codes.length > 0 && codes.every((code) => code === 'node/full'))
  node.store.failBefore.clear()
  await drained(node)
  assert.equal(await ackedBy(node, sensor, batches.slice(0, 3)), '3')
  await drained(node)
  assert.equal(await ackedBy(node, sensor, batches), '5')
  await stored(node, 15)
  await node.close()
})

test('a revoked sensor is refused at its next batch, and another may take its name', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  assert.equal(await ackedBy(node, sensor, [sensor.flows(rows(1))]), '1')
  await node.call(contract.revokeSensor, { params: { id: sensor.uuid }, body: {} })
  const reply = await send(node, sensor, [sensor.flows(rows(1))])
  assert.ok('code' in reply && reply.code === 'sensor/revoked')
  await approved(node)
  await node.close()
})
