import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as contract from '@hirundo/contract'
import { observatory, observatoryAnswers, simulatedBlocks, simulatedNetworks } from '../../observatory/index.ts'
import { quick, RealNode, testDirectory, value } from '../../observatory/testing/real-node.ts'
import type { Platform } from '../../../platform/module.ts'
import type { Detection } from '../detectors/model.ts'
import { migrations } from '../migrations/index.ts'
import { findingHandlers, findingSink, healthOf } from './index.ts'
import { context } from './testing/findings.ts'

const MINUTE = 60
/** A whole hour that ended a while ago. */
const HOUR = Math.floor(Date.now() / 3_600_000) * 3600 - 2 * 3600
let platform: Platform
/** Observatory and findings on both real stores; detections are given by the test. */
const real = new RealNode(undefined, (given) => {
  platform = given
  return [observatory(given, quick), {
    name: 'warning', migrations, handlers: findingHandlers({
      ...given, answers: observatoryAnswers(given), bulletinsOf: async () => [], healthOf: (organisation) => healthOf(given, organisation, [{ state: 'ok', window_to: null }]),
    }),
  }]
})
let directory: Awaited<ReturnType<typeof testDirectory>>
before(async () => {
  directory = await testDirectory()
  await real.start(directory.path)
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const iso = (second: number) => new Date(second * 1000).toISOString()

test('a finding over what two sensors saw is placed, drawn and counted again; late rows are told', async () => {
  const [north, south] = [await real.enrolled('north'), await real.enrolled('south')]
  const minutes = Array.from({ length: 60 }, (_, i) => HOUR + i * MINUTE)
  const flow = (minute: number, src: string, packets: number) => ({ minute: HOUR + minute * MINUTE, src, dst_port: 23, packets })
  await real.post('/sensor/batches', north.post([north.flows([flow(10, '240.1.1.1', 30), flow(11, '240.1.1.2', 20), flow(40, '240.1.1.1', 5)]), north.minutes(minutes)]))
  await real.post('/sensor/batches', south.post([south.flows([flow(10, '240.1.1.1', 7)]), south.minutes(minutes)]))
  await real.post('/sensor/heartbeats', north.heartbeat())
  await real.projected()
  await platform.analytics.loadNetworks({
    economies: simulatedBlocks, asns: simulatedNetworks.map(({ cidr, asn, name }) => [cidr, asn, name] as const), research: [], as_of: '2026-01-01',
  })
  const [start, end] = [HOUR + 10 * MINUTE, HOUR + 12 * MINUTE]
  const evidence = (more: object, packets: number, sources: number, sensors: number) =>
    [{ query: { of: 'flows' as const, from: iso(start), to: iso(end), protocol: 'tcp', port: 23, research: 'exclude' as const, ...more }, packets, sources, sensors }]
  const base = { start, end, open: false, severity: 'warning' as const, figures: {}, crossed: [] }
  const given: Detection[] = [
    { ...base, kind: 'change-point', subject: { protocol: 'tcp', port: 23 }, packets: 57, evidence: evidence({}, 57, 2, 2) },
    { ...base, kind: 'scan', subject: { source: '240.1.1.1', protocol: 'tcp', port: 23 }, packets: 37, evidence: evidence({ source: '240.1.1.1' }, 37, 1, 2) },
  ]
  await findingSink(platform).store(1, given, context({ found_at_ms: Date.now(), simulated: true }))
  const client = real.client()
  const { findings } = await value(client.call(contract.listFindings, { query: {} }))
  const scan = findings.find(({ kind }) => kind === 'scan')!
  const port = findings.find(({ kind }) => kind === 'change-point')!
  assert.deepEqual([scan.economy, scan.asn, port.economy], ['XA', 64_496, null])
  const check = async (id: string) => {
    const { reproduced, answers: [answer] } = await value(client.call(contract.checkFinding, { params: { id } }))
    return [reproduced, answer!.now?.packets, answer!.now?.sources, answer!.now?.sensors, answer!.reason]
  }
  assert.deepEqual(await check(port.id), [true, 57, 2, 2, null])
  assert.deepEqual(await check(scan.id), [true, 37, 1, 2, null])
  const series = async (id: string) => {
    const { points, simulated, step_s, ...rest } = await value(client.call(contract.findingSeries, { params: { id } }))
    assert.deepEqual([simulated, step_s, rest.start, rest.end], [true, 60, iso(start).replace('.000', ''), iso(end).replace('.000', '')])
    assert.ok(points.length >= 60 && points.length <= 201, `${points.length}`)
    return points.filter(({ packets }) => packets > 0).map(({ at, packets, sources, live_sensors }) => [(Date.parse(at) / 1000 - HOUR) / MINUTE, packets, sources, live_sensors])
  }
  assert.deepEqual(await series(port.id), [[10, 37, 1, 2], [11, 20, 1, 2], [40, 5, 1, 2]])
  assert.deepEqual(await series(scan.id), [[10, 37, 1, 2], [40, 5, 1, 2]])
  await real.post('/sensor/batches', south.post([south.flows([flow(11, '240.1.1.3', 9)])]))
  await real.projected()
  assert.deepEqual(await check(port.id), [false, 66, 3, 2, 'late-data'])
  const summary = await value(client.call(contract.findingSummary, {}))
  assert.deepEqual([summary.waiting, summary.sensors_live, summary.sensors_total, summary.simulated], [{ urgent: 0, warning: 2, notice: 0 }, 1, 2, true])
})
