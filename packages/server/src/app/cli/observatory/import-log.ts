import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { DAY_S, formatCidr, isMapped, type Cidr } from '@hirundo/base'
import {
  AddressSet, batchKinds, encodeInteraction, firstYearOf, FlowLog, LineSplitter, logBounds, logReader, type Interaction, type LoggedPackets, type LogKind, type LogOptions,
} from '@hirundo/formats'
import { MinuteBook, readCaptureFile, sensorBounds, type Log } from '@hirundo/sensor'
import { BatchQueue, RowBatches, type BatchMaker } from './import-batches.ts'

const BAD_TOLD_MAX = 10
const PROGRESS_LINES = 1_000_000

export interface LogCounts {
  lines: number
  /** Lines that said something. */
  events: number
  interactions: number
  /** Rows of flows. */
  flows: number
  bad_lines: number
  /** Interactions and rows of flows that were left out because they came from our own decoys. */
  own_decoy: number
  not_for_us: number
  /** Lines that say nothing to us. */
  skipped: number
  first_ms: number | undefined
  last_ms: number | undefined
}

export interface ImportedLog extends Readonly<LogCounts> {
  /** False: the file could not be read to its end; what was read before counts. */
  readonly whole: boolean
}

export interface LogImport extends BatchMaker {
  readonly path: string
  readonly kind: LogKind
  readonly options: LogOptions
  readonly decoys: readonly Cidr[]
  readonly log: Log
}

/** SHA-256 of what decides the rows: a file's bytes, its kind, the sensor's name and how the file is read. */
export async function logDigest(path: string, kind: LogKind, name: string, options: LogOptions): Promise<Buffer> {
  const { own, zone_s, first_year } = options
  const hash = createHash('sha256').update('hirundo-import-log-v1\n')
  hash.update(`${kind}\n${name}\n${own.map(formatCidr).toSorted().join(',')}\n${zone_s}\n${first_year ?? ''}\n`)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest()
}

/** The year of the first line that names none, by when the file was written last. */
export async function firstYear(path: string, zone_s: number): Promise<number | undefined> {
  const { mtimeMs } = await stat(path)
  let year: number | undefined
  let bytes = 0
  const lines = new LineSplitter(logBounds.line_bytes_max, (text) => {
    // A clock a little ahead must not make it last year.
    year ??= firstYearOf(text, mtimeMs + DAY_S * 1000, zone_s)
  }, () => undefined)
  for await (const chunk of readCaptureFile(path)) {
    lines.push(chunk)
    bytes += chunk.length
    if (year !== undefined || bytes > logBounds.line_bytes_max) return year
  }
  lines.finish()
  return year
}

/** One pass over a log: lines in, batches out. */
class LogPass {
  readonly counts: LogCounts = {
    lines: 0, events: 0, interactions: 0, flows: 0, bad_lines: 0, own_decoy: 0, not_for_us: 0, skipped: 0, first_ms: undefined, last_ms: undefined,
  }
  readonly lines: LineSplitter
  readonly #job: LogImport
  readonly #reader
  readonly #decoys: AddressSet
  readonly #interactions: RowBatches
  readonly #flows: RowBatches
  readonly #minutes: RowBatches
  readonly #flow_log: FlowLog

  constructor(job: LogImport, queue: BatchQueue) {
    this.#job = job
    this.#decoys = new AddressSet(job.decoys)
    const batches = (kind: number): RowBatches => new RowBatches(kind, (...batch) => queue.add(...batch))
    this.#interactions = batches(batchKinds.interaction)
    this.#flows = batches(batchKinds.flow)
    this.#minutes = batches(batchKinds.sensor_minute)
    this.#flow_log = this.#makeFlowLog()
    this.#reader = logReader(job.kind, job.options, { interaction: (one) => this.#interaction(one), packets: (some) => this.#packets(some) })
    this.lines = new LineSplitter(logBounds.line_bytes_max, (text) => this.#line(text), () => this.#bad('it is too long'))
  }

  #line(text: string): void {
    const { counts } = this
    if (text.length === 0) return void counts.lines++
    const outcome = this.#reader.take(text)
    if (outcome === 'bad') return this.#bad('it cannot be read')
    if (outcome === 'event') counts.events++
    else counts[outcome]++
    this.#next()
  }

  #bad(what: string): void {
    const { counts } = this
    this.#next()
    if (++counts.bad_lines <= BAD_TOLD_MAX) this.#job.log.warn('a line was left out', { file: this.#job.path, line: counts.lines, what })
  }

  #next(): void {
    const { counts } = this
    if (++counts.lines % PROGRESS_LINES === 0) this.#job.log.info('importing', { file: this.#job.path, lines: counts.lines, events: counts.events })
  }

  #saw(at_ms: number): void {
    const { counts } = this
    counts.first_ms = Math.min(counts.first_ms ?? at_ms, at_ms)
    counts.last_ms = Math.max(counts.last_ms ?? at_ms, at_ms)
  }

  /** What a log tells of packets covers time as a capture does: minutes with packets, and short silences between them. */
  #makeFlowLog(): FlowLog {
    let minute = 0
    const book = new MinuteBook((row) => this.#minutes.add(row, minute, false))
    return new FlowLog({ flows_max: sensorBounds.flows_max, isLeftOut: (src) => this.#isDecoy(src) }, {
      flow: (row, src, at_s) => {
        const is_decoy = this.#isDecoy(src)
        this.counts[is_decoy ? 'own_decoy' : 'flows']++
        this.#flows.add(row, at_s, is_decoy)
      },
      minute: (counters) => {
        minute = counters.minute
        book.fileMinute(counters)
      },
    })
  }

  #isDecoy(src: Uint8Array): boolean {
    if (this.#job.decoys.length === 0) return false
    return isMapped(src) ? this.#decoys.hasV4(new DataView(src.buffer, src.byteOffset).getUint32(12)) : this.#decoys.hasV6(src, 0)
  }

  #packets(some: LoggedPackets): void {
    this.#saw(some.at_ms)
    this.#flow_log.add(some)
  }

  #interaction(one: Interaction): void {
    const is_decoy = this.#isDecoy(one.src)
    this.#saw(one.at_ms)
    this.counts[is_decoy ? 'own_decoy' : 'interactions']++
    this.#interactions.add(encodeInteraction(one), Math.floor(one.at_ms / 1000), is_decoy)
  }

  finish(): void {
    this.lines.finish()
    this.#reader.finish()
    this.#flow_log.finish()
    for (const batches of [this.#interactions, this.#flows, this.#minutes]) batches.flush()
  }
}

/** Reads a log and gives its batches on, numbered from 1. Memory stays bounded however long the file is. */
export async function importLog(job: LogImport): Promise<ImportedLog> {
  const queue = new BatchQueue(job)
  const pass = new LogPass(job, queue)
  const chunks = readCaptureFile(job.path)[Symbol.asyncIterator]()
  let whole = true
  for (;;) {
    const chunk = await chunks.next().catch((error: unknown) => {
      const { code, message } = error as { code?: unknown; message?: unknown }
      job.log.warn('a log could not be read to its end', { file: job.path, code, what: message })
      whole = false
      return { done: true as const, value: undefined }
    })
    if (chunk.done) break
    pass.lines.push(chunk.value)
    if (queue.is_full) await queue.drain()
  }
  pass.finish()
  await queue.drain()
  return { ...pass.counts, whole }
}
