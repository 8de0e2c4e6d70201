import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { World } from '@hirundo/base'
import type { Kysely } from 'kysely'
import { makeTokenText } from '../platform/auth/token-text.ts'
import { addAdministrator, hasTokens, storeFirstToken } from '../platform/auth/tokens.ts'
import { writePrivate } from '../platform/data-directory.ts'

const FILE = 'admin.json'

/** The administrator's token that the first start wrote, or undefined. */
export async function readAdminToken(data_dir: string): Promise<string | undefined> {
  const text = await readFile(join(data_dir, FILE), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { token } = JSON.parse(text) as { token?: unknown }
  return typeof token === 'string' ? token : undefined
}

const keep = (data_dir: string, token: string) => writePrivate(join(data_dir, FILE), `${JSON.stringify({ token })}\n`)

/** A further administrator's token, also in `admin.json`: who may start the node on its directory owns it. */
export async function newAdministratorToken(db: Kysely<unknown>, world: World, data_dir: string): Promise<string> {
  const token = await addAdministrator(db, world)
  await keep(data_dir, token)
  return token
}

/**
 * On the first start the administrator's token, else undefined. It is written to `admin.json` (0600) before its hash
 * is stored, so that a node killed in between offers the same token again instead of none.
 */
export async function firstToken(db: Kysely<unknown>, world: World, data_dir: string): Promise<string | undefined> {
  if (await hasTokens(db)) return undefined
  const token = (await readAdminToken(data_dir)) ?? makeTokenText(world)
  await keep(data_dir, token)
  if (await storeFirstToken(db, world, token)) return token
  // Another node on the same database was first.
  await rm(join(data_dir, FILE), { force: true })
  return undefined
}
