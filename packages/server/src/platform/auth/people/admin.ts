import { fail, ok, type Result } from '@hirundo/base'
import type * as contract from '@hirundo/contract'
import type { Input, PersonView, Role } from '@hirundo/contract'
import type { Kysely, Transaction } from 'kysely'
import { writeAudit } from '../../audit.ts'
import { DEFAULT_ORGANISATION, platformDb } from '../../db/tables.ts'
import type { Actor } from '../../module.ts'
import { scopesOf } from '../scopes.ts'
import type { Kit } from './kit.ts'
import { linkUrl, makeLink } from './links.ts'
import { countAdministrators, passkeysOf, personView, secretOf, selectPersons, setSecret, viewPerson, type Person } from './persons.ts'
import { readableSecret } from './recovery.ts'
import { endOneSession, endSessions } from './sessions.ts'
import { BREAK_GLASS_NAME, checkTimeZone, insertPerson, newSetupLink } from './setup.ts'

const rows_default = 100
/** 160 bits. */
const BREAK_GLASS_CHARACTERS = 32

/** Nobody gives, takes or resets what is more than their own. Problem: `auth/forbidden`. */
function mayDecideOn(actor: Actor, role: Role): Result<null> {
  const more = scopesOf({ role, organisation_id: actor.organisation_id }).find((scope) => !actor.scopes.includes(scope))
  return more === undefined ? ok(null) : fail('auth/forbidden', { needs: more })
}

/** A person of the actor's organisation. Problem: `person/not-found`. */
async function find(db: Kysely<unknown>, actor: Actor, id: string): Promise<Result<Person>> {
  const person = await platformDb(db).selectFrom('person').selectAll().where('id', '=', id).where('organisation_id', '=', actor.organisation_id).executeTakeFirst()
  return person ? ok(person) : fail('person/not-found')
}

const audit = (t: Kysely<unknown>, { world }: Kit, actor: Actor, action: string, subject: string, detail: Readonly<Record<string, unknown>> = {}) =>
  writeAudit(t, world, { organisation_id: actor.organisation_id, actor: actor.actor_id, action, subject, detail })

export async function listPersons({ db }: Kit, actor: Actor, query: { after?: string | undefined; limit?: number | undefined }): Promise<Result<{ persons: PersonView[]; next: string | null }>> {
  const limit = query.limit ?? rows_default
  const after = query.after === undefined ? undefined : Number(query.after)
  if (after !== undefined && !Number.isSafeInteger(after)) return fail('request/invalid', { what: 'after' })
  let rows = selectPersons(db).where('person.organisation_id', '=', actor.organisation_id).orderBy('person.number', 'desc').limit(limit + 1)
  if (after !== undefined) rows = rows.where('person.number', '<', after)
  const found = await rows.execute()
  const page = found.slice(0, limit)
  return ok({ persons: page.map(viewPerson), next: found.length > limit ? String(page.at(-1)!.number) : null })
}

type Invited = { person: PersonView; invitation: { link: string; expires_at: string } }

async function invite(t: Transaction<unknown>, kit: Kit, origin: string, id: string): Promise<Invited> {
  const { secret, expires_at } = await makeLink(t, kit.world, 'invitation', id)
  return { person: await personView(t, id), invitation: { link: linkUrl(origin, 'invitation', secret), expires_at: expires_at.toISOString() } }
}

/** Problems: `auth/forbidden`, `person/name-taken`, `request/invalid`. */
export async function invitePerson(kit: Kit, actor: Actor, origin: string, body: Input<typeof contract.invitePerson>['body']): Promise<Result<Invited>> {
  const may = mayDecideOn(actor, body.role)
  if (!may.ok) return may
  const zone = checkTimeZone(body.time_zone)
  if (!zone.ok) return zone
  return kit.db.transaction().execute(async (t): Promise<Result<Invited>> => {
    const person = await insertPerson(t, kit.world, { ...body, organisation_id: actor.organisation_id, created_by: actor.actor_id })
    if (!person.ok) return person
    await audit(t, kit, actor, 'person.invite', person.value.id, { sign_in_name: person.value.sign_in_name, name: body.name, role: body.role })
    return ok(await invite(t, kit, origin, person.value.id))
  })
}

