import type { ToolPoint } from '@hirundo/analytics'
import { ok, type Result } from '@hirundo/base'
import type { coverageAnswer, Input, Output, seriesAnswer, topAnswer, TopDimension } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import { withoutOwnDecoys } from './decoys.ts'
import { coverage, series, top, type Tools } from './queries.ts'
import { bounded, known } from './routes.ts'
import { scopeOf, watchedBy, type Asked } from './scope.ts'
import { storedOf } from './store.ts'

/** The observatory's answers for other modules: what the API answers, without the way over HTTP. */
export interface ObservatoryAnswers {
  top(actor: Actor, dimension: TopDimension, asked: Asked & { limit?: number }): Promise<Result<Output<typeof topAnswer>>>
  series(actor: Actor, query: Input<typeof seriesAnswer>['query']): Promise<Result<Output<typeof seriesAnswer>>>
  /** Packets by the fingerprint of the tool that made them, in bins of `step` seconds. */
  tools(actor: Actor, asked: Asked, step: number): Promise<Result<{ readonly points: readonly ToolPoint[]; readonly simulated: boolean }>>
  coverage(actor: Actor, asked: Asked): Promise<Result<Output<typeof coverageAnswer>>>
  /** Another text whenever more of the organisation's observations are queryable: what was made of them before is old. */
  mark(organisation_id: number): Promise<string>
}

/** Problems as the routes have them. */
export const observatoryAnswers = (tools: Tools): ObservatoryAnswers => ({
  top: async (actor, dimension, asked) => bounded(top(await withoutOwnDecoys(tools, actor.organisation_id), actor, dimension, asked)),
  series: async (actor, query) => bounded(series(await withoutOwnDecoys(tools, actor.organisation_id), actor, query)),
  tools: async (actor, asked, step) => known(toolsOf(await withoutOwnDecoys(tools, actor.organisation_id), actor, asked, step)),
  coverage: (actor, asked) => bounded(coverage(tools, actor, asked)),
  mark: async (organisation_id) => Object.values(await storedOf(tools.db, organisation_id)).join('-'),
})

async function toolsOf(tools: Tools, actor: Actor, asked: Asked, step: number) {
  const scope = await scopeOf(tools, actor, asked)
  if (!scope.ok) return scope
  const [points, { simulated }] = await Promise.all([tools.analytics.tools(scope.value.question, step), watchedBy(tools.analytics, scope.value)])
  return ok({ points, simulated })
}
