import type { PortBin } from '../core/port-bins.ts'
import type { Slice } from '../core/slice.ts'
import { SumTable, type SavedTable } from '../core/sum-table.ts'
import type { Detection } from '../model.ts'
import { countOf, surprise } from '../numeric/counts.ts'
import { PortHistory, type SavedHistory } from '../series/port-history.ts'
import { atLeast, short } from '../series/telling.ts'
import type { Watched } from '../series/watching.ts'
import { BIN_S, detectionOf, goOn, type Decision, type Episode } from './episode.ts'
import type { ChangePointParameters } from './parameters.ts'
import { Scores, type SavedScores } from './scores.ts'

/** What came to all ports in a bin. */
export interface Total {
  readonly packets: number
  readonly hosts: number
  readonly exact: boolean
}

/** Counts packets and distinct hosts over all ports; bins know them by port only. */
export class HostCounter {
  readonly #hosts_max: number
  readonly #seed: number
  #hosts: SumTable

  constructor(hosts_max: number, seed: number, saved?: SavedTable) {
    this.#hosts_max = hosts_max
    this.#seed = seed
    this.#hosts = new SumTable(hosts_max, seed, saved)
  }

  take({ flows }: Slice): void {
    const { rows, scan, research, source } = flows
    for (let i = 0; i < rows; i++) if (scan[i]! > 0 && research[i] !== 1) this.#hosts.add(source[i]!, scan[i]!)
  }

  close({ ports }: PortBin): Total {
    const total = { packets: 0, hosts: this.#hosts.size * this.#hosts.weight, exact: this.#hosts.level === 0 }
    for (const { packets } of ports.values()) total.packets += packets
    this.#hosts = new SumTable(this.#hosts_max, this.#seed)
    return total
  }

  save(): SavedTable {
    return this.#hosts.save()
  }
}

export interface SavedTotal {
  readonly history: SavedHistory
  readonly scores: SavedScores
  readonly episode: Episode | undefined
  readonly held: boolean
}

/** Slot key of the one series. */
const ALL = 0
/** All ports together are steadier than one. */
const TOTAL_DISPERSION_MIN = 0.02
const SCORE_MAX = 1e6
/** More sensors than usual by so much: what comes more may be theirs. */
const JOINED = 1.1

/** Change points of all ports together: of those that lie in a few ports their own series tell. */
export class TotalChanges {
  readonly #parameters: ChangePointParameters
  readonly #history: PortHistory
  readonly #scores: Scores
  #episode: Episode | undefined
  /** The level is new: nothing is told until it is back at the baseline. */
  #held: boolean

  constructor(parameters: ChangePointParameters, saved?: SavedTotal) {
    this.#parameters = parameters
    this.#history = new PortHistory({ ports_max: 1, days: parameters.baseline_days, dispersion_min: TOTAL_DISPERSION_MIN }, saved?.history)
    this.#scores = new Scores(parameters, parameters.score_valid_bins, saved?.scores)
    this.#episode = saved?.episode && { ...saved.episode }
    this.#held = saved?.held ?? false
  }

  /** NICT's way: the series as it is; each bin with a score above the threshold. */
  plain(bin: PortBin, total: Total): Detection[] {
    if (!this.#scores.next(total.packets, total.hosts)) return []
    const { threshold } = this.#parameters
    const score = short(Math.min(SCORE_MAX, this.#scores.score))
    const decision: Decision = {
      severity: 'notice', figures: { sources: total.hosts, sensors: bin.sensors, score }, crossed: [atLeast('score', score, threshold)], exact: binOf(bin, total),
    }
    return [detectionOf(null, { start: bin.start, end: bin.start + BIN_S, packets: total.packets, pending: 0, quiet: 0, told: 0, decision }, false)]
  }

  /** `common`: factor by which most ports are above their own baselines. */
  guarded(bin: PortBin, total: Total, watched: Watched, common: number): Detection[] {
    this.#history.open(bin.start)
    if (watched.hole) {
      if (this.#episode) this.#episode.pending += total.packets
      return []
    }
    const slot = this.#history.slots.get(ALL) ?? this.#history.admit(ALL, total.hosts / watched.exposure)
    const scale = watched.usual / watched.exposure
    this.#scores.next(total.packets * scale, total.hosts * scale)
    const { rate, dispersion } = this.#history.usual(slot)
    const found = this.#judge(bin, total, { mean: rate * watched.expected, dispersion, common, joined: watched.exposure > JOINED * watched.usual })
    this.#history.add(new Map([[ALL, { packets: total.packets, sources: total.hosts, sensors: bin.sensors, source_share_max: 0, sensor_share_max: 0 }]]), watched.exposure, watched.expected)
    return found
  }

  end(): Detection[] {
    return this.#episode ? [detectionOf(null, this.#episode, false)] : []
  }

  save(): SavedTotal {
    return { history: this.#history.save(), scores: this.#scores.save(), episode: this.#episode && { ...this.#episode }, held: this.#held }
  }

  #judge(bin: PortBin, total: Total, usual: { readonly mean: number; readonly dispersion: number; readonly common: number; readonly joined: boolean }): Detection[] {
    const { deviations_min } = this.#parameters
    const above = surprise(total.hosts, usual.mean, usual.dispersion) >= deviations_min / 2
    if (this.#held) this.#held = above
    const episode = this.#episode
    if (episode) {
      const now = goOn(episode, { start: bin.start, packets: total.packets, above, decide: () => undefined }, this.#parameters)
      if (now === undefined) return []
      if (now !== 'told') this.#episode = undefined
      this.#held = now === 'stays'
      return [detectionOf(null, episode, now === 'told')]
    }
    const decision = above && !this.#held && !usual.joined && this.#scores.valid ? this.#decide(bin, total, usual) : undefined
    if (!decision) return []
    this.#episode = { start: bin.start, end: bin.start + BIN_S, packets: total.packets, pending: 0, quiet: 0, told: bin.start / BIN_S, decision }
    return [detectionOf(null, this.#episode, true)]
  }

  #decide(bin: PortBin, total: Total, { mean, dispersion, common }: { readonly mean: number; readonly dispersion: number; readonly common: number }): Decision | undefined {
    const { deviations_min, total_ratio_min, sources_min, days_known_min, threshold } = this.#parameters
    const ratio = total.hosts / mean
    const broad = common >= (1 + total_ratio_min) / 2
    if (!broad || ratio < total_ratio_min || total.hosts < sources_min || surprise(total.hosts, mean, dispersion) < deviations_min || this.#history.days < days_known_min) return undefined
    const score = short(Math.min(SCORE_MAX, this.#scores.score))
    return {
      severity: 'notice', exact: binOf(bin, total),
      figures: { sources: total.hosts, sources_before: short(mean), rate_ratio: short(ratio), sensors: bin.sensors, score, days_known: Math.floor(this.#history.days) },
      crossed: [atLeast('sources', total.hosts, countOf(deviations_min, mean, dispersion)), atLeast('rate_ratio', short(ratio), total_ratio_min), atLeast('score', score, threshold)],
    }
  }
}

const binOf = ({ start }: PortBin, { packets, hosts, exact }: Total): Decision['exact'] =>
  ({ start, end: start + BIN_S, packets, sources: exact ? hosts : null, sensors: null })