/** Runs `change` on a person whom the actor may decide on, unless it would take away the last administrator. */
function decide<T>(kit: Kit, actor: Actor, id: string, takes_away: (person: Person) => boolean, change: (t: Transaction<unknown>, person: Person) => Promise<Result<T>>): Promise<Result<T>> {
  return kit.db.transaction().execute(async (t): Promise<Result<T>> => {
    // Locks every administrator, so that two cannot remove each other at once.
    const administrators = await countAdministrators(t, actor.organisation_id)
    const found = await find(t, actor, id)
    if (!found.ok) return found
    const person = found.value
    const may = mayDecideOn(actor, person.role)
    if (!may.ok) return may
    const counts = person.role === 'administrator' && person.state === 'active' && !person.break_glass
    if (counts && administrators <= 1 && takes_away(person)) return fail('person/last-administrator')
    return change(t, person)
  })
}

/** Ends the tokens that a person made, or somebody in their name. Returns how many. */
async function revokeTokens(t: Kysely<unknown>, { world }: Kit, person_id: string): Promise<number> {
  const revoked = await platformDb(t).updateTable('api_token').set({ revoked_at: new Date(world.now()) })
    .where('person_id', '=', person_id).where('revoked_at', 'is', null).returning('id').execute()
  return revoked.length
}

/** Problems: `person/not-found`, `person/wrong-state` (disabled, or the emergency account), `person/last-administrator`, `auth/forbidden`. */
export const reinvitePerson = (kit: Kit, actor: Actor, origin: string, id: string): Promise<Result<Invited>> =>
  decide(kit, actor, id, () => true, async (t, person) => {
    if (person.break_glass || person.state === 'disabled') return fail('person/wrong-state', { state: person.state })
    await platformDb(t).deleteFrom('person_secret').where('person_id', '=', id).execute()
    await platformDb(t).deleteFrom('recovery_code').where('person_id', '=', id).execute()
    await platformDb(t).deleteFrom('passkey').where('person_id', '=', id).execute()
    await platformDb(t).deleteFrom('sign_in_attempt').where('person_id', '=', id).execute()
    await endSessions(t, id)
    const tokens = await revokeTokens(t, kit, id)
    await platformDb(t).updateTable('person').set({ state: 'invited', oidc_issuer: null, oidc_subject: null }).where('id', '=', id).execute()
    await audit(t, kit, actor, 'person.reinvite', id, { sign_in_name: person.sign_in_name, was: person.state, tokens })
    return ok(await invite(t, kit, origin, id))
  })

/** Problems: as `reinvitePerson`. */
export const setRole = async (kit: Kit, actor: Actor, id: string, role: Role): Promise<Result<PersonView>> => {
  const may = mayDecideOn(actor, role)
  if (!may.ok) return may
  return decide(kit, actor, id, () => role !== 'administrator', async (t, person) => {
    if (person.break_glass) return fail('person/wrong-state', { break_glass: true })
    if (person.role === role) return ok(await personView(t, id))
    await platformDb(t).updateTable('person').set({ role }).where('id', '=', id).execute()
    await audit(t, kit, actor, 'person.set-role', id, { from: person.role, to: role })
    return ok(await personView(t, id))
  })
}

