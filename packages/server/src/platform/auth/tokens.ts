import { cidrWithin, fail, ok, parseCidr, parseInstant, uuidV4, type Cidr, type Result, type World } from '@hirundo/base'
import { nodeScope, scopes as allScopes, type Scope, type TokenView } from '@hirundo/contract'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { writeAudit } from '../audit.ts'
import { DEFAULT_ORGANISATION, platformDb, type PlatformTables } from '../db/tables.ts'
import type { Actor } from '../module.ts'
import { scopesIn } from './scopes.ts'
import { revokeLine, type MadeToken } from './token-line.ts'
import { hashToken, makeTokenText } from './token-text.ts'

type Row = Selectable<PlatformTables['api_token']> & { readonly organisation: string }

const iso = (at: Date | null) => at?.toISOString() ?? null

/** `made`: what would end with it, by `lineOf`. */
export const viewToken = (row: Row, made: readonly MadeToken[] = []): TokenView => ({
  id: row.id,
  organisation: row.organisation,
  name: row.name,
  scopes: row.scopes,
  networks: row.networks,
  created_at: row.created_at.toISOString(),
  expires_at: iso(row.expires_at),
  last_used_at: iso(row.last_used_at),
  revoked_at: iso(row.revoked_at),
  made: [...made],
})

/** Tokens with the UUID of their organisation. */
export const selectTokens = (db: Kysely<unknown>) =>
  platformDb(db).selectFrom('api_token').innerJoin('organisation', 'organisation.id', 'api_token.organisation_id')
    .selectAll('api_token').select('organisation.uuid as organisation')

export interface NewToken {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly networks?: readonly string[] | undefined
  readonly expires_at?: string | undefined
  /** UUID; absent: that of the actor. */
  readonly organisation?: string | undefined
}

async function organisationOf(db: Kysely<unknown>, wanted: string | undefined, actor: Actor): Promise<Result<number>> {
  if (wanted === undefined) return ok(actor.organisation_id)
  const rows = await platformDb(db).selectFrom('organisation').select(['id', 'uuid']).execute()
  const found = rows.find((row) => row.uuid === wanted)
  if (found?.id === actor.organisation_id) return ok(found.id)
  if (!actor.scopes.includes(nodeScope)) return fail('auth/forbidden', { needs: nodeScope })
  return found ? ok(found.id) : fail('organisation/not-found')
}

/** What bounds a token, and the person who answers for it. */
type Bounds = Pick<Selectable<PlatformTables['api_token']>, 'networks' | 'expires_at' | 'person_id'>

/** Of whoever makes a token: what it makes must not outlast it, work from elsewhere, or stay when its person goes. */
async function boundsOf(db: Kysely<unknown>, { kind, actor_id, person_id }: Actor): Promise<Bounds> {
  const maker = kind === 'token'
    ? await platformDb(db).selectFrom('api_token').select(['networks', 'expires_at', 'person_id']).where('id', '=', actor_id).executeTakeFirst() : undefined
  return maker ?? { networks: [], expires_at: null, person_id: person_id ?? null }
}

function parseNetworks(texts: readonly string[]): Result<Cidr[]> {
  const networks: Cidr[] = []
  for (const text of texts) {
    const cidr = parseCidr(text)
    if (!cidr.ok) return cidr
    networks.push(cidr.value)
  }
  return ok(networks)
}

/** The bounds of a new token. Problems: `request/invalid`, `auth/forbidden` (wider than its maker's). */
function boundsWithin(maker: Bounds, { networks = [], expires_at }: NewToken): Result<Bounds> {
  const wanted = parseNetworks(networks)
  if (!wanted.ok) return wanted
  const outer = parseNetworks(maker.networks)
  if (!outer.ok) return outer
  const expires = expires_at === undefined ? ok(undefined) : parseInstant(expires_at)
  if (!expires.ok) return expires
  const bound = outer.value.length > 0
  if (bound && wanted.value.some((one) => !outer.value.some((whole) => cidrWithin(one, whole)))) return fail('auth/forbidden', { what: 'networks' })
  const end = expires.value === undefined ? maker.expires_at : new Date(expires.value)
  if (maker.expires_at && end && end > maker.expires_at) return fail('auth/forbidden', { what: 'expires_at' })
  return ok({ networks: networks.length === 0 ? maker.networks : [...networks], expires_at: end, person_id: maker.person_id })
}

