import type { Actor, Exchange, RequestContext } from '../../module.ts'

/** HTTP of a request; handlers of people are never called without. */
export function exchangeOf(context: RequestContext): Exchange {
  if (!context.exchange) throw new Error('a handler of people was called without HTTP')
  return context.exchange
}

export type PersonActor = Actor & { readonly person_id: string; readonly session_id: string }

/** The person of a route that needs one. */
export function personOf({ actor }: RequestContext): PersonActor {
  if (actor?.person_id === undefined || actor.session_id === undefined) throw new Error('a route for persons was reached without one')
  return actor as PersonActor
}

export const cookieHeader = ({ headers }: RequestContext): string | undefined => (typeof headers['cookie'] === 'string' ? headers['cookie'] : undefined)
