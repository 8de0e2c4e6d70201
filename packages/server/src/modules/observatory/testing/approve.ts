import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import * as contract from '@hirundo/contract'
import type { TestNode } from './node.ts'
import { FakeSensor } from './sensor.ts'

/** A sensor that is enrolled and approved. */
export async function approved(node: TestNode, name = 'north'): Promise<FakeSensor> {
  const sensor = new FakeSensor()
  const token = await node.call(contract.createEnrolmentToken, { body: {} })
  assert.ok('token' in token)
  const enrolled = await node.call(contract.enrolSensor, { body: sensor.enrolment(token.token.split('.')[0]!, name) })
  assert.ok('sensor' in enrolled, JSON.stringify(enrolled))
  sensor.uuid = enrolled.sensor as never
  const listed = await node.call(contract.listSensors, {})
  assert.ok('sensors' in listed)
  const { fingerprint } = listed.sensors.find((one) => one.id === enrolled.sensor)!
  const view = await node.call(contract.approveSensor, { params: { id: enrolled.sensor }, body: { fingerprint } })
  assert.ok('state' in view && view.state === 'approved')
  return sensor
}

export const send = (node: TestNode, sensor: FakeSensor, batches: readonly Uint8Array[]) =>
  node.call(contract.sendBatches, {}, sensor.post(batches))

/** The number up to which the node says it has everything. */
export async function ackedBy(node: TestNode, sensor: FakeSensor, batches: readonly Uint8Array[]): Promise<string> {
  const reply = await send(node, sensor, batches)
  assert.ok('acked' in reply, JSON.stringify(reply))
  return reply.acked
}

export async function drained(node: TestNode): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    const status = await node.call(contract.observatoryStatus, {})
    assert.ok('backlog_batches' in status)
    if (status.backlog_batches === 0 && status.appended === status.projected) return
    await sleep(10)
  }
  throw new Error('the backlog does not end')
}
