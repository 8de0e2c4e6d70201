import { comparable, type Comparable, type WindowShape } from './comparable.ts'
import { DensityHistory, type Dropped, type SavedHistory } from './density-history.ts'
import { glassoDefaults } from './glasso.ts'
import { covarianceOf, densities, drawUnits } from './graph.ts'
import { centred, unitsInStep, varianceRatio } from './in-step.ts'
import type { Scale, SynchronisedParameters } from './parameters.ts'
import type { PortCounts, PortGrouper } from './port-window.ts'
import type { MinuteRows, RecentMinutes } from './recent-minutes.ts'
import { UsualLevel, type SavedLevels } from './usual-level.ts'

/** A port whose sources act in step in a window. */
export interface Blamed {
  readonly port: number
  /** First and last activity of the sources in step, in whole samples. */
  readonly start: number
  readonly end: number
  /** /16 that are in step, and all of the port. */
  readonly units: ReadonlySet<number>
  readonly units_all: number
  readonly ratio: number
  readonly threshold: number
  readonly dropped: Dropped
  readonly window: WindowShape
}

interface Candidate extends Omit<Blamed, 'dropped'> {
  readonly densities: () => readonly number[]
}

/** A sample counts as active when so large a share of the busiest one's sources sent in it. */
const active_share_min = 0.1
const SLOT_S = 600
/** A day: what is usual at a port is known after one, and half forgotten after another. */
const usual_slots = 144

export interface SavedScale {
  readonly history: SavedHistory
  readonly usual: SavedLevels
}

/** Looks at the windows of one scale. */
export class ScaleWatch {
  /** Graphs that were left out since there were too many, and graphs that came to the bound on sweeps. */
  graphs_shed = 0
  graphs_unsettled = 0
  readonly history: DensityHistory
  readonly usual: UsualLevel
  readonly #scale: Scale
  readonly #parameters: SynchronisedParameters

  constructor(scale: Scale, parameters: SynchronisedParameters, saved?: SavedScale) {
    this.#scale = scale
    this.#parameters = parameters
    this.history = new DensityHistory(parameters.slots, parameters.history_ports_max, saved?.history)
    this.usual = new UsualLevel(usual_slots, saved?.usual)
  }

  save(): SavedScale {
    return { history: this.history.save(), usual: this.usual.save() }
  }

  /** Ports that are blamed in the window that ends now. */
  blame(end: number, recent: RecentMinutes, grouper: PortGrouper): Blamed[] {
    const { samples_min, sources_min, graphs_slot_max, theta } = this.#parameters
    const window = { end, ...this.#scale }
    const minutes = recent.between(end - window.samples * window.sample_s, end)
    const watched = comparable(minutes, window)
    if (watched.starts.length < Math.min(samples_min, window.samples) || watched.starts.at(-1) !== end - window.sample_s) return []
    const candidates: Candidate[] = []
    grouper.each(minutes, window, watched, sources_min, (counts) => {
      const candidate = this.#candidate(counts, window, watched)
      if (candidate) candidates.push(candidate)
    })
    this.usual.add(grouper.sources)
    candidates.sort((a, b) => b.ratio / b.threshold - a.ratio / a.threshold || a.port - b.port)
    this.graphs_shed += Math.max(0, candidates.length - graphs_slot_max)
    return candidates.slice(0, graphs_slot_max).flatMap(({ densities, ...one }) => {
      const dropped = this.history.add(one.port, end / SLOT_S, densities(), theta)
      return dropped && this.#isSpread(one, minutes, watched) ? [{ ...one, dropped }] : []
    })
  }

  #candidate(counts: PortCounts, window: WindowShape, { starts }: Comparable): Candidate | undefined {
    const { ratio_min, ratio_new_min, new_factor_min, correlation_min, sources_min, sources_share_min, graph_units_max, penalties } = this.#parameters
    const { port, units, samples } = counts
    const ratio = varianceRatio(counts)
    const is_new = units.length >= new_factor_min * this.usual.of(port, usual_slots)
    const threshold = (is_new ? ratio_new_min : ratio_min) * (1 + (units.length - 1) * this.#scale.common_correlation)
    if (ratio < threshold) return undefined
    const values = centred(counts)
    const members = unitsInStep(values, samples, correlation_min)
    if (members.length < sources_min || members.length < sources_share_min * units.length) return undefined
    const active = activeSamples(counts, members)
    // What was over before the newest ten minutes was told when it was going on.
    if (starts[active.last]! + window.sample_s <= window.end - SLOT_S) return undefined
    return {
      port, window, ratio, threshold, units: new Set(members.map((u) => units[u]!)), units_all: units.length,
      start: starts[active.first]!, end: starts[active.last]! + window.sample_s,
      densities: () => {
        const drawn = densities(covarianceOf(values, samples, drawUnits(units, graph_units_max, window.end)), penalties, glassoDefaults)
        this.graphs_unsettled += drawn.unsettled
        return drawn.densities
      },
    }
  }

  /** Whether enough sensors saw those in step, and not one network most of it: else it is the business of one destination. */
  #isSpread({ port, units }: { readonly port: number; readonly units: ReadonlySet<number> }, minutes: readonly MinuteRows[], watched: Comparable): boolean {
    const { sensors_min, destination_share_max } = this.#parameters
    const sensors = new Set<number>()
    const places = new Map<number, number>()
    let all = 0
    for (const rows of minutes) {
      for (let i = 0; i < rows.rows; i++) {
        if (rows.port[i] !== port || !units.has(rows.unit[i]!)) continue
        sensors.add(rows.sensor[i]!)
        places.set(rows.place[i]!, (places.get(rows.place[i]!) ?? 0) + rows.packets[i]!)
        all += rows.packets[i]!
      }
    }
    if (sensors.size < Math.min(sensors_min, watched.sensors.size)) return false
    // Where one sensor alone watches there is no other destination to compare with.
    return watched.sensors.size === 1 || Math.max(...places.values()) <= destination_share_max * all
  }
}

function activeSamples({ counts, samples }: PortCounts, members: readonly number[]): { readonly first: number; readonly last: number } {
  const active = Array.from({ length: samples }, (_, t) => members.filter((u) => counts[u * samples + t]! > 0).length)
  const least = active_share_min * Math.max(...active)
  return { first: active.findIndex((count) => count > least), last: active.findLastIndex((count) => count > least) }
}
