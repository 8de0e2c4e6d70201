import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MINUTE_S, parseAddress, unwrap } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { backscatterLayout, batchKinds } from '@hirundo/formats'
import { observatory, Projections } from '../../observatory/index.ts'
import { quick, RealNode, testDirectory, until, value } from '../../observatory/testing/real-node.ts'
import { interaction, type FakeSensor } from '../../observatory/testing/sensor.ts'
import { warning } from '../module.ts'
import { quickWatch, SetClock } from './testing/watching-node.ts'

/** Whole chain on both real stores: a sensor's batches in, findings out. */
const START = Date.UTC(2026, 2, 10, 6) / 1000
const clock = new SetClock(START)
const node = new RealNode(clock, (platform) => {
  const projections = new Projections()
  return [observatory(platform, quick, projections), warning(platform, { projections, watch: quickWatch })]
})
let directory: Awaited<ReturnType<typeof testDirectory>>
let sensors: readonly FakeSensor[]
before(async () => {
  directory = await testDirectory()
  await node.start(directory.path)
  sensors = [await node.enrolled('north'), await node.enrolled('south')]
})
after(async () => {
  await node.stop()
  await directory?.remove()
})

interface Bin { readonly bin: number; readonly victim: string; readonly packets: number }

function backscatterRows(rows: readonly Bin[]): Uint8Array {
  const { row_bytes, offset } = backscatterLayout
  const bytes = new Uint8Array(rows.length * row_bytes)
  const view = new DataView(bytes.buffer)
  rows.forEach(({ bin, victim, packets }, i) => {
    const at = (name: string): number => i * row_bytes + offset[name]!
    view.setUint32(at('bin'), bin, true)
    bytes.set(unwrap(parseAddress(victim)), at('victim'))
    bytes[at('protocol')] = 6
    view.setUint16(at('ports'), 1, true)
    view.setInt32(at('port_common'), 80, true)
    view.setUint32(at('packets'), packets, true)
    view.setBigUint64(at('bytes'), BigInt(packets * 44), true)
    view.setUint32(at('dsts'), 1, true)
  })
  return bytes
}

const findings = async (query: object): Promise<contract.CallOutput<typeof contract.listFindings>['findings']> =>
  (await value(node.client().call(contract.listFindings, { query }))).findings

/** A minute of both sensors ends, with what the first saw. */
async function minuteOf(minute: number, batches: (sensor: FakeSensor) => readonly Uint8Array[]): Promise<void> {
  const [north, south] = sensors as [FakeSensor, FakeSensor]
  await node.send(north, [...batches(north), north.minutes([minute])])
  await node.send(south, [south.minutes([minute])])
  await node.projected()
  clock.set(minute + MINUTE_S + 10)
}

test('an attack by backscatter, reflected requests and a scanning machine of our own are found, say the same when they are counted again, and once', { timeout: 120_000 }, async () => {
  await node.set('warning.own_networks', ['240.9.0.0/16'])
  await new Promise((resolve) => setTimeout(resolve, 600))
  for (let i = 0; i < 4; i++) {
    const minute = START + i * MINUTE_S
    await minuteOf(minute, (sensor) => [
      sensor.batch(batchKinds.backscatter, backscatterRows(Array.from({ length: 6 }, (_, k) => ({ bin: minute + 10 * k, victim: '240.1.2.3', packets: 9 }))), 6),
      sensor.flows([{ minute, src: '240.9.1.1', dst_port: 23, packets: 4 }, { minute, src: '240.1.1.1', dst_port: 80, packets: 2 }]),
      sensor.interactions([interaction({
        at_ms: (minute + 1) * 1000, src: unwrap(parseAddress('240.4.4.4')), transport: 'udp', handshake: 'none', protocol: 'ntp', dst_port: 123, requests: 90, logins: [], duration_ms: 50_000,
      })]),
    ])
  }
  await until(async () => new Set((await findings({})).map(({ kind }) => kind)).size >= 3, 'three findings')
  const found = await findings({})
  assert.deepEqual(found.map(({ kind }) => kind).toSorted(), ['drdos', 'own-network', 'rsdos'])
  const of = (kind: string) => found.find((one) => one.kind === kind)!
  assert.deepEqual(of('rsdos').subject, { victim: '240.1.2.3', protocol: 'tcp' })
  assert.deepEqual(of('own-network').subject.source, '240.9.1.1')
  assert.deepEqual(of('drdos').subject, { victim: '240.4.4.4', protocol: 'ntp' })
  assert.ok(found.every(({ simulated, open }) => simulated && open))
  // Half an hour of silence later the attacks are over, and each finding's numbers come out of the store again.
  const silent = Array.from({ length: 30 }, (_, i) => START + (4 + i) * MINUTE_S)
  for (const sensor of sensors) await node.send(sensor, [sensor.minutes(silent)])
  await node.projected()
  clock.set(silent.at(-1)! + MINUTE_S + 10)
  await until(async () => (await findings({ kind: ['rsdos', 'drdos'] })).every(({ open }) => !open), 'the end of the attacks')
  for (const { id, kind } of await findings({})) {
    const check = await value(node.client().call(contract.checkFinding, { params: { id } }))
    assert.ok(check.reproduced, `${kind}: ${JSON.stringify(check.answers)}`)
    assert.ok(check.answers.length > 0)
  }
  assert.equal((await findings({})).length, 3)
})

test('detectors say when they ran over what, on the API and in the checks', async () => {
  const { detectors, addresses } = await value(node.client().call(contract.listDetectors, {}))
  const rsdos = detectors.find(({ kind }) => kind === 'rsdos')!
  assert.deepEqual([rsdos.state, addresses], ['ok', 512])
  assert.ok(Date.parse(rsdos.window_to!) <= clock.now() && Date.parse(rsdos.last_run_at!) <= clock.now())
  const status = await value(node.client().call(contract.nodeStatus, {}))
  assert.equal(status.checks.find(({ name }) => name === 'warning')?.detail, 'They keep up.')
})
