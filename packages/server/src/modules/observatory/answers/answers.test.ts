import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatSeconds } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { RealNode, testDirectory, value } from '../testing/real-node.ts'
import type { FlowRow } from '../testing/sensor.ts'

const MINUTE = 60
/** A whole hour that ended a while ago. */
const HOUR = Math.floor(Date.now() / 3_600_000) * 3600 - 2 * 3600

const real = new RealNode()
let directory: Awaited<ReturnType<typeof testDirectory>>
before(async () => {
  directory = await testDirectory()
  await real.start(directory.path, { rollup_every_ms: 300, rollup_quiet_ms: 100 })
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const admin = () => real.client()
const enrolled = real.enrolled.bind(real)
const post = real.post.bind(real)
const projected = real.projected.bind(real)

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
  // 60 and 30 minutes: a sensor and a half while any watched.
  assert.equal(ports.coverage.sensor_equivalents, 1.5)
  assert.equal(ports.data[0]!.packets_per_sensor, 28)
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

test('steps say when each sensor watched, and too many of them are refused', async () => {
  const { data } = await value(admin().call(contract.coverageAnswer, { query: { ...range, step: 1800 } }))
  assert.deepEqual(data.filter(({ sensor }) => ['north', 'south'].includes(sensor)).map(({ sensor, watched_s }) => [sensor, watched_s]), [
    ['north', [0, 0, 1800, 1800]], ['south', [0, 0, 1800, 0]],
  ])
  const plain = await value(admin().call(contract.coverageAnswer, { query: range }))
  assert.equal(plain.data[0]!.watched_s, undefined)
  for (const step of [60 * 7, 90]) {
    const refused = await admin().call(contract.coverageAnswer, { query: { ...range, step } })
    assert.ok(!refused.ok && refused.problem.code === 'request/invalid', `${step}`)
  }
  const long = await admin().call(contract.coverageAnswer, { query: { ...range, from: formatSeconds(HOUR - 86_400), step: 60 } })
  assert.ok(!long.ok && long.problem.code === 'request/invalid')
})

/** A client of another organisation's administrator. */
async function otherOrganisation(): Promise<contract.ApiClient> {
  const { id } = await value(admin().call(contract.createOrganisation, { body: { name: 'other' } }))
  const body = { name: 'other', scopes: ['observatory:read', 'sensors:read', 'sensors:write', 'audit:read'] as contract.Scope[], organisation: id }
  const { token } = await value(admin().call(contract.createToken, { body }))
  return real.client(token)
}

test('an organisation sees, approves and asks about its own sensors only', async () => {
  const other = await otherOrganisation()
  const mine = (await value(admin().call(contract.listSensors, {}))).sensors
  assert.deepEqual((await value(other.call(contract.listSensors, {}))).sensors, [])
  const stranger = await enrolled('north', other, false)
  const row: FlowRow = { minute: HOUR, src: '241.9.9.9', dst_port: 9999, packets: 7 }
  await post('/sensor/batches', stranger.post([stranger.flows([row]), stranger.minutes([HOUR])]))
  assert.equal((await projected(other)).packets, 7)
  assert.equal((await projected()).packets, 48)
  const theirs = await value(other.call(contract.topAnswer, { params: { dimension: 'ports' }, query: range }))
  assert.deepEqual(theirs.data.map(({ port, packets }) => [port, packets]), [[9999, 7]])
  assert.equal(theirs.simulated, false)
  const ours = await value(admin().call(contract.sourceAnswer, { params: { address: '241.9.9.9' }, query: range }))
  assert.equal(ours.data.packets, 0)
  const asked = await other.call(contract.topAnswer, { params: { dimension: 'ports' }, query: { ...range, sensor: ['south'] } })
  assert.ok(!asked.ok && asked.problem.code === 'sensor/not-found')
  const revoked = await other.call(contract.revokeSensor, { params: { id: mine[0]!.id }, body: {} })
  assert.ok(!revoked.ok && revoked.problem.code === 'sensor/not-found')
})

test('how busy the whole node is stays with those who operate it; who sends may see when it is queryable', async () => {
  const status = async (...scopes: contract.Scope[]) => {
    const { token } = await value(admin().call(contract.createToken, { body: { name: scopes.join(), scopes } }))
    return value(real.client(token).call(contract.observatoryStatus, {}))
  }
  const nodewide = ['backlog_bytes', 'journal_bytes', 'refused', 'blocks', 'blocks_pending', 'hours_to_roll', 'days_to_roll'] as const
  const received = ['appended', 'projected', 'backlog_batches'] as const
  const missing = (view: Awaited<ReturnType<typeof status>>) => [...nodewide, ...received].filter((name) => view[name] === null)
  const reader = await status('observatory:read')
  assert.deepEqual(missing(reader), [...nodewide, ...received])
  assert.equal(reader.packets, 48)
  assert.deepEqual(missing(await status('observatory:read', 'sensors:write')), nodewide)
  assert.deepEqual(missing(await status('observatory:read', 'node:operate')), [])
})

test('answers from the rollups are those from the rows', async () => {
  const ask = async () => {
    const top = async (dimension: contract.TopDimension) =>
      (await value(admin().call(contract.topAnswer, { params: { dimension }, query: range }))).data
    const tops = await Promise.all(contract.topDimensions.map(top))
    const series = await value(admin().call(contract.seriesAnswer, { query: { ...range, step: 3600 } }))
    const coverage = await value(admin().call(contract.coverageAnswer, { query: range }))
    return { tops, points: series.data.points, watched: coverage.data }
  }
  const packets = ({ tops }: Awaited<ReturnType<typeof ask>>) => tops.map((rows) => rows.reduce((sum, row) => sum + row.packets, 0))
  const six = (sum: number) => contract.topDimensions.map(() => sum)
  const marked = async () => (await value(admin().call(contract.observatoryStatus, {}))).hours_to_roll
  for (let i = 0; i < 200 && (await marked())! > 0; i++) await sleep(100)
  assert.equal(await marked(), 0)
  assert.deepEqual(packets(await ask()), six(48))
  // A late row makes its hours dirty again: they are read row by row until they are computed anew.
  const sensor = await enrolled('late')
  await post('/sensor/batches', sensor.post([sensor.flows([{ minute: HOUR - 60, src: '240.0.0.9', dst_port: 80, packets: 100, protocol: 17 }])]))
  await projected()
  const raw = await ask()
  assert.deepEqual(packets(raw), six(148))
  for (let i = 0; i < 200 && (await marked())! > 0; i++) await sleep(100)
  assert.deepEqual(await ask(), raw)
})

test('no destination and nothing of a sensor’s place is in any answer, log line, metric or audit entry', async () => {
  const sensor = await enrolled('quiet')
  const marker = '203.0.113.0'
  await post('/sensor/batches', sensor.post([sensor.flows([{ minute: HOUR, src: '240.7.7.7', dst_net: marker, dst_port: 7777, packets: 3 }]), sensor.minutes([HOUR])]))
  await post('/sensor/heartbeats', sensor.heartbeat())
  await projected()
  const get = async (path: string) => (await fetch(`${real.node.url}${path}`, { headers: { authorization: `Bearer ${real.token}` } })).text()
  const query = `?from=${range.from}&to=${range.to}`
  const at = new Date(HOUR * 1000)
  const quarter = `${at.getUTCFullYear()}/${Math.floor(at.getUTCMonth() / 3) + 1}`
  const firstEvent = async () => {
    const { body } = await fetch(`${real.node.url}/api/v1/live`, { headers: { authorization: `Bearer ${real.token}` } })
    let text = ''
    for await (const chunk of body!) if ((text += Buffer.from(chunk).toString()).includes('data:') && text.endsWith('\n\n')) break
    return text
  }
  const texts = await Promise.all([
    ...contract.topDimensions.map((dimension) => get(`/api/v1/top/${dimension}${query}`)), get(`/api/v1/series${query}`),
    get(`/api/v1/ports/tcp/7777${query}`), get(`/api/v1/sources/240.7.7.7${query}`), get(`/api/v1/matrix${query}`),
    get(`/api/v1/compare/ports${query}`), get(`/api/v1/coverage${query}`), get('/api/v1/sensors'), get('/api/v1/audit'),
    get('/api/v1/observatory/status'), get('/api/v1/node'), get('/metrics'),
    get('/api/v1/overview'), get(`/api/v1/reports/quarter/${quarter}?language=ja`), get(`/api/v1/reports/quarter/${quarter}.html`), firstEvent(),
    get('/status'), get('/readyz'), get(`/api/v1/top/ports${query}&sensor=nobody`), get(`/api/v1/series${query}&dimension=sensor&key=nobody`),
  ])
  assert.ok(texts.some((text) => text.includes('240.7.7.7')), 'the question found the source')
  for (const text of [...texts, ...real.logged]) {
    for (const secret of [marker, '203.0.113', '::ffff:203', 'dst_net', '198.51.100', 'ffff:cb00:71']) {
      assert.ok(!text.includes(secret), `${secret} in ${text.slice(0, 200)}`)
    }
  }
})
