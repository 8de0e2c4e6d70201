import { parseCidr, realWorld, unwrap, type World } from '@hirundo/base'
import { flowLayout } from '@hirundo/formats'
import assert from 'node:assert/strict'
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSensor, type RunningSensor, type SensorOptions } from './agent.ts'
import type { FakeNode } from './fake-node.fixture.ts'
import { enrolled, fastBounds, minutesAt, pcapHeader, range, synAt, until, type Rig } from './rig.fixture.ts'
import { fileSource } from './sources/files.ts'
import { FollowSource } from './sources/follow.ts'
import { streamSource, type Source } from './sources/source.ts'

const T = 1_767_225_600
const TICK_MS = 3
const destinations = [unwrap(parseCidr('192.0.2.0/24'))]

async function start(rig: Rig, source: Source, more: Partial<SensorOptions> = {}, world: World = realWorld): Promise<RunningSensor> {
  const sensor = unwrap(await startSensor({
    state_directory: rig.directory, source, destinations, bounds: fastBounds, tick_ms: TICK_MS, ...more,
    onFatal: (error) => assert.fail(String(error)),
  }, world))
  rig.t.after(() => sensor.stop())
  // The first tick begins the watch.
  await sleep(4 * TICK_MS)
  return sensor
}

const sum = (node: FakeNode, what: 'packets' | 'counted' | 'observed_s'): number =>
  minutesAt(node).reduce((total, row) => total + row[what], 0)

function flowPackets(node: FakeNode): number {
  const { row_bytes, offset } = flowLayout
  return node.rows('flow').reduce((total, { body }) => {
    const view = new DataView(body.buffer, body.byteOffset, body.length)
    for (let at = 0; at < body.length; at += row_bytes) total += view.getUint32(at + offset['packets']!, true)
    return total
  }, 0)
}

/** A live source that gives what `feed` is given, and clocks that move only when told. */
function liveWorld() {
  const clock = { now: T * 1000, monotonic: 0 }
  let wake = (): void => undefined
  const waiting: Uint8Array[] = [pcapHeader()]
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = waiting.shift()
      if (chunk) yield chunk
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    source: streamSource(true, [{ name: 'live', chunks: chunks() }]),
    world: { now: () => clock.now, random: realWorld.random },
    monotonic_ms: () => clock.monotonic,
    /** Packets that the sensor sees now. */
    see: async (...packets: Buffer[]): Promise<void> => {
      waiting.push(Buffer.concat(packets))
      wake()
      await sleep(2 * TICK_MS)
    },
    /** Time passes; `wall_s` differs when the clock is set. */
    pass: async (seconds: number, wall_s = seconds): Promise<void> => {
      clock.now += wall_s * 1000
      clock.monotonic += seconds * 1000
      await sleep(4 * TICK_MS)
    },
  }
}

