import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import type { PersonSessionView, Role, SignInMethod } from '@hirundo/contract'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { platformDb, type PlatformTables } from '../../db/tables.ts'
import { hashSecret, makeSecret } from '../secret.ts'
import { sessionCookie } from './cookie.ts'
import type { Kit } from './kit.ts'
import { judgeSession, SEEN_EVERY_MS, sessionEnd, type SessionTimes } from './session-rules.ts'

export type Session = Selectable<PlatformTables['person_session']>
type PersonFields = Pick<Selectable<PlatformTables['person']>, 'organisation_id' | 'name' | 'role' | 'state'>
/** A session with whom it is of. */
export type SessionOfPerson = Session & { readonly person: PersonFields }

const sessions_max = 50

const timesOf = (row: Pick<Session, 'rotated_at' | 'last_seen_at' | 'expires_at'>): SessionTimes =>
  ({ rotated_at: row.rotated_at.getTime(), last_seen_at: row.last_seen_at.getTime(), expires_at: row.expires_at.getTime() })

export interface NewSession {
  readonly person_id: string
  readonly purpose: Session['purpose']
  readonly method: SignInMethod
  readonly agent: string
}

/** A new session and the secret of its cookie; the person's oldest end when there are too many. */
export async function startSession(t: Transaction<unknown>, { world, bounds }: Kit, fields: NewSession): Promise<{ session: Session; secret: string }> {
  const secret = makeSecret(world)
  const now = new Date(world.now())
  await platformDb(t).deleteFrom('person_session').where('expires_at', '<=', now).execute()
  const session = await platformDb(t).insertInto('person_session').values({
    ...fields, id: uuidV4(world), hash: hashSecret(secret), previous_hash: null, created_at: now, authenticated_at: now, rotated_at: now, last_seen_at: now,
    expires_at: new Date(sessionEnd(world.now(), fields.purpose, bounds)),
  }).returningAll().executeTakeFirstOrThrow()
  await platformDb(t).deleteFrom('person_session').where('person_id', '=', fields.person_id).where('id', 'not in', (newest) =>
    newest.selectFrom('person_session').select('id').where('person_id', '=', fields.person_id).orderBy('number', 'desc').limit(sessions_max)).execute()
  return { session, secret }
}

/** Gives a session another secret; undefined when another request was first. */
export async function rotateSession(db: Kysely<unknown>, { world }: Kit, session: Session): Promise<string | undefined> {
  const secret = makeSecret(world)
  const done = await platformDb(db).updateTable('person_session')
    .set({ hash: hashSecret(secret), previous_hash: session.hash, rotated_at: new Date(world.now()) })
    .where('id', '=', session.id).where('hash', '=', session.hash).returning('id').executeTakeFirst()
  return done && secret
}

/** Set-Cookie of a session's secret, forgotten by the browser when the session ends. */
export const cookieOf = ({ world }: Pick<Kit, 'world'>, session: Pick<Session, 'expires_at'>, secret: string): string =>
  sessionCookie(secret, (session.expires_at.getTime() - world.now()) / 1000)

/**
 * The session of a cookie; undefined when it is unknown, ended or of a person who is disabled. When it is time the secret
 * changes: `setCookie` then must reach the browser.
 */
export async function findSession(kit: Kit, secret: string, setCookie: (text: string) => void): Promise<SessionOfPerson | undefined> {
  const hash = hashSecret(secret)
  const row = await platformDb(kit.db).selectFrom('person_session').innerJoin('person', 'person.id', 'person_session.person_id')
    .selectAll('person_session').select(['person.organisation_id', 'person.name', 'person.role', 'person.state'])
    .where((where) => where.or([where('person_session.hash', '=', hash), where('person_session.previous_hash', '=', hash)])).executeTakeFirst()
  if (!row) return undefined
  const { organisation_id, name, role, state, ...session } = row
  if (state === 'disabled' || (state === 'invited') !== (session.purpose === 'enrolment')) return undefined
  const now = kit.world.now()
  const times = timesOf(row)
  const verdict = judgeSession(times, row.hash.equals(hash) ? 'present' : 'previous', now, kit.bounds)
  if (verdict === 'gone') return undefined
  if (now - times.last_seen_at >= SEEN_EVERY_MS) {
    await platformDb(kit.db).updateTable('person_session').set({ last_seen_at: new Date(now) }).where('id', '=', row.id).execute()
  }
  const rotated = verdict === 'rotate' ? await rotateSession(kit.db, kit, session) : undefined
  if (rotated !== undefined) setCookie(cookieOf(kit, session, rotated))
  return { ...session, person: { organisation_id, name, role, state } }
}

/** What the person of a session may now, or undefined when it would not be let in any more: for answers that stay open. */
export async function roleOfSession(kit: Kit, id: string): Promise<Role | undefined> {
  const row = await platformDb(kit.db).selectFrom('person_session').innerJoin('person', 'person.id', 'person_session.person_id')
    .selectAll('person_session').select('person.role').where('person_session.id', '=', id).where('person.state', '=', 'active').executeTakeFirst()
  return row && judgeSession(timesOf(row), 'present', kit.world.now(), kit.bounds) !== 'gone' ? row.role : undefined
}

export async function endSession(db: Kysely<unknown>, id: string): Promise<void> {
  await platformDb(db).deleteFrom('person_session').where('id', '=', id).execute()
}

/** Ends the sessions of a person, but not `except`. Returns how many. */
export async function endSessions(db: Kysely<unknown>, person_id: string, except?: string): Promise<number> {
  let ended = platformDb(db).deleteFrom('person_session').where('person_id', '=', person_id)
  if (except !== undefined) ended = ended.where('id', '!=', except)
  return (await ended.returning('id').execute()).length
}

/** Ends one session of a person. Problem: `session/not-found`. */
export async function endOneSession(db: Kysely<unknown>, person_id: string, id: string): Promise<Result<null>> {
  const ended = await platformDb(db).deleteFrom('person_session').where('person_id', '=', person_id).where('id', '=', id).returning('id').executeTakeFirst()
  return ended ? ok(null) : fail('session/not-found')
}

/** Sessions of a person that still stand, newest first. */
export async function listSessions(kit: Kit, person_id: string, current: string | undefined): Promise<PersonSessionView[]> {
  const rows = await platformDb(kit.db).selectFrom('person_session').selectAll().where('person_id', '=', person_id).orderBy('number', 'desc').execute()
  return rows.filter((row) => judgeSession(timesOf(row), 'present', kit.world.now(), kit.bounds) !== 'gone').map((row) => ({
    id: row.id, current: row.id === current, method: row.method, agent: row.agent,
    created_at: row.created_at.toISOString(), last_seen_at: row.last_seen_at.toISOString(), expires_at: row.expires_at.toISOString(),
  }))
}
