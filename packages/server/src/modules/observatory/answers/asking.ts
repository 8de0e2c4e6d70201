import type { Result } from '@hirundo/base'
import type { coverageAnswer, Input, Output, seriesAnswer, topAnswer, TopDimension } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import { withoutOwnDecoys } from './decoys.ts'
import { coverage, series, top, type Tools } from './queries.ts'
import { bounded } from './routes.ts'
import type { Asked } from './scope.ts'
import { storedOf } from './store.ts'

/** The observatory's answers for other modules: what the API answers, without the way over HTTP. */
export interface ObservatoryAnswers {
  top(actor: Actor, dimension: TopDimension, asked: Asked & { limit?: number }): Promise<Result<Output<typeof topAnswer>>>
  series(actor: Actor, query: Input<typeof seriesAnswer>['query']): Promise<Result<Output<typeof seriesAnswer>>>
  coverage(actor: Actor, asked: Asked): Promise<Result<Output<typeof coverageAnswer>>>
  /** Another text whenever more of the organisation's observations are queryable: what was made of them before is old. */
  mark(organisation_id: number): Promise<string>
}

/** Problems as the routes have them. */
export const observatoryAnswers = (tools: Tools): ObservatoryAnswers => ({
  top: async (actor, dimension, asked) => bounded(top(await withoutOwnDecoys(tools, actor.organisation_id), actor, dimension, asked)),
  series: async (actor, query) => bounded(series(await withoutOwnDecoys(tools, actor.organisation_id), actor, query)),
  coverage: (actor, asked) => bounded(coverage(tools, actor, asked)),
  mark: async (organisation_id) => Object.values(await storedOf(tools.db, organisation_id)).join('-'),
})
