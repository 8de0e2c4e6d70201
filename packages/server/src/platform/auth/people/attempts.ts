import type { Kysely } from 'kysely'
import { platformDb, type PlatformTables } from '../../db/tables.ts'
import { hashSecret, makeSecret } from '../secret.ts'
import type { Kit } from './kit.ts'

type Kind = PlatformTables['sign_in_attempt']['kind']
export interface Attempt {
  readonly person_id: string | null
  readonly data: Readonly<Record<string, unknown>>
}

/** Long enough to find a telephone and for an identity provider's own steps. */
export const ATTEMPT_MS = 5 * 60_000
/** Beyond this the oldest end. */
const attempts_max = 10_000
/** Wrong codes within one attempt. */
const tries_max = 5

/** Begins what a later request finishes; the secret names it. Nothing of it is in the browser. */
export async function beginAttempt({ db, world }: Kit, kind: Kind, attempt: Attempt): Promise<string> {
  const secret = makeSecret(world)
  const now = world.now()
  await platformDb(db).deleteFrom('sign_in_attempt').where('expires_at', '<=', new Date(now)).execute()
  const made = await platformDb(db).insertInto('sign_in_attempt')
    .values({ hash: hashSecret(secret), kind, person_id: attempt.person_id, data: JSON.stringify(attempt.data), expires_at: new Date(now + ATTEMPT_MS) })
    .returning('number').executeTakeFirstOrThrow()
  await platformDb(db).deleteFrom('sign_in_attempt').where('number', '<=', made.number - attempts_max).execute()
  return secret
}

/** Takes an attempt: nobody else gets it any more. Undefined when it is unknown, expired, taken or of another kind. */
export async function takeAttempt({ world }: Kit, db: Kysely<unknown>, kind: Kind, secret: string): Promise<Attempt | undefined> {
  return platformDb(db).deleteFrom('sign_in_attempt').where('hash', '=', hashSecret(secret)).where('kind', '=', kind)
    .where('expires_at', '>', new Date(world.now())).returning(['person_id', 'data']).executeTakeFirst()
}

/** Uses one of the tries of an attempt and leaves it; undefined as in `takeAttempt`, and when all tries are used. */
export async function tryAttempt({ db, world }: Kit, kind: Kind, secret: string): Promise<Attempt | undefined> {
  return platformDb(db).updateTable('sign_in_attempt').set((set) => ({ tries: set('tries', '+', 1) }))
    .where('hash', '=', hashSecret(secret)).where('kind', '=', kind).where('tries', '<', tries_max)
    .where('expires_at', '>', new Date(world.now())).returning(['person_id', 'data']).executeTakeFirst()
}
