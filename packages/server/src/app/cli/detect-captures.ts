import { formatCidr, isMapped, type Cidr, type Problem, type World } from '@hirundo/base'
import type { FindingKind } from '@hirundo/contract'
import { batchKinds, Observer, type Capture, type MinuteCounters, type ObserverCounters } from '@hirundo/formats'
import { MinuteBook } from '@hirundo/sensor'
import { Engine, lastOfEach, SliceBuilder, type Detection, type DetectorHealth } from '../../modules/warning/index.ts'
import { mergeCaptures } from './capture-merge.ts'

/** A file that could not be read to its end. */
export interface CaptureFault {
  readonly path: string
  readonly problem: Problem
  /** That came before it, and count. */
  readonly packets: number
}

export interface CaptureDetections {
  /** Each event once, as it was when it was over; in order of time. */
  readonly detections: readonly Detection[]
  readonly detectors: readonly DetectorHealth[]
  /** Samples that bounded memory left out, and rows that came after their minute was looked at. */
  readonly shed: number
  readonly counters: ObserverCounters
  readonly faults: readonly CaptureFault[]
}

export interface CaptureDetectionOptions {
  /** Only packets to these count; empty: all. */
  readonly destinations: readonly Cidr[]
  /** Victims and sources in these are ours. */
  readonly own: readonly Cidr[]
  /** Only these kinds; absent: all. */
  readonly only?: readonly FindingKind[]
  /** Keys the tables, so that no capture can aim at them. */
  readonly random: World['random']
}

/** Sensors hold less; here a minute stays whole. About 150 MB. */
const flows_max = 2 ** 20
/** Packets of a minute that are held until it is over, which is faster; 32 bytes each. */
const packets_staged_max = 2 ** 20
const syn_samples_per_minute_max = 1_000
/** Captures are not strictly in order: a minute is looked at so long after its end. */
const LAG_S = 50
const MINUTE_S = 60
/** A capture has times of its own, so that attacks need not be rounded to bins of 10 s as those from sensors. */
const VECTOR_BIN_S = 1
/** Kinds that look at backscatter alone. */
const lean: readonly FindingKind[] = ['rsdos']

/** Addresses of the networks: of IPv6 ones none, for what is estimated by chance does not hold there. */
const addressesOf = (destinations: readonly Cidr[]): number =>
  destinations.filter(({ bytes, bits }) => isMapped(bytes) && bits >= 96).reduce((sum, { bits }) => sum + 2 ** (128 - bits), 0)

/** Runs detectors over captures as one observation, in order of time. */
export async function detectInCaptures(paths: readonly string[], options: CaptureDetectionOptions): Promise<CaptureDetections> {
  const run = new CaptureRun(options)
  const faults: CaptureFault[] = []
  const captures = new Map<string, { readonly capture: Capture; packets: number }>()
  for await (const { path, chunk, over, problem, rest_from } of mergeCaptures(paths)) {
    let file = captures.get(path)
    if (!file) captures.set(path, (file = { capture: run.observer.openCapture(path), packets: 0 }))
    const before = run.observer.counters.packets
    if (chunk) file.capture.push(chunk)
    file.packets += run.observer.counters.packets - before
    const fault = problem ?? (over ? faultOf(file.capture) : undefined)
    if (over) captures.delete(path)
    if (fault) faults.push({ path, problem: fault, packets: file.packets })
    run.closeBefore(Math.floor((rest_from - LAG_S) / MINUTE_S) * MINUTE_S)
  }
  return { ...run.end(), faults }
}

function faultOf(capture: Capture): Problem | undefined {
  const ended = capture.end()
  return ended.ok ? undefined : ended.problem
}

/** Packets to rows, rows to minutes, minutes to detections. */
class CaptureRun {
  readonly observer: Observer
  readonly #engine: Engine
  readonly #builder: SliceBuilder
  readonly #minutes: MinuteBook
  readonly #found: Detection[] = []
  /** Minutes before it are being given out, or were. */
  #closing = -Infinity

  constructor({ destinations, own, only, random }: CaptureDetectionOptions) {
    const seed = new DataView(random(4).slice().buffer).getInt32(0)
    const scene = { addresses: addressesOf(destinations), sensors: 1, own: { economies: [], asns: [], networks: own.map(formatCidr) }, seed }
    this.#engine = new Engine({ scene, seed, parameters: { rsdos: { bin_s: VECTOR_BIN_S } }, ...(only ? { only } : {}) })
    this.#builder = new SliceBuilder(this.#engine.book)
    const give = (kind: number) => (rows: Uint8Array, count: number): void => this.#builder.addBatch(kind, 0, count, rows)
    this.#minutes = new MinuteBook((row) => give(batchKinds.sensor_minute)(row, 1))
    const needs_flows = only === undefined || only.some((kind) => !lean.includes(kind))
    this.observer = new Observer(
      { destinations, interval_s: MINUTE_S, flows_max, packets_staged_max, syn_samples_per_minute_max, backscatter_bin_s: VECTOR_BIN_S, random },
      {
        backscatter: give(batchKinds.backscatter), minute: (counters) => this.#closed(counters),
        ...(needs_flows ? { flows: give(batchKinds.flow), synSamples: give(batchKinds.syn_sample) } : {}),
      },
    )
  }

  /** Minutes are given out in order, each after its rows: those before it are whole. */
  #closed(counters: MinuteCounters): void {
    this.#minutes.fileMinute(counters)
    if (counters.minute < this.#closing) this.#look(counters.minute)
  }

  #look(before: number): void {
    for (const slice of this.#builder.take(before)) for (const one of this.#engine.push(slice)) this.#found.push(one)
  }

  /** Looks at all minutes that end at this second or before; packets that come for them later do not count. */
  closeBefore(second: number): void {
    if (!Number.isFinite(second) || second <= this.#closing) return
    this.#closing = second
    this.observer.closeBefore(second)
    this.#look(second)
  }

  end(): Omit<CaptureDetections, 'faults'> {
    this.#closing = Infinity
    this.observer.flush()
    this.#look(Infinity)
    for (const one of this.#engine.end()) this.#found.push(one)
    const detectors = this.#engine.health
    const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, one) => total + one, 0)
    return {
      detections: lastOfEach(this.#found).toSorted((a, b) => a.start - b.start || a.end - b.end), detectors,
      shed: sum(this.#builder.shed) + detectors.reduce((total, { shed }) => total + sum(shed), 0), counters: this.observer.counters,
    }
  }
}
