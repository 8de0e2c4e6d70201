import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatSeconds } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { pino } from 'pino'
import { readConfig } from '../../../app/config.ts'
import { startNode, type Node } from '../../../app/node.ts'
import { FakeSensor } from '../testing/sensor.ts'

const MINUTE = 60
/** A whole hour that ended a while ago. */
const HOUR = Math.floor(Date.now() / 3_600_000) * 3600 - 2 * 3600

let node: Node
let directory: string
const logged: string[] = []
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hirundo-answers-'))
  const config = readConfig({ flags: {
    data_dir: directory, listen: '127.0.0.1:0',
    observatory: { flush_after_ms: 50, rollup_every_ms: 300, rollup_quiet_ms: 100 },
  } })
  node = await startNode({ config, log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }) })
})
after(async () => {
  await node?.stop()
  await rm(directory, { recursive: true, force: true })
})

const admin = () => contract.apiClient({ url: node.url, token: node.token! })

async function value<T>(result: Promise<contract.ApiResult<T>>): Promise<T> {
  const got = await result
  assert.ok(got.ok, JSON.stringify(got))
  return got.value
}

async function enrolled(name: string, client = admin(), simulated = true): Promise<FakeSensor> {
  const sensor = new FakeSensor()
  const { token } = await value(client.call(contract.createEnrolmentToken, { body: {} }))
  const public_client = contract.apiClient({ url: node.url })
  const { sensor: uuid } = await value(public_client.call(contract.enrolSensor, { body: sensor.enrolment(token.split('.')[0]!, name, simulated) }))
  sensor.uuid = uuid as never
  const { sensors } = await value(client.call(contract.listSensors, {}))
  const { fingerprint } = sensors.find(({ id }) => id === uuid)!
  await value(client.call(contract.approveSensor, { params: { id: uuid }, body: { fingerprint } }))
  return sensor
}

async function post(path: string, { body, headers }: { body: Uint8Array; headers: Record<string, string> }): Promise<{ acked?: string }> {
  const response = await fetch(`${node.url}/api/v1${path}`, { method: 'POST', headers, body: body as never })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return JSON.parse(text) as { acked?: string }
}

async function projected(client = admin()): Promise<contract.CallOutput<typeof contract.observatoryStatus>> {
  for (let i = 0; i < 600; i++) {
    const status = await value(client.call(contract.observatoryStatus, {}))
    if (status.backlog_batches === 0) return status
    await sleep(50)
  }
  throw new Error('the backlog does not end')
}

const range = { from: formatSeconds(HOUR - 3600), to: formatSeconds(HOUR + 3600) }

test('what two sensors saw is ranked, counted and put into proportion', async () => {
  const [north, south] = [await enrolled('north'), await enrolled('south')]
  const minutes = Array.from({ length: 60 }, (_, i) => HOUR + i * MINUTE)
  await post('/sensor/batches', north.post([
    north.flows([
      { minute: HOUR, src: '240.0.0.1', dst_port: 23, packets: 30 },
      { minute: HOUR, src: '240.0.0.2', dst_port: 23, packets: 10 },
      { minute: HOUR + 60, src: '240.0.0.1', dst_port: 445, packets: 5 },
    ]),
    north.minutes(minutes),
  ]))
  await post('/sensor/batches', south.post([
    south.flows([{ minute: HOUR, src: '240.0.0.1', dst_port: 23, packets: 2 }, { minute: HOUR - 60, src: '240.0.0.9', dst_port: 80, packets: 1, protocol: 17 }]),
    south.minutes(minutes.slice(0, 30)),
  ]))
  await post('/sensor/heartbeats', north.heartbeat())
  const status = await projected()
  assert.equal(status.packets, 48)
  const ports = await value(admin().call(contract.topAnswer, { params: { dimension: 'ports' }, query: range }))
  assert.deepEqual(ports.data.map(({ rank, protocol, port, packets, sources }) => [rank, protocol, port, packets, sources]), [
    [1, 'tcp', 23, 42, 2], [2, 'tcp', 445, 5, 1], [3, 'udp', 80, 1, 1],
  ])
  assert.equal(ports.coverage.sensors_live, 2)
  assert.equal(ports.simulated, true)
  assert.equal(ports.note, null)
  // 60 and 30 minutes of 120: three quarters of a sensor.
  assert.equal(ports.coverage.sensor_equivalents, 0.75)
  assert.equal(ports.data[0]!.packets_per_sensor, 56)
  for (const dimension of contract.topDimensions) {
    const { data } = await value(admin().call(contract.topAnswer, { params: { dimension }, query: range }))
    assert.equal(data.reduce((sum, { packets }) => sum + packets, 0), 48, dimension)
  }
  const only = await value(admin().call(contract.topAnswer, { params: { dimension: 'sensors' }, query: { ...range, sensor: ['south'] } }))
  assert.deepEqual(only.data.map(({ sensor, packets }) => [sensor, packets]), [['south', 3]])
})

test('a minute in which nobody watched is a hole in the series', async () => {
  const { data } = await value(admin().call(contract.seriesAnswer, { query: { ...range, step: 3600, dimension: 'port', key: 'tcp/23' } }))
  assert.deepEqual(data.points.map(({ packets, live_sensors, packets_per_sensor }) => [packets, live_sensors, packets_per_sensor]), [[null, 0, null], [42, 2, 28]])
})
