import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as contract from '@hirundo/contract'
import { RealNode, testDirectory, value } from '../testing/real-node.ts'
import type { FakeSensor } from '../testing/sensor.ts'

/** A destination that must come out nowhere. */
const DESTINATION = '203.0.113.0'
const minute_now = () => Math.floor(Date.now() / 60_000) * 60

let directory: Awaited<ReturnType<typeof testDirectory>>
const node = new RealNode()
let north: FakeSensor
before(async () => {
  directory = await testDirectory()
  await node.start(`${directory.path}/node`)
  north = await node.enrolled('north')
})
after(async () => {
  await node.stop()
  await directory.remove()
})

const flow = (minute: number, dst_port: number, packets: number, last = 1) => ({ minute, src: `240.0.0.${last}`, dst_net: DESTINATION, dst_port, packets })

/** The events of a stream, one after the other. */
async function* eventsOf(token: string, signal: AbortSignal): AsyncGenerator<contract.LiveOverview> {
  const response = await fetch(`${node.node.url}/api/v1/live`, { headers: { authorization: `Bearer ${token}` }, signal })
  assert.equal(response.status, 200)
  let text = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end)
      text = text.slice(end + 2)
      assert.ok(!event.includes(DESTINATION))
      const data = /^event: overview\nid: \d+\ndata: (.*)$/.exec(event)?.[1]
      if (data !== undefined) yield JSON.parse(data) as contract.LiveOverview
    }
  }
}

test('a node without anything says so: holes and no figure that could be read as zero', async () => {
  const empty = await value(node.client().call(contract.overviewAnswer, {}))
  assert.equal(empty.newest_minute, null)
  assert.equal(empty.previous, null)
  assert.equal(empty.minutes.length, 60)
  assert.ok(empty.minutes.every(({ packets, packets_per_sensor }) => packets === null && packets_per_sensor === null))
  assert.deepEqual(empty.sensors.map(({ name, packets }) => [name, new Set(packets)]), [['north', new Set([null])]])
})

test('what becomes queryable is told to who listens; the hour, ranks against the hour before, and holes', async () => {
  const stop = new AbortController()
  const events = eventsOf(node.token, stop.signal)
  assert.equal((await events.next()).value?.packets, 0)
  const now = minute_now()
  const before_hour = now - 65 * 60
  await node.send(north, [
    north.minutes([before_hour], 90), north.flows([flow(before_hour, 23, 60), flow(before_hour, 22, 30)]),
    north.minutes([now - 180], 71), north.flows([flow(now - 180, 22, 40), flow(now - 180, 23, 30), flow(now - 180, 8080, 1)]),
    north.minutes([now - 60], 50), north.flows([flow(now - 60, 22, 30, 2), flow(now - 60, 5555, 20, 3)]),
  ])
  let live = (await events.next()).value as contract.LiveOverview
  while (live.packets < 121) live = (await events.next()).value as contract.LiveOverview
  stop.abort()
  await events.return(undefined).catch(() => undefined)
  assert.deepEqual(live.ports.map(({ rank, previous_rank, key, packets }) => [rank, previous_rank, key, packets]),
    [[1, 2, 'tcp/22', 70], [2, 1, 'tcp/23', 30], [3, null, 'tcp/5555', 20], [4, null, 'tcp/8080', 1]])
  assert.deepEqual(live.climbers.map(({ key }) => key), ['tcp/5555', 'tcp/22'])
  assert.deepEqual([live.packets, live.sources, live.previous?.packets, live.simulated], [121, 3, 90, true])
  assert.deepEqual(live.minutes.filter(({ packets }) => packets !== null).map(({ packets, live_sensors }) => [packets, live_sensors]), [[71, 1], [50, 1]])
  assert.equal(live.note, 'location-of-address-not-of-actor')
  const [sensor] = live.sensors
  assert.deepEqual(sensor!.packets.filter((packets) => packets !== null), [71, 50])
  assert.equal(sensor!.last_minute, live.newest_minute)
  assert.equal(Date.parse(live.to), Date.parse(live.newest_minute!) + 60_000)
})

test('a heartbeat and an enrolment that waits come without a question to the analytics store', async () => {
  const stop = new AbortController()
  const events = eventsOf(node.token, stop.signal)
  const first = (await events.next()).value as contract.LiveOverview
  await node.post('/sensor/heartbeats', north.heartbeat({ spool_batches: 7 }))
  let next = (await events.next()).value as contract.LiveOverview
  while (next.sensors[0]!.spool_batches !== 7) next = (await events.next()).value as contract.LiveOverview
  stop.abort()
  await events.return(undefined).catch(() => undefined)
  assert.equal(next.sensors[0]!.live, true)
  assert.ok(next.generation > first.generation)
  assert.deepEqual(next.ports, first.ports)
})

test('another organisation learns nothing', async () => {
  const { id } = await value(node.client().call(contract.createOrganisation, { body: { name: 'other' } }))
  const { token } = await value(node.client().call(contract.createToken, { body: { name: 'other', scopes: ['observatory:read'], organisation: id } }))
  const theirs = await value(node.client(token).call(contract.overviewAnswer, {}))
  assert.deepEqual([theirs.packets, theirs.sensors, theirs.sensors_total, theirs.coverage.sensors_total], [0, [], 0, 0])
  const { token: blind } = await value(node.client().call(contract.createToken, { body: { name: 'blind', scopes: ['audit:read'] } }))
  const refused = await fetch(`${node.node.url}/api/v1/live`, { headers: { authorization: `Bearer ${blind}` } })
  assert.equal(refused.status, 403)
})
