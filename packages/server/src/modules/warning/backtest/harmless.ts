import type { Found } from './alarms.ts'
import { isBecauseOf, LabelIndex, slack_s, type ReadLabel } from './match.ts'

/** Harmless events that one false alarm names; whether an event has one is counted over all. */
export const because_of_max = 100

/** Spans by start, with the latest end of each half, half of a half and so on: who holds a second is found without asking all. */
class SpanIndex {
  readonly #spans: readonly ReadLabel[]
  /** By node of the tree: the latest end below it. */
  readonly #latest: Float64Array
  readonly #leaves: number

  constructor(labels: readonly ReadLabel[]) {
    this.#spans = labels.toSorted((a, b) => a.start - b.start)
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, this.#spans.length)))
    this.#latest = new Float64Array(2 * this.#leaves).fill(-Infinity)
    this.#spans.forEach(({ end }, i) => (this.#latest[this.#leaves + i] = end + slack_s.after))
    for (let node = this.#leaves - 1; node > 0; node--) this.#latest[node] = Math.max(this.#latest[2 * node]!, this.#latest[2 * node + 1]!)
  }

  /** Adds those that hold the second until there are so many. */
  addTo(found: Set<ReadLabel>, second: number, max: number): void {
    const below = this.#begunBy(second)
    const look = (node: number, first: number, width: number): void => {
      if (first >= below || found.size >= max || this.#latest[node]! < second) return
      if (width === 1) {
        found.add(this.#spans[first]!)
        return
      }
      look(2 * node, first, width / 2)
      look(2 * node + 1, first + width / 2, width / 2)
    }
    look(1, 0, this.#leaves)
  }

  #begunBy(second: number): number {
    return firstOf(this.#spans.length, (i) => this.#spans[i]!.start > second)
  }
}

/** The first of `length` places in order for which it is true; `length`: for none. */
function firstOf(length: number, isBehind: (i: number) => boolean): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBehind(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Events because of which nothing should be raised, and the false alarms that were. */
export class Harmless {
  readonly #everywhere: SpanIndex
  readonly #somewhere: LabelIndex
  readonly #blamed = new Set<ReadLabel>()
  readonly #raised: number[] = []

  constructor(labels: readonly ReadLabel[]) {
    this.#everywhere = new SpanIndex(labels.filter(({ label }) => label.subjects.length === 0))
    this.#somewhere = new LabelIndex(labels.filter(({ label }) => label.subjects.length > 0))
  }

  /** Ids of what a false alarm may have been raised because of, at most `because_of_max`. */
  note(found: Found): readonly string[] {
    const because = new Set<ReadLabel>()
    for (const label of this.#somewhere.candidates(found.subject)) {
      if (!isBecauseOf(found, label)) continue
      this.#blamed.add(label)
      if (because.size < because_of_max) because.add(label)
    }
    for (const { raised_at } of found.occurrences) {
      this.#raised.push(raised_at)
      this.#everywhere.addTo(because, raised_at, because_of_max)
    }
    return [...because].map(({ label }) => label.id)
  }

  /** Of all that was noted: whether a false alarm may have been raised because of the event. */
  blamed(): (label: ReadLabel) => boolean {
    const raised = Float64Array.from(this.#raised).sort()
    return (one) => {
      if (one.label.subjects.length > 0) return this.#blamed.has(one)
      const next = raised[firstOf(raised.length, (i) => raised[i]! >= one.start)]
      return next !== undefined && next <= one.end + slack_s.after
    }
  }
}
