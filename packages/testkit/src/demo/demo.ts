import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MINUTE_S, parseCidr, realWorld, unwrap } from '@hirundo/base'
import { startSensor, type RunningSensor, type SensorOptions, type Source } from '@hirundo/sensor'
import { queryablePackets, readStatus, waitProjected, type Span } from '../constellation/balance.ts'
import { startNodeProcess, type NodeProcess } from '../constellation/node-process.ts'
import { enrolAndApprove } from '../constellation/sensor-state.ts'
import type { DemoArguments } from './arguments.ts'
import { captureSource } from './capture.ts'
import { historySource, liveSource, pastHearsay, presentHearsay, type SimulatedWorld } from './feeds.ts'
import { simulatedSensors } from './sensors.ts'

const HOUR_S = 3600
const WORM_AGE_S = 26 * HOUR_S
const DRAIN_MS = 30_000
const HISTORY_DRAIN_MS = 120_000
const HISTORY_RECORD_BYTES_MAX = 1024 ** 3

export interface DemoIo {
  /** Progress, for people. */
  say(text: string): void
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal
}

interface Watcher {
  readonly name: string
  readonly state_directory: string
  readonly destinations: readonly string[]
}

/** Packets counted by sensors, kept by the node, and given by its answers: equal, or something is wrong. */
export interface Balance {
  readonly sent: number
  readonly stored: number
  readonly queryable: number
}

/** What the node had before. */
interface Stored {
  readonly packets: number
  readonly interactions: number
}

const nowMinute = (): number => Math.floor(realWorld.now() / 60_000) * MINUTE_S

/** A node with sensors. Everything that it starts ends in `stop`. */
export class Demo {
  readonly node: NodeProcess
  readonly #args: DemoArguments
  readonly #io: DemoIo
  readonly #watchers: readonly Watcher[]
  readonly #world: SimulatedWorld
  #running: RunningSensor[] = []
  #sent = 0
  #interactions_sent = 0
  readonly #before: Stored
  #earliest_s = nowMinute()
  #latest_s = 0

  private constructor(args: DemoArguments, io: DemoIo, node: NodeProcess, watchers: readonly Watcher[], before: Stored) {
    this.#before = before
    this.#args = args
    this.#io = io
    this.node = node
    this.#watchers = watchers
    this.#world = { seed: args.seed, packets_per_second: args.packets_per_second, worm_began_s: nowMinute() - WORM_AGE_S, interactions_per_minute: args.interactions_per_minute }
  }

  /** Starts the node and lets the sensors in. */
  static async start(args: DemoArguments, directory: string, io: DemoIo): Promise<Demo> {
    io.say('starting a node with its own PostgreSQL and ClickHouse …')
    const node = await startNodeProcess({ data_dir: join(directory, 'node'), port: args.port })
    try {
      io.say(`node ready at ${node.url}${args.headless ? '' : '; how to sign in follows when its data is loaded'}`)
      const run = realWorld.now().toString(36)
      const wanted = args.pcap.length > 0
        ? [{ name: `capture-${run}`, destinations: args.destinations }]
        : simulatedSensors.map(({ name, destinations }) => ({ name: args.data === undefined ? name : `${name}-${run}`, destinations }))
      const watchers = wanted.map((one) => ({ ...one, state_directory: join(directory, 'sensors', one.name) }))
      for (const watcher of watchers) {
        await mkdir(watcher.state_directory, { recursive: true, mode: 0o700 })
        await enrolAndApprove({ ...watcher, simulated: args.pcap.length === 0 }, node.url, node.client)
      }
      io.say(`${watchers.length === 1 ? 'one sensor' : `${watchers.length} sensors`} enrolled and approved: ${watchers.map(({ name }) => name).join(', ')}`)
      return new Demo(args, io, node, watchers, await readStatus(node.client))
    } catch (error) {
      await node.child.stop(15_000)
      throw error
    }
  }

