import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as contract from '@hirundo/contract'
import { startTestDatabase, startTestNode, type TestDatabase, type TestNode } from '../testing/node.ts'
import { FakeSensor, type FlowRow } from '../testing/sensor.ts'

let database: TestDatabase
before(async () => {
  database = await startTestDatabase()
})
after(() => database.stop())

const HOUR = 1_790_000_000 - (1_790_000_000 % 3600)
const rows = (packets: number, more: Partial<FlowRow> = {}): FlowRow[] =>
  [{ minute: HOUR, src: '240.1.2.3', dst_port: 23, packets, ...more }]

/** A sensor that is enrolled and approved. */
async function approved(node: TestNode, name = 'north'): Promise<FakeSensor> {
  const sensor = new FakeSensor()
  const token = await node.call(contract.createEnrolmentToken, { body: {} })
  assert.ok('token' in token)
  const [secret] = token.token.split('.')
  const enrolled = await node.call(contract.enrolSensor, { body: sensor.enrolment(secret!, name) })
  assert.ok('sensor' in enrolled)
  sensor.uuid = enrolled.sensor as never
  const listed = await node.call(contract.listSensors, {})
  assert.ok('sensors' in listed)
  const { fingerprint } = listed.sensors.find((one) => one.id === enrolled.sensor)!
  const view = await node.call(contract.approveSensor, { params: { id: enrolled.sensor }, body: { fingerprint } })
  assert.ok('state' in view && view.state === 'approved')
  return sensor
}

const send = (node: TestNode, sensor: FakeSensor, batches: readonly Uint8Array[]) =>
  node.call(contract.sendBatches, {}, sensor.post(batches))

const ackedBy = async (node: TestNode, sensor: FakeSensor, batches: readonly Uint8Array[]): Promise<string> => {
  const reply = await send(node, sensor, batches)
  assert.ok('acked' in reply, JSON.stringify(reply))
  return reply.acked
}

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
