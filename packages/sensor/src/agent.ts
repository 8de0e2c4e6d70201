import { fail, ok, type Cidr, type Result, type World } from '@hirundo/base'
import type { Interaction, ObserverCounters } from '@hirundo/formats'
import { lockDirectory, realDisk, type Disk } from '@hirundo/journal'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addressCount } from './addresses.ts'
import type { AnswerCounters } from './answer/bounds.ts'
import { Hearsay } from './answer/hearsay.ts'
import { Responders, type AnswerSettings } from './answer/responders.ts'
import { sensorBounds, type SensorBounds } from './bounds.ts'
import { Heartbeat } from './heartbeat.ts'
import { Intake } from './intake.ts'
import { loadKey, verifierOf } from './keys.ts'
import { silentLog, type Log } from './log.ts'
import { nodeClient } from './node-client.ts'
import { Sender, type SenderStats } from './sender.ts'
import type { Source } from './sources/source.ts'
import { Spool, type SpoolStats } from './spool.ts'
import { readIfThere, replaceFile } from './state-file.ts'
import { loadState, StateStore } from './state.ts'
import { version } from './version.ts'

const TICK_MS = 500
const STATUS_EVERY_MS = 5_000
const DRAIN_POLL_MS = 20

export interface SensorOptions {
  /** Where `enrol` put key and state. */
  readonly state_directory: string
  readonly source: Source
  /** Only packets to these count; empty: all. */
  readonly destinations: readonly Cidr[]
  /** Instead of the URL of the enrolment. */
  readonly node_url?: string
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string
  /** Absent: the sensor only listens. */
  readonly answer?: AnswerSettings
  /** Interactions that no socket of ours heard, as if it had: of a simulated sensor. Ends when the signal is aborted. */
  readonly hearsay?: (signal: AbortSignal) => AsyncIterable<Interaction>
  readonly bounds?: Partial<SensorBounds>
  readonly log?: Log
  /** Keep a mark so that a later run over the same files gives only what is new. */
  readonly resumable?: boolean
  /** A disk or key failed and nothing can be promised any more: end the process. Default: throw. */
  readonly onFatal?: (error: unknown) => void
  readonly disk?: Disk
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic_ms?: () => number
  readonly tick_ms?: number
}

export interface SensorStats extends ObserverCounters, SpoolStats {
  readonly sender: SenderStats
  /** Last batch on disk and last one that the node has acknowledged, in this epoch. */
  readonly batches: number
  readonly acked: number
  readonly dropped_kernel: number
  readonly capture_restarts: number
  readonly unreadable: number
  readonly heartbeats: number
  readonly clock_offset_ms: number
  /** Of a sensor that answers. */
  readonly answer?: AnswerCounters
}

export interface RunningSensor {
  /** Resolves when the source has ended and all of it is on disk; rejects when the source refused. */
  readonly read: Promise<void>
  stats(): SensorStats
  /** Ports that are answered, by what they stand for (`tcp/23`); empty when the sensor only listens. */
  readonly listening: ReadonlyMap<string, number>
  /** Waits until the node has everything; true when it does. Gives up early when the sensor is revoked. */
  drain(wait_ms: number): Promise<boolean>
  /** Ends reading, puts open minutes on disk, ends sending. What is not acknowledged waits in the spool. */
  stop(): Promise<void>
}

