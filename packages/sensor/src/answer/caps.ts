import type { AnswerBounds } from './bounds.ts'

const MINUTE_MS = 60_000
/** Sources and nets whose new sessions are counted; the bounds on open ones hold for all. */
const COUNTED_MAX = 100_000

/** Which bound a new session would break. */
export type Refusal = 'source' | 'net' | 'node' | 'rate'

/** Who may hold how many sessions, so that one scanner or one network cannot take the places of all others. */
export class FairCaps {
  readonly #bounds: AnswerBounds
  #open = 0
  readonly #of_source = new Map<string, number>()
  readonly #of_net = new Map<string, number>()
  #new_of_source = new Map<string, number>()
  #new_of_net = new Map<string, number>()
  #minute_ms = Number.NEGATIVE_INFINITY

  constructor(bounds: AnswerBounds) {
    this.#bounds = bounds
  }

  get open(): number {
    return this.#open
  }

  /** Takes a place for a session of this source, or says why not. `now_ms` is of a clock that never jumps. */
  enter(source: string, net: string, now_ms: number): Refusal | undefined {
    const bounds = this.#bounds
    if (now_ms - this.#minute_ms >= MINUTE_MS) {
      this.#minute_ms = now_ms
      this.#new_of_source = new Map()
      this.#new_of_net = new Map()
    }
    const share = 2 * this.#open >= bounds.answer_sessions_max ? 4 : 1
    if (this.#open >= bounds.answer_sessions_max) return 'node'
    if ((this.#of_source.get(source) ?? 0) >= bounds.answer_sessions_per_source_max / share) return 'source'
    if ((this.#of_net.get(net) ?? 0) >= bounds.answer_sessions_per_net_max / share) return 'net'
    if ((this.#new_of_source.get(source) ?? 0) >= bounds.answer_new_per_source_minute_max) return 'rate'
    if ((this.#new_of_net.get(net) ?? 0) >= bounds.answer_new_per_net_minute_max) return 'rate'
    this.#open++
    add(this.#of_source, source)
    add(this.#of_net, net)
    if (this.#new_of_source.size < COUNTED_MAX || this.#new_of_source.has(source)) add(this.#new_of_source, source)
    if (this.#new_of_net.size < COUNTED_MAX || this.#new_of_net.has(net)) add(this.#new_of_net, net)
    return undefined
  }

  leave(source: string, net: string): void {
    this.#open--
    remove(this.#of_source, source)
    remove(this.#of_net, net)
  }
}

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

function remove(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1
  if (left > 0) counts.set(key, left)
  else counts.delete(key)
}
