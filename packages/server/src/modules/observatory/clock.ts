import type { World } from '@hirundo/base'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { observatoryDb } from './tables.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A node that was off for longer first shows that its clock runs evenly. */
const OFF_MS_MAX = 7 * DAY_MS
/** Wall and monotonic clock may differ by this much over a day: leap seconds, drift and small corrections. */
const SLACK_MS = HOUR_MS
const AGREEMENT_MS = DAY_MS

interface Moment {
  readonly wall_ms: number
  readonly monotonic_ms: number
}

const apart = (from: Moment, to: Moment): number => Math.abs(to.wall_ms - from.wall_ms - (to.monotonic_ms - from.monotonic_ms))

/**
 * Says what time it is to those who delete by age. A clock that was set wrong must not delete what it calls old, so
 * the time is not told after it left the monotonic clock, or when it is far beyond the last one that was told, until
 * both clocks agreed for a day. By then somebody had a day to see the warning.
 */
export class DeletionClock {
  readonly #db: Kysely<unknown>
  readonly #world: World
  readonly #log: Logger
  readonly #monotonic: () => number
  /** From when both clocks agree. */
  #since: Moment | undefined
  #held: string | undefined

  /** `monotonic` gives milliseconds from any start, that nobody sets. */
  constructor({ db, world, log }: { db: Kysely<unknown>; world: World; log: Logger }, monotonic: () => number = () => world.monotonic?.() ?? performance.now()) {
    this.#db = db
    this.#world = world
    this.#log = log
    this.#monotonic = monotonic
  }

  /** Why nothing is deleted, or undefined. */
  get held(): string | undefined {
    return this.#held
  }

  /** Milliseconds since 1970, or undefined while nothing may be deleted. Once for each round. */
  async now(): Promise<number | undefined> {
    const moment = { wall_ms: this.#world.now(), monotonic_ms: this.#monotonic() }
    const evidence = await this.#evidence()
    if (this.#since === undefined) this.#begin(moment, evidence)
    else if (apart(this.#since, moment) > SLACK_MS) this.#hold(moment, 'it was set while the node ran')
    else if (moment.monotonic_ms - this.#since.monotonic_ms >= AGREEMENT_MS) return this.#agreed(moment)
    if (this.#held !== undefined) return undefined
    // Never backwards: a clock that fell back and is then put right is no jump.
    return this.#tell(moment.wall_ms, Math.max(moment.wall_ms, evidence ?? 0))
  }

  #begin(moment: Moment, evidence: number | undefined): void {
    this.#since = moment
    if (evidence !== undefined && moment.wall_ms > evidence + OFF_MS_MAX) {
      this.#hold(moment, `it is ${Math.floor((moment.wall_ms - evidence) / DAY_MS)} days beyond the last time that was known`)
    }
  }

  #hold(moment: Moment, why: string): void {
    this.#since = moment
    this.#held = why
    this.#log.warn({ reason: why }, 'the clock is not trusted: nothing is deleted by age until it ran evenly for a day; check the date')
  }

  /** Also the evidence of a clock that was put back after a day is then the right one again. */
  #agreed(moment: Moment): Promise<number> {
    if (this.#held !== undefined) this.#log.info('the clock ran evenly for a day: what is past its days is deleted again')
    this.#since = moment
    this.#held = undefined
    return this.#tell(moment.wall_ms, moment.wall_ms)
  }

  async #evidence(): Promise<number | undefined> {
    const { wall_ms } = await observatoryDb(this.#db).selectFrom('clock_evidence').select('wall_ms').executeTakeFirstOrThrow()
    return wall_ms ?? undefined
  }

  async #tell(wall_ms: number, evidence: number): Promise<number> {
    await observatoryDb(this.#db).updateTable('clock_evidence').set({ wall_ms: Math.floor(evidence) }).execute()
    return wall_ms
  }
}
