import type { FindingKind } from '@hirundo/contract'
import { AddressBook } from './core/address-book.ts'
import type { PortBin } from './core/port-bins.ts'
import { bin_pairs_max, day_pairs_max, PortBinner, type SavedBinner } from './core/port-binner.ts'
import type { Slice } from './core/slice.ts'
import type { Detection, Detector, Learning, Run, Scene } from './model.ts'
import { detectors as allDetectors } from './registry.ts'

const MINUTE_S = 60
const BIN_S = 600
const DAY_S = 86_400
/** Bins in which nobody watched that are closed one by one; a longer hole (captures of different years) counts as a leap. */
const empty_bins_max = 28 * (DAY_S / BIN_S)
/** For so long it is said of a detector that it began anew after an error: by then it knows again what it compares with. */
const failure_told_s = 28 * DAY_S
/** Version of what `save` gives. */
const STATE = 1

export interface EngineOptions {
  readonly scene: Scene
  /** Replace the defaults of a kind. */
  readonly parameters?: Readonly<Partial<Record<FindingKind, object>>>
  /** Only these kinds; absent: all. */
  readonly only?: readonly FindingKind[]
  /** Absent: those of the registry. */
  readonly detectors?: readonly Detector[]
  /** Keys the tables, so that no traffic can aim at them. */
  readonly seed?: number
  /** What `save` gave. Runs whose version differs begin anew. */
  readonly saved?: unknown
}

/** Why a detector was ended, and at which second of what it looked at. */
export interface Failure {
  readonly why: string
  readonly at: number
}

export interface DetectorHealth {
  readonly kind: FindingKind
  readonly version: number
  readonly source: string
  readonly parameters: object
  /** Why it was ended: it threw. The others go on. */
  readonly failed: string | undefined
  /** It was ended by an error within the last weeks and began anew without what it knew. */
  readonly failed_before?: Failure | undefined
  readonly shed: Readonly<Record<string, number>>
  /** Detections given so far, each time counted. */
  readonly given: number
  /** It knows too few days to find anything yet; undefined: it knows enough, or needs none. */
  readonly learning: Learning | undefined
}

interface Running {
  readonly detector: Detector
  readonly parameters: object
  run: Run | undefined
  failed: string | undefined
  /** The last error that ended it, here or before what was saved. */
  failure: Failure | undefined
  /** Of a run that has ended. */
  shed: Readonly<Record<string, number>>
  given: number
}

interface Saved {
  readonly state: number
  readonly next: number | null
  readonly book: unknown
  readonly bin: SavedBinner
  readonly day: SavedBinner
  readonly runs: Readonly<Record<string, { readonly version: number; readonly run: unknown } | undefined>>
  /** What ended a detector has damaged what it knew: no run of it is saved. Absent in states of before it was kept. */
  readonly failures?: Readonly<Record<string, Failure | undefined>>
}

const isSaved = (value: unknown): value is Saved => typeof value === 'object' && value !== null && (value as Saved).state === STATE

/**
 * Runs detectors over the minutes of one organisation, in order. Pure: no clock, no store. One detector that throws is ended
 * and named in `health`; the others go on.
 */
export class Engine {
  /** Address numbers of the slices must be of this book. */
  readonly book: AddressBook
  readonly #running: Running[]
  readonly #bin: PortBinner
  readonly #day: PortBinner
  /** First second that was not looked at yet. */
  #next: number | null

