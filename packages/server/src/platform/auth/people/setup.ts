import { fail, ok, uuidV4, type Result, type World } from '@hirundo/base'
import type { Kysely, Transaction } from 'kysely'
import { writeAudit } from '../../audit.ts'
import { DEFAULT_ORGANISATION, platformDb } from '../../db/tables.ts'
import type { RequestContext } from '../../module.ts'
import { readKnown } from './cookie.ts'
import type { Kit } from './kit.ts'
import { findLink, makeLink } from './links.ts'
import { actorOf, keptSignInName, setupOpen, type Person } from './persons.ts'
import { cookieHeader, exchangeOf } from './request.ts'
import type { Session } from './sessions.ts'
import { auditRefusal, openSession, type Profile } from './sign-in.ts'

/** Whether the runtime knows a time zone of this name. Problem: `request/invalid`. */
export function checkTimeZone(name: string | undefined): Result<null> {
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
    return ok(null)
  } catch {
    return fail('request/invalid', { what: 'time_zone' })
  }
}

/** Everything that decides whether the first administrator may be made waits here for each other. */
const lockSetup = (t: Kysely<unknown>) =>
  platformDb(t).selectFrom('organisation').select('id').where('id', '=', DEFAULT_ORGANISATION).forUpdate().execute()

/** The secret of a new link for the first administrator, when there is nobody; the link before ends. */
export async function newSetupLink(db: Kysely<unknown>, world: World, actor: string): Promise<{ secret: string; expires_at: Date } | undefined> {
  return db.transaction().execute(async (t) => {
    await lockSetup(t)
    if (!(await setupOpen(t))) return undefined
    const before = await platformDb(t).selectFrom('person_link').select('person_id').where('kind', '=', 'setup').executeTakeFirst()
    const link = await makeLink(t, world, 'setup', null)
    if (before?.person_id) await platformDb(t).updateTable('person_link').set({ person_id: before.person_id }).where('kind', '=', 'setup').execute()
    await writeAudit(t, world, { organisation_id: DEFAULT_ORGANISATION, actor, action: 'setup.link', subject: 'administrator', detail: { expires_at: link.expires_at.toISOString() } })
    return link
  })
}

export interface NewPerson extends Profile {
  readonly sign_in_name: string
  readonly role: Person['role']
  readonly organisation_id: number
  readonly created_by: string
  /** Absent: invited. */
  readonly state?: Person['state']
  readonly break_glass?: true
  readonly oidc?: { readonly issuer: string; readonly subject: string }
}

export const BREAK_GLASS_NAME = 'break-glass@node'

/** Adds a person. Problems: `person/name-taken`, also for the name of the emergency account; `request/invalid`. */
export async function insertPerson(t: Transaction<unknown>, world: World, fields: NewPerson): Promise<Result<Person>> {
  const kept = keptSignInName(fields.sign_in_name)
  if (!kept.ok) return kept
  const sign_in_name = kept.value
  if ((sign_in_name === BREAK_GLASS_NAME) !== (fields.break_glass === true)) return fail('person/name-taken')
  const person = await platformDb(t).insertInto('person').values({
    id: uuidV4(world), organisation_id: fields.organisation_id, name: fields.name, sign_in_name, role: fields.role, break_glass: fields.break_glass ?? false,
    language: fields.language ?? 'en', time_zone: fields.time_zone ?? 'UTC', state: fields.state ?? 'invited', created_at: new Date(world.now()), created_by: fields.created_by,
    last_sign_in_at: null, oidc_issuer: fields.oidc?.issuer ?? null, oidc_subject: fields.oidc?.subject ?? null,
  }).onConflict((conflict) => conflict.column('sign_in_name').doNothing()).returningAll().executeTakeFirst()
  return person ? ok(person) : fail('person/name-taken')
}

/** The administrator that a setup link is of; redeemed again before the enrolment is complete, the same with the new name. */
async function administratorOf(t: Transaction<unknown>, kit: Kit, person_id: string | null, given: Profile & { sign_in_name: string }): Promise<Result<Person>> {
  if (person_id === null) {
    return insertPerson(t, kit.world, { ...given, role: 'administrator', organisation_id: DEFAULT_ORGANISATION, created_by: 'system' })
  }
  const kept = keptSignInName(given.sign_in_name)
  if (!kept.ok) return kept
  const sign_in_name = kept.value
  if (sign_in_name === BREAK_GLASS_NAME) return fail('person/name-taken')
  const other = await platformDb(t).selectFrom('person').select('id').where('sign_in_name', '=', sign_in_name).where('id', '!=', person_id).executeTakeFirst()
  if (other) return fail('person/name-taken')
  return ok(await platformDb(t).updateTable('person')
    .set({ name: given.name, sign_in_name, language: given.language ?? 'en', time_zone: given.time_zone ?? 'UTC' })
    .where('id', '=', person_id).returningAll().executeTakeFirstOrThrow())
}

const limited = (kit: Kit, context: RequestContext) => {
  const wait = kit.limits.open(exchangeOf(context).address, readKnown(cookieHeader(context)))
  return wait > 0 ? fail('request/rate-limited', { retry_after_s: wait }) : undefined
}

/** Problems: `link/invalid`, `setup/closed`, `person/name-taken`, `request/invalid`, `request/rate-limited`. */
export async function redeemSetup(kit: Kit, context: RequestContext, given: Profile & { secret: string; sign_in_name: string }): Promise<Result<Session>> {
  const refused = limited(kit, context) ?? checkTimeZone(given.time_zone)
  if (!refused.ok) return refused
  const done = await kit.db.transaction().execute(async (t): Promise<Result<Session>> => {
    await lockSetup(t)
    if (!(await setupOpen(t))) return fail('setup/closed')
    const link = await findLink(t, kit.world, 'setup', given.secret)
    if (!link) return fail('link/invalid')
    const person = await administratorOf(t, kit, link.person_id, given)
    if (!person.ok) return person
    await platformDb(t).updateTable('person_link').set({ person_id: person.value.id }).where('hash', '=', link.hash).execute()
    return ok(await beginEnrolment(t, kit, context, person.value, 'setup'))
  })
  if (!done.ok && done.problem.code === 'link/invalid') auditRefusal(kit, undefined, 'setup link')
  return done
}

async function beginEnrolment(t: Transaction<unknown>, kit: Kit, context: RequestContext, person: Person, link: 'setup' | 'invitation'): Promise<Session> {
  await writeAudit(t, kit.world, {
    organisation_id: person.organisation_id, actor: actorOf(person.id), action: 'person.enrol-begin', subject: person.id, detail: { link, sign_in_name: person.sign_in_name },
  })
  return openSession(t, kit, context, { person_id: person.id, purpose: 'enrolment', method: 'link' })
}

/** Problems: `link/invalid`, `request/rate-limited`. */
export async function redeemInvitation(kit: Kit, context: RequestContext, secret: string): Promise<Result<Session>> {
  const refused = limited(kit, context)
  if (refused) return refused
  const done = await kit.db.transaction().execute(async (t): Promise<Result<Session>> => {
    const link = await findLink(t, kit.world, 'invitation', secret)
    const person = link && await platformDb(t).selectFrom('person').selectAll().where('id', '=', link.person_id).where('state', '=', 'invited').executeTakeFirst()
    if (!person) return fail('link/invalid')
    return ok(await beginEnrolment(t, kit, context, person, 'invitation'))
  })
  if (!done.ok) auditRefusal(kit, undefined, 'invitation')
  return done
}
