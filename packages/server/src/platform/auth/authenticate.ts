import { timingSafeEqual } from 'node:crypto'
import { cidrContains, fail, ok, parseAddress, parseCidr, type Result, type World } from '@hirundo/base'
import type { Needs } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { platformDb } from '../db/tables.ts'
import type { Actor } from '../module.ts'
import { countFailures } from './failures.ts'
import { bearerToken, hashToken } from './token-text.ts'

const USE_NOTED_EVERY_MS = 60_000
const known_good_max = 1000

export interface Credentials {
  readonly authorization: string | undefined
  /** Address the request came from, after trusted proxies. */
  readonly address: string
}

export type Authenticate = (credentials: Credentials, needs: Exclude<Needs, 'public' | 'sensor'>) => Promise<Result<Actor>>

function within(networks: readonly string[], address: string): boolean {
  if (networks.length === 0) return true
  const parsed = parseAddress(address.replace(/%.*$/, ''))
  return parsed.ok && networks.some((text) => {
    const cidr = parseCidr(text)
    return cidr.ok && cidrContains(cidr.value, parsed.value)
  })
}

/** The row of a token's hash; a revoked or expired one counts as none. */
async function findToken(db: Kysely<unknown>, hash: Buffer, now: number) {
  const row = await platformDb(db).selectFrom('api_token').selectAll().where('hash', '=', hash).executeTakeFirst()
  if (!row || !timingSafeEqual(row.hash, hash) || row.revoked_at) return undefined
  return row.expires_at && row.expires_at.getTime() <= now ? undefined : row
}

async function noteUse(db: Kysely<unknown>, id: string, last: Date | null, now: number): Promise<void> {
  if (last && now - last.getTime() < USE_NOTED_EVERY_MS) return
  await platformDb(db).updateTable('api_token').set({ last_used_at: new Date(now) }).where('id', '=', id).execute()
}

/**
 * Who a request's token stands for. Problems: `auth/required` (none, unknown, revoked, expired, or from elsewhere than
 * its networks: one answer for all, so that nothing is learned), `auth/forbidden` (lacks the scope),
 * `request/rate-limited` (too many failures of this caller; a token that was good before still passes, so that nobody
 * behind the same proxy can lock it out). Each request asks the database: a revoked token ends at once.
 */
export function makeAuthenticate(db: Kysely<unknown>, world: World): Authenticate {
  const failures = countFailures(world)
  const knownGood = new Set<string>()
  const refuse = (address: string) => {
    failures.add(address)
    return fail('auth/required')
  }
  return async ({ authorization, address }, needs) => {
    const text = bearerToken(authorization)
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
    if (needs === 'person' || !row.scopes.includes(needs)) return fail('auth/forbidden', { needs })
    return ok({ kind: 'token', actor_id: row.id, name: row.name, organisation_id: row.organisation_id, scopes: row.scopes })
  }
}
