import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { batchKinds, decodeInteraction, flowLayout, sensorMinuteLayout, splitInteractionRows, synSampleLayout, backscatterLayout } from '@hirundo/formats'
import { unwrap } from '@hirundo/base'
import { knownOf, OWN_BASE } from './hosts.ts'
import { Scenario, type ScenarioOptions } from './scenario.ts'
import { groupsFor, sensorsOf, addressesOf } from './sensors.ts'

const START = Date.UTC(2026, 0, 1) / 1000
const small: ScenarioOptions = { seed: 5, days: 1, warm_up_days: 0, sensors: [[4, 1], [3, 4], [5, 16]] }

interface Row { readonly kind: number; readonly sensor: number; readonly view: DataView; readonly at: number }
function* rowsOf(kind: number, sensor: number, rows: number, body: Uint8Array, row_bytes: number): Generator<Row> {
  assert.equal(body.length, rows * row_bytes)
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  for (let i = 0; i < rows; i++) yield { kind, sensor, view, at: i * row_bytes }
}

test('the same seed gives the same bytes, another seed others', () => {
  const digest = (seed: number) => {
    const scenario = new Scenario({ ...small, seed })
    const hash = createHash('sha256')
    for (let minute = 0; minute < 120; minute++) scenario.step((kind, sensor, rows, body) => void hash.update(`${kind} ${sensor} ${rows}`).update(body))
    return hash.digest('hex')
  }
  assert.equal(digest(5), digest(5))
  assert.notEqual(digest(5), digest(6))
})

test('rows are what a sensor sends: keys once, classes add up, senders simulated, every packet counted', () => {
  const scenario = new Scenario({ ...small, harmless: [] })
  let packets = 0
  let counted = 0
  let syns = 0
  let sampled = 0
  let backscatter = 0
  let binned = 0
  for (let minute = 0; minute < 200; minute++) {
    const minute_s = scenario.next_s
    const keys = new Set<string>()
    scenario.step((kind, sensor, rows, body) => {
      if (kind === batchKinds.flow) {
        for (const { view, at } of rowsOf(kind, sensor, rows, body, flowLayout.row_bytes)) {
          const of = (name: string) => view.getUint32(at + flowLayout.offset[name]!, true)
          assert.equal(of('minute'), minute_s)
          const source = view.getUint32(at + flowLayout.offset['src']! + 12)
          assert.ok(source >= 0xf0000000)
          assert.equal(view.getUint32(at + flowLayout.offset['src']! + 8), 0xffff)
          const key = `${sensor} ${source} ${of('dst_port')} ${view.getInt16(at + flowLayout.offset['icmp_type']!, true)} ${view.getUint8(at + flowLayout.offset['protocol']!)}`
          assert.ok(!keys.has(key), key)
          keys.add(key)
          assert.equal(of('scan') + of('backscatter') + of('other'), of('packets'))
          assert.ok(of('dsts') >= 1 && of('dsts') <= Math.min(of('packets'), scenario.sensors[sensor]!.addresses))
          assert.ok(view.getInt16(at + flowLayout.offset['ttl_common']!, true) > 30)
          packets += of('packets')
          backscatter += of('backscatter')
          if (view.getUint8(at + flowLayout.offset['protocol']!) === 6) syns += of('scan')
        }
      } else if (kind === batchKinds.sensor_minute) {
        for (const { view, at } of rowsOf(kind, sensor, rows, body, sensorMinuteLayout.row_bytes)) counted += view.getUint32(at + sensorMinuteLayout.offset['counted']!, true)
      } else if (kind === batchKinds.syn_sample) {
        for (const { view, at } of rowsOf(kind, sensor, rows, body, synSampleLayout.row_bytes)) sampled += view.getUint32(at + synSampleLayout.offset['weight']!, true) / 1000
      } else if (kind === batchKinds.backscatter) {
        for (const { view, at } of rowsOf(kind, sensor, rows, body, backscatterLayout.row_bytes)) {
          binned += view.getUint32(at + backscatterLayout.offset['packets']!, true)
          assert.equal(view.getUint32(at, true) % 10, 0)
        }
      } else for (const row of unwrap(splitInteractionRows(body, rows))) assert.equal(unwrap(decodeInteraction(row)).src[12]! >= 240, true)
    })
  }
  assert.ok(packets > 10_000)
  assert.deepEqual([counted, sampled, binned], [packets, syns, backscatter])
  assert.equal(scenario.packets, packets)
})

const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length
const variance = (of: readonly number[]) => mean(of.map((one) => (one - mean(of)) ** 2))

