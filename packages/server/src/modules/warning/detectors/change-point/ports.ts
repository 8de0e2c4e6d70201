import type { PortBin } from '../core/port-bins.ts'
import type { PortKey } from '../core/port-key.ts'
import type { Slice } from '../core/slice.ts'
import type { Detection, Learning } from '../model.ts'
import { PortWatch, type SavedWatch, type SeenIn } from '../series/port-watch.ts'
import { networksOf } from '../series/source-network.ts'
import type { Watched } from '../series/watching.ts'
import { BIN_S, detectionOf, goOn, HOUR_BINS, type Decision, type Episode } from './episode.ts'
import { decide } from './judge.ts'
import { PortLevels, type Level, type SavedLevels } from './levels.ts'
import type { ChangePointParameters } from './parameters.ts'
import { quietScores, Scores, type SavedScores } from './scores.ts'

export interface SavedPorts {
  readonly levels: SavedLevels
  readonly watch: SavedWatch
  readonly scores: readonly (readonly [PortKey, SavedScores])[]
  readonly episodes: readonly (readonly [PortKey, Episode])[]
  readonly held: readonly (readonly [PortKey, number])[]
  readonly raised: readonly number[]
}

interface Candidate { readonly port: PortKey; readonly slot: number; readonly decision: Decision; readonly excess: number }

/** Change points of single ports: scores say when to look, the seasonal baseline says whether it is one. */
export class PortChanges {
  readonly #parameters: ChangePointParameters
  readonly #levels: PortLevels
  /** Who comes to ports that are above their baseline. */
  readonly #watch: PortWatch
  readonly #scores: Map<PortKey, Scores>
  readonly #episodes: Map<PortKey, Episode>
  /** Ports whose level is new: bins in a row at the baseline. */
  readonly #held: Map<PortKey, number>
  /** Bins in which something was raised within the last hour. */
  #raised: number[]

  constructor(parameters: ChangePointParameters, saved?: SavedPorts) {
    this.#parameters = parameters
    this.#levels = new PortLevels(parameters, saved?.levels)
    this.#watch = new PortWatch({ ports_max: parameters.watched_ports_max, sources_max: parameters.watched_sources_max }, saved?.watch)
    this.#scores = new Map(saved?.scores.map(([port, one]) => [port, new Scores(parameters, parameters.score_valid_bins, one)]))
    this.#episodes = new Map(saved?.episodes.map(([port, episode]) => [port, { ...episode }]))
    this.#held = new Map(saved?.held)
    this.#raised = [...(saved?.raised ?? [])]
  }

