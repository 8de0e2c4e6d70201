import { fail, ok, type Result } from '@hirundo/base'
import { SignInName, type FactorsView, type PersonView, type Role } from '@hirundo/contract'
import { sql, type Kysely, type Selectable } from 'kysely'
import { Value } from 'typebox/value'
import { platformDb, type PlatformTables } from '../../db/tables.ts'

export type Person = Selectable<PlatformTables['person']>

/** Persons with their organisation's UUID and what they can sign in with. */
export const selectPersons = (db: Kysely<unknown>) =>
  platformDb(db).selectFrom('person').innerJoin('organisation', 'organisation.id', 'person.organisation_id')
    .leftJoin('person_secret', 'person_secret.person_id', 'person.id')
    .selectAll('person').select([
      'organisation.uuid as organisation',
      sql<boolean>`person_secret.password_hash is not null`.as('has_password'),
      sql<boolean>`person_secret.totp_secret is not null`.as('has_totp'),
      sql<number>`(select count(*) from passkey where passkey.person_id = person.id)`.as('passkeys'),
    ])

type Row = Awaited<ReturnType<ReturnType<typeof selectPersons>['executeTakeFirstOrThrow']>>

export const viewPerson = (row: Row): PersonView => ({
  id: row.id, organisation: row.organisation, name: row.name, sign_in_name: row.sign_in_name, role: row.role,
  language: row.language, time_zone: row.time_zone, state: row.state, break_glass: row.break_glass,
  created_at: row.created_at.toISOString(), last_sign_in_at: row.last_sign_in_at?.toISOString() ?? null,
  factors: { password: row.has_password, totp: row.has_totp, passkeys: row.passkeys, oidc: row.oidc_issuer !== null },
})

export const personView = async (db: Kysely<unknown>, id: string): Promise<PersonView> =>
  viewPerson(await selectPersons(db).where('person.id', '=', id).executeTakeFirstOrThrow())

/** The person of a sign-in name, in whatever case it was typed, with what proves who they are. */
export const personBySignInName = (db: Kysely<unknown>, sign_in_name: string) =>
  platformDb(db).selectFrom('person').leftJoin('person_secret', 'person_secret.person_id', 'person.id').selectAll('person')
    .select(['person_secret.password_hash', 'person_secret.totp_secret'])
    .where('sign_in_name', '=', canonicalName(sign_in_name)).executeTakeFirst()

export const secretOf = (db: Kysely<unknown>, person_id: string) =>
  platformDb(db).selectFrom('person_secret').selectAll().where('person_id', '=', person_id).executeTakeFirst()

/** Writes some of a person's secrets; the others stay. */
export async function setSecret(db: Kysely<unknown>, person_id: string, fields: Partial<Omit<Selectable<PlatformTables['person_secret']>, 'person_id'>>): Promise<void> {
  await platformDb(db).insertInto('person_secret').values({
    password_hash: null, password_changed_at: null, password_used_at: null, totp_secret: null, totp_confirmed_at: null, totp_pending: null, ...fields, person_id,
  }).onConflict((conflict) => conflict.column('person_id').doUpdateSet(fields)).execute()
}

/** Sign-in names are compared in this form. */
export const canonicalName = (text: string): string => text.normalize('NFKC').toLowerCase()

/** A sign-in name as it is kept. Problem: `request/invalid`: this form may be longer than what was given, or none of ours. */
export function keptSignInName(text: string): Result<string> {
  const name = canonicalName(text)
  return Value.Check(SignInName, name) ? ok(name) : fail('request/invalid', { what: 'sign_in_name' })
}

/** As the audit names a person. */
export const actorOf = (person_id: string): string => `person:${person_id}`

export const passkeysOf = (db: Kysely<unknown>, person_id: string) =>
  platformDb(db).selectFrom('passkey').selectAll().where('person_id', '=', person_id).orderBy('number').execute()

/** How a person can sign in. */
export async function factorsOf(db: Kysely<unknown>, person_id: string): Promise<FactorsView> {
  const person = await platformDb(db).selectFrom('person').select('oidc_issuer').where('id', '=', person_id).executeTakeFirstOrThrow()
  const secret = await secretOf(db, person_id)
  const { left } = await platformDb(db).selectFrom('recovery_code').select(({ fn }) => fn.countAll<number>().as('left')).where('person_id', '=', person_id).executeTakeFirstOrThrow()
  return {
    password_changed_at: secret?.password_changed_at?.toISOString() ?? null,
    totp_confirmed_at: secret?.totp_confirmed_at?.toISOString() ?? null,
    recovery_codes_left: left,
    passkeys: (await passkeysOf(db, person_id)).map((row) => ({
      id: row.id, name: row.name, synced: row.synced, created_at: row.created_at.toISOString(), last_used_at: row.last_used_at?.toISOString() ?? null,
    })),
    oidc: person.oidc_issuer !== null,
  }
}

/** Administrators of an organisation who can sign in, apart from the emergency account. */
export async function countAdministrators(db: Kysely<unknown>, organisation_id: number): Promise<number> {
  const role: Role = 'administrator'
  const rows = await platformDb(db).selectFrom('person').select('id').where('organisation_id', '=', organisation_id)
    .where('role', '=', role).where('state', '=', 'active').where('break_glass', '=', false).forUpdate().execute()
  return rows.length
}

/** Whether no administrator has ever completed an enrolment: only then the link of the first start works. */
export async function setupOpen(db: Kysely<unknown>): Promise<boolean> {
  const one = await platformDb(db).selectFrom('person').select('id').where('role', '=', 'administrator')
    .where('state', '!=', 'invited').where('break_glass', '=', false).limit(1).executeTakeFirst()
  return one === undefined
}
