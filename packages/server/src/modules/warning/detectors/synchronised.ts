import { MINUTE_S } from '@hirundo/base'
import type { Slice } from './core/slice.ts'
import { defineDetector, type Detection, type Run } from './model.ts'
import { ManyPorts, type SavedManyPorts } from './synchrony/many-ports.ts'
import { OpenEvents, type SavedEvents } from './synchrony/open-events.ts'
import { synchronisedDefaults, type SynchronisedParameters } from './synchrony/parameters.ts'
import { PortGrouper } from './synchrony/port-window.ts'
import { RecentMinutes, type MinuteRows } from './synchrony/recent-minutes.ts'
import { ScaleWatch, type SavedScale } from './synchrony/slot.ts'

const SLOT_S = 600
/** Slots of a hole that are closed one by one: by then all events are over. */
const empty_slots_max = 1_000

/**
 * Sources that act in step: many networks that send SYNs to one port at the same times and are silent at the same times, as
 * machines do that spread the same malware or obey the same commands. Dark-TRACER's GLASSO engine, brought to networks that see a
 * source seldom: one graph per port instead of one of all traffic, and known research scanners as well as sources of many ports
 * taken out before. What was changed, why, and what it found: docs/adr/0011-synchronised-sources.md.
 */
export const synchronised = defineDetector<SynchronisedParameters>({
  kind: 'synchronised',
  version: 1,
  source: 'Han, Takeuchi, Takahashi and Inoue, "Dark-TRACER", IEEE Access 10, 2022 (GLASSO engine); Friedman, Hastie and Tibshirani, Biostatistics 9, 2008; Schluter, Ecology 65, 1984',
  defaults: synchronisedDefaults,
  start: (parameters, _scene, saved) => new SynchronisedRun(parameters, structuredClone(saved) as Saved | undefined),
})

interface Saved {
  readonly next: number | undefined
  readonly minutes: readonly MinuteRows[]
  readonly many: SavedManyPorts
  readonly scales: readonly SavedScale[]
  readonly events: SavedEvents
}

class SynchronisedRun implements Run {
  readonly #many: ManyPorts
  readonly #recent: RecentMinutes
  readonly #scales: readonly ScaleWatch[]
  readonly #events: OpenEvents
  readonly #grouper = new PortGrouper()
  /** End of the slot that is open. */
  #next: number | undefined

  constructor(parameters: SynchronisedParameters, saved: Saved | undefined) {
    const { scales, source_ports_max, port_counted_sources_max, rows_minute_max, busy_ports } = parameters
    const minutes_max = Math.max(...scales.map(({ sample_s, samples }) => (sample_s * samples) / MINUTE_S))
    this.#many = new ManyPorts(source_ports_max, port_counted_sources_max, saved?.many)
    this.#recent = new RecentMinutes({ minutes_max, rows_minute_max, busy_ports: new Set(busy_ports) }, this.#many, saved?.minutes)
    this.#scales = scales.map((scale, i) => new ScaleWatch(scale, parameters, saved?.scales[i]))
    this.#events = new OpenEvents(parameters, this.#recent, saved?.events)
    this.#next = saved?.next
  }

  minute(slice: Slice): readonly Detection[] {
    const found: Detection[] = []
    this.#next ??= slotEnd(slice.minute)
    for (let slots = 0; slice.minute >= this.#next && slots < empty_slots_max; slots++) this.#close(this.#next, slice, found)
    if (slice.minute >= this.#next) this.#next = slotEnd(slice.minute)
    this.#recent.push(slice)
    if (slice.minute + MINUTE_S >= this.#next) this.#close(this.#next, slice, found)
    return found
  }

  end(): readonly Detection[] {
    return this.#events.end()
  }

  get shed(): Readonly<Record<string, number>> {
    const sum = (of: (scale: ScaleWatch) => number) => this.#scales.reduce((all, scale) => all + of(scale), 0)
    return {
      rows: this.#recent.shed, port_counted_sources: this.#many.shed, histories: sum(({ history }) => history.shed),
      graphs: sum(({ graphs_shed }) => graphs_shed), graphs_unsettled: sum(({ graphs_unsettled }) => graphs_unsettled),
    }
  }

  save(): Saved {
    return { next: this.#next, minutes: this.#recent.save(), many: this.#many.save(), scales: this.#scales.map((scale) => scale.save()), events: this.#events.save() }
  }

  #close(end: number, { addressText }: Slice, found: Detection[]): void {
    const blamed = this.#scales.flatMap((scale) => scale.blame(end, this.#recent, this.#grouper))
    found.push(...this.#events.slot(end, blamed, addressText))
    this.#next = end + SLOT_S
  }
}

const slotEnd = (minute: number): number => (Math.floor(minute / SLOT_S) + 1) * SLOT_S
