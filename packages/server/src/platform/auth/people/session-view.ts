import { isIP } from 'node:net'
import { nodeScope, type SessionView } from '@hirundo/contract'
import { platformDb } from '../../db/tables.ts'
import type { RequestContext } from '../../module.ts'
import { scopesOf } from '../scopes.ts'
import { readSession } from './cookie.ts'
import type { Kit } from './kit.ts'
import { selectPersons, setupOpen, viewPerson } from './persons.ts'
import { cookieHeader, exchangeOf } from './request.ts'
import { findSession, type Session } from './sessions.ts'
import { freshUntil } from './session-rules.ts'

/** The relying party that passkeys are bound to, or undefined where browsers make none: at an address or without TLS. */
export function relyingParty(origin: string): string | undefined {
  const { protocol, hostname } = new URL(origin)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost') ? hostname : undefined
}

/** When the emergency account was used and its password not renewed since. */
async function breakGlassUsedAt({ db }: Kit): Promise<string | null> {
  const row = await platformDb(db).selectFrom('person_secret').innerJoin('person', 'person.id', 'person_secret.person_id')
    .select('password_used_at').where('break_glass', '=', true).executeTakeFirst()
  return row?.password_used_at?.toISOString() ?? null
}

/** What the pages must know of a session; of none, how one can sign in. `oidc`: what the identity provider is called. */
export async function viewSession(kit: Kit, context: RequestContext, oidc: string | null, session: Session | undefined): Promise<SessionView> {
  const person = session && await selectPersons(kit.db).where('person.id', '=', session.person_id).executeTakeFirstOrThrow()
  const full = session?.purpose === 'full'
  const scopes = person && full ? [...scopesOf(person)] : []
  return {
    signed_in: session !== undefined, person: person ? viewPerson(person) : null, scopes,
    needs: session && !full ? 'enrolment' : null,
    fresh_until: session ? new Date(freshUntil(session)).toISOString() : null,
    expires_at: session?.expires_at.toISOString() ?? null,
    sign_in: { passkey: relyingParty(exchangeOf(context).origin) !== undefined, password: true, oidc },
    setup_open: await setupOpen(kit.db),
    break_glass_used_at: scopes.includes(nodeScope) ? await breakGlassUsedAt(kit) : null,
  }
}

/** The session of a request to a route that is open to all. */
export async function sessionOf(kit: Kit, context: RequestContext): Promise<Session | undefined> {
  const secret = readSession(cookieHeader(context))
  return secret === undefined ? undefined : findSession(kit, secret, (text) => exchangeOf(context).setCookie(text))
}
