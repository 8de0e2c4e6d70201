import { DAY_S, formatSeconds } from '@hirundo/base'
import type { Severity } from '@hirundo/contract'
import { members_max, type Detection } from '../model.ts'
import type { SynchronisedParameters } from './parameters.ts'
import { PortDays, type SavedPortDays } from './port-days.ts'
import type { RecentMinutes } from './recent-minutes.ts'
import type { Blamed } from './slot.ts'
import { Walks, type SavedWalks } from './walks.ts'

interface Sums {
  packets: number
  max_ppm: number
  /** undefined: more than memory takes, or rows were shed. */
  sources: Set<number> | undefined
  sensors: Set<number> | undefined
}

interface Event {
  readonly port: number
  readonly start: number
  end: number
  severity: Severity
  /** All of the port from start to end … */
  readonly sums: Sums
  /** … and since then, which belongs to it once the end is known to be later. */
  since: Sums
  /** Second up to which rows were added to either. */
  counted_to: number
  best: Pick<Blamed, 'ratio' | 'threshold' | 'dropped' | 'units_all'> & { readonly in_step: number; readonly sensors: number }
  members: string[]
}

export interface SavedEvents {
  readonly events: ReadonlyMap<number, Event>
  readonly before: SavedPortDays
  readonly walks: SavedWalks
}

/** What is going on at which ports. */
export class OpenEvents {
  readonly #parameters: SynchronisedParameters
  readonly #recent: RecentMinutes
  readonly #events: Map<number, Event>
  readonly #before: PortDays
  readonly #walks: Walks

  constructor(parameters: SynchronisedParameters, recent: RecentMinutes, saved?: SavedEvents) {
    this.#parameters = parameters
    this.#recent = recent
    this.#events = new Map(saved?.events)
    this.#before = new PortDays(parameters.usual_days, parameters.history_ports_max, saved?.before)
    this.#walks = new Walks(saved?.walks)
  }

  /** Takes what was blamed in the slot that ends now, gives what is new, and those as over that were not seen for long. */
  slot(now: number, blamed: readonly Blamed[], addressText: (number: number) => string): Detection[] {
    const told = [...Map.groupBy(blamed, ({ port }) => port)].flatMap(([port, all]) => this.#add(port, all, now, addressText))
    for (const event of this.#events.values()) {
      this.#count(event.since, event, event.counted_to, now)
      event.counted_to = now
    }
    return [...told, ...this.#close(now)]
  }

  end(): Detection[] {
    return this.#close(Infinity)
  }

  save(): SavedEvents {
    return { events: this.#events, before: this.#before.save(), walks: this.#walks.save() }
  }

  #add(port: number, all: readonly Blamed[], now: number, addressText: (number: number) => string): Detection[] {
    const strongest = all.reduce((a, b) => (b.units.size > a.units.size ? b : a))
    const event = this.#events.get(port) ?? opened(port, Math.min(...all.map(({ start }) => start)))
    this.#before.add(port, Math.floor(now / DAY_S))
    this.#events.set(port, event)
    if (event.best.in_step < strongest.units.size) this.#strengthen(event, strongest, now, addressText)
    const end = Math.max(...all.map((one) => one.end))
    if (end <= event.end) return []
    this.#count(event.since, event, event.counted_to, end)
    addSums(event.sums, event.since)
    event.since = nothing()
    event.counted_to = event.end = end
    return [this.#detection(event, true)]
  }

  #close(now: number): Detection[] {
    const { hold_s, event_s_max } = this.#parameters
    return [...this.#events.values()].filter(({ start, end }) => now - end > hold_s || now - start > event_s_max).map((event) => {
      this.#events.delete(event.port)
      return this.#detection(event, false)
    })
  }

  #strengthen(event: Event, { port, units, units_all, ratio, threshold, dropped, window }: Blamed, now: number, addressText: (number: number) => string): void {
    const packets = new Map<number, number>()
    const sensors = new Set<number>()
    for (const rows of this.#recent.between(window.end - window.sample_s * window.samples, window.end)) {
      for (let i = 0; i < rows.rows; i++) {
        if (rows.port[i] !== port || !units.has(rows.unit[i]!)) continue
        packets.set(rows.source[i]!, (packets.get(rows.source[i]!) ?? 0) + rows.packets[i]!)
        sensors.add(rows.sensor[i]!)
      }
    }
    if (event.best.in_step === 0) event.severity = this.#severity(port, now, packets.keys())
    event.best = { ratio, threshold, dropped, units_all, in_step: units.size, sensors: sensors.size }
    event.members = [...packets].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, members_max).map(([source]) => addressText(source))
    if (event.severity === 'notice' && units.size >= this.#parameters.warning_sources_min) event.severity = 'warning'
  }

