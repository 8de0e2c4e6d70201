import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { realWorld } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { sql } from 'kysely'
import { approved, ackedBy } from '../testing/approve.ts'
import { administrator, startTestDatabase, startTestNode, type TestDatabase, type TestNode } from '../testing/node.ts'
import { FakeSensor } from '../testing/sensor.ts'

let database: TestDatabase
before(async () => {
  database = await startTestDatabase()
})
after(() => database.stop())

async function secretOf(node: TestNode): Promise<string> {
  const made = await node.call(contract.createEnrolmentToken, { body: {} })
  assert.ok('token' in made)
  return made.token.split('.')[0]!
}
const code = (answer: object): unknown => ('code' in answer ? answer.code : 'none')

test('an enrolment token lets one key in, within its time; a lost answer may be asked for again', async () => {
  let now = realWorld.now()
  const node = await startTestNode(database, { world: { now: () => now, random: realWorld.random } })
  const secret = await secretOf(node)
  const sensor = new FakeSensor()
  const first = await node.call(contract.enrolSensor, { body: sensor.enrolment(secret, 'north') })
  const again = await node.call(contract.enrolSensor, { body: sensor.enrolment(secret, 'north') })
  assert.ok('sensor' in first && 'sensor' in again && first.sensor === again.sensor && first.state === 'pending')
  assert.equal(code(await node.call(contract.enrolSensor, { body: new FakeSensor().enrolment(secret, 'thief') })), 'enrolment/token-invalid')
  assert.equal(code(await node.call(contract.enrolSensor, { body: new FakeSensor().enrolment(await secretOf(node), 'north') })), 'sensor/name-taken')
  const forged = { ...new FakeSensor().enrolment(await secretOf(node), 'x'), public_key: Buffer.from(sensor.public_key).toString('base64') }
  assert.equal(code(await node.call(contract.enrolSensor, { body: forged })), 'batch/signature-invalid')
  const old = await secretOf(node)
  now += 24 * 3_600_000
  assert.equal(code(await node.call(contract.enrolSensor, { body: new FakeSensor().enrolment(old, 'late') })), 'enrolment/token-invalid')
  const audited = await sql<{ action: string }>`select action from audit where action = 'sensor.enrol'`.execute(node.db)
  assert.equal(audited.rows.length, 1)
  await node.close()
})

test('enrolments that wait are bounded, for each organisation by itself', async () => {
  const node = await startTestNode(database, { config: { pending_sensors_max: 2 } })
  const secrets = await Promise.all([1, 2, 3, 4].map(() => secretOf(node)))
  const answers = await Promise.all(secrets.map((secret, i) => node.call(contract.enrolSensor, { body: new FakeSensor().enrolment(secret, `s${i}`) })))
  assert.deepEqual(answers.map(code).filter((one) => one !== 'none'), ['enrolment/too-many-pending', 'enrolment/too-many-pending'])
  await sql`insert into organisation (id, name) values (77, 'other')`.execute(node.db)
  const theirs = await node.call(contract.createEnrolmentToken, { body: {} }, { actor: { ...administrator, organisation_id: 77 } })
  assert.ok('token' in theirs)
  assert.equal(code(await node.call(contract.enrolSensor, { body: new FakeSensor().enrolment(theirs.token.split('.')[0]!, 's0') })), 'none')
  await node.close()
})

test('only the whole fingerprint approves; a pending sensor sends nothing', async () => {
  const node = await startTestNode(database)
  const sensor = new FakeSensor()
  const enrolled = await node.call(contract.enrolSensor, { body: sensor.enrolment(await secretOf(node), 'north') })
  assert.ok('sensor' in enrolled)
  sensor.uuid = enrolled.sensor as never
  const batch = sensor.flows([{ minute: 1_790_000_040, src: '240.0.0.1', dst_port: 1, packets: 1 }])
  assert.equal(code(await node.call(contract.sendBatches, {}, sensor.post([batch]))), 'sensor/not-approved')
  const listed = await node.call(contract.listSensors, {})
  assert.ok('sensors' in listed)
  const { fingerprint } = listed.sensors[0]!
  for (const wrong of ['', fingerprint.slice(0, -1), `${fingerprint}a`, enrolled.node_fingerprint]) {
    const answer = await node.call(contract.approveSensor, { params: { id: sensor.uuid }, body: { fingerprint: wrong } })
    assert.equal(code(answer), 'sensor/fingerprint-mismatch')
  }
  const spoken = fingerprint.toUpperCase().replaceAll('-', ' ')
  assert.equal(code(await node.call(contract.approveSensor, { params: { id: sensor.uuid }, body: { fingerprint: spoken } })), 'none')
  assert.equal(await ackedBy(node, sensor, [batch]), '1')
  await node.close()
})