  async #begin(watcher: Watcher, source: Source, hearsay?: SensorOptions['hearsay']): Promise<RunningSensor> {
    const destinations = watcher.destinations.map((text) => unwrap(parseCidr(text)))
    const started = await startSensor({
      state_directory: watcher.state_directory, source, destinations,
      // Days of history come in seconds.
      ...(hearsay === undefined ? {} : { hearsay, bounds: { answer_record_bytes_per_minute_max: HISTORY_RECORD_BYTES_MAX } }),
    }, realWorld)
    const sensor = unwrap(started)
    this.#running.push(sensor)
    return sensor
  }

  /** Ends a sensor whose packets are all on disk; gives what it counted. */
  async #finish(sensor: RunningSensor, drain_ms: number): Promise<number> {
    await sensor.read
    const drained = await sensor.drain(drain_ms)
    const { counted, first_ms, last_ms, answer } = sensor.stats()
    this.#interactions_sent += answer?.interactions ?? 0
    if (first_ms !== undefined) this.#earliest_s = Math.min(this.#earliest_s, Math.floor(first_ms / 60_000) * MINUTE_S)
    if (last_ms !== undefined) this.#latest_s = Math.max(this.#latest_s, Math.floor(last_ms / 60_000) * MINUTE_S)
    await sensor.stop()
    this.#running = this.#running.filter((one) => one !== sensor)
    if (!drained && !this.#io.interrupted.aborted) throw new Error(`the node did not take everything within ${drain_ms / 1000} s`)
    return counted
  }

  /** The past, through spool, signature and journal like everything else. */
  async backfill(): Promise<void> {
    const minutes = Math.round(this.#args.backfill_hours * 60)
    if (minutes === 0) return
    const past = { from_s: nowMinute() - minutes * MINUTE_S, minutes, signal: this.#io.interrupted }
    this.#io.say(`loading ${this.#args.backfill_hours} h of simulated history …`)
    for (const [i, watcher] of this.#watchers.entries()) {
      if (this.#io.interrupted.aborted) return
      const sensor = await this.#begin(watcher, historySource(simulatedSensors[i]!, i, this.#world, past), pastHearsay(simulatedSensors[i]!, i, this.#world, past))
      const packets = await this.#finish(sensor, HISTORY_DRAIN_MS)
      this.#sent += packets
      this.#io.say(`  ${watcher.name}: ${packets.toLocaleString('en')} packets`)
    }
    this.#io.say('making it queryable …')
    if (!this.#io.interrupted.aborted) await waitProjected(this.node.client, HISTORY_DRAIN_MS)
  }

  /** Live traffic until the time is over or Ctrl-C; then open minutes are flushed and everything is sent. */
  async live(): Promise<void> {
    const { for_s } = this.#args
    const stop = new AbortController()
    const end = AbortSignal.any([stop.signal, this.#io.interrupted])
    const sensors = await Promise.all(this.#watchers.map(async (watcher, i) => {
      const { source } = liveSource(simulatedSensors[i]!, i, this.#world, end)
      return this.#begin(watcher, source, presentHearsay(simulatedSensors[i]!, i, this.#world, end))
    }))
    const over = sleep(for_s > 0 ? for_s * 1000 : 2 ** 31 - 1, undefined, { signal: this.#io.interrupted }).catch(() => undefined)
    await Promise.race([over, this.node.child.exited])
    stop.abort()
    if (!this.node.child.isRunning) throw new Error(`the node ended by itself:\n${this.node.child.tail}`)
    for (const sensor of sensors) this.#sent += await this.#finish(sensor, DRAIN_MS)
  }

  /** False when a capture could not be read to its end, or the node has other interactions than were sent. */
  complete = true

  /** Reads captures to their end. */
  async play(): Promise<Span> {
    const { pcap, shift_to_now } = this.#args
    this.#io.say(`reading ${pcap.length === 1 ? pcap[0]! : `${pcap.length} files`} …`)
    const sensor = await this.#begin(this.#watchers[0]!, await captureSource(pcap, shift_to_now ? nowMinute() : undefined))
    await sensor.read
    const { unreadable } = sensor.stats()
    if (unreadable > 0) {
      const which = pcap.length === 1 ? pcap[0]! : `${unreadable} of ${pcap.length} files`
      this.#io.say(`${which} could not be read to the end, or is no capture; what came before counts`)
      this.complete = false
    }
    this.#sent += await this.#finish(sensor, HISTORY_DRAIN_MS)
    await waitProjected(this.node.client, HISTORY_DRAIN_MS)
    return { from_s: this.#earliest_s, to_s: this.#latest_s + MINUTE_S }
  }

  #span(): Span {
    const day = this.#earliest_s - (this.#earliest_s % (24 * HOUR_S))
    return { from_s: day, to_s: Math.max(nowMinute(), this.#latest_s) + 5 * MINUTE_S }
  }

  async balance(): Promise<Balance> {
    await waitProjected(this.node.client, DRAIN_MS)
    const status = await readStatus(this.node.client)
    const interactions = status.interactions - this.#before.interactions
    if (this.#interactions_sent > 0) this.#io.say(`${this.#interactions_sent} interactions sent, ${interactions} stored`)
    if (interactions !== this.#interactions_sent) this.complete = false
    const stored = status.packets - this.#before.packets
    const queryable = await queryablePackets(this.node.client, this.#span(), this.#watchers.map(({ name }) => name))
    return { sent: this.#sent, stored, queryable }
  }

  /** Sensors first, then the node with its stores. */
  async stop(): Promise<void> {
    for (const sensor of this.#running) await sensor.stop()
    await this.node.child.stop(20_000)
  }
}
