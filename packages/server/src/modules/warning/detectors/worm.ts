import type { PortBin } from './core/port-bins.ts'
import { hasPort, portSubject, type PortKey } from './core/port-key.ts'
import type { Slice } from './core/slice.ts'
import { defineDetector, type Detection, type Learning, type Run } from './model.ts'
import { PortWatch, type SavedWatch, type Seen } from './series/port-watch.ts'
import { scansOf } from './series/telling.ts'
import { Watching, type SavedWatching } from './series/watching.ts'
import { crossedOf, figuresOf, grows, isSpread, type Grown } from './worm/judge.ts'
import { byBins, WormLevels, type SavedLevels } from './worm/levels.ts'
import { wormDefaults, type WormParameters } from './worm/parameters.ts'

export type { WormParameters } from './worm/parameters.ts'

/**
 * Worms by their growth: "detect the trend, not the burst". Distinct sources of a port grow exponentially on top of their
 * seasonal baseline, in several windows in a row, at a rate that Kalman's filter finds positive and steady; a burst that comes at
 * once, a steady excess and the daily rhythm explain it less well. Counts are judged by their likelihood, so that the few that
 * some hundred addresses see of a worm's beginning are enough.
 */
export const worm = defineDetector<WormParameters>({
  kind: 'worm',
  version: 1,
  source: 'Zou, Gong, Towsley and Gao, The Monitoring and Early Detection of Internet Worms, IEEE/ACM ToN 13(5), 2005',
  defaults: wormDefaults,
  start: (parameters, _, saved) => new WormRun(parameters, saved as Saved | undefined),
})

const WATCHING_BINS = 1008
const BIN_S = 600
const HOUR_BINS = 6
/** Below it a port is no longer looked at. */
const CALM = 2
/** A worm that goes on is told again once an hour. */
const TOLD_EVERY_BINS = HOUR_BINS

/** Growth of a port that is told. */
interface Outbreak {
  readonly start: number
  end: number
  /** Last bin in which it grew, and in which it was told. */
  grew: number
  told: number
  last: Omit<Detection, 'open'>
}

interface Saved {
  readonly watching: SavedWatching
  readonly levels: SavedLevels
  readonly watch: SavedWatch
  readonly growing: readonly (readonly [PortKey, readonly number[]])[]
  readonly outbreaks: readonly (readonly [PortKey, Outbreak])[]
  readonly held: readonly PortKey[]
}

class WormRun implements Run {
  readonly #parameters: WormParameters
  readonly #watching: Watching
  readonly #levels: WormLevels
  readonly #watch: PortWatch
  /** Windows in a row that grew, by scale, of ports that are watched. */
  readonly #growing: Map<PortKey, number[]>
  readonly #outbreaks: Map<PortKey, Outbreak>
  /** Told, and not yet back at their baseline. */
  readonly #held: Set<PortKey>

  constructor(parameters: WormParameters, saved: Saved | undefined) {
    this.#parameters = parameters
    this.#watching = new Watching(WATCHING_BINS, saved?.watching)
    this.#levels = new WormLevels(parameters, saved?.levels)
    this.#watch = new PortWatch({ ports_max: parameters.watched_ports_max, sources_max: parameters.watched_sources_max }, saved?.watch)
    this.#growing = new Map(saved?.growing.map(([port, windows]) => [port, [...windows]]))
    this.#outbreaks = new Map(saved?.outbreaks.map(([port, one]) => [port, { ...one }]))
    this.#held = new Set(saved?.held)
  }

  minute(slice: Slice): readonly Detection[] {
    this.#watch.take(slice)
    return []
  }