  get shed(): Readonly<Record<string, number>> {
    return { ports: this.#levels.shed, watched_sources: this.#watch.shed }
  }

  /** Factor by which most ports together were above their baselines in the last bin. */
  get common(): number {
    return this.#levels.common
  }

  minute(slice: Slice): void {
    this.#watch.take(slice)
  }

  bin(bin: PortBin, watched: Watched): Detection[] {
    this.#levels.open(bin.start)
    if (watched.hole) {
      for (const [port, episode] of this.#episodes) episode.pending += bin.ports.get(port)?.packets ?? 0
      return []
    }
    const found: Detection[] = []
    const candidates: Candidate[] = []
    this.#take(bin, watched)
    for (const [port, slot] of this.#levels.slots) this.#look(bin, port, slot, found, candidates)
    this.#levels.learn(bin, watched)
    if ((bin.start / BIN_S) % HOUR_BINS === HOUR_BINS - 1) {
      for (const [port, slot] of this.#levels.slots) this.#lookBack(bin, port, slot, candidates)
      this.#levels.release((port) => this.#episodes.has(port) || this.#held.has(port) || candidates.some((one) => one.port === port), this.#gone)
    }
    this.#raise(bin, candidates, found)
    return found
  }

  get learning(): Learning {
    return { days: this.#levels.days, days_needed: this.#parameters.days_known_min }
  }

  end(): Detection[] {
    return [...this.#episodes].map(([port, episode]) => detectionOf(port, episode, false))
  }

  save(): SavedPorts {
    return {
      levels: this.#levels.save(), watch: this.#watch.save(), scores: [...this.#scores].map(([port, one]) => [port, one.save()]),
      episodes: [...this.#episodes].map(([port, episode]) => [port, { ...episode }]), held: [...this.#held], raised: [...this.#raised],
    }
  }

  /** Of a port that is no longer followed nothing is kept. */
  readonly #gone = (port: PortKey): void => {
    this.#scores.delete(port)
    this.#held.delete(port)
    this.#watch.end(port)
  }

  #take(bin: PortBin, watched: Watched): void {
    const parameters = this.#parameters
    this.#levels.take(bin, watched, (port) => this.#episodes.has(port), this.#gone, (port) => this.#scores.set(port, new Scores(parameters, parameters.score_valid_bins, quietScores(parameters))))
    const scale = watched.usual / watched.exposure
    for (const [port, scores] of this.#scores) {
      const counts = bin.ports.get(port)
      scores.next((counts?.packets ?? 0) * scale, (counts?.sources ?? 0) * scale)
    }
  }

  #look(bin: PortBin, port: PortKey, slot: number, found: Detection[], candidates: Candidate[]): void {
    const level = this.#levels.level(slot)
    if (level.excess >= this.#parameters.watched_from_deviations) this.#beginWatch(bin, port)
    const episode = this.#episodes.get(port)
    const held = this.#held.get(port)
    if (episode) this.#goOn(bin, port, episode, level, found)
    else if (held !== undefined) this.#release(port, held, level)
    else {
      const decision = this.#decide(bin, port, level, () => this.#seenIn(bin, port)) ?? this.#decide(bin, port, level, () => this.#seenSince(bin, port))
      if (decision) candidates.push({ port, slot, decision, excess: level.excess })
    }
  }

  /** At the end of an hour: what the last hours show together, with those who came since it was suspected. */
  #lookBack(bin: PortBin, port: PortKey, slot: number, candidates: Candidate[]): void {
    if (this.#episodes.has(port) || this.#held.has(port)) return
    const level = this.#levels.longLevel(slot)
    if (level.excess < this.#parameters.watched_from_deviations) {
      if (this.#levels.level(slot).excess < this.#parameters.watched_from_deviations) this.#watch.end(port)
      return
    }
    this.#beginWatch(bin, port)
    if (candidates.some((one) => one.port === port)) return
    const decision = this.#decide(bin, port, level, () => this.#seenSince(bin, port))
    if (decision) candidates.push({ port, slot, decision, excess: level.excess })
  }

  #beginWatch(bin: PortBin, port: PortKey): void {
    if (!this.#watch.has(port) && !this.#watch.full) this.#watch.begin(port, bin.start + BIN_S)
  }

  /** `seen` is asked only when all else fits: it looks through the whole bin. */
  #decide(bin: PortBin, port: PortKey, level: Level, seen: () => SeenIn | undefined): Decision | undefined {
    const scores = this.#scores.get(port)!
    const { deviations_min, deviations_alone, ratio_min, sources_min } = this.#parameters
    if (level.excess < (scores.valid ? deviations_min : deviations_alone) || level.seen < sources_min || level.seen < ratio_min * level.mean) return undefined
    const who = seen()
    return who && decide(level, who, { sensors: bin.sensors, days: this.#levels.days, score: scores.valid ? scores.score : undefined }, this.#parameters)
  }

  /** Who came since it was suspected. */
  #seenSince(bin: PortBin, port: PortKey): SeenIn | undefined {
    const seen = this.#watch.seen(port)
    return seen && seen.packets > 0 ? { ...seen, start: seen.since, end: bin.start + BIN_S } : undefined
  }

  /** Who came in one bin. */
  #seenIn(bin: PortBin, port: PortKey): SeenIn | undefined {
    const counts = bin.ports.get(port)
    if (!counts) return undefined
    const some = bin.sourcesOf(port, this.#parameters.networks_of_max)
    // Those that are left out, and those that an estimate stands for, are taken to be like the others.
    const networks = some.length === 0 ? 0 : (networksOf(some) / some.length) * counts.sources
    return { ...counts, networks, network_share_max: counts.source_share_max, start: bin.start, end: bin.start + BIN_S, exact: bin.exact }
  }

  /** The most surprising first; beyond the bound of an hour they are records. */
  #raise(bin: PortBin, candidates: readonly Candidate[], found: Detection[]): void {
    const index = bin.start / BIN_S
    this.#raised = this.#raised.filter((one) => one > index - HOUR_BINS)
    for (const { port, slot, decision } of candidates.toSorted((a, b) => b.excess - a.excess || a.port - b.port)) {
      const many = this.#raised.length >= this.#parameters.raised_per_hour_max
      if (!many) this.#raised.push(index)
      const begun = this.#levels.begun(slot)
      const earlier = decision.exact.start < begun.start
      const episode: Episode = {
        start: earlier ? decision.exact.start : begun.start, end: bin.start + BIN_S, packets: earlier ? decision.exact.packets : begun.packets,
        pending: 0, quiet: 0, told: index, decision: many ? { ...decision, severity: 'record' } : decision,
      }
      this.#episodes.set(port, episode)
      found.push(detectionOf(port, episode, true))
    }
  }

  #goOn(bin: PortBin, port: PortKey, episode: Episode, level: Level, found: Detection[]): void {
    const counts = bin.ports.get(port)
    const now = goOn(episode, {
      start: bin.start, packets: counts?.packets ?? 0, above: counts !== undefined && this.#above(level),
      decide: () => this.#decide(bin, port, level, () => this.#seenIn(bin, port)),
    }, this.#parameters)
    if (now === undefined) return
    found.push(detectionOf(port, episode, now === 'told'))
    if (now === 'told') return
    this.#episodes.delete(port)
    this.#watch.end(port)
    if (now === 'stays') this.#held.set(port, 0)
  }

  #above({ seen, mean, excess }: Level): boolean {
    const { deviations_min, ratio_min } = this.#parameters
    return excess >= deviations_min / 2 && seen / mean >= (1 + ratio_min) / 2
  }

  #release(port: PortKey, quiet: number, level: Level): void {
    const now = this.#above(level) ? 0 : quiet + 1
    if (now >= this.#parameters.hold_off_h * HOUR_BINS) this.#held.delete(port)
    else this.#held.set(port, now)
  }
}