/** Starts a sensor in this process. Problems: `setting/invalid` (not enrolled), `journal/locked`, `journal/foreign`. */
export async function startSensor(options: SensorOptions, world: World): Promise<Result<RunningSensor>> {
  const key = await loadKey(options.state_directory)
  const state = await loadState(options.state_directory)
  if (!state.ok) return state
  if (!key) return fail('setting/invalid', { what: 'key', why: `${join(options.state_directory, 'key.pem')} is missing` })
  const lock = await lockDirectory(options.state_directory, await realDisk.identity(options.state_directory))
  if (!lock.ok) return lock
  const bounds = { ...sensorBounds, ...options.bounds }
  const log = options.log ?? silentLog
  const onFatal = options.onFatal ?? ((error: unknown): never => {
    throw error
  })
  const store = new StateStore(options.state_directory, state.value)
  const spool = await Spool.open({
    store, key, bounds, world, log, onFatal, ...(options.disk === undefined ? {} : { disk: options.disk }),
  })
  if (!spool.ok) {
    await lock.value.release()
    return spool
  }
  const verify = verifierOf(Buffer.from(state.value.node_public_key, 'base64'))
  const connect = () => nodeClient({
    url: options.node_url ?? state.value.node_url, request_ms_max: bounds.request_ms_max,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
  const sender = new Sender({ spool: spool.value, client: connect(), verify, bounds, random: world.random, log })
  const agent = new Agent(options, bounds, world, log, spool.value, sender, await resumeMark(options))
  const heartbeat = new Heartbeat({
    store, key, client: connect(), version, every_ms: bounds.heartbeat_ms, world,
    fields: () => agent.heartbeatFields(), onOlderCopy: () => sender.continueOlderCopy(),
  })
  const answering = await agent.answer(heartbeat)
  if (!answering.ok) {
    await spool.value.close()
    await lock.value.release()
    return answering
  }
  agent.start(heartbeat, onFatal, () => lock.value.release())
  return ok(agent)
}

const markPath = (state_directory: string): string => join(state_directory, 'follow.json')

async function resumeMark(options: SensorOptions): Promise<number> {
  if (options.resumable !== true) return 0
  const text = await readIfThere(markPath(options.state_directory))
  const mark = Number((JSON.parse(text ?? '{}') as { closed_s?: unknown }).closed_s ?? 0)
  return Number.isSafeInteger(mark) ? mark : 0
}

class Agent implements RunningSensor {
  read: Promise<void> = Promise.resolve()
  readonly #options: SensorOptions
  readonly #bounds: SensorBounds
  readonly #log: Log
  readonly #spool: Spool
  readonly #sender: Sender
  readonly #intake: Intake
  readonly #world: World
  readonly #stop = new AbortController()
  #responders: Responders | Hearsay | undefined
  #heartbeat!: Heartbeat
  #release!: () => Promise<void>
  #timers: NodeJS.Timeout[] = []
  #marked_s = 0
  #marking: Promise<void> = Promise.resolve()
  #stopped: Promise<void> | undefined

  constructor(
    options: SensorOptions, bounds: SensorBounds, world: World, log: Log, spool: Spool, sender: Sender, resume_s: number,
  ) {
    this.#options = options
    this.#bounds = bounds
    this.#log = log
    this.#world = world
    this.#spool = spool
    this.#sender = sender
    this.#intake = new Intake({
      source: options.source, destinations: options.destinations, bounds, world, log, resume_s,
      monotonic_ms: this.#monotonic_ms,
      out: (kind, rows, body) => spool.add(kind, rows, body),
    })
  }

  get #monotonic_ms(): () => number {
    return this.#options.monotonic_ms ?? (() => performance.now())
  }

  get listening(): ReadonlyMap<string, number> {
    return this.#responders instanceof Responders ? this.#responders.listening : new Map()
  }

  /** Opens the ports of a sensor that answers. Problem: `setting/invalid` when none could be opened. */
  async answer(heartbeat: Heartbeat): Promise<Result<void>> {
    const { answer: settings, hearsay, destinations } = this.#options
    const spool = this.#spool
    const into = {
      bounds: this.#bounds, monotonic_ms: this.#monotonic_ms, out: spool.add.bind(spool),
      isBehind: () => spool.unwritten_bytes > this.#bounds.unwritten_bytes_max,
    }
    if (hearsay) this.#responders = new Hearsay({ ...into, interactions: hearsay(this.#stop.signal) })
    if (!settings) return ok(undefined)
    const responders = new Responders({
      ...into, settings, world: this.#world, log: this.#log, own: destinations, clock_error_ms: () => heartbeat.clock_error_ms,
    })
    this.#responders = responders
    return responders.start()
  }

  start(heartbeat: Heartbeat, onFatal: (error: unknown) => void, release: () => Promise<void>): void {
    this.#heartbeat = heartbeat
    this.#release = release
    heartbeat.start(onFatal)
    void heartbeat.first.then(() => this.#sender.start(onFatal))
    this.#timers = [
      setInterval(() => this.#tick(onFatal), this.#options.tick_ms ?? TICK_MS),
      setInterval(() => void this.#writeStatus().catch(onFatal), STATUS_EVERY_MS),
    ]
    this.read = this.#readAll().then(() => this.#listen())
    // Whoever awaits `read` gets the error; nobody has to.
    this.read.catch(() => undefined)
  }

  #tick(onFatal: (error: unknown) => void): void {
    this.#intake.tick()
    this.#responders?.tick()
    if (this.#options.resumable === true) this.#marking = this.#marking.then(() => this.#mark()).catch(onFatal)
  }

  /** Only after the rows are on disk: a mark too early would lose them, one too late gives a minute twice. */
  async #mark(): Promise<void> {
    const { closed_s } = this.#intake
    if (closed_s <= this.#marked_s) return
    this.#intake.flushBatches()
    await this.#spool.settled()
    this.#marked_s = closed_s
    await replaceFile(markPath(this.#options.state_directory), `${JSON.stringify({ closed_s })}\n`, { sync: true })
  }

  async #readAll(): Promise<void> {
    const { signal } = this.#stop
    for await (const stream of this.#options.source.streams(signal)) {
      const capture = this.#intake.openCapture(stream.name)
      let whole = true
      let begun = false
      try {
        for await (const chunk of stream.chunks) {
          begun = true
          whole = this.#intake.push(capture, chunk)
          if (!whole) break
          if (this.#spool.unwritten_bytes > this.#bounds.unwritten_bytes_max) await this.#spool.settled()
        }
      } catch (error) {
        if (!isReadError(error)) throw error
        whole = this.#intake.report(fail('capture/unreadable', { file: stream.name, what: error.code }))
      }
      // Stopping cuts a live stream in the middle of a packet; that is not its fault. One that never began has a reason
      // that its source says in better words.
      if (whole && !signal.aborted && (begun || !this.#options.source.live)) this.#intake.report(capture.end())
    }
    // What a resumable run leaves open is read again by the next one.
    if (this.#options.resumable !== true) this.#intake.finish()
    await this.#spool.settled()
  }

  /** To the end of what a simulated sensor hears; a real one hears until it is stopped. */
  async #listen(): Promise<void> {
    if (!(this.#responders instanceof Hearsay)) return
    await this.#responders.heard
    await this.#spool.settled()
  }

  stats(): SensorStats {
    const { source } = this.#options
    return {
      ...this.#intake.counters, ...this.#spool.stats, sender: this.#sender.stats,
      batches: Number(this.#spool.last), acked: Number(this.#spool.acked),
      dropped_kernel: source.dropped, capture_restarts: source.restarts, unreadable: this.#intake.unreadable,
      heartbeats: this.#heartbeat.sent, clock_offset_ms: this.#heartbeat.clock_offset_ms, ...this.#answered,
    }
  }

  heartbeatFields() {
    const { packets, counted, malformed, not_ip, not_for_us } = this.#intake.counters
    return {
      addresses: addressCount(this.#options.destinations), packets_seen: packets, counted, malformed, not_ip, not_for_us,
      dropped_kernel: this.#options.source.dropped, ...this.#spool.stats, ...this.#answered,
    }
  }

  get #answered(): { readonly answer?: AnswerCounters } {
    return this.#responders ? { answer: { ...this.#responders.counters } } : {}
  }

  async #writeStatus(): Promise<void> {
    const path = join(this.#options.state_directory, 'status.json')
    await replaceFile(path, `${JSON.stringify(this.stats())}\n`, { sync: false })
  }

  async drain(wait_ms: number): Promise<boolean> {
    const end = performance.now() + wait_ms
    while (this.#spool.acked < this.#spool.last) {
      if (performance.now() > end || this.#sender.stats.state === 'revoked') return false
      await sleep(DRAIN_POLL_MS)
    }
    return true
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#end())
  }

  async #end(): Promise<void> {
    this.#stop.abort()
    await this.read.catch(() => undefined)
    for (const timer of this.#timers) clearInterval(timer)
    await this.#responders?.stop()
    await this.#marking
    if (this.#options.resumable === true) await this.#mark()
    await this.#sender.stop()
    await this.#heartbeat.stop()
    await this.#spool.close()
    await this.#writeStatus()
    await this.#release()
    this.#log.info('stopped')
  }
}

/** Errors of the system on reading: the file is at fault, not the program. */
const isReadError = (error: unknown): error is NodeJS.ErrnoException & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
