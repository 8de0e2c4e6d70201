import type { AnswerBounds } from './bounds.ts'

const MINUTE_MS = 60_000

/** What was sent to and received from one source. */
interface Account {
  received: number
  sent: number
  answers: number
  /** When the minute of `answers` began. */
  minute_ms: number
}

interface Net {
  first_ms: number
  /** Whom the one first answer went to; undefined: nobody yet. */
  first_to: string | undefined
  answers: number
  minute_ms: number
}

/** Why an answer was not sent. */
export type Unanswered = 'bytes' | 'rate'

/**
 * Decides whether a datagram may be answered, so that nobody whose address was forged gets more than was sent in his
 * name: over any time, bytes to a source ≤ bytes from it, and once per net and `answer_udp_first_ms` at most
 * `answer_udp_first_bytes_max` more. All bytes are those on the wire. Sources beyond the table get at most as many bytes
 * as the one datagram had, for which nothing need be remembered.
 */
export class ReflectionBudget {
  readonly #bounds: AnswerBounds
  readonly #sources = new Map<string, Account>()
  readonly #nets = new Map<string, Net>()
  #second_ms = Number.NEGATIVE_INFINITY
  #second_bytes = 0

  constructor(bounds: AnswerBounds) {
    this.#bounds = bounds
  }

  /** Notes the request, and says which of the answers (bytes on the wire, by preference) may go; it then counts as sent. */
  choose(source: string, net: string, request_bytes: number, answers_bytes: readonly number[], now_ms: number): number | Unanswered {
    const account = this.#account(source, now_ms)
    if (account) account.received += request_bytes
    if (answers_bytes.length === 0) return 'bytes'
    const nearby = this.#net(net, now_ms)
    if (account && atMinute(account, now_ms).answers >= this.#bounds.answer_udp_answers_per_source_minute_max) return 'rate'
    if (nearby && atMinute(nearby, now_ms).answers >= this.#bounds.answer_udp_answers_per_net_minute_max) return 'rate'
    const paid = account ? account.received - account.sent : request_bytes
    const extra = account && nearby && nearby.first_to === undefined ? this.#bounds.answer_udp_first_bytes_max : 0
    const place = answers_bytes.findIndex((bytes) => bytes <= paid + extra)
    if (place < 0) return 'bytes'
    const bytes = answers_bytes[place]!
    if (!this.#fitsSecond(bytes, now_ms)) return 'rate'
    if (account) {
      account.sent += bytes
      account.answers++
    }
    if (nearby) {
      nearby.answers++
      if (bytes > paid) nearby.first_to = source
    }
    return place
  }

  #fitsSecond(bytes: number, now_ms: number): boolean {
    if (now_ms - this.#second_ms >= 1000) {
      this.#second_ms = now_ms
      this.#second_bytes = 0
    }
    if (this.#second_bytes + bytes > this.#bounds.answer_udp_out_bytes_per_second_max) return false
    this.#second_bytes += bytes
    return true
  }

  /** The source's sums; undefined while the table is full. */
  #account(source: string, now_ms: number): Account | undefined {
    const known = this.#sources.get(source)
    if (known) return known
    if (this.#sources.size >= this.#bounds.answer_udp_sources_max && !this.#dropOldest(now_ms)) return undefined
    const account = { received: 0, sent: 0, answers: 0, minute_ms: now_ms }
    this.#sources.set(source, account)
    return account
  }

  /**
   * Makes room: the oldest account goes when its minute is over. Forgetting what a source sent only lowers what it gets;
   * what it got beyond that was its net's first answer, which the net remembers.
   */
  #dropOldest(now_ms: number): boolean {
    const oldest = this.#sources.entries().next().value
    if (!oldest) return false
    const [source, account] = oldest
    this.#sources.delete(source)
    if (now_ms - account.minute_ms >= MINUTE_MS) return true
    this.#sources.set(source, account)
    return false
  }

  #net(net: string, now_ms: number): Net | undefined {
    const known = this.#nets.get(net)
    if (known) {
      if (now_ms - known.first_ms >= this.#bounds.answer_udp_first_ms) this.#nets.delete(net)
      else return known
    }
    if (this.#nets.size >= this.#bounds.answer_udp_nets_max) {
      const [oldest, state] = this.#nets.entries().next().value!
      if (now_ms - state.first_ms < this.#bounds.answer_udp_first_ms) return undefined
      this.#nets.delete(oldest)
    }
    const fresh: Net = { first_ms: now_ms, first_to: undefined, answers: 0, minute_ms: now_ms }
    this.#nets.set(net, fresh)
    return fresh
  }
}

function atMinute<Counted extends { answers: number; minute_ms: number }>(of: Counted, now_ms: number): Counted {
  if (now_ms - of.minute_ms >= MINUTE_MS) {
    of.answers = 0
    of.minute_ms = now_ms
  }
  return of
}