  bin(bin: PortBin): readonly Detection[] {
    const watched = this.#watching.next(bin.sensor_equivalents)
    this.#levels.open(bin.start)
    const found: Detection[] = []
    if (!watched.hole) {
      this.#levels.take(bin, watched, (port) => this.#watch.has(port), (port) => this.#forget(port))
      if (this.#levels.days >= this.#parameters.days_known_min) this.#suspect(bin)
      for (const port of this.#growing.keys()) this.#look(bin, port, found)
    }
    for (const port of this.#outbreaks.keys()) this.#close(bin, port, found)
    if ((bin.start / BIN_S) % HOUR_BINS === HOUR_BINS - 1) this.#calm()
    return found
  }

  end(): readonly Detection[] {
    return [...this.#outbreaks.values()].map(({ last }) => ({ ...last, open: false }))
  }

  get shed(): Readonly<Record<string, number>> {
    return { ports: this.#levels.shed, watched_sources: this.#watch.shed }
  }

  get learning(): Learning {
    return { days: this.#levels.days, days_needed: this.#parameters.days_known_min }
  }

  save(): Saved {
    return {
      watching: this.#watching.save(), levels: this.#levels.save(), watch: this.#watch.save(),
      growing: [...this.#growing].map(([port, windows]) => [port, [...windows]]), outbreaks: [...this.#outbreaks].map(([port, one]) => [port, { ...one }]), held: [...this.#held],
    }
  }

  #excess(port: PortKey): number {
    return Math.max(...this.#parameters.scales.map((_, scale) => this.#levels.excess(port, scale)))
  }

  /** Looks from the next bin on at ports that stand out. */
  #suspect({ start, ports }: PortBin): void {
    const { watched_from_deviations } = this.#parameters
    const wanted: { port: PortKey; excess: number }[] = []
    for (const port of ports.keys()) {
      if (!hasPort(port) || this.#watch.has(port) || this.#held.has(port)) continue
      const excess = this.#excess(port)
      if (excess >= watched_from_deviations) wanted.push({ port, excess })
    }
    for (const { port } of wanted.toSorted((a, b) => b.excess - a.excess || a.port - b.port)) {
      if (this.#watch.full) return
      this.#watch.begin(port, start + BIN_S)
      this.#growing.set(port, this.#parameters.scales.map(() => 0))
    }
  }

  /** Asks each scale that ends with this bin whether the port grows; not before enough different ones came. */
  #look(bin: PortBin, port: PortKey, found: Detection[]): void {
    const windows = this.#growing.get(port)!
    const who = this.#watch.seen(port)
    if (!who || !isSpread(who, bin.sensors, this.#parameters)) return void windows.fill(0)
    this.#parameters.scales.forEach((scale, i) => {
      if (!byBins(scale) && (bin.start / BIN_S + 1) % HOUR_BINS !== 0) return
      const asked = this.#levels.excess(port, i) >= this.#parameters.fitted_from_deviations
      const window = asked ? this.#levels.window(port, scale) : undefined
      const grown = window && grows(window, scale, this.#parameters)
      windows[i] = grown ? windows[i]! + 1 : 0
      if (grown && windows[i]! >= this.#parameters.windows_min) this.#tell(bin, port, { grown, windows: windows[i]!, who }, found)
    })
  }

  #tell(bin: PortBin, port: PortKey, { grown, windows, who }: { readonly grown: Grown; readonly windows: number; readonly who: Seen }, found: Detection[]): void {
    const index = bin.start / BIN_S
    const before = this.#outbreaks.get(port)
    const end = bin.start + BIN_S
    const last: Outbreak['last'] = {
      kind: 'worm', subject: portSubject(port), start: who.since, end, severity: 'urgent', packets: who.packets, figures: figuresOf(grown, windows, who),
      crossed: crossedOf(grown, windows, who, bin.sensors, this.#parameters),
      evidence: [scansOf(port, who.since, end, { packets: who.packets, sources: who.exact ? who.sources : null, sensors: who.sensors })],
    }
    const told = before && index - before.told < TOLD_EVERY_BINS ? before.told : index
    this.#outbreaks.set(port, { start: who.since, end, grew: index, told, last })
    if (told === index && before?.told !== index) found.push({ ...last, open: true })
  }

  /** An outbreak that no longer grows is over: the port stays infected, and nothing new is told until it is back at its baseline. */
  #close(bin: PortBin, port: PortKey, found: Detection[]): void {
    const { grew, last } = this.#outbreaks.get(port)!
    if (bin.start / BIN_S - grew < this.#parameters.hold_off_h * HOUR_BINS) return
    found.push({ ...last, open: false })
    this.#forget(port)
    this.#held.add(port)
  }

  #calm(): void {
    this.#levels.release((port) => this.#watch.has(port))
    for (const port of this.#growing.keys()) if (!this.#outbreaks.has(port) && this.#excess(port) < CALM) this.#forget(port)
    for (const port of this.#held) if (this.#excess(port) < CALM) this.#held.delete(port)
  }

  #forget(port: PortKey): void {
    this.#watch.end(port)
    this.#growing.delete(port)
    this.#outbreaks.delete(port)
  }
}
