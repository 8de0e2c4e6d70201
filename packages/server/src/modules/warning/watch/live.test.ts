import assert from 'node:assert/strict'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { HOUR_S, MINUTE_S } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { testDirectory, until, value } from '../../observatory/testing/real-node.ts'
import { interaction, type FakeSensor, type FlowRow } from '../../observatory/testing/sensor.ts'
import { bombs } from './testing/detectors.fixture.ts'
import { SetClock, sameDetections, WatchingNode } from './testing/watching-node.ts'

const DAY = Date.UTC(2026, 2, 10) / 1000
const telnet = (minute: number, count: number, packets = 1): FlowRow[] =>
  Array.from({ length: count }, (_, i) => ({ minute, src: `240.0.${i % 200}.${(minute / 60 + i) % 250}`, dst_port: 23, packets: packets + (i % 3) }))

/** Sends minutes with telnet traffic from each sensor. */
async function sendMinutes(node: WatchingNode, sensor: FakeSensor, minutes: readonly number[], count = 3): Promise<void> {
  await node.send(sensor, [sensor.flows(minutes.flatMap((minute) => telnet(minute, count))), sensor.minutes(minutes)])
}
const minutesFrom = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i * MINUTE_S)

describe('the live watch', { timeout: 600_000 }, () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>
  let node: WatchingNode
  let north: FakeSensor
  let south: FakeSensor
  const path = (): string => join(directory.path, 'node')
  before(async () => {
    directory = await testDirectory()
    node = new WatchingNode(new SetClock(DAY + 2 * HOUR_S))
    await node.start(path())
    north = await node.enrolled('north')
    south = await node.enrolled('south')
  })
  after(async () => {
    await node.stop()
    await directory.remove()
  })

  /** A second node on the same data, as after a restart. */
  async function restart(config = {}): Promise<void> {
    const { token, clock, sink } = node
    await node.stop()
    node = new WatchingNode(clock, config, sink)
    node.token = token
    await node.start(path())
  }

  test('before anything is observed detectors wait', async () => {
    const { detectors } = await node.detectorsNow()
    assert.ok(detectors.every(({ state, last_run_at }) => state === 'waiting' && last_run_at === null))
  })

  test('what is stored already is looked at first, then each minute when all who watch have sent it', async () => {
    await sendMinutes(node, north, minutesFrom(DAY + HOUR_S, 60))
    await node.projected()
    await node.watchedTo(DAY + 2 * HOUR_S - MINUTE_S)
    assert.ok(node.sink.contexts.every(({ mode, simulated }) => mode === 'history' && simulated))
    const minute = DAY + 2 * HOUR_S
    await sendMinutes(node, north, [minute])
    await sendMinutes(node, south, [minute])
    await node.projected()
    node.clock.set(minute + 68)
    await node.watchedTo(minute + MINUTE_S)
    assert.equal(node.sink.contexts.at(-1)?.mode, 'live')
    // The next one is south's to send: until its grace is over nothing may be said of it.
    await sendMinutes(node, north, [minute + 60])
    await node.projected()
    node.clock.set(minute + 60 + 70)
    await new Promise((resolve) => setTimeout(resolve, 500))
    assert.equal(node.part.watch.status(1)?.window?.to, minute + 60)
    node.clock.set(minute + 60 + 101)
    await node.watchedTo(minute + 120)
    sameDetections(node.sink.detections, await node.fromScratch(DAY, minute + 120), 'live as from scratch')
    const { detectors, addresses } = await node.detectorsNow()
    assert.equal(addresses, 512)
    assert.deepEqual(node.part.watch.checks().map(({ ok, attention }) => [ok, attention]), [[true, false]])
    assert.ok(Array.isArray(detectors))
  })

  test('interactions come with the minute in which they were over', async () => {
    const minute = DAY + 2 * HOUR_S + 120
    const at_ms = (minute + 10) * 1000
    await node.send(north, [north.interactions([interaction({ at_ms, duration_ms: 65_000 }), interaction({ at_ms, transport: 'udp', handshake: 'none', protocol: 'ntp', dst_port: 123 })])])
    await sendMinutes(node, north, [minute, minute + 60])
    await node.projected()
    node.clock.set(minute + 60 + 101)
    await node.watchedTo(minute + 120)
    const packets = (at: number): number => node.sink.detections.find(({ start, end }) => start === at && end === at + 60)?.packets ?? 0
    assert.deepEqual([packets(minute + 60) - packets(minute)], [2])
  })

  test('a restart in the middle changes nothing, with a saved state, without one, and with one that is damaged', async () => {
    const begin = DAY + 2 * HOUR_S + 240
    let to = begin
    const go = async (count: number): Promise<void> => {
      await sendMinutes(node, north, minutesFrom(to, count))
      await sendMinutes(node, south, minutesFrom(to, count), 2)
      to += count * 60
      await node.projected()
      node.clock.set(to + 10)
      await node.watchedTo(to)
    }
    await go(7)
    await restart()
    await go(60)
    const states = join(path(), 'warning', '1')
    const names = await readdir(states)
    assert.ok(names.length >= 2 && names.every((name) => name.endsWith('.state')), names.join())
    await node.stop()
    for (const name of await readdir(states)) await writeFile(join(states, name), 'not a state')
    await restart()
    await go(5)
    await rm(states, { recursive: true })
    await restart()
    await go(3)
    sameDetections(node.sink.detections, await node.fromScratch(DAY, to), 'after restarts')
  })

  test('late rows are taken in from the checkpoint before them, and then all is as if they had come in time', async () => {
    const late = DAY + 2 * HOUR_S + 600
    const watched = node.part.watch.status(1)!.window!.to
    await node.send(south, [south.flows(telnet(late, 5, 7)), south.flows(telnet(late - 1_200, 4, 3)), south.minutes([late - 5_400])])
    await node.projected()
    await node.againTimes(1)
    const [stretch] = node.sink.again
    assert.ok(stretch!.from <= late - 5_400 && stretch!.to === watched, JSON.stringify({ ...stretch, keys: stretch!.keys.size }))
    assert.ok(stretch!.from >= DAY, 'not from before there was anything')
    sameDetections(node.sink.detections, await node.fromScratch(DAY, watched), 'with late rows')
    assert.ok(node.sink.contexts.some(({ mode }) => mode === 'late'))
    assert.equal((await node.detectorsNow()).late_replays, 1)
  })

  test('late rows that came while the node was stopped, or just before it died, are taken in after its start', async () => {
    const before = node.sink.again.length
    const watched = node.part.watch.status(1)!.window!.to
    const late = DAY + 2 * HOUR_S + 1_800
    await node.send(south, [south.flows(telnet(late, 6, 9))])
    await node.projected()
    await restart()
    await node.againTimes(1)
    assert.ok(node.sink.again.length > before)
    await node.watchedTo(watched)
    sameDetections(node.sink.detections, await node.fromScratch(DAY, watched), 'with rows late at a restart')
  })

  test('rows of the future wait for their time', async () => {
    const now = node.part.watch.status(1)!.window!.to
    const future = now + 10 * 60
    await node.send(south, [south.flows(telnet(future, 3)), south.minutes([future])])
    await sendMinutes(node, north, [now])
    await node.projected()
    node.clock.set(now + 101)
    await node.watchedTo(now + 60)
    assert.ok(!node.sink.detections.some(({ start }) => start === future))
    node.clock.set(future + 101)
    await node.watchedTo(future + 60)
    assert.ok(node.sink.detections.some(({ start }) => start === future))
  })

  test('a deleted directory of states is made again, and one that cannot be is told while detection goes on', async () => {
    const states = join(path(), 'warning', '1')
    const toNextHour = async (): Promise<void> => {
      const hour = (Math.floor(node.part.watch.status(1)!.watched_to! / HOUR_S) + 1) * HOUR_S
      await sendMinutes(node, north, [hour - MINUTE_S, hour])
      await node.projected()
      node.clock.set(hour + MINUTE_S + 101)
      await node.watchedTo(hour + MINUTE_S)
      assert.ok(node.sink.detections.some(({ start }) => start === hour))
      assert.equal(node.part.watch.status(1)!.state, 'running')
    }
    await rm(states, { recursive: true })
    await toNextHour()
    assert.equal((await readdir(states)).length, 1)
    await rm(states, { recursive: true })
    await writeFile(states, 'in the way')
    await toNextHour()
    const { detectors } = await node.detectorsNow()
    assert.ok(detectors.every(({ state, reason }) => state !== 'failed' && reason === 'the state cannot be saved: a file lies where the directory belongs'))
    const [check] = node.part.watch.checks()
    assert.ok(check!.ok && check!.attention && check!.detail.includes('the state cannot be saved'), check!.detail)
    await rm(states)
    await toNextHour()
    assert.deepEqual([(await readdir(states)).length, node.part.watch.status(1)!.unsaved, node.part.watch.checks()[0]!.attention], [1, undefined, false])
  })

  test('findings that cannot be stored for a while are not lost', async () => {
    const now = node.part.watch.status(1)!.window!.to
    node.sink.refusing = 2
    await sendMinutes(node, north, [now])
    await node.projected()
    node.clock.set(now + 101)
    await node.watchedTo(now + 60)
    assert.ok(node.sink.detections.some(({ start }) => start === now))
  })

  test('other parameters make detectors look at all again, while the old ones go on', async () => {
    const fingerprint = (): string | undefined => node.part.watch.status(1)?.setup?.fingerprint
    const before = fingerprint()
    await node.set('warning.own_asns', ['AS64500', '64501'])
    await until(async () => fingerprint() !== before && node.part.watch.status(1)?.state === 'running', 'the new settings')
    assert.deepEqual(node.part.watch.status(1)?.setup?.scene.own.asns, [64_500, 64_501])
    const bad = await node.client().call(contract.putSetting, { params: { key: 'warning.own_asns' }, body: { value: [1] } as never })
    assert.ok(!bad.ok && bad.problem.code === 'setting/invalid')
  })

  test('a backtest replays what is stored, one at a time, and counts what nobody expected as false', async () => {
    const to = node.part.watch.status(1)!.window!.to
    const body = { from: new Date(DAY * 1000).toISOString(), to: new Date(to * 1000).toISOString(), labels: [] }
    const { id } = await value(node.client().call(contract.startBacktest, { body }))
    const busy = await node.client().call(contract.startBacktest, { body })
    assert.ok(!busy.ok && busy.problem.code === 'backtest/busy' && busy.problem.detail.includes(id), JSON.stringify(busy))
    const look = () => value(node.client().call(contract.getBacktest, { params: { id } }))
    await until(async () => (await look()).state !== 'running', 'the backtest')
    const { state, result, done_share } = await look()
    assert.deepEqual([state, done_share, result?.synthetic, result?.recall], ['done', 1, true, null])
    assert.ok(result!.alarms > 0 && result!.false_alarms === result!.alarms && result!.labelled && result!.observed)
    const ended = async (part: object) => {
      const one = await value(node.client().call(contract.startBacktest, { body: { from: body.from, to: body.to, ...part } }))
      const asked = () => value(node.client().call(contract.getBacktest, { params: { id: one.id } }))
      await until(async () => (await asked()).state === 'done', 'another backtest')
      return (await asked()).result!
    }
    const unknowing = await ended({})
    assert.deepEqual([unknowing.labelled, unknowing.precision, unknowing.false_alarms, unknowing.unlabelled_alarms], [false, null, 0, result!.alarms], 'nothing is known of the period')
    const years = (n: number) => new Date((DAY - n * 365 * 86_400) * 1000).toISOString()
    const nothing = await ended({ from: years(3), to: years(2.9) })
    assert.deepEqual([nothing.observed, nothing.synthetic, nothing.alarms], [false, false, 0])
    for (const wrong of [{ from: body.to, to: body.from }, { from: '1970-01-01T00:00:00Z', to: body.to }]) {
      const refused = await node.client().call(contract.startBacktest, { body: wrong })
      assert.ok(!refused.ok && ['request/invalid', 'query/too-wide'].includes(refused.problem.code))
    }
    const second = await value(node.client().call(contract.startBacktest, { body }))
    const end = (of: string) => node.client().call(contract.cancelBacktest, { params: { id: of } })
    assert.ok((await end(second.id)).ok && (await end(second.id)).ok && (await end(id)).ok)
    const states = await Promise.all([second.id, id].map((of) => value(node.client().call(contract.getBacktest, { params: { id: of } }))))
    assert.deepEqual(states.map(({ state: is, reason }) => [is, reason]), [['cancelled', null], ['done', null]])
    const third = await value(node.client().call(contract.startBacktest, { body }))
    await value(end(third.id))
    const unknown = await end('00000000-0000-4000-8000-000000000000')
    assert.ok(!unknown.ok && unknown.problem.code === 'backtest/not-found')
    const none = await node.client().call(contract.getBacktest, { params: { id: '00000000-0000-4000-8000-000000000000' } })
    assert.ok(!none.ok && none.problem.code === 'backtest/not-found')
  })
})

