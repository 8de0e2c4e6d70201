import assert from 'node:assert/strict'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { formatSeconds } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { capture } from '../../../app/cli/observatory/testing/capture.ts'
import { run } from '../../../app/cli/run.ts'
import { simulatedEconomies } from '../networks/simulated.ts'
import { mmdb } from '../testing/mmdb.ts'
import { RealNode, testDirectory, until, value } from '../testing/real-node.ts'

/** A whole hour that ended a while ago. */
const HOUR = Math.floor(Date.now() / 3_600_000) * 3600 - 2 * 3600
const range = { from: formatSeconds(HOUR), to: formatSeconds(HOUR + 3600) }
const AS_OF = 'economies 2026-02-03, networks 2026-02-04'
const LOCATION = 'location-of-address-not-of-actor'

const real = new RealNode()
let directory: Awaited<ReturnType<typeof testDirectory>>
before(async () => {
  directory = await testDirectory()
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const top = (dimension: contract.TopDimension, query: object = {}) =>
  value(real.client().call(contract.topAnswer, { params: { dimension }, query: { ...range, limit: 20, ...query } }))
const sum = (rows: readonly { packets: number }[]) => rows.reduce((total, { packets }) => total + packets, 0)

test('a node that is stopped while it loads its first tables of networks ends at once', async () => {
  const [economy_file, asn_file] = [join(directory.path, 'economies.csv'), join(directory.path, 'asns.mmdb')]
  await writeFile(economy_file, '192.0.2.0,192.0.2.255,xz\n')
  await writeFile(asn_file, mmdb([[[192, 0, 2, 0], 24, { autonomous_system_number: 64_999, autonomous_system_organization: 'Tiny' }]]))
  await utimes(economy_file, Date.UTC(2026, 1, 3) / 1000, Date.UTC(2026, 1, 3) / 1000)
  await utimes(asn_file, Date.UTC(2026, 1, 4) / 1000, Date.UTC(2026, 1, 4) / 1000)
  await real.start(join(directory.path, 'node'), { networks: true })
  await real.stop()
  const lines = real.logged.map((line) => JSON.parse(line) as { part?: string; msg: string })
  assert.ok(!lines.some(({ msg }) => msg.includes('loaded the tables')), 'it was still loading')
  assert.ok(!lines.some(({ part, msg }) => part === 'observatory' && msg.includes('left behind')))
  // For the next test; without tables, so that nothing is loaded meanwhile.
  await real.start(join(directory.path, 'node'))
  await real.set('observatory.networks_economy_file', economy_file)
  await real.set('observatory.networks_asn_file', asn_file)
  await real.stop()
})

test('the operator’s own tables, CSV and MMDB, stand beside the fictional world and are dated in answers', async () => {
  await real.start(join(directory.path, 'node'), { networks: true })
  await until(async () => (await real.status()).networks_as_of === AS_OF, 'the operator’s table')
  const [north, south] = [await real.enrolled('north'), await real.enrolled('south')]
  const flow = (src: string, dst_port: number, packets: number, minute = HOUR) => ({ minute, src, dst_port, packets })
  const world = simulatedEconomies.map((_, e) => flow(`${240 + 2 * e}.0.5.1`, 23, 10 * (e + 1)))
  await real.send(north, [
    north.flows([...world, flow('240.0.1.7', 23, 1000), flow('192.0.2.9', 445, 3)]),
    north.flows([flow('254.0.5.1', 23, 20, HOUR - 3600), flow('240.0.5.1', 23, 40, HOUR - 3600)]),
    north.minutes(Array.from({ length: 120 }, (_, i) => HOUR - 3600 + i * 60)),
  ])
  await real.send(south, [south.flows([flow('240.0.5.1', 445, 100), flow('240.0.5.1', 80, 200)]), south.minutes([HOUR])])
  await real.projected()
  const economies = await top('economies')
  assert.deepEqual([economies.tables_as_of, economies.note, economies.simulated], [AS_OF, LOCATION, true])
  assert.deepEqual(economies.data.map(({ economy, packets }) => [economy, packets]), [
    ['XA', 1310], ['XH', 80], ['XG', 70], ['XF', 60], ['XE', 50], ['XD', 40], ['XC', 30], ['XB', 20], ['XZ', 3],
  ])
  const asns = await top('asns')
  assert.deepEqual(asns.data.slice(0, 2).map(({ asn, as_name }) => [asn, as_name]), [[64_496, 'XA Backbone (simulated)'], [64_510, 'XH Backbone (simulated)']])
  assert.deepEqual(asns.data.filter(({ asn }) => asn === 64_999).map(({ as_name, packets }) => [as_name, packets]), [['Tiny', 3]])
  const source = await value(real.client().call(contract.sourceAnswer, { params: { address: '240.0.1.7' }, query: range }))
  assert.deepEqual([source.data.economy, source.data.asn, source.data.research], ['XA', 64_496, 'XA Survey (simulated)'])
  assert.deepEqual(source.data.special_purpose, { cidr: '240.0.0.0/4', name: 'Reserved', rfc: 'RFC 1112' })
})

test('research scanners are counted with the others, without, or alone, in every ranking', async () => {
  for (const dimension of contract.topDimensions) {
    const sums = await Promise.all((['include', 'exclude', 'only'] as const).map(async (research) => sum((await top(dimension, { research })).data)))
    assert.deepEqual(sums, [1663, 663, 1000], dimension)
  }
  assert.deepEqual((await top('sources', { research: 'only' })).data.map((row) => row.source), ['240.0.1.7'])
})

test('rankings by economy and AS say that an address is no actor, the others do not', async () => {
  for (const dimension of contract.topDimensions) {
    const expected = dimension === 'economies' || dimension === 'asns' ? LOCATION : null
    assert.equal((await top(dimension)).note, expected, dimension)
    assert.equal((await value(real.client().call(contract.compareAnswer, { params: { dimension }, query: range }))).note, expected, dimension)
  }
  for (const [dimension, key, expected] of [['economy', 'XA', LOCATION], ['asn', '64496', LOCATION], ['port', 'tcp/23', null]] as const) {
    assert.equal((await value(real.client().call(contract.seriesAnswer, { query: { ...range, step: 3600, dimension, key } }))).note, expected)
  }
  for (const route of [contract.matrixAnswer, contract.coverageAnswer] as const) assert.equal((await value(real.client().call(route, { query: range }))).note, null)
})

test('two periods are compared by packets per sensor, and sensors stand against ports', async () => {
  const { data } = await value(real.client().call(contract.compareAnswer, { params: { dimension: 'economies' }, query: { ...range, research: 'exclude', sensor: ['north'] } }))
  assert.deepEqual([data.base_from, data.base_to], [formatSeconds(HOUR - 3600), range.from])
  const rows = new Map(data.rows.map((row) => [row.economy, [row.rank, row.base_rank, row.packets, row.base_packets, row.ratio]]))
  assert.deepEqual(rows.get('XH'), [1, 2, 80, 20, 4])
  assert.deepEqual(rows.get('XA'), [8, 1, 10, 40, 0.25])
  assert.deepEqual(rows.get('XB'), [7, null, 20, null, null])
  const matrix = (await value(real.client().call(contract.matrixAnswer, { query: range }))).data
  const cell = (sensor: string, port: string) => matrix.packets[matrix.sensors.indexOf(sensor)]![matrix.ports.indexOf(port)]
  assert.deepEqual([cell('north', 'tcp/23'), cell('south', 'tcp/23'), cell('north', 'tcp/445'), cell('south', 'tcp/445'), cell('north', 'tcp/80'), cell('south', 'tcp/80')], [1360, 0, 3, 100, 0, 200])
})

test('import loads captures of now and of before retention; a second time adds nothing', async () => {
  const files = [join(directory.path, 'now.pcap'), join(directory.path, 'old.pcap')]
  await writeFile(files[0]!, capture(90, HOUR + 30))
  await writeFile(files[1]!, capture(70, HOUR - 400 * 86_400))
  const imported = async () => {
    let out = ''
    const cli = {
      environment: { HIRUNDO_URL: real.node.url, HIRUNDO_TOKEN: real.token }, note: () => undefined,
      out: (text: string) => {
        out += text
      },
    }
    assert.equal(await run(cli, ['import', '--sensor', 'history', '--dst', '192.0.2.0/24', '--format', 'json', ...files]), 0)
    return JSON.parse(out) as Record<string, number>
  }
  const [first, second] = [await imported(), await imported()]
  assert.deepEqual(first, { files: 2, packets: 160, counted: 160, not_ip: 0, not_for_us: 0, malformed: 0, flows: first['flows'], stored: 160 })
  assert.deepEqual(second, first)
  const status = await real.status()
  assert.equal(status.late_packets, 70)
  assert.deepEqual((await top('sensors', { sensor: ['history'] })).data.map(({ packets }) => packets), [90])
})
