import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { formatMillis, parseAddress, unwrap } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { batchKinds, encodeInteraction, type Interaction } from '@hirundo/formats'
import { sql } from 'kysely'
import { RealNode, testDirectory, value } from '../testing/real-node.ts'
import type { FakeSensor } from '../testing/sensor.ts'

const NOW = Math.floor(Date.now() / 60_000) * 60_000
const query = { from: formatMillis(NOW - 3_600_000), to: formatMillis(NOW) }
const SECRET = 'hunter2'

const real = new RealNode()
let directory: Awaited<ReturnType<typeof testDirectory>>
let sensor: FakeSensor
before(async () => {
  directory = await testDirectory()
  await real.start(directory.path)
  sensor = await real.enrolled('north')
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const row = (given: Partial<Omit<Interaction, 'src'>> & { src: string }): Uint8Array => encodeInteraction({
  at_ms: NOW - 60_000, clock_error_ms: 4, src_port: 51_000, dst_port: 23, transport: 'tcp', handshake: 'dialogue', protocol: 'telnet', bytes_in: 20, bytes_out: 30,
  requests: 1, duration_ms: 500, payload_sha256: createHash('sha256').update(SECRET).digest(), sample: Buffer.from(`root\r\n${SECRET}\r\n`), truncated: false,
  logins: [{ user: 'root', password: SECRET }], urls: [], facts: {}, guess: undefined, ...given, src: unwrap(parseAddress(given.src)),
})

async function send(rows: readonly Uint8Array[]): Promise<void> {
  await real.send(sensor, [sensor.batch(batchKinds.interaction, Buffer.concat(rows), rows.length)])
  await real.projected()
}

async function clientWith(scopes: readonly contract.Scope[], organisation?: string): Promise<contract.ApiClient> {
  const { token } = await value(real.client().call(contract.createToken, { body: { name: 'test', scopes: [...scopes], ...(organisation === undefined ? {} : { organisation }) } }))
  return real.client(token)
}

test('what a sensor heard is evidence, a ranking, an attack and an indicator; each organisation hears its own', async () => {
  await send([
    ...[1, 2, 3, 4, 5].map((i) => row({ src: `240.0.0.${i}`, at_ms: NOW - 60_000 - i })),
    row({ src: '240.0.0.1', handshake: 'completed', logins: [], protocol: 'any', at_ms: NOW - 30_000, facts: { 'modbus.function': '43 | 3', 'smtp.mail': SECRET }, urls: [`http://a:${SECRET}@203.0.113.9/x`] }),
    row({ src: '242.0.0.9', transport: 'udp', handshake: 'none', protocol: 'ntp', requests: 150, logins: [], dst_port: 123, src_port: 80 }),
  ])
  const admin = real.client()
  const { data, simulated, sensors_heard } = await value(admin.call(contract.sourceEvidence, { params: { address: '240.0.0.1' }, query }))
  assert.deepEqual([data.strength, data.counts, data.evidence.length, simulated, sensors_heard], ['dialogue', { none: 0, completed: 1, dialogue: 1 }, 2, true, 1])
  assert.deepEqual([data.evidence[0]!.handshake, data.evidence[0]!.sample, data.evidence[1]!.logins], ['completed', Buffer.from(`root\r\n${SECRET}\r\n`).toString('base64'), [{ user: 'root', password: SECRET }]])
  const top = async (what: contract.HeardKey, client = admin) => (await value(client.call(contract.heardTop, { params: { what }, query }))).data.rows.map(({ key, of, sources }) => [key, of, sources])
  assert.deepEqual(await top('passwords'), [[SECRET, 'root', 5]])
  assert.deepEqual((await top('functions')).toSorted(), [['3', 'modbus', 1], ['43', 'modbus', 1]])
  assert.deepEqual(await top('amplifiers'), [['ntp', null, 1]])
  const attacks = await value(admin.call(contract.drdosAttacks, { query }))
  assert.deepEqual(attacks.data.attacks.map(({ victim, requests, victim_ports, running }) => [victim, requests, victim_ports, running]), [['242.0.0.9', 150, [80], true]])
  const { data: indicators } = await value(admin.call(contract.sharedIndicators, { params: { kind: 'passwords' }, query }))
  assert.deepEqual(indicators.indicators.map(({ sources_at_least }) => sources_at_least), [5])
  const { data: series } = await value(admin.call(contract.heardSeries, { query: { ...query, step: 3600 } }))
  assert.equal(series.points.reduce((sum, { none, completed, dialogue }) => sum + none + completed + dialogue, 0), 7)
  const viewer = await clientWith(['observatory:read', 'sensors:read'])
  for (const what of contract.heardKeys) assert.ok(!JSON.stringify(await top(what, viewer)).includes(SECRET), what)
  const viewed = JSON.stringify(await value(viewer.call(contract.sourceEvidence, { params: { address: '240.0.0.1' }, query })))
  assert.ok(!viewed.includes(SECRET) && !viewed.includes(Buffer.from(SECRET).toString('base64').slice(0, 8)), viewed)
  const { id } = await value(admin.call(contract.createOrganisation, { body: { name: 'other' } }))
  const other = await clientWith(['observatory:read', 'content:read', 'sensors:write'], id)
  for (const what of contract.heardKeys) assert.deepEqual(await top(what, other), [], what)
  assert.equal((await value(other.call(contract.sourceEvidence, { params: { address: '240.0.0.1' }, query }))).data.strength, null)
})

test('pages of many rows of the same instants lose none', async () => {
  await send([...Array(230).keys()].map((i) => row({ src: '244.0.0.1', src_port: 1000 + i, at_ms: NOW - 100_000 - Math.floor(i / 10) })))
  const ports = new Set<number>()
  for (let after: string | null | undefined; after !== null;) {
    const { data } = await value(real.client().call(contract.sourceEvidence, { params: { address: '244.0.0.1' }, query: { ...query, limit: 60, ...(after === undefined ? {} : { after }) } }))
    for (const { src_port } of data.evidence) ports.add(src_port)
    after = data.next
  }
  assert.equal(ports.size, 230)
})

test('a full register of decoys is left out of interactions and flows, and its networks stand in no log', async () => {
  await send([row({ src: '203.0.113.77' }), row({ src: '2001:db8:5::1' })])
  const admin = real.client()
  for (const network of ['203.0.113.64/26', '2001:db8:5::/48']) await value(admin.call(contract.addDecoy, { body: { network } }))
  await sql`insert into decoy (id, organisation_id, network, note, created_by, created_at)
    select gen_random_uuid(), 1, ('198.18.' || i / 256 || '.' || i % 256 || '/' || (case when i % 256 = 0 then 24 else 32 end))::cidr, '', 'test', now() from generate_series(1, 998) i`.execute(real.node.platform.db)
  const { data } = await value(admin.call(contract.heardTop, { params: { what: 'sources' }, query: { ...query, limit: 1000 } }))
  assert.ok(data.rows.length > 5 && !data.rows.some(({ key }) => key === '203.0.113.77' || key === '2001:db8:5::1'))
  assert.equal((await value(admin.call(contract.sourceEvidence, { params: { address: '2001:db8:5::1' }, query }))).data.strength, null)
  await real.send(sensor, [sensor.flows([
    { minute: NOW / 1000 - 60, src: '203.0.113.77', dst_port: 7777, packets: 900 }, { minute: NOW / 1000 - 60, src: '240.0.0.1', dst_port: 7777, packets: 3 },
  ])])
  await real.projected()
  const sources = await value(admin.call(contract.topAnswer, { params: { dimension: 'sources' }, query }))
  assert.deepEqual(sources.data.map((one) => [one.rank, one.source, one.packets]), [[1, '240.0.0.1', 3]])
  const asked = [
    admin.call(contract.portAnswer, { params: { protocol: 'tcp', port: '7777' }, query }), admin.call(contract.compareAnswer, { params: { dimension: 'sources' }, query }),
    admin.call(contract.topAnswer, { params: { dimension: 'sources' }, query }),
  ] as const
  for (const one of asked) assert.ok(!JSON.stringify(await value(one as Promise<contract.ApiResult<unknown>>)).includes('203.0.113'))
  const silent = await value(admin.call(contract.sourceAnswer, { params: { address: '203.0.113.77' }, query }))
  assert.deepEqual([silent.data.packets, silent.data.ports, silent.data.first_seen], [0, [], null])
  const { data: line } = await value(admin.call(contract.seriesAnswer, { query: { ...query, dimension: 'source', key: '203.0.113.77' } }))
  assert.ok(line.points.every(({ packets }) => packets === null || packets === 0))
  const key = randomBytes(32)
  await value(admin.call(contract.setIndicatorKey, { body: { key: key.toString('base64') } }))
  for (const line of real.logged) assert.ok(!/203\.0\.113|2001:db8:5|198\.18\./.test(line) && !line.includes(key.toString('base64')), line)
})
