import type { World } from '@hirundo/base'
import { HEARTBEAT_TYPE, heartbeatText, SENSOR_HEADER, SIGNATURE_HEADER } from '@hirundo/contract/sensor-texts'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnswerCounters } from './answer/bounds.ts'
import type { SensorKey } from './keys.ts'
import type { NodeClient } from './node-client.ts'
import type { StateStore } from './state.ts'

const RESERVE = 1_000

/** What a heartbeat says beside identity and time; numbers only, never an address. */
export interface HeartbeatFields {
  readonly addresses: number
  readonly packets_seen: number
  readonly counted: number
  readonly dropped_kernel: number
  readonly malformed: number
  readonly not_ip: number
  readonly not_for_us: number
  readonly spool_batches: number
  readonly spool_bytes: number
  readonly gaps: number
  readonly gap_batches: number
  /** Of a sensor that answers. */
  readonly answer?: AnswerCounters
}

export interface HeartbeatOptions {
  readonly store: StateStore
  readonly key: SensorKey
  readonly client: NodeClient
  readonly version: string
  readonly every_ms: number
  readonly fields: () => HeartbeatFields
  readonly world: World
  /**
   * The node has seen our first number before: this state directory is an older copy, and the numbers of its batches
   * are used up too.
   */
  readonly onOlderCopy: () => Promise<void>
}

/** Tells the node every `every_ms` that the sensor lives, and measures the clock's offset from the round trip. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #stop = new AbortController()
  readonly #started_ms: number
  #counter: number
  #reserved: number
  #clock_offset_ms = 0
  #sent = 0
  #beats = 0
  #running: Promise<void> | undefined
  readonly #first = Promise.withResolvers<void>()

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#started_ms = options.world.now()
    this.#reserved = options.store.current.heartbeats_reserved
    this.#counter = this.#reserved
  }

  /** Sensor's clock minus node's clock, milliseconds, as the last answered heartbeat showed it. */
  get clock_offset_ms(): number {
    return this.#clock_offset_ms
  }

  /** How far this machine's clock may be off, as far as the node's answers tell; −1: nothing was answered yet. */
  get clock_error_ms(): number {
    return this.#sent === 0 ? -1 : Math.abs(this.#clock_offset_ms)
  }

  get sent(): number {
    return this.#sent
  }

  /** Resolves when the first heartbeat was answered or given up; batches wait for it. */
  get first(): Promise<void> {
    return this.#first.promise
  }

  start(onFatal: (error: unknown) => void): void {
    this.#running = this.#run().catch(onFatal)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#options.client.close()
    await this.#running
    this.#first.resolve()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#beat()
      this.#first.resolve()
      await sleep(this.#options.every_ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
  }

  async #beat(): Promise<void> {
    const is_first = this.#beats++ === 0
    const { store, key, client, version, fields, world } = this.#options
    const counter = await this.#nextCounter()
    const { sensor, epoch } = store.current
    const at_ms = world.now()
    const body = Buffer.from(JSON.stringify({
      sensor, epoch, counter, at_ms, version, started_ms: this.#started_ms,
      clock_offset_ms: this.#clock_offset_ms, ...fields(),
    }))
    const digest = createHash('sha256').update(body).digest('hex')
    const reply = await client.post('/sensor/heartbeats', body, {
      'content-type': HEARTBEAT_TYPE,
      [SENSOR_HEADER]: sensor,
      [SIGNATURE_HEADER]: Buffer.from(key.sign(Buffer.from(heartbeatText(digest)))).toString('base64'),
    })
    // Only the first: our own numbers never come twice within one run.
    if (is_first && reply.kind === 'problem' && reply.code === 'batch/out-of-order') await this.#options.onOlderCopy()
    if (reply.kind !== 'answer') return
    this.#sent++
    const node_time_ms = reply.body['node_time_ms']
    if (typeof node_time_ms !== 'number' || !Number.isSafeInteger(node_time_ms)) return
    // As in NTP with one sample: the node's time is that of the middle of the round trip.
    this.#clock_offset_ms = Math.round(at_ms + reply.round_trip_ms / 2 - node_time_ms)
  }

  /** Numbers only grow, also over a power cut: a block of them is written down before its first one is used. */
  async #nextCounter(): Promise<number> {
    if (this.#counter >= this.#reserved) {
      this.#reserved = this.#counter + RESERVE
      await this.#options.store.update({ heartbeats_reserved: this.#reserved })
    }
    return ++this.#counter
  }
}
