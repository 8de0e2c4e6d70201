// What the tests of spool, sender and agent share: an enrolled state directory, a fake node, captures.
import { realWorld, unwrap, type World } from '@hirundo/base'
import { sensorMinuteLayout } from '@hirundo/formats'
import type { Disk } from '@hirundo/journal'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sensorBounds, type SensorBounds } from './bounds.ts'
import { enrol } from './enrol.ts'
import { FakeNode } from './fake-node.fixture.ts'
import { loadKey, verifierOf } from './keys.ts'
import { silentLog } from './log.ts'
import { nodeClient } from './node-client.ts'
import { Sender } from './sender.ts'
import { Spool } from './spool.ts'
import { loadState, StateStore } from './state.ts'

export const fastBounds: SensorBounds = { ...sensorBounds, retry_ms_max: 20, request_ms_max: 5_000, batch_age_ms_max: 50 }

export async function temporary(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-sensor-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

export interface Rig {
  readonly t: TestContext
  readonly node: FakeNode
  readonly directory: string
}

/** A listening fake node and a state directory that is enrolled with it. */
export async function enrolled(t: TestContext): Promise<Rig> {
  const directory = join(await temporary(t), 'state')
  const node = new FakeNode()
  await node.listen()
  t.after(() => node.close())
  unwrap(await enrol({
    state_directory: directory, node_url: node.url, token: node.token, name: 'test', simulated: true, addresses: 1,
  }, realWorld))
  return { t, node, directory }
}

export interface SpoolOptionsForTest {
  readonly bounds?: Partial<SensorBounds>
  readonly disk?: Disk
  readonly world?: World
  readonly onFatal?: (error: unknown) => void
}

export async function openSpool(directory: string, options: SpoolOptionsForTest = {}): Promise<Spool> {
  return unwrap(await Spool.open({
    store: new StateStore(directory, unwrap(await loadState(directory))), key: (await loadKey(directory))!,
    bounds: { ...fastBounds, ...options.bounds }, world: options.world ?? realWorld, log: silentLog,
    onFatal: options.onFatal ?? ((error) => assert.fail(String(error))),
    ...(options.disk === undefined ? {} : { disk: options.disk }),
  }))
}

export function sendFrom(t: TestContext, rig: Rig, spool: Spool): Sender {
  const sender = new Sender({
    spool, client: nodeClient({ url: rig.node.url, request_ms_max: 5_000 }), verify: verifierOf(rig.node.public_key),
    bounds: fastBounds, random: realWorld.random, log: silentLog,
  })
  sender.start((error) => assert.fail(String(error)))
  t.after(() => sender.stop())
  return sender
}

const WAIT_MS_MAX = 30_000

/** Waits until `condition` holds. A wait in vain must end: it would outlive its test and keep the process. */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + WAIT_MS_MAX; !condition(); await sleep(2)) {
    if (performance.now() > end) throw new Error(`waited ${WAIT_MS_MAX / 1000} s in vain`)
  }
}

/** A row of sensor_minute whose packets are `n`: something small to spool that can be told apart. */
export function minuteRow(n: number): Uint8Array {
  const row = new Uint8Array(sensorMinuteLayout.row_bytes)
  new DataView(row.buffer).setBigUint64(sensorMinuteLayout.offset['packets']!, BigInt(n), true)
  return row
}

export interface MinuteRead {
  readonly minute: number
  readonly observed_s: number
  readonly packets: number
  readonly counted: number
  readonly dropped: number
}

/** All rows of kind sensor_minute that the node has, in order. */
export function minutesAt(node: FakeNode): MinuteRead[] {
  const { row_bytes, offset } = sensorMinuteLayout
  return node.rows('sensor_minute').flatMap(({ body }) => {
    const view = new DataView(body.buffer, body.byteOffset, body.length)
    return Array.from({ length: body.length / row_bytes }, (_, row) => {
      const big = (name: string): number => Number(view.getBigUint64(row * row_bytes + offset[name]!, true))
      const small = (name: string): number => view.getUint32(row * row_bytes + offset[name]!, true)
      return { minute: small('minute'), observed_s: small('observed_s'), packets: big('packets'), counted: big('counted'), dropped: big('dropped') }
    })
  })
}

/** `n` of every row made by `minuteRow`, in the order the node took them. */
export const numbersAt = (node: FakeNode): number[] => minutesAt(node).map((row) => row.packets)

export const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** A pcap file header: little endian, microseconds, Ethernet. */
export function pcapHeader(): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(65_535, 16)
  header.writeUInt32LE(1, 20)
  return header
}

/** A SYN from 240.0.0.0/8 (simulated) to 192.0.2.1, as a pcap record at `second`. */
export function synAt(second: number, n = 0): Buffer {
  const record = Buffer.alloc(16 + 54)
  record.writeUInt32LE(second, 0)
  record.writeUInt32LE(54, 8)
  record.writeUInt32LE(54, 12)
  record.writeUInt16BE(0x0800, 16 + 12)
  const ip = 16 + 14
  record[ip] = 0x45
  record.writeUInt16BE(40, ip + 2)
  record[ip + 8] = 64
  record[ip + 9] = 6
  record.writeUInt32BE(0xf000_0000 + n, ip + 12)
  record.writeUInt32BE(0xc000_0201, ip + 16)
  record.writeUInt16BE(40_000, ip + 20)
  record.writeUInt16BE(23, ip + 22)
  record[ip + 32] = 0x50
  record[ip + 33] = 2
  return record
}
