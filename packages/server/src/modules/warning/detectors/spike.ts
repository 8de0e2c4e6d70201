import type { Severity } from '@hirundo/contract'
import type { PortBin, PortCounts } from './core/port-bins.ts'
import { hasPort, portSubject, type PortKey } from './core/port-key.ts'
import type { Slice } from './core/slice.ts'
import { defineDetector, type Detection, type Learning, type Run } from './model.ts'
import { PortWatch, type SavedWatch, type SeenIn } from './series/port-watch.ts'
import { networksOf } from './series/source-network.ts'
import { atLeast, scansOf, sensorsNeeded, short } from './series/telling.ts'
import { Watching, type SavedWatching } from './series/watching.ts'
import { PortDays, type SavedDays, type Thresholds } from './spike/history.ts'
import { spikeDefaults, type SpikeParameters } from './spike/parameters.ts'

export type { SpikeParameters } from './spike/parameters.ts'

/**
 * Days on which far more sources than usual look for a port: GreyNoise's precursor signal, a record by itself. What is far
 * beyond that, and wide, is a notice; it is told while the day lasts.
 */
export const spike = defineDetector<SpikeParameters>({
  kind: 'spike',
  version: 2,
  source: 'GreyNoise, Early Warning Signals: When Attacker Behavior Precedes New Vulnerabilities, 2025',
  defaults: spikeDefaults,
  start: (parameters, _, saved) => new SpikeRun(parameters, saved as Saved | undefined),
})

const BIN_S = 600
const DAY_S = 86_400
const DAYS_USUAL = 28
/** Share of the threshold, in visits, from which a port is counted while the day lasts. */
const WATCHED_FROM = 0.67
/** More sensors than usual by so much: what comes more may be theirs, and the whole day will tell. */
const JOINED = 1.1
const FEW_SENSORS = 2
const SEVERITIES: readonly Severity[] = ['record', 'notice']

interface Saved {
  readonly watching: SavedWatching
  readonly days: SavedDays
  readonly watch: SavedWatch
  readonly visits: readonly (readonly [PortKey, number])[]
  readonly per_source: readonly (readonly [PortKey, number])[]
  readonly told: readonly (readonly [PortKey, Severity])[]
  readonly day: number
  readonly now: number
  readonly sensors: number
  readonly records_shed: number
}

/** A port that is above its threshold, or was told; `times` its median. */
interface Above { readonly port: PortKey; readonly counts: PortCounts; readonly thresholds: Thresholds; readonly told: Severity | undefined; readonly times: number }

class SpikeRun implements Run {
  readonly #parameters: SpikeParameters
  readonly #watching: Watching
  readonly #days: PortDays
  readonly #watch: PortWatch
  /** Sums of the bins' sources of the day, and how many of them one source made on the day before. */
  #visits: Map<PortKey, number>
  #per_source: Map<PortKey, number>
  /** Told while the day lasts. */
  readonly #told: Map<PortKey, Severity>
  /** Notices among them. */
  #notices = 0
  /** Start of the day that is open, end of its last bin, and sensors in it. */
  #day: number
  #now: number
  #sensors: number
  #records_shed: number