test('noise is as loud as a darknet’s, overdispersed, remembers for hours and follows the day', () => {
  const scenario = new Scenario({ seed: 8, days: 3, warm_up_days: 0, strengths: [], harmless: [] })
  const bins: number[] = []
  const telnet: number[] = []
  const sources = new Set<number>()
  const ports = new Set<number>()
  while (scenario.step((kind, _, rows, body) => {
    if (kind !== batchKinds.flow) return
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    const bin = Math.floor((scenario.next_s - START) / 600)
    for (let at = 0; at < rows * flowLayout.row_bytes; at += flowLayout.row_bytes) {
      bins[bin] = (bins[bin] ?? 0) + 1
      const port = view.getInt32(at + flowLayout.offset['dst_port']!, true)
      sources.add(view.getUint32(at + flowLayout.offset['src']! + 12))
      ports.add(port)
      if (port === 23) telnet[bin] = (telnet[bin] ?? 0) + 1
    }
  }));
  const per_address_and_day = scenario.packets / scenario.world.addresses / 3
  assert.ok(per_address_and_day > 5_000 && per_address_and_day < 9_000, String(per_address_and_day))
  for (const series of [bins, telnet]) {
    assert.ok(variance(series) / mean(series) > 4, `variance is ${(variance(series) / mean(series)).toFixed(1)} times the mean`)
    const centred = series.map((one) => one - mean(series))
    const lagged = mean(centred.slice(6).map((one, i) => one * centred[i]!)) / variance(series)
    assert.ok(lagged > 0.3, `an hour later ${lagged.toFixed(2)} is left`)
  }
  const byHour = Array.from({ length: 24 }, (_, hour) => mean(telnet.filter((_, i) => Math.floor(i / 6) % 24 === hour)))
  assert.ok(Math.max(...byHour) / Math.min(...byHour) > 1.2)
  assert.ok(sources.size > 100_000 && ports.size > 20_000, `${sources.size} sources, ${ports.size} ports`)
})

test('what is planted does not change what is not', () => {
  const totals = (options: Partial<ScenarioOptions>) => {
    const scenario = new Scenario({ ...small, ...options })
    for (let minute = 0; minute < 600; minute++) scenario.step(() => undefined)
    return scenario.packets
  }
  const quiet = totals({ strengths: [], harmless: [] })
  assert.ok(totals({ strengths: ['obvious'], harmless: [] }) > quiet)
  assert.equal(totals({ strengths: [], harmless: [] }), quiet)
})

test('an outage silences a third to half of the sensors for its time, and a clock that jumps writes into other minutes', () => {
  const scenario = new Scenario({ ...small, days: 2, sensors: [[60, 1]], strengths: [], harmless: ['outage', 'clock-jump'] })
  const span = (event: string) => {
    const { start, end } = scenario.labels.find((label) => label.event === event)!
    return [Date.parse(start) / 1000, Date.parse(end) / 1000] as const
  }
  const [out_from, out_to] = span('outage')
  const [jump_from, jump_to] = span('clock-jump')
  const watching = new Map<number, number>()
  const ahead = new Set<number>()
  const jumped = new Set<number>()
  while (scenario.step((kind, sensor, _, body) => {
    if (kind !== batchKinds.sensor_minute) return
    const minute = new DataView(body.buffer, body.byteOffset).getUint32(0, true)
    watching.set(scenario.next_s, (watching.get(scenario.next_s) ?? 0) + 1)
    if (minute === scenario.next_s) return
    assert.equal(minute, scenario.next_s + 6 * 3600)
    ahead.add(sensor)
    jumped.add(scenario.next_s)
  }));
  for (const [minute, sensors] of watching) {
    const is_out = minute >= out_from && minute < out_to
    assert.ok(is_out ? sensors <= 50 && sensors >= 20 : sensors === 60, `${sensors} at ${minute}`)
  }
  assert.equal(ahead.size, 1)
  assert.ok(Math.min(...jumped) === jump_from && Math.max(...jumped) + 60 + 6 * 3600 === jump_to)
})

test('labels name what was planted, in time, with ports that noise does not use, and a worm’s truth grows to its size', () => {
  const scenario = new Scenario({ seed: 3, days: 30, strengths: ['obvious', 'medium', 'faint', 'barely'] })
  const planted = scenario.labels.filter(({ strength, kinds }) => strength !== 'background' && kinds.length > 0)
  assert.equal(new Set(scenario.labels.map(({ id }) => id)).size, scenario.labels.length)
  assert.equal(planted.filter(({ strength }) => strength === 'medium').length, 36)
  for (const { start, end } of planted) assert.ok(Date.parse(start) / 1000 > scenario.scored_from_s && start < end)
  for (const { label, hosts_final, hostsAt } of scenario.worms) {
    const one = planted.find(({ id }) => id === label)!
    const [start, end] = [Date.parse(one.start) / 1000, Date.parse(one.end) / 1000]
    const sizes = Array.from({ length: 100 }, (_, i) => hostsAt(start + ((end - start) * i) / 100))
    assert.equal(hostsAt(start - 1), 0)
    assert.ok(Math.abs(sizes[0]! - 10) < 1 && Math.max(...sizes) > 0.98 * hosts_final && Math.max(...sizes) <= hosts_final)
  }
})

test('sizes of sensors scale, and addresses are looked up as in the simulated world', () => {
  assert.equal(addressesOf(sensorsOf(groupsFor(60))), 270)
  assert.equal(sensorsOf(groupsFor(100)).length, 100)
  assert.throws(() => sensorsOf([[1, 257]]), RangeError)
  assert.deepEqual(knownOf(OWN_BASE), { economy: (0x58 << 8) | 0x42, asn: 64_512 + 8 + 7, research: false })
  assert.equal(knownOf(0xf4000105).research, true)
  assert.deepEqual(knownOf(0xc6120001), { economy: 0, asn: 0, research: false })
})