describe('a watch under attack', { timeout: 600_000 }, () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>
  let node: WatchingNode
  let sensor: FakeSensor
  before(async () => {
    directory = await testDirectory()
    node = new WatchingNode(new SetClock(DAY), { heap_mib_max: 128, minute_rows_max: 300_000, page_rows_max: 100_000, failures_max: 2 })
    await node.start(join(directory.path, 'node'))
    sensor = await node.enrolled('north')
    await sendMinutes(node, sensor, [DAY])
    await node.projected()
    node.clock.set(DAY + 101)
    await node.watchedTo(DAY + 60)
  })
  after(async () => {
    await node.stop()
    await directory.remove()
  })

  test('detectors that run out of memory leave the node as it is, say so, and begin anew behind what broke them', async () => {
    const minute = DAY + 60
    await node.send(sensor, [sensor.flows([{ minute, src: '240.0.0.1', dst_port: bombs.memory, packets: 1 }]), sensor.minutes([minute])])
    await node.projected()
    node.clock.set(minute + 101)
    await until(async () => node.part.watch.status(1)?.state === 'failed', 'the failure')
    assert.match(node.part.watch.checks()[0]!.detail, /They do not run: the detectors needed more than 128 MiB/)
    assert.equal((await node.client().call(contract.nodeStatus, {})).ok, true)
    // Taking in goes on meanwhile.
    await sendMinutes(node, sensor, [minute + 60])
    await node.projected()
    node.clock.set(minute + 60 + 101)
    await node.watchedTo(minute + 120)
    const status = node.part.watch.status(1)!
    assert.deepEqual([status.state, status.shed['minutes_failed']], ['running', 1])
    assert.ok(node.sink.detections.some(({ start }) => start === minute + 60))
  })

  test('a detector that throws is named, and the others go on', async () => {
    const now = node.part.watch.status(1)!.window!.to
    await node.send(sensor, [sensor.flows([...telnet(now, 2), { minute: now, src: '240.0.0.1', dst_port: bombs.error, packets: 1 }]), sensor.minutes([now])])
    await node.projected()
    node.clock.set(now + 101)
    await node.watchedTo(now + 60)
    assert.ok(node.sink.detections.some(({ start }) => start === now))
    assert.match(node.part.watch.checks()[0]!.detail, /The detector worm was ended/)
  })

  test('a million random sources in one minute keep nobody waiting: what is too much is left out and counted', async () => {
    const minute = node.part.watch.status(1)!.window!.to
    const per_batch = 50_000
    let n = 0
    for (let i = 0; i < 20; i++) {
      const rows = Array.from({ length: per_batch }, (): FlowRow => {
        n++
        return { minute, src: `240.${n >>> 16}.${(n >>> 8) & 255}.${n & 255}`, dst_port: 23, packets: 1 }
      })
      await node.send(sensor, [sensor.flows(rows)])
    }
    await node.send(sensor, [sensor.minutes([minute])])
    await node.projected()
    node.clock.set(minute + 101)
    const next = minute + 60
    await sendMinutes(node, sensor, [next])
    await node.projected()
    node.clock.set(next + 101)
    await node.watchedTo(next + 60)
    const found = node.sink.detections.find(({ start }) => start === minute)!
    const { shed } = node.part.watch.status(1)!
    assert.equal(found.packets + shed['rows']!, 1_000_000)
    assert.ok(found.packets > 250_000 && found.packets < 350_000, String(found.packets))
    assert.ok(node.sink.detections.some(({ start }) => start === next))
  })
})