/** Problems: `auth/forbidden` (more than the actor has: scopes, networks, time), `auth/required` (revoked meanwhile), `request/invalid`, `organisation/not-found`. */
export async function createToken(
  db: Kysely<unknown>, world: World, actor: Actor, wanted: NewToken,
): Promise<Result<{ token: string; view: TokenView }>> {
  const more = wanted.scopes.find((scope) => !actor.scopes.includes(scope))
  if (more) return fail('auth/forbidden', { needs: more })
  const bounds = boundsWithin(await boundsOf(db, actor), wanted)
  if (!bounds.ok) return bounds
  const organisation = await organisationOf(db, wanted.organisation, actor)
  if (!organisation.ok) return organisation
  const token = makeTokenText(world)
  const scopes = scopesIn(organisation.value, [...new Set(wanted.scopes)])
  if (scopes.length === 0) return fail('auth/forbidden', { needs: nodeScope })
  return db.transaction().execute(async (t) => {
    // Its maker may be revoked at this moment: that waits for this, or this is refused.
    if (actor.kind === 'token' && !(await holdMaker(t, actor))) return fail('auth/required')
    const view = await insertToken(t, world, token, {
      ...bounds.value, name: wanted.name, scopes: [...scopes], organisation_id: organisation.value, created_by: actor.actor_id,
    })
    return ok({ token, view })
  })
}

const holdMaker = (t: Transaction<unknown>, { actor_id }: Actor) =>
  platformDb(t).selectFrom('api_token').select('id').where('id', '=', actor_id).where('revoked_at', 'is', null).forShare().executeTakeFirst()

type Fields = Pick<Selectable<PlatformTables['api_token']>, 'name' | 'scopes' | 'networks' | 'organisation_id' | 'created_by' | 'person_id' | 'expires_at'>

async function insertToken(t: Transaction<unknown>, world: World, text: string, fields: Fields): Promise<TokenView> {
  const id = uuidV4(world)
  await platformDb(t).insertInto('api_token')
    .values({ ...fields, id, hash: hashToken(text), created_at: new Date(world.now()), last_used_at: null, revoked_at: null })
    .execute()
  await writeAudit(t, world, {
    organisation_id: fields.organisation_id, actor: fields.created_by, action: 'token.create', subject: id,
    detail: { name: fields.name, scopes: fields.scopes, networks: fields.networks, expires_at: iso(fields.expires_at) },
  })
  return viewToken(await selectTokens(t).where('api_token.id', '=', id).executeTakeFirstOrThrow())
}

/** Ends a token of the actor's organisation, with all that it made. Problem: `token/not-found`. */
export async function revokeToken(db: Kysely<unknown>, world: World, actor: Actor, id: string): Promise<Result<TokenView>> {
  return db.transaction().execute(async (t) => {
    const find = () => selectTokens(t).where('api_token.id', '=', id).where('organisation_id', '=', actor.organisation_id)
    const found = await find().forUpdate('api_token').executeTakeFirst()
    if (!found) return fail('token/not-found')
    if (found.revoked_at) return ok(viewToken(found))
    await platformDb(t).updateTable('api_token').set({ revoked_at: new Date(world.now()) }).where('id', '=', id).execute()
    await writeAudit(t, world, {
      organisation_id: actor.organisation_id, actor: actor.actor_id, action: 'token.revoke', subject: id, detail: { name: found.name },
    })
    await revokeLine(t, world, actor, id)
    return ok(viewToken(await find().executeTakeFirstOrThrow()))
  })
}

export const hasTokens = async (db: Kysely<unknown>): Promise<boolean> =>
  (await platformDb(db).selectFrom('api_token').select('id').limit(1).executeTakeFirst()) !== undefined

const insertAdministrator = (t: Transaction<unknown>, world: World, text: string) => insertToken(t, world, text, {
  name: 'administrator', scopes: [...allScopes], networks: [], organisation_id: DEFAULT_ORGANISATION, created_by: 'system', person_id: null, expires_at: null,
})

/**
 * The administrator's token of a node that never had one: `text` is stored (hashed) when there is no token at all.
 * Returns whether it was.
 */
export async function storeFirstToken(db: Kysely<unknown>, world: World, text: string): Promise<boolean> {
  return db.transaction().execute(async (t) => {
    await platformDb(t).selectFrom('organisation').select('id').where('id', '=', DEFAULT_ORGANISATION).forUpdate().execute()
    if (await hasTokens(t)) return false
    await insertAdministrator(t, world, text)
    return true
  })
}

/** One more administrator's token, for an operator who lost theirs; the others stay as they are. */
export async function addAdministrator(db: Kysely<unknown>, world: World): Promise<string> {
  const text = makeTokenText(world)
  await db.transaction().execute((t) => insertAdministrator(t, world, text))
  return text
}
