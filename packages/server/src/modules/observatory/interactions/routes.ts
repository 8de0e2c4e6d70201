import { ok } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Handler, type Platform } from '../../../platform/module.ts'
import { bounded } from '../answers/routes.ts'
import { listDecoys, registerDecoy, removeDecoy } from './decoys.ts'
import { evidenceOf } from './evidence.ts'
import { setKey } from './indicators.ts'
import { listMarkLists, loadMarkList, removeMarkList } from './marks.ts'
import { drdos, indicators, series, top } from './queries.ts'

/** What answering sensors heard, and what is kept beside it: decoys, marks, the key of indicators. */
export function interactionHandlers(platform: Platform): readonly Handler[] {
  const { db } = platform
  return [
    handle(contract.sourceEvidence, ({ params, query }, { actor }) => bounded(evidenceOf(platform, actor!, params.address, query))),
    handle(contract.heardTop, ({ params, query }, { actor }) => bounded(top(platform, actor!, params.what, query))),
    handle(contract.heardSeries, ({ query }, { actor }) => bounded(series(platform, actor!, query))),
    handle(contract.drdosAttacks, ({ query }, { actor }) => bounded(drdos(platform, actor!, query))),
    handle(contract.sharedIndicators, ({ params, query }, { actor }) => bounded(indicators(platform, actor!, params.kind, query))),
    handle(contract.setIndicatorKey, ({ body }, { actor }) => setKey(platform, actor!, body.key)),
    handle(contract.listDecoys, async (_, { actor }) => ok({ decoys: [...await listDecoys(db, actor!.organisation_id)] })),
    handle(contract.addDecoy, ({ body }, { actor }) => registerDecoy(platform, actor!, body)),
    handle(contract.removeDecoy, ({ params }, { actor }) => removeDecoy(platform, actor!, params.id)),
    handle(contract.listMarks, async () => ok({ lists: [...await listMarkLists(db)] })),
    handle(contract.loadMarks, ({ params, query }, { actor, raw_body }) => loadMarkList(platform, actor!, params.list, query, raw_body!)),
    handle(contract.removeMarks, ({ params }, { actor }) => removeMarkList(platform, actor!, params.list)),
  ]
}
