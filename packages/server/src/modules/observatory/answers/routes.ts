import { StoreError } from '@hirundo/analytics'
import { fail, ok, type Result } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Actor, type Handler, type Platform, type RequestContext } from '../../../platform/module.ts'
import type { Service } from '../service.ts'
import { compare } from './compare.ts'
import { withoutOwnDecoys } from './decoys.ts'
import { coverage, matrix, port, series, source, top } from './queries.ts'
import { saturate } from './saturate.ts'
import { progressOf, storedOf } from './store.ts'

/** What the store expects to go wrong is a problem of the answer. */
export async function known<T>(answer: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof StoreError) return { ok: false, problem: error.problem }
    throw error
  }
}

/** The same with numbers that JSON holds. */
export async function bounded<T>(answer: Promise<Result<T>>): Promise<Result<T>> {
  const result = await known(answer)
  return result.ok ? ok(saturate(result.value)) : result
}

/** The same names without their numbers: they tell of other organisations too. */
const hidden = <T extends object>(numbers: T): { readonly [K in keyof T]: null } =>
  Object.fromEntries(Object.keys(numbers).map((name) => [name, null])) as never

/** How far what was received is queryable. */
async function status({ db, analytics }: Platform, { running }: Service, { organisation_id, scopes }: Actor) {
  if (!running) return fail('node/unavailable', { retry_after_s: 1 })
  const { backlog, journal, refused } = running
  // Before the database is asked: what it then says is at least as far.
  const received = { appended: String(backlog.appended), projected: String(backlog.projected), backlog_batches: backlog.batches }
  const held = { backlog_bytes: backlog.bytes, journal_bytes: journal.bytes, refused: refused.count }
  const [{ quarantined, unknown_kinds, ...work }, stored, networks_as_of] = await Promise.all([
    progressOf(db, organisation_id), storedOf(db, organisation_id), analytics.networksAsOf(),
  ])
  const operates = scopes.includes('node:operate')
  const nodewide = { ...held, ...work }
  return ok({
    // Who sends must see when what was sent is queryable.
    ...(operates || scopes.includes('sensors:write') ? received : hidden(received)),
    ...(operates ? nodewide : hidden(nodewide)), quarantined, unknown_kinds, networks_as_of, ...stored,
  })
}

/** Questions about what was observed. */
export function answerHandlers(platform: Platform, service: Service): readonly Handler[] {
  const toolsOf = ({ actor }: RequestContext) => withoutOwnDecoys(platform, actor!.organisation_id)
  return [
    handle(contract.topAnswer, async ({ params, query }, context) => bounded(top(await toolsOf(context), context.actor!, params.dimension, query))),
    handle(contract.seriesAnswer, async ({ query }, context) => bounded(series(await toolsOf(context), context.actor!, query))),
    handle(contract.portAnswer, async ({ params, query }, context) => bounded(port(await toolsOf(context), context.actor!, params, query))),
    handle(contract.sourceAnswer, async ({ params, query }, context) => bounded(source(await toolsOf(context), context.actor!, params.address, query))),
    handle(contract.matrixAnswer, ({ query }, { actor }) => bounded(matrix(platform, actor!, query))),
    handle(contract.compareAnswer, async ({ params, query }, context) => bounded(compare(await toolsOf(context), context.actor!, params.dimension, query))),
    handle(contract.coverageAnswer, ({ query }, { actor }) => bounded(coverage(platform, actor!, query))),
    handle(contract.observatoryStatus, (_, { actor }) => bounded(status(platform, service, actor!))),
  ]
}
