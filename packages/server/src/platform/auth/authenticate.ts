import { timingSafeEqual } from 'node:crypto'
import { cidrContains, fail, ok, parseAddress, parseCidr, type Result, type World } from '@hirundo/base'
import type { PersonState, Role, Route, Scope } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { platformDb } from '../db/tables.ts'
import type { Actor } from '../module.ts'
import { countFailures } from './failures.ts'
import { readSession } from './people/cookie.ts'
import type { Kit } from './people/kit.ts'
import { actorOf } from './people/persons.ts'
import { findSession, roleOfSession, type SessionOfPerson } from './people/sessions.ts'
import { freshUntil } from './people/session-rules.ts'
import { cookieMayAct, type Provenance } from './same-origin.ts'
import { scopesIn, scopesOf } from './scopes.ts'
import { bearerToken, hashToken } from './token-text.ts'

const USE_NOTED_EVERY_MS = 60_000
const known_good_max = 1000

export interface Credentials extends Provenance {
  /** Address the request came from, after trusted proxies. */
  readonly address: string
  /** Adds a cookie to the answer, whatever the answer will be: a session's secret that was changed must not be lost. */
  setCookie(text: string): void
}

export interface Admitted {
  readonly actor: Actor
  /** Whether the actor would still be let in: asked again while an answer stays open. */
  stands(): Promise<boolean>
}

type Wanted = Pick<Route, 'needs' | 'step_up'>
/** Lets a request to a route in that is not open to all. */
export type Authenticate = (credentials: Credentials, route: Wanted) => Promise<Result<Admitted>>

function within(networks: readonly string[], address: string): boolean {
  if (networks.length === 0) return true
  const parsed = parseAddress(address.replace(/%.*$/, ''))
  return parsed.ok && networks.some((text) => {
    const cidr = parseCidr(text)
    return cidr.ok && cidrContains(cidr.value, parsed.value)
  })
}

/** The row of a token's hash, with the person who made it; a revoked or expired one counts as none. */
async function findToken(db: Kysely<unknown>, hash: Buffer, now: number) {
  const row = await platformDb(db).selectFrom('api_token').selectAll('api_token')
    .leftJoin('person', 'person.id', 'api_token.person_id')
    .select(['person.role', 'person.state']).where('hash', '=', hash).executeTakeFirst()
  if (!row || !timingSafeEqual(row.hash, hash) || row.revoked_at) return undefined
  return row.expires_at && row.expires_at.getTime() <= now ? undefined : row
}

async function noteUse(db: Kysely<unknown>, id: string, last: Date | null, now: number): Promise<void> {
  if (last && now - last.getTime() < USE_NOTED_EVERY_MS) return
  await platformDb(db).updateTable('api_token').set({ last_used_at: new Date(now) }).where('id', '=', id).execute()
}

/** What a token made by a person allows now: nothing beyond their role, nothing at all while they are not active. */
function scopesNow({ organisation_id, scopes, role, state }: { organisation_id: number; scopes: readonly Scope[]; role: Role | null; state: PersonState | null }): readonly Scope[] {
  const own = scopesIn(organisation_id, scopes)
  if (role === null) return own
  return state === 'active' ? own.filter((scope) => scopesOf({ role, organisation_id }).includes(scope)) : []
}

function tokenAuthenticate(db: Kysely<unknown>, world: World): (header: string, address: string) => Promise<Result<Actor>> {
  const failures = countFailures(world)
  const knownGood = new Set<string>()
  const refuse = (address: string) => {
    failures.add(address)
    return fail('auth/required')
  }
  return async (header, address) => {
    const text = bearerToken(header)
    const hash = text === undefined ? undefined : hashToken(text)
    const wait = failures.wait(address)
    if (wait > 0 && !(hash && knownGood.has(hash.toString('hex')))) return fail('request/rate-limited', { retry_after_s: wait })
    if (!hash) return refuse(address)
    const now = world.now()
    const row = await findToken(db, hash, now)
    if (!row || !within(row.networks, address)) {
      knownGood.delete(hash.toString('hex'))
      return refuse(address)
    }
    if (knownGood.size >= known_good_max) knownGood.clear()
    knownGood.add(hash.toString('hex'))
    await noteUse(db, row.id, row.last_used_at, now)
    return ok({ kind: 'token', actor_id: row.id, name: row.name, organisation_id: row.organisation_id, scopes: scopesNow(row) })
  }
}

const personActor = ({ id, person_id, purpose, person }: SessionOfPerson): Actor => ({
  kind: 'person', actor_id: actorOf(person_id), name: person.name, organisation_id: person.organisation_id,
  scopes: purpose === 'full' ? scopesOf(person) : [], person_id, session_id: id,
})

async function bySession(kit: Kit, credentials: Credentials, { needs, step_up }: Wanted): Promise<Result<Admitted>> {
  const header = credentials.headers['cookie']
  const secret = readSession(typeof header === 'string' ? header : undefined)
  if (secret === undefined) return fail('auth/required')
  if (!cookieMayAct(credentials)) return fail('auth/forbidden', { needs: 'same-origin' })
  const session = await findSession(kit, secret, (cookie) => credentials.setCookie(cookie))
  if (!session) return fail('auth/required')
  if (step_up === true && kit.world.now() >= freshUntil(session)) return fail('auth/reauthenticate')
  const actor = personActor(session)
  const stands = async () => {
    const role = await roleOfSession(kit, session.id)
    return role !== undefined && allows({ ...actor, scopes: scopesOf({ role, organisation_id: actor.organisation_id }) }, needs)
  }
  return ok({ actor, stands })
}

const allows = (actor: Actor, needs: Route['needs']): boolean => (needs === 'person' ? actor.kind === 'person' : actor.scopes.includes(needs as Scope))

/**
 * Who a request stands for: the bearer of a token, else a person by the session's cookie. With both the token counts,
 * even when it is wrong: it was sent on purpose, a cookie goes along by itself. Problems: `auth/required` (nothing,
 * unknown, revoked, expired, or from elsewhere than its networks: one answer for all, so that nothing is learned),
 * `auth/forbidden` (lacks the scope, or a cookie that another site's page made the browser send), `auth/reauthenticate`,
 * `request/rate-limited` (too many wrong tokens of this caller; one that was good before still passes, so that nobody
 * behind the same proxy can lock it out). Each request asks the database: what is revoked or ended, ends at once.
 */
export function makeAuthenticate(kit: Kit): Authenticate {
  const byToken = tokenAuthenticate(kit.db, kit.world)
  return async (credentials, wanted) => {
    const { needs } = wanted
    const { authorization } = credentials.headers
    const admit = async (): Promise<Result<Admitted>> => {
      if (typeof authorization !== 'string') return bySession(kit, credentials, wanted)
      const token = await byToken(authorization, credentials.address)
      if (!token.ok) return token
      const stands = async () => {
        const again = await byToken(authorization, credentials.address)
        return again.ok && allows(again.value, needs)
      }
      return ok({ actor: token.value, stands })
    }
    const admitted = await admit()
    if (!admitted.ok || allows(admitted.value.actor, needs)) return admitted
    return fail('auth/forbidden', { needs })
  }
}
