import type { World } from '@hirundo/base'
import type { Kysely } from 'kysely'
import { linkUrl } from '../platform/auth/people/links.ts'
import { newSetupLink } from '../platform/auth/people/setup.ts'

/**
 * A one-time link that makes the first administrator, at each start while nobody has signed in; else undefined. The one
 * that an earlier start printed ends: an old log is of no use.
 */
export async function setupLink(db: Kysely<unknown>, world: World, origin: string): Promise<string | undefined> {
  const link = await newSetupLink(db, world, 'system')
  return link && linkUrl(origin, 'setup', link.secret)
}
