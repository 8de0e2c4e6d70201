import { advance, contextOf, untilKept, type AdvanceParts } from './advance.ts'
import { WorkerFailed } from './engine-worker.ts'
import type { LateBook } from './late.ts'
import type { Line } from './line.ts'
import { freshLine, lateSince, openAgain, warmUpBegin, type OpenParts } from './open-line.ts'
import type { Setup } from './scene.ts'

export type RunnerParts = OpenParts & AdvanceParts

/** A replay goes on for so long before the line that is live has its turn. */
const STEP_MS = 2_000

/** Rows that came after their minutes were looked at are noted at the line; gives the earliest minute of new ones. */
export async function noteLate(line: Line, plan: number, parts: RunnerParts): Promise<number | undefined> {
  const begin = Math.max(line.begin, line.position - parts.config.late_s_max)
  const minute = await lateSince(parts, { begin, position: line.position, plan: line.plan }, plan)
  line.plan = Math.max(line.plan, plan)
  if (minute === null) return undefined
  line.noteLate(minute)
  return minute
}

/**
 * A second line beside the one that is live, which looks again at what late rows or other settings changed. The live one goes on
 * until this one has caught up and takes its place: no replay, however long, keeps a finding back.
 */
export class Again {
  readonly #parts: RunnerParts
  readonly #book: LateBook
  #line: Line | undefined
  #begun_ms = 0
  #failures = 0
  /** Of settings by which all cannot be looked at again. */
  refused: string | undefined
  /** Times that late rows were taken in. */
  late_replays = 0
  given_up = 0

  constructor(parts: RunnerParts, book: LateBook) {
    this.#parts = parts
    this.#book = book
  }

  get line(): Line | undefined {
    return this.#line
  }

  #now(): number {
    return this.#parts.world.monotonic?.() ?? performance.now()
  }

  /** Begins when there is a reason; `wanted`: settings that have rested and are others than the live line's. */
  async begin(live: Line, wanted: Setup | undefined, plan: number): Promise<void> {
    const now_ms = this.#now()
    if (this.#line || !this.#book.mayLook(now_ms)) return
    this.#begun_ms = now_ms
    if (wanted && wanted.fingerprint !== this.refused) {
      const begin = await warmUpBegin(this.#parts, wanted, live.position, plan)
      this.#line = await freshLine(this.#parts, wanted, begin ?? live.position, plan, 'history')
    } else if (this.#book.isDue(now_ms)) {
      this.#line = await openAgain(this.#parts, live.setup, this.#book.from!, live, plan)
    }
  }

  /** Some way towards the live line; gives the line that is to take its place once it is there. */
  async step(live: Line, plan: number): Promise<Line | undefined> {
    const line = this.#line
    if (!line) return undefined
    try {
      await noteLate(line, plan, this.#parts)
      await advance(line, { to: live.position, plan, ms_max: STEP_MS }, this.#parts)
      return line.position < live.position || line.torn ? undefined : await this.#caughtUp(line)
    } catch (error) {
      if (!(error instanceof WorkerFailed) && !line.torn) throw error
      await this.#failed(line, live, error)
      return undefined
    }
  }

  async #caughtUp(line: Line): Promise<Line | undefined> {
    const { sink, organisation_id, world, log } = this.#parts
    const { mode, keys, from, position, pushed } = line
    if (mode === 'late' && keys && pushed && sink.lookedAgain) {
      const stretch = { from, to: position, keys }
      const kept = await untilKept(this.#parts, () => sink.lookedAgain!(organisation_id, stretch, contextOf(line, position, pushed, world.now())))
      if (!kept) return undefined
    }
    if (mode === 'late') this.late_replays++
    else await this.#parts.checkpoints.removeOthers(line.setup.fingerprint)
    this.#end()
    this.#failures = 0
    this.#book.taken(line.late_from, this.#now())
    log.info({ mode, from, to: position }, 'observations were looked at again')
    line.becomeLive()
    return line
  }

  #end(): void {
    this.#line = undefined
    this.#book.looked(this.#now() - this.#begun_ms, this.#now())
  }

  async #failed(line: Line, live: Line, error: unknown): Promise<void> {
    const { log, config } = this.#parts
    this.#end()
    await line.worker.stop()
    const gives_up = ++this.#failures >= config.failures_max
    log.warn({ err: error, gives_up }, 'observations cannot be looked at again')
    if (!gives_up) return
    this.#failures = 0
    this.given_up++
    if (line.mode === 'late') {
      this.#book.taken(undefined, this.#now())
      live.late_from = undefined
    } else this.refused = line.setup.fingerprint
  }

  /** Ends it without a result: what it was for waits. */
  async drop(): Promise<void> {
    const line = this.#line
    this.#line = undefined
    await line?.worker.stop()
  }
}
