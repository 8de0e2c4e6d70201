import { ok } from '@hirundo/base'
import { liveOverview, overviewAnswer } from '@hirundo/contract'
import { handle, handleEvents, type Handler } from '../../../platform/module.ts'
import { known } from '../answers/routes.ts'
import type { LiveFeeds } from './feeds.ts'

/** The overview, once or as a stream. */
export const liveHandlers = (feeds: LiveFeeds): readonly Handler[] => [
  handle(overviewAnswer, (_, { actor }) => known(feeds.of(actor!.organisation_id).current().then(({ document }) => ok(document)))),
  // The first document before the stream begins: what is wrong then is a problem and no silent line.
  handleEvents(liveOverview, (_, { actor }) => {
    const feed = feeds.of(actor!.organisation_id)
    return known(feed.current().then(() => ok(feed)))
  }),
]