describe('a live sensor', { timeout: 60_000 }, () => {
  test('minutes close by the clock; silence is told as zeros, and every packet arrives once', async (t) => {
    const rig = await enrolled(t)
    const live = liveWorld()
    const sensor = await start(rig, live.source, { monotonic_ms: live.monotonic_ms }, live.world)
    await live.pass(5)
    await live.see(synAt(T + 5, 1), synAt(T + 5, 2), synAt(T + 5, 1))
    for (let step = 0; step < 6; step++) await live.pass(30)
    await until(() => minutesAt(rig.node).length === 3)
    assert.deepEqual(minutesAt(rig.node).map(({ minute, observed_s, packets }) => ({ minute, observed_s, packets })), [
      { minute: T, observed_s: 60, packets: 3 }, { minute: T + 60, observed_s: 60, packets: 0 },
      { minute: T + 120, observed_s: 60, packets: 0 },
    ])
    assert.equal(flowPackets(rig.node), 3)
    await live.see(synAt(T + 185, 9))
    await sensor.stop()
    const again = await start(rig, streamSource(true, []))
    assert.ok(await again.drain(10_000))
    assert.equal(flowPackets(rig.node), 4)
    assert.equal(sum(rig.node, 'counted'), 4)
    await again.stop()
  })

  test('a clock that jumps forward and back moves and loses no packet, and no minute is watched longer than it is', async (t) => {
    const rig = await enrolled(t)
    const live = liveWorld()
    const sensor = await start(rig, live.source, { monotonic_ms: live.monotonic_ms }, live.world)
    let sent = 0
    const burst = async (second: number): Promise<void> => {
      const packets = range(1, 20).map((n) => synAt(second, 100 * sent + n))
      sent += packets.length
      await live.see(...packets)
    }
    await burst(T + 1)
    await live.pass(10, 86_400)
    await burst(T + 86_401)
    await live.pass(30)
    await burst(T + 86_431)
    await live.pass(10, -86_400 - 3600)
    await burst(T - 3600)
    await live.pass(90)
    await burst(T + 2)
    await live.pass(60)
    await sensor.stop()
    const again = await start(rig, streamSource(true, []))
    assert.ok(await again.drain(10_000))
    await again.stop()
    assert.equal(flowPackets(rig.node), sent)
    assert.equal(sum(rig.node, 'packets'), sent)
    const watched = new Map<number, number>()
    for (const row of minutesAt(rig.node)) watched.set(row.minute, (watched.get(row.minute) ?? 0) + row.observed_s)
    for (const [minute, seconds] of watched) assert.ok(seconds <= 60, `${minute}: ${seconds}`)
    const flowMinutes = new Set(rig.node.rows('flow').map(({ body }) => new DataView(body.buffer, body.byteOffset).getUint32(0, true)))
    assert.deepEqual([...flowMinutes].sort(), [T - 3600, T, T + 86_400].sort())
  })

  test('heartbeats grow over restarts, count and name nothing', async (t) => {
    const rig = await enrolled(t)
    rig.node.node_time_ms = () => Date.now() + 5_000
    for (let run = 0; run < 2; run++) {
      const sensor = await start(rig, streamSource(true, []), { bounds: { ...fastBounds, heartbeat_ms: 10 } })
      await until(() => sensor.stats().heartbeats > 2)
      assert.ok(Math.abs(sensor.stats().clock_offset_ms + 5_000) < 1_000)
      await sensor.stop()
    }
    const counters = rig.node.heartbeats.map((one) => Number(one['counter']))
    assert.deepEqual(counters, [...new Set(counters)].sort((a, b) => a - b))
    assert.ok(counters.length >= 6)
    assert.equal(rig.node.heartbeats[0]!['addresses'], 256)
    assert.ok(!JSON.stringify(rig.node.heartbeats).includes('192.0.2'))
  })

  test('a directory restored from a copy is noticed before anything is sent under a used number', async (t) => {
    const rig = await enrolled(t)
    const run = async (second: number): Promise<void> => {
      const path = join(rig.directory, '..', 'one.pcap')
      await writeFile(path, Buffer.concat([pcapHeader(), synAt(second)]))
      const sensor = await start(rig, fileSource([path]))
      await sensor.read
      assert.ok(await sensor.drain(10_000))
      await sensor.stop()
    }
    await run(T)
    await cp(rig.directory, `${rig.directory}-copy`, { recursive: true })
    await run(T + 60)
    await rm(rig.directory, { recursive: true })
    await cp(`${rig.directory}-copy`, rig.directory, { recursive: true })
    await run(T + 120)
    await run(T + 180)
    assert.equal(flowPackets(rig.node), 4)
    assert.equal(new Set(rig.node.batches().map((one) => one.header.epoch)).size, 2)
  })

  test('a revoked sensor gives up draining and keeps its spool', async (t) => {
    const rig = await enrolled(t)
    rig.node.behaviour.refuse = { status: 403, code: 'sensor/revoked' }
    const path = join(rig.directory, '..', 'one.pcap')
    await writeFile(path, Buffer.concat([pcapHeader(), synAt(T)]))
    const sensor = await start(rig, fileSource([path]))
    await sensor.read
    assert.equal(await sensor.drain(30_000), false)
    assert.equal(sensor.stats().sender.state, 'revoked')
    assert.ok(sensor.stats().spool_batches > 0)
    await sensor.stop()
  })

  test('one process for one state directory', async (t) => {
    const rig = await enrolled(t)
    const sensor = await start(rig, streamSource(true, []))
    const second = await startSensor({ state_directory: rig.directory, source: streamSource(true, []), destinations }, realWorld)
    assert.equal(second.ok ? '' : second.problem.code, 'journal/locked')
    await sensor.stop()
  })
})

