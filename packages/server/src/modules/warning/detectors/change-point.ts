import { changePointDefaults, type ChangePointParameters } from './change-point/parameters.ts'
import { PortChanges, type SavedPorts } from './change-point/ports.ts'
import { HostCounter, TotalChanges, type SavedTotal } from './change-point/total.ts'
import type { PortBin } from './core/port-bins.ts'
import type { Slice } from './core/slice.ts'
import type { SavedTable } from './core/sum-table.ts'
import { defineDetector, type Detection, type Learning, type Run } from './model.ts'
import { Watching, type SavedWatching } from './series/watching.ts'

export type { ChangePointParameters } from './change-point/parameters.ts'

/** Bins from which the usual number of sensors is known: a week. */
const WATCHING_BINS = 1008

/**
 * Change points by ChangeFinder with NICT's settings, on packets and on hosts in bins of ten minutes, either one: of all ports
 * together and of single ports. Over hundreds of ports the score alone alarms many times a day, so that a change is told only
 * when it also lies far above a robust seasonal baseline, was seen by several sensors and is not of one machine.
 */
export const changePoint = defineDetector<ChangePointParameters>({
  kind: 'change-point',
  version: 1,
  source: 'Takeuchi and Yamanishi, A Unifying Framework for Detecting Outliers and Change Points from Time Series, IEEE TKDE 18(4), 2006; settings of NICT',
  defaults: changePointDefaults,
  start: (parameters, scene, saved) => new ChangePointRun(parameters, scene.seed ?? 0, saved as Saved | undefined),
})

interface Saved {
  readonly watching: SavedWatching
  readonly hosts: SavedTable
  readonly ports: SavedPorts | undefined
  readonly total: SavedTotal
}

class ChangePointRun implements Run {
  readonly #watching: Watching
  readonly #hosts: HostCounter
  readonly #ports: PortChanges | undefined
  readonly #total: TotalChanges

  constructor(parameters: ChangePointParameters, seed: number, saved: Saved | undefined) {
    this.#watching = new Watching(WATCHING_BINS, saved?.watching)
    this.#hosts = new HostCounter(parameters.hosts_max, seed, saved?.hosts)
    this.#ports = parameters.mode === 'guarded' ? new PortChanges(parameters, saved?.ports) : undefined
    this.#total = new TotalChanges(parameters, saved?.total)
  }

  minute(slice: Slice): readonly Detection[] {
    this.#hosts.take(slice)
    this.#ports?.minute(slice)
    return []
  }

  bin(bin: PortBin): readonly Detection[] {
    const total = this.#hosts.close(bin)
    const watched = this.#watching.next(bin.sensor_equivalents)
    if (!this.#ports) return watched.hole ? [] : this.#total.plain(bin, total)
    const found = this.#ports.bin(bin, watched)
    return [...this.#total.guarded(bin, total, watched, this.#ports.common), ...found]
  }

  end(): readonly Detection[] {
    return [...this.#total.end(), ...(this.#ports?.end() ?? [])]
  }

  get shed(): Readonly<Record<string, number>> {
    return this.#ports?.shed ?? {}
  }

  /** NICT's way compares with no days before. */
  get learning(): Learning | undefined {
    return this.#ports?.learning
  }

  save(): Saved {
    return { watching: this.#watching.save(), hosts: this.#hosts.save(), ports: this.#ports?.save(), total: this.#total.save() }
  }
}
