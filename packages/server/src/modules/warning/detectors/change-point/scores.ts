import { ChangeFinder, type ChangeFinderParameters, type SavedFinder } from '../change-finder.ts'

export interface SavedScores {
  readonly packets: SavedFinder
  readonly hosts: SavedFinder
  readonly valid: number
  readonly score: number
}

/** Both series of a port or of all ports: either one raises. A score above the threshold stays valid for some bins. */
export class Scores {
  readonly #packets: ChangeFinder
  readonly #hosts: ChangeFinder
  readonly #valid_bins: number
  #valid: number
  /** The highest that is still valid; of none the last. */
  score: number

  constructor(parameters: ChangeFinderParameters, valid_bins: number, saved?: SavedScores) {
    this.#packets = new ChangeFinder(parameters, saved?.packets)
    this.#hosts = new ChangeFinder(parameters, saved?.hosts)
    this.#valid_bins = valid_bins
    this.#valid = saved?.valid ?? 0
    this.score = saved?.score ?? 0
  }

  /** Takes the next values of both series; answers whether this very bin is a change point. */
  next(packets: number, hosts: number): boolean {
    const both = [this.#packets.next(packets), this.#hosts.next(hosts)] as const
    const score = Math.max(both[0].score, both[1].score)
    const is_change = both[0].is_change || both[1].is_change
    const was_valid = this.#valid > 0
    this.#valid = is_change ? this.#valid_bins : Math.max(0, this.#valid - 1)
    this.score = was_valid && this.#valid > 0 ? Math.max(this.score, score) : score
    return is_change
  }

  get valid(): boolean {
    return this.#valid > 0
  }

  save(): SavedScores {
    return { packets: this.#packets.save(), hosts: this.#hosts.save(), valid: this.#valid, score: this.score }
  }
}

/** The scores of a series that was 0 as long as it was not followed: its first values are a change, and no beginning to be ignored. */
export function quietScores(parameters: ChangeFinderParameters): SavedScores {
  const { order, smoothing: [first, second], ignored } = parameters
  const zeros = (length: number): number[] => Array.from({ length }, () => 0)
  const model = { past: zeros(order), covariance: zeros(order + 1), mean: 0, variance: 0 }
  const finder: SavedFinder = { outliers: model, changes: model, first: zeros(first), second: zeros(second), seen: ignored }
  return { packets: finder, hosts: finder, valid: 0, score: 0 }
}
