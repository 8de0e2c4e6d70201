import { formatMillis, type Problem } from '@hirundo/base'
import { Observer, type Capture, type ObserverCounters } from '@hirundo/formats'
import { parseArguments, usage, type FlowsArguments, type Format } from './arguments.ts'
import { openInput } from './intake.ts'
import { processIo, type FlowsIo } from './io.ts'
import { scanOrder, type FileOrder } from './scan.ts'
import { closeFile, readChunks, type Chunks, type OpenFile, type SourceFault } from './source.ts'
import { textColumns, TextRows } from './text-rows.ts'

/** Flows held at once, 1 GiB of them: beyond it (files whose packets are not at all in order) rows are partial. */
const FLOWS_MAX = 2 ** 24 - 2

/** Packets of a minute held at once, 64 MiB of them: minutes with more are counted more slowly. */
const PACKETS_STAGED_MAX = 2 ** 21

const exit = { whole: 0, incomplete: 1, usage: 2 } as const

/** The `flows` subcommand with the arguments after its name; the exit code. */
export async function runFlows(argv: readonly string[], io: FlowsIo = processIo): Promise<number> {
  const parsed = parseArguments(argv)
  if (!parsed.ok) {
    io.report(`hirundo-sensor flows: ${parsed.problem.detail.what}`)
    io.report('Try hirundo-sensor flows --help')
    return exit.usage
  }
  if (!parsed.value) {
    io.write(Buffer.from(`${usage}\n`))
    return exit.whole
  }
  return new FlowsRun(parsed.value, io).run()
}

/** A file on its way through the observer. */
interface Reading {
  readonly name: string
  readonly order: FileOrder
  readonly capture: Capture
  /** Open while it is read, and from the start when it cannot be opened again. */
  file: OpenFile | undefined
  chunks: Chunks | undefined
  at: number
}

class FlowsRun {
  readonly #given: FlowsArguments
  readonly #io: FlowsIo
  readonly #observer: Observer
  readonly #started: number
  #faults = 0
  /** Nobody reads the output any more. */
  #stopped = false

  constructor(given: FlowsArguments, io: FlowsIo) {
    this.#given = given
    this.#io = io
    this.#started = io.elapsed()
    const write = rowWriter(given.format)
    const options = {
      destinations: given.destinations, interval_s: given.interval_s, flows_max: FLOWS_MAX,
      packets_staged_max: PACKETS_STAGED_MAX,
      syn_samples_per_minute_max: 0, random: (bytes: number) => io.random(bytes),
    }
    this.#observer = new Observer(options, {
      flows: (rows, count) => void (this.#stopped ||= !io.write(write(rows, count))),
      minute: () => {},
    })
  }

  async run(): Promise<number> {
    if (this.#given.format === 'csv') this.#stopped = !this.#io.write(Buffer.from(`${textColumns.join(',')}\n`))
    const readings = await this.#openAll()
    while (readings.length > 0 && !this.#stopped) {
      const reading = readings.reduce((first, other) => (due(other) < due(first) ? other : first))
      const others = readings.reduce((least, other) => (other === reading ? least : Math.min(least, due(other))), Number.MAX_SAFE_INTEGER)
      const rest = Math.min(others, reading.order.due(reading.at + 1))
      this.#observer.setInOrder(reading.order.lastMinute(reading.at) <= rest)
      if (!(await this.#step(reading))) readings.splice(readings.indexOf(reading), 1)
      this.#observer.closeBefore(rest)
    }
    if (this.#stopped) return exit.whole
    this.#observer.flush()
    this.#io.report(JSON.stringify(summary(this.#given.files.length, this.#observer.counters, this.#io.elapsed() - this.#started)))
    return this.#faults > 0 ? exit.incomplete : exit.whole
  }

  async #openAll(): Promise<Reading[]> {
    const readings: Reading[] = []
    for (const name of this.#given.files) {
      const opened = openInput(name, this.#io)
      if (!opened.ok) this.#fault(opened.problem)
      else {
        const file = opened.value
        const order = await scanOrder(file, this.#given.interval_s)
        // Thousands of rotated files are more than may be open at once.
        if (!file.copied) closeFile(file)
        const capture = this.#observer.openCapture(name)
        readings.push({ name, order, capture, file: file.copied ? file : undefined, chunks: undefined, at: 0 })
      }
    }
    return readings
  }

  /** Takes the next chunk of a file; false when it is finished. */
  async #step(reading: Reading): Promise<boolean> {
    const chunks = this.#chunksOf(reading)
    if (!chunks) return false
    const { capture, order } = reading
    // Asked also after the last chunk, whose use is to learn whether the compressed file ended early just there; what a
    // file grew by meanwhile is left for the next reading.
    const next = await chunks.next()
    const chunk = reading.at < order.chunks ? next : undefined
    reading.at++
    const taken = chunk ? capture.push(chunk) : capture.end()
    if (chunk && taken.ok) return true
    if (chunks.fault) this.#fault(faultOf(reading.name, chunks.fault))
    else if (!taken.ok) this.#fault(taken.problem)
    chunks.close()
    closeFile(reading.file!)
    return false
  }

  #chunksOf(reading: Reading): Chunks | undefined {
    if (reading.chunks) return reading.chunks
    if (!reading.file) {
      const opened = openInput(reading.name, this.#io)
      if (!opened.ok) return void this.#fault(opened.problem)
      reading.file = opened.value
    }
    return (reading.chunks = readChunks(reading.file))
  }

  #fault(problem: Problem): void {
    this.#faults++
    const { file, offset, what } = problem.detail
    this.#io.report(`hirundo-sensor flows: ${file}: at byte ${offset}: ${what}`)
  }
}

/** Earliest second that the rest of a file can hold. */
const due = (reading: Reading): number => reading.order.due(reading.at)

function faultOf(file: string, { cut_off, what }: SourceFault): Problem {
  return { code: cut_off ? 'capture/cut-off' : 'capture/unreadable', detail: { file, offset: 0, what } }
}

function rowWriter(format: Format): (rows: Uint8Array, count: number) => Uint8Array {
  if (format === 'rowbinary') return (rows) => rows
  const text = new TextRows()
  return (rows, count) => Buffer.from(format === 'csv' ? text.csv(rows, count) : text.ndjson(rows, count))
}

function summary(files: number, counters: ObserverCounters, elapsed_ms: number) {
  const { packets, counted, not_ip, not_for_us, malformed, flows, first_ms, last_ms } = counters
  const instant = (millis: number | undefined) => (millis === undefined ? null : formatMillis(millis))
  const elapsed_s = Math.round(elapsed_ms) / 1000
  return { files, packets, counted, not_ip, not_for_us, malformed, flows, first: instant(first_ms), last: instant(last_ms), elapsed_s }
}
