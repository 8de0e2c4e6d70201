import { DensityHistory } from '../density-history.ts'
import { glassoDefaults } from '../glasso.ts'
import { covarianceOf, densities, drawUnits } from '../graph.ts'
import { centred } from '../in-step.ts'
import type { MinuteRows } from '../recent-minutes.ts'
import { allTraffic, portsOfMany } from './all-traffic.ts'

const PENALTIES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
/** Published: 1,000, and never below 500. */
const units_max = 500

/**
 * Dark-TRACER's GLASSO as it was published, but with samples of a minute: one graph of all traffic in ten minutes. For comparison
 * with the detector, which draws one of each port.
 */
export class OneGraph {
  readonly #history = new DensityHistory(432, 1)

  /** Ports that are blamed in a slot of ten minutes. */
  slot(slot: number, rows: readonly MinuteRows[]): number[] {
    const all = allTraffic(rows)
    const drawn = drawUnits(all.units, units_max, slot)
    const values = centred({ port: 0, units: all.units, samples: all.minutes, counts: Uint32Array.from(all.counts), filled: [] })
    const graph = densities(covarianceOf(values, all.minutes, drawn), PENALTIES, glassoDefaults)
    return this.#history.add(0, slot, graph.densities, 0.98) ? portsOfMany(all, drawn, 20, 0.1) : []
  }
}
