import { liveOverview, type LiveOverview } from '@hirundo/contract'
import { eventFrame } from '../../../platform/http/event-stream.ts'
import { outputWriter } from '../../../platform/http/validate.ts'
import type { Platform } from '../../../platform/module.ts'
import { saturate } from '../answers/saturate.ts'
import type { ObservatoryConfig } from '../config.ts'
import type { Draft } from '../projector/draft.ts'
import { Feed } from './feed.ts'
import { OverviewMaker } from './overview.ts'

/** Each keeps its last document; those that nobody reads leave first. */
const feeds_max = 64

/**
 * Below the five seconds that a reader is promised: what comes just after a document was made waits for the next one.
 * A tenth of the time at most goes into making, so that a large node makes it more rarely instead of working for nothing else.
 */
const pace = { every_ms: 4000, settle_ms: 250, refresh_ms: 30_000, busy_share_max: 0.1 }

const write = outputWriter(liveOverview)

/** The overview of each organisation, made while somebody reads it. */
export class LiveFeeds {
  readonly #platform: Platform
  readonly #config: ObservatoryConfig
  readonly #feeds = new Map<number, Feed<LiveOverview>>()

  constructor(platform: Platform, config: ObservatoryConfig) {
    this.#platform = platform
    this.#config = config
  }

  of(organisation_id: number): Feed<LiveOverview> {
    const known = this.#feeds.get(organisation_id)
    if (known) return known
    if (this.#feeds.size >= feeds_max) this.#forgetOne()
    const feed = this.#make(organisation_id)
    this.#feeds.set(organisation_id, feed)
    return feed
  }

  #forgetOne(): void {
    for (const [id, feed] of this.#feeds) if (feed.listeners === 0) return void this.#feeds.delete(id)
  }

  #make(organisation_id: number): Feed<LiveOverview> {
    const { world, log } = this.#platform
    const maker = new OverviewMaker(this.#platform, organisation_id, this.#config.live_within_ms)
    return new Feed({
      ...pace, world,
      make: async (data) => {
        const document = saturate(await maker.make(data))
        return { document, frame: eventFrame(liveOverview.events, document.generation, write(document)) }
      },
      onFailure: (error) => log.warn({ err: error, what: 'live overview' }, 'will be tried again'),
    })
  }

  /** Something new is queryable. */
  projected(draft: Draft): void {
    if (this.#feeds.size === 0) return
    const organisations = new Set(draft.blocks.flatMap(({ runs }) => runs.map(({ organisation }) => organisation)))
    for (const id of organisations) this.#feeds.get(id)?.wake(true)
  }

  /** A sensor of the organisation was heard of, let in or ended. */
  sensors(organisation_id: number): void {
    this.#feeds.get(organisation_id)?.wake(false)
  }
}