  constructor(parameters: SpikeParameters, saved: Saved | undefined) {
    this.#parameters = parameters
    this.#watching = new Watching(DAYS_USUAL, saved?.watching)
    this.#days = new PortDays(parameters, saved?.days)
    this.#watch = new PortWatch({ ports_max: parameters.watched_ports_max, sources_max: parameters.watched_sources_max }, saved?.watch)
    this.#visits = new Map(saved?.visits)
    this.#per_source = new Map(saved?.per_source)
    this.#told = new Map(saved?.told)
    for (const severity of this.#told.values()) if (severity === 'notice') this.#notices++
    this.#day = saved?.day ?? 0
    this.#now = saved?.now ?? 0
    this.#sensors = saved?.sensors ?? 0
    this.#records_shed = saved?.records_shed ?? 0
  }

  minute(slice: Slice): readonly Detection[] {
    this.#watch.take(slice)
    return []
  }

  bin(bin: PortBin): readonly Detection[] {
    this.#day = Math.floor(bin.start / DAY_S) * DAY_S
    this.#now = bin.start + BIN_S
    this.#sensors = bin.sensors
    const { usual } = this.#watching
    if (this.#days.days < this.#parameters.days_known_min || bin.sensor_equivalents > JOINED * usual) return []
    const exposure = Math.max(usual, bin.sensor_equivalents)
    for (const [port, { sources }] of bin.ports) {
      if (!hasPort(port)) continue
      const visits = (this.#visits.get(port) ?? 0) + sources
      this.#visits.set(port, visits)
      if (this.#watch.has(port) || this.#watch.full || visits < this.#parameters.sources_min * WATCHED_FROM) continue
      if (visits >= WATCHED_FROM * (this.#per_source.get(port) ?? 1) * this.#days.thresholds(port, exposure).spike) this.#watch.begin(port, bin.start + BIN_S)
    }
    return this.#live(exposure)
  }

  day(day: PortBin): readonly Detection[] {
    const { hole } = this.#watching.next(day.sensor_equivalents)
    const found = this.#days.days < this.#parameters.days_known_min ? [] : this.#judge(day, hole)
    this.#days.learn(day, hole)
    this.#per_source = new Map([...this.#visits].flatMap(([port, visits]) => {
      const sources = day.ports.get(port)?.sources ?? 0
      return sources >= this.#parameters.sources_min ? [[port, Math.max(1, visits / sources)]] : []
    }))
    this.#visits = new Map()
    this.#told.clear()
    this.#notices = 0
    for (const port of this.#watch.ports()) this.#watch.end(port)
    return found
  }

  end(): readonly Detection[] {
    return [...this.#told].flatMap(([port, severity]) => {
      const came = this.#cameSince(port)
      return came ? [this.#detection(port, came, this.#days.thresholds(port, this.#watching.usual), severity, this.#sensors, false)] : []
    })
  }

  get shed(): Readonly<Record<string, number>> {
    return { ports: this.#days.shed, records: this.#records_shed, watched_sources: this.#watch.shed }
  }

  get learning(): Learning {
    return { days: this.#days.days, days_needed: this.#parameters.days_known_min }
  }

  save(): Saved {
    return {
      watching: this.#watching.save(), days: this.#days.save(), watch: this.#watch.save(), visits: [...this.#visits], per_source: [...this.#per_source],
      told: [...this.#told], day: this.#day, now: this.#now, sensors: this.#sensors, records_shed: this.#records_shed,
    }
  }

  /** Ports that are above already, though the day goes on: who was counted is a lower bound. */
  #live(exposure: number): Detection[] {
    const found: Detection[] = []
    for (const port of this.#watch.ports()) {
      const before = this.#told.get(port)
      if (before === 'notice') continue
      const came = this.#cameSince(port)
      const thresholds = this.#days.thresholds(port, exposure)
      if (!came || came.sources < thresholds.spike) continue
      const severity = this.#severity(came, thresholds, this.#sensors)
      if (severity === before) continue
      this.#tell(port, severity)
      found.push(this.#detection(port, came, thresholds, severity, this.#sensors, true))
    }
    return found
  }

  #cameSince(port: PortKey): SeenIn | undefined {
    const seen = this.#watch.seen(port)
    return seen && { ...seen, start: seen.since, end: this.#now }
  }

  /** Those that are above most first: they take the notices and records that a day has. */
  #judge(day: PortBin, hole: boolean): Detection[] {
    const { records_per_day_max } = this.#parameters
    const found: Detection[] = []
    let records = 0
    for (const { port, counts, thresholds, told } of this.#above(day, hole)) {
      const networks = told === 'notice' || !this.#mayNotice ? 0 : this.#networksOf(day, port, counts.sources, thresholds)
      const came: SeenIn = { ...counts, start: day.start, end: day.start + DAY_S, exact: day.exact, network_share_max: counts.source_share_max, networks }
      const severity = told === 'notice' ? told : this.#severity(came, thresholds, day.sensors)
      if (severity === 'notice' && told !== 'notice') this.#tell(port, severity)
      // What was told while the day lasted must be said to be over.
      const is_shed = severity === 'record' && told === undefined && ++records > records_per_day_max
      if (is_shed) this.#records_shed++
      else found.push(this.#detection(port, came, thresholds, severity, day.sensors, false))
    }
    return found
  }

  #above(day: PortBin, hole: boolean): Above[] {
    const factor = hole ? 1 : this.#days.common(day)
    const exposure = Math.max(this.#watching.usual, day.sensor_equivalents)
    const above: Above[] = []
    for (const [port, counts] of day.ports) {
      const told = this.#told.get(port)
      if (!hasPort(port) || (told === undefined && (hole || counts.sources < this.#parameters.sources_min))) continue
      const thresholds = this.#days.thresholds(port, exposure, told === undefined ? factor : 1)
      if (told !== undefined || counts.sources >= thresholds.spike) above.push({ port, counts, thresholds, told, times: counts.sources / Math.max(1, thresholds.median) })
    }
    return above.toSorted((a, b) => b.times - a.times || a.port - b.port)
  }

  /** Asked only of what may be a notice: it looks at each of the port's sources. */
  #networksOf(day: PortBin, port: PortKey, sources: number, { notice }: Thresholds): number {
    if (sources < notice) return 0
    const some = day.sourcesOf(port, this.#parameters.networks_of_max)
    return some.length === 0 ? 0 : (networksOf(some) / some.length) * sources
  }

  #tell(port: PortKey, severity: Severity): void {
    this.#told.set(port, severity)
    if (severity === 'notice') this.#notices++
  }

  get #mayNotice(): boolean {
    return this.#notices < this.#parameters.notices_per_day_max
  }

  #severity(came: SeenIn, { notice }: Thresholds, sensors: number): Severity {
    const { sensors_min, network_share_max, sensor_share_max } = this.#parameters.notice
    const alone = came.network_share_max > network_share_max || (sensors > FEW_SENSORS && came.sensor_share_max > sensor_share_max)
    const wide = came.networks >= notice && came.sensors >= sensorsNeeded(sensors_min, sensors) && !alone
    return SEVERITIES[wide && this.#mayNotice ? 1 : 0]!
  }

  #detection(port: PortKey, came: SeenIn, thresholds: Thresholds, severity: Severity, watching: number, open: boolean): Detection {
    const { median, interquartile_range, mean, deviation, days } = thresholds
    const needed = severity === 'notice' ? thresholds.notice : thresholds.spike
    return {
      kind: 'spike', subject: portSubject(port), start: this.#day, end: came.end, open, severity, packets: came.packets,
      figures: {
        packets: came.packets, sources: came.sources, sensors: came.sensors, median, interquartile_range, mean_28_days: short(mean), deviation_28_days: short(deviation),
        spike_threshold: thresholds.spike, days_known: days, ...(median > 0 ? { rate_ratio: short(came.sources / median) } : {}),
      },
      crossed: [
        atLeast('sources', came.sources, needed),
        ...(severity === 'notice' ? [atLeast('sensors', came.sensors, sensorsNeeded(this.#parameters.notice.sensors_min, watching))] : []),
      ],
      evidence: [scansOf(port, came.start, came.end, { packets: came.packets, sources: came.exact ? came.sources : null, sensors: came.sensors })],
    }
  }
}