test('a heartbeat counts once, in its own words', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  const beat = sensor.heartbeat({ spool_batches: 5 })
  assert.equal(code(await node.call(contract.sendHeartbeat, {}, beat)), 'none')
  assert.equal(code(await node.call(contract.sendHeartbeat, {}, beat)), 'batch/out-of-order')
  const changed = { ...sensor.heartbeat(), body: Buffer.from(Buffer.from(sensor.heartbeat().body).toString().replace('"packets_seen":9', '"packets_seen":8')) }
  assert.equal(code(await node.call(contract.sendHeartbeat, {}, changed)), 'batch/signature-invalid')
  const listed = await node.call(contract.listSensors, {})
  assert.ok('sensors' in listed)
  assert.deepEqual(listed.sensors.map(({ live, spool_batches, clock_offset_ms }) => [live, spool_batches, clock_offset_ms]), [[true, 5, -3]])
  await node.close()
})

test('a heartbeat that says more than a number holds is refused, and the list stays readable', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  for (const more of [{ packets_seen: 2 ** 62 }, { clock_offset_ms: -1e300 }, { counter: 2 ** 63 }, { version: 'a\u0000b' }, { version: '\u001b[2J' }]) {
    assert.deepEqual(await node.call(contract.sendHeartbeat, {}, sensor.heartbeat(more)), { code: 'request/invalid', detail: { what: 'heartbeat' } })
  }
  const listed = await node.call(contract.listSensors, {})
  assert.ok('sensors' in listed && listed.sensors.length === 1)
  await node.close()
})

test('whether a sensor answers, and what it counted, is as its last heartbeat says', async () => {
  const node = await startTestNode(database)
  const sensor = await approved(node)
  const view = async () => {
    const listed = await node.call(contract.listSensors, {})
    assert.ok('sensors' in listed)
    const [{ answering, interactions, interactions_shed, answer_counters }] = listed.sensors as [contract.SensorView]
    return { answering, interactions, interactions_shed, answer_counters }
  }
  assert.deepEqual(await view(), { answering: null, interactions: null, interactions_shed: null, answer_counters: null })
  const counters = { interactions: 12, interactions_shed: 3, tcp_refused_node: 4 }
  assert.equal(code(await node.call(contract.sendHeartbeat, {}, sensor.heartbeat({ answer: counters }))), 'none')
  assert.deepEqual(await view(), { answering: true, interactions: 0, interactions_shed: 3, answer_counters: counters })
  const odd = { 'Not a name': { deep: 'x' }, __proto__x: 1, 'a b': '192.0.2.7', interactions: 13 }
  assert.equal(code(await node.call(contract.sendHeartbeat, {}, sensor.heartbeat({ answer: odd }))), 'none')
  assert.deepEqual((await view()).answer_counters, { __proto__x: 1, interactions: 13 }, 'what is no counter must not reach the list')
  assert.equal(code(await node.call(contract.sendHeartbeat, {}, sensor.heartbeat())), 'none')
  assert.deepEqual(await view(), { answering: false, interactions: null, interactions_shed: null, answer_counters: null })
  for (const answer of [{ interactions: -1 }, { interactions: 2 ** 60 }, Object.fromEntries([...Array(65).keys()].map((i) => [`c${'_'.repeat(i % 48)}${'a'.repeat(i)}`.slice(0, 49), 1])), 5]) {
    assert.equal(code(await node.call(contract.sendHeartbeat, {}, sensor.heartbeat({ answer }))), 'request/invalid', JSON.stringify(answer))
  }
  await node.close()
})

test('an import sensor keeps its identity when its key changes; a live sensor’s name is not for imports', async () => {
  const node = await startTestNode(database)
  const key = () => Buffer.from(new FakeSensor().public_key).toString('base64')
  const one = await node.call(contract.registerImport, { body: { name: 'archive', public_key: key() } })
  const two = await node.call(contract.registerImport, { body: { name: 'archive', public_key: key() } })
  assert.ok('id' in one && 'id' in two && one.id === two.id && one.fingerprint !== two.fingerprint && two.state === 'approved')
  await approved(node, 'north')
  assert.equal(code(await node.call(contract.registerImport, { body: { name: 'north', public_key: key() } })), 'sensor/name-taken')
  assert.equal(code(await node.call(contract.registerImport, { body: { name: 'archive', public_key: key(), simulated: true } })), 'sensor/name-taken')
  await node.close()
})