describe('files', { timeout: 60_000 }, () => {
  test('a damaged, an empty and a missing file are counted, and the next one goes on', async (t) => {
    const rig = await enrolled(t)
    const at = (name: string): string => join(rig.directory, '..', name)
    await writeFile(at('cut.pcap'), Buffer.concat([pcapHeader(), synAt(T), synAt(T).subarray(0, 40)]))
    await writeFile(at('noise.pcap'), Buffer.alloc(100, 0xa7))
    await writeFile(at('whole.pcap'), Buffer.concat([pcapHeader(), synAt(T + 61), synAt(T + 62)]))
    const sensor = await start(rig, fileSource(['cut.pcap', 'noise.pcap', 'missing.pcap', 'whole.pcap'].map(at)))
    await sensor.read
    assert.ok(await sensor.drain(10_000))
    assert.equal(sensor.stats().unreadable, 3)
    assert.equal(flowPackets(rig.node), 3)
    assert.deepEqual(minutesAt(rig.node).map((row) => [row.minute, row.packets]), [[T, 1], [T + 60, 2]])
    await sensor.stop()
  })

  test('one record of 2105 closes nothing before its time and does not move the mark of a followed file', async (t) => {
    const rig = await enrolled(t)
    const path = join(rig.directory, '..', 'odd.pcap')
    await writeFile(path, Buffer.concat([pcapHeader(), synAt(T), synAt(4_290_000_000)]))
    const follow = () => start(rig, new FollowSource(path, 2), { resumable: true })
    const first = await follow()
    await until(() => first.stats().counted === 2)
    await first.stop()
    await appendFile(path, Buffer.concat([synAt(T + 7200), synAt(T + 7400)]))
    const now = Math.floor(Date.now() / 1000)
    await appendFile(path, Buffer.concat([synAt(now), synAt(now + 60)]))
    const second = await follow()
    await until(() => second.stats().counted === 6)
    await second.stop()
    const mark = JSON.parse(await readFile(join(rig.directory, 'follow.json'), 'utf8')) as { closed_s: number }
    assert.ok(mark.closed_s <= now)
  })

  test('growing and rotating files are followed; a later run gives only what is new', async (t) => {
    const rig = await enrolled(t)
    const directory = join(rig.directory, '..', 'captures')
    await rm(directory, { recursive: true, force: true })
    await cp(rig.directory, directory, { recursive: true, filter: (path) => path === rig.directory })
    const file = (n: number): string => join(directory, `${n}.pcap`)
    await writeFile(file(1), Buffer.concat([pcapHeader(), synAt(T, 1), synAt(T + 1, 2).subarray(0, 30)]))
    const follow = () => start(rig, new FollowSource(join(directory, '*.pcap'), 2), { resumable: true })
    const first = await follow()
    await until(() => first.stats().counted === 1)
    await appendFile(file(1), Buffer.concat([synAt(T + 1, 2).subarray(30), synAt(T + 130, 3)]))
    await until(() => first.stats().counted === 3)
    await writeFile(file(2), Buffer.concat([pcapHeader(), synAt(T + 131, 4), synAt(T + 400, 5)]))
    await until(() => first.stats().counted === 5)
    await until(() => sum(rig.node, 'counted') === 4)
    await first.stop()
    await appendFile(file(2), Buffer.concat([synAt(T + 401, 6), synAt(T + 600, 7)]))
    const second = await follow()
    await until(() => second.stats().counted === 7)
    await until(() => sum(rig.node, 'counted') === 6)
    await second.stop()
    assert.equal(flowPackets(rig.node), 6)
    assert.equal(sum(rig.node, 'counted'), 6)
  })
})