/** Disabling ends sessions and links at once; enabling gives back what the person had. Problems: as `reinvitePerson`. */
export const setState = (kit: Kit, actor: Actor, id: string, wanted: 'active' | 'disabled'): Promise<Result<PersonView>> =>
  decide(kit, actor, id, () => wanted === 'disabled', async (t, person) => {
    if (person.state === wanted) return ok(await personView(t, id))
    if (wanted === 'active' && person.state !== 'disabled') return fail('person/wrong-state', { state: person.state })
    const secret = await secretOf(t, id)
    const can_sign_in = person.break_glass || person.oidc_issuer !== null || secret?.totp_secret != null || (await passkeysOf(t, id)).length > 0
    const state = wanted === 'disabled' ? 'disabled' : can_sign_in ? 'active' : 'invited'
    await platformDb(t).updateTable('person').set({ state }).where('id', '=', id).execute()
    if (wanted === 'disabled') {
      await endSessions(t, id)
      await platformDb(t).deleteFrom('person_link').where('person_id', '=', id).execute()
      await platformDb(t).deleteFrom('sign_in_attempt').where('person_id', '=', id).execute()
    }
    await audit(t, kit, actor, wanted === 'disabled' ? 'person.disable' : 'person.enable', id, { sign_in_name: person.sign_in_name })
    return ok(await personView(t, id))
  })

/** Ends one session of a person, or all. Problems: `person/not-found`, `session/not-found`, `auth/forbidden`. */
export const endSessionsOf = (kit: Kit, actor: Actor, id: string, session_id: string | undefined): Promise<Result<null>> =>
  decide(kit, actor, id, () => false, async (t) => {
    if (session_id === undefined) await audit(t, kit, actor, 'session.end-all', id, { ended: await endSessions(t, id) })
    else {
      const ended = await endOneSession(t, id, session_id)
      if (!ended.ok) return ended
      await audit(t, kit, actor, 'session.end', session_id, { person: id })
    }
    return ok(null)
  })

export const personExists = async (kit: Kit, actor: Actor, id: string): Promise<Result<Person>> => find(kit.db, actor, id)

/** What concerns the whole node is decided from the organisation it began with, by who may all. Problem: `auth/forbidden`. */
function mayDecideOnNode(actor: Actor): Result<null> {
  if (actor.organisation_id !== DEFAULT_ORGANISATION) return fail('auth/forbidden', { needs: 'the first organisation of this node' })
  return mayDecideOn(actor, 'administrator')
}

/** A new link for the first administrator. Problems: `setup/closed`, `auth/forbidden`. */
export async function setupLinkFor(kit: Kit, actor: Actor, origin: string): Promise<Result<{ link: string; expires_at: string }>> {
  const may = mayDecideOnNode(actor)
  if (!may.ok) return may
  const made = await newSetupLink(kit.db, kit.world, actor.actor_id)
  return made ? ok({ link: linkUrl(origin, 'setup', made.secret), expires_at: made.expires_at.toISOString() }) : fail('setup/closed')
}

/** Makes the emergency account, or gives it a new password and ends its sessions and tokens. Problems: `auth/forbidden`, `node/unavailable`. */
export async function renewBreakGlass(kit: Kit, actor: Actor): Promise<Result<{ person: PersonView; password: string }>> {
  const may = mayDecideOnNode(actor)
  if (!may.ok) return may
  const password = readableSecret(kit.world, BREAK_GLASS_CHARACTERS)
  const hash = await kit.passwords.hash(password)
  if (!hash.ok) return hash
  return kit.db.transaction().execute(async (t): Promise<Result<{ person: PersonView; password: string }>> => {
    const made = await insertPerson(t, kit.world, {
      name: 'Break glass', sign_in_name: BREAK_GLASS_NAME, role: 'administrator', organisation_id: DEFAULT_ORGANISATION, created_by: actor.actor_id,
      state: 'active', break_glass: true,
    })
    const { id } = await platformDb(t).selectFrom('person').select('id').where('break_glass', '=', true).executeTakeFirstOrThrow()
    await platformDb(t).updateTable('person').set({ state: 'active' }).where('id', '=', id).execute()
    await setSecret(t, id, { password_hash: hash.value, password_changed_at: new Date(kit.world.now()), password_used_at: null })
    await endSessions(t, id)
    await audit(t, kit, actor, 'person.break-glass-renew', id, { made: made.ok, tokens: await revokeTokens(t, kit, id) })
    return ok({ person: await personView(t, id), password })
  })
}
