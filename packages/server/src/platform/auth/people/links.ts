import type { Kysely } from 'kysely'
import type { World } from '@hirundo/base'
import { platformDb, type PlatformTables } from '../../db/tables.ts'
import { hashSecret, makeSecret } from '../secret.ts'

const HOUR_MS = 3_600_000
const SETUP_VALID_MS = 24 * HOUR_MS
const INVITATION_VALID_MS = 7 * 24 * HOUR_MS

type Kind = PlatformTables['person_link']['kind']

/** A new link of a kind; those before it, of the node (setup) or of the person (invitation), end. */
export async function makeLink(t: Kysely<unknown>, world: World, kind: Kind, person_id: string | null): Promise<{ secret: string; expires_at: Date }> {
  const secret = makeSecret(world)
  const expires_at = new Date(world.now() + (kind === 'setup' ? SETUP_VALID_MS : INVITATION_VALID_MS))
  let before = platformDb(t).deleteFrom('person_link').where('kind', '=', kind)
  if (person_id !== null) before = before.where('person_id', '=', person_id)
  await before.execute()
  await platformDb(t).insertInto('person_link').values({ hash: hashSecret(secret), kind, person_id, created_at: new Date(world.now()), expires_at }).execute()
  return { secret, expires_at }
}

/** The link of a secret, locked; undefined when it is unknown, used or expired. */
export const findLink = (t: Kysely<unknown>, world: World, kind: Kind, secret: string) =>
  platformDb(t).selectFrom('person_link').selectAll().where('hash', '=', hashSecret(secret)).where('kind', '=', kind)
    .where('expires_at', '>', new Date(world.now())).forUpdate().executeTakeFirst()

/** Ends the links of a person whose enrolment is complete. */
export async function useLinks(t: Kysely<unknown>, person_id: string): Promise<void> {
  await platformDb(t).deleteFrom('person_link').where('person_id', '=', person_id).execute()
}

/** What a person opens in a browser. The secret stands behind #, which browsers send to nobody. */
export const linkUrl = (origin: string, kind: Kind, secret: string): string => `${origin}/${kind}#${secret}`