  constructor(options: EngineOptions) {
    const { scene, parameters = {}, only, detectors = allDetectors, seed = 0 } = options
    const saved = isSaved(options.saved) ? options.saved : undefined
    this.book = new AddressBook(saved?.book)
    this.#bin = new PortBinner(BIN_S, bin_pairs_max, seed, saved?.bin)
    this.#day = new PortBinner(DAY_S, day_pairs_max, seed, saved?.day)
    this.#next = saved?.next ?? null
    this.#running = detectors.filter(({ kind }) => only === undefined || only.includes(kind)).map((detector) => {
      const own = { ...detector.defaults, ...parameters[detector.kind] }
      const before = saved?.runs[detector.kind]
      const run = detector.start(own, scene, before?.version === detector.version ? before.run : undefined)
      return { detector, parameters: own, run, failed: undefined, failure: saved?.failures?.[detector.kind], shed: {}, given: 0 }
    })
  }

  /** First second that was not looked at yet; null: nothing was. */
  get next(): number | null {
    return this.#next
  }

  get health(): readonly DetectorHealth[] {
    return this.#running.map(({ detector: { kind, version, source }, parameters, run, failed, failure, shed, given }) => ({
      kind, version, source, parameters, failed, failed_before: failed === undefined ? this.#recent(failure) : undefined, shed: run?.shed ?? shed, given, learning: lackOf(run),
    }))
  }

  #recent(failure: Failure | undefined): Failure | undefined {
    return failure && (this.#next ?? failure.at) - failure.at < failure_told_s ? failure : undefined
  }

  /** Takes the next minute. Minutes that are left out count as not watched. */
  push(slice: Slice): readonly Detection[] {
    if (this.#next !== null && slice.minute < this.#next) throw new RangeError(`minute ${slice.minute} was looked at already`)
    const found = this.advance(slice.minute)
    this.#all(found, slice.minute, (run) => run.minute?.(slice))
    this.#bin.add(slice)
    this.#day.add(slice)
    this.#next = slice.minute + MINUTE_S
    this.#closeUntil(this.#next, found)
    return found
  }

  /** Nothing was observed until this second; closes what ends there. */
  advance(second: number): Detection[] {
    const found: Detection[] = []
    if (this.#next !== null && second > this.#next) {
      this.#closeUntil(second, found)
      this.#next = second
    }
    return found
  }

  /** What is still open when there is no more to come, one by one; nothing may be pushed after it. */
  *end(): Generator<Detection> {
    const found: Detection[] = []
    this.#leap(found)
    yield* found
    for (const running of this.#running) yield* this.#rest(running)
  }

  /** Plain data for `options.saved`: an engine made of it goes on as this one does. */
  save(): unknown {
    const runs = Object.fromEntries(this.#running.flatMap(({ detector, run }) => (run ? [[detector.kind, { version: detector.version, run: run.save() }]] : [])))
    const failures = Object.fromEntries(this.#running.flatMap(({ detector, failure }) => (this.#recent(failure) ? [[detector.kind, failure]] : [])))
    return { state: STATE, next: this.#next, book: this.book.save(), bin: this.#bin.save(), day: this.#day.save(), runs, failures } satisfies Saved
  }

  /** Closes bins and days that end at `second` or before, in order; those of which no minute came are holes. */
  #closeUntil(second: number, found: Detection[]): void {
    const first = this.#bin.start ?? (this.#next === null ? null : Math.floor(this.#next / BIN_S) * BIN_S)
    if (first === null) return
    if ((second - first) / BIN_S > empty_bins_max) return this.#leap(found)
    for (let start = first; start + BIN_S <= second; start += BIN_S) {
      this.#closeBin(found, start)
      if ((start + BIN_S) % DAY_S === 0) this.#closeDay(found, start + BIN_S - DAY_S)
    }
  }

  /** Closes what is open, and nothing between. */
  #leap(found: Detection[]): void {
    if (this.#bin.start !== null) this.#closeBin(found, this.#bin.start)
    if (this.#day.start !== null) this.#closeDay(found, this.#day.start)
  }

  #closeBin(found: Detection[], start: number): void {
    this.#bin.start ??= start
    const bin: PortBin = this.#bin.close()
    this.#all(found, bin.start + BIN_S, (run) => run.bin?.(bin))
  }

  #closeDay(found: Detection[], start: number): void {
    this.#day.start ??= start
    const day: PortBin = this.#day.close()
    this.#all(found, day.start + DAY_S, (run) => run.day?.(day))
    this.book.forget(day.start + DAY_S)
  }

  #all(found: Detection[], at: number, ask: (run: Run) => readonly Detection[] | undefined): void {
    for (const running of this.#running) {
      if (!running.run) continue
      try {
        const given = ask(running.run)
        if (!given) continue
        running.given += given.length
        for (const one of given) found.push(one)
      } catch (error) {
        fail(running, running.run, error, at)
      }
    }
  }

  *#rest(running: Running): Generator<Detection> {
    const { run } = running
    if (!run) return
    try {
      for (const one of run.end()) {
        running.given++
        yield one
      }
    } catch (error) {
      fail(running, run, error, this.#next ?? 0)
    }
  }
}

/** Whole days, while they are too few. */
function lackOf(run: Run | undefined): Learning | undefined {
  const known = run?.learning
  return known && known.days < known.days_needed ? { days: Math.floor(known.days), days_needed: known.days_needed } : undefined
}

function fail(running: Running, { shed }: Run, error: unknown, at: number): void {
  running.failed = error instanceof Error ? error.message : String(error)
  running.failure = { why: running.failed, at }
  running.shed = shed
  running.run = undefined
}