  /** What a port has on many days, and what a group does at port after port, is no news: it is kept and raises nobody. */
  #severity(port: number, now: number, sources: Iterable<number>): Severity {
    const { usual_days_min, walk_ports_min } = this.#parameters
    const ports = this.#walks.add(now, port, sources)
    return this.#before.count(port) >= usual_days_min || ports >= walk_ports_min ? 'record' : 'notice'
  }

  /** Adds all of the port in these minutes, whether in step or not: what the store says when it is asked. */
  #count(sums: Sums, { port }: Event, from: number, to: number): void {
    for (const rows of this.#recent.between(from, to)) {
      let packets = 0
      for (let i = 0; i < rows.rows; i++) {
        if (rows.port[i] !== port) continue
        packets += rows.packets[i]!
        sums.sources?.add(rows.source[i]!)
        sums.sensors?.add(rows.sensor[i]!)
      }
      if (rows.totals) {
        packets = rows.totals.get(port) ?? 0
        sums.sources = sums.sensors = undefined
      }
      if (sums.sources && sums.sources.size > this.#parameters.event_sources_max) sums.sources = undefined
      sums.packets += packets
      sums.max_ppm = Math.max(sums.max_ppm, packets)
    }
  }

  #detection(event: Event, open: boolean): Detection {
    const { port, start, end, severity, best, members, sums: { packets, max_ppm, sources, sensors } } = event
    const { theta, sources_min, sensors_min } = this.#parameters
    return {
      kind: 'synchronised', subject: { protocol: 'tcp', port }, start, end, open, severity, packets, max_ppm, members,
      figures: {
        packets, synchronised_sources: best.in_step, sensors: sensors?.size ?? best.sensors, score: round(best.ratio),
        density: round(best.dropped.density), variance_ratio: round(best.dropped.variance_ratio), ...(sources ? { sources: sources.size } : {}),
      },
      crossed: [
        { figure: 'synchronised_sources', value: best.in_step, threshold: Math.max(sources_min, Math.ceil(this.#parameters.sources_share_min * best.units_all)), rule: 'at_least' },
        { figure: 'score', value: round(best.ratio), threshold: round(best.threshold), rule: 'at_least' },
        { figure: 'variance_ratio', value: round(best.dropped.variance_ratio), threshold: theta, rule: 'below' },
        { figure: 'sensors', value: best.sensors, threshold: Math.min(sensors_min, best.sensors), rule: 'at_least' },
      ],
      evidence: [{
        query: { of: 'scans', from: formatSeconds(start), to: formatSeconds(end), protocol: 'tcp', port, research: 'exclude' },
        packets, sources: sources?.size ?? null, sensors: sensors?.size ?? null,
      }],
    }
  }
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4

const opened = (port: number, start: number): Event => ({
  port, start, end: start, counted_to: start, severity: 'notice', sums: nothing(), since: nothing(),
  best: { ratio: 0, threshold: 0, units_all: 0, in_step: 0, sensors: 0, dropped: { penalty: 0, density: 0, variance_ratio: 0 } }, members: [],
})
const nothing = (): Sums => ({ packets: 0, max_ppm: 0, sources: new Set(), sensors: new Set() })

function addSums(to: Sums, more: Sums): void {
  to.packets += more.packets
  to.max_ppm = Math.max(to.max_ppm, more.max_ppm)
  to.sources = union(to.sources, more.sources)
  to.sensors = union(to.sensors, more.sensors)
}

function union(a: Set<number> | undefined, b: Set<number> | undefined): Set<number> | undefined {
  if (!a || !b) return undefined
  for (const one of b) a.add(one)
  return a
}
