import { setTimeout as sleep } from 'node:timers/promises'
import { DAY_S } from '@hirundo/base'
import { bounds } from '../model.ts'
import type { MessageRecord } from '../tables.ts'
import type { BulletinTools } from '../tools.ts'
import { claimOne } from './claim.ts'
import { gatherOnce } from './gather.ts'
import { messageMeters } from './health.ts'
import { sendClaimed } from './send.ts'
import { recover, settle, type Outcome } from './settle.ts'
import { tidy } from './tidy.ts'

export interface OutboxPace {
  readonly idle_ms: number
  /** After a failure that is not the receiver's: the database was away. */
  readonly failed_ms: number
  /** While the mail server cannot be reached, mail rests and other channels go on. */
  readonly mail_rests_ms: number
  /** Messages that are sent at the same time, of different subscriptions. */
  readonly lanes: number
  readonly tidy_every_ms: number
}
export const outboxPace: OutboxPace = { idle_ms: 1000, failed_ms: 5000, mail_rests_ms: 30_000, lanes: 4, tidy_every_ms: 3_600_000 }

/** What may happen between two steps; tests stop there as a killed process would. */
export type Step = 'claimed' | 'sent'

/** Takes what is due out of the outbox and sends it. Several may run on one database. */
export class Outbox {
  readonly #tools: BulletinTools
  readonly #pace: OutboxPace
  readonly #at: (step: Step, message: MessageRecord) => Promise<void> | void
  readonly #count: (outcome: Outcome) => void
  readonly #stop = new AbortController()
  #running: Promise<unknown> = Promise.resolve()
  #mail_rests_until = 0
  #tidied_ms = 0

  constructor(tools: BulletinTools, pace: Partial<OutboxPace> = {}, at: (step: Step, message: MessageRecord) => Promise<void> | void = () => undefined) {
    this.#tools = tools
    this.#pace = { ...outboxPace, ...pace }
    this.#at = at
    this.#count = messageMeters(tools.metrics)
  }

  /** Makes messages of all that is due; then no delivery that is due is without one, but those that wait for their hour. */
  async gather(): Promise<void> {
    while (await gatherOnce(this.#tools)) continue
  }

  /** Sends one message that is due. False: there is none. */
  async sendOne(): Promise<boolean> {
    const rests = this.#tools.world.now() < this.#mail_rests_until ? ['mail'] : []
    const claimed = await claimOne(this.#tools, rests)
    if (claimed === undefined) return false
    if (claimed === 'over') return true
    await this.#at('claimed', claimed.message)
    const outcome = await sendClaimed(this.#tools, claimed)
    await this.#at('sent', claimed.message)
    this.#noteRest(claimed.message, outcome)
    await settle(this.#tools, claimed.message, outcome)
    this.#count(outcome)
    if (outcome.kind !== 'sent') {
      this.#tools.log.warn({ message: claimed.message.uuid, channel: claimed.message.channel, problem: outcome.problem, again: outcome.kind === 'again' }, 'a message was not sent')
    }
    return true
  }

  #noteRest({ channel }: MessageRecord, outcome: Outcome): void {
    if (channel === 'mail' && outcome.kind === 'again' && outcome.problem === 'mail_unreachable') this.#mail_rests_until = this.#tools.world.now() + this.#pace.mail_rests_ms
  }

  /** Looks after what ended processes left, and makes messages of what is due. */
  async look(): Promise<void> {
    await recover(this.#tools)
    await this.gather()
    await this.#tidy()
  }

  async #tidy(): Promise<void> {
    const now_ms = this.#tools.world.now()
    if (now_ms - this.#tidied_ms < this.#pace.tidy_every_ms) return
    this.#tidied_ms = now_ms
    await tidy(this.#tools.db, new Date(now_ms - bounds.keep_days * DAY_S * 1000))
  }

  async #repeat(work: () => Promise<boolean>): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const more = await work().catch((error: unknown) => {
        this.#tools.log.warn({ err: error, part: 'outbox' }, 'will be tried again')
        return undefined
      })
      if (more === true) continue
      await sleep(more === undefined ? this.#pace.failed_ms : this.#pace.idle_ms, undefined, { signal }).catch(() => undefined)
    }
  }

  start(): void {
    const lanes = Array.from({ length: this.#pace.lanes }, () => this.#repeat(() => this.sendOne()))
    const look = this.#repeat(async () => {
      await this.look()
      return false
    })
    this.#running = Promise.all([look, ...lanes])
  }

  /** Ends when what is being sent has ended; what is left behind then is looked after by the next process. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }
}
