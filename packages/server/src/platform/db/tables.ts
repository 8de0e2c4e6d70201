import type { Scope } from '@hirundo/contract'
import type { Generated, JSONColumnType, Kysely } from 'kysely'

/** Tables of the platform itself. */
export interface PlatformTables {
  organisation: { id: Generated<number>; uuid: string; name: string; created_at: Date }
  api_token: {
    id: string
    /** Order of creation: the keyset of lists. */
    number: Generated<number>
    organisation_id: number
    name: string
    /** SHA-256 of the token's text; the text itself is stored nowhere. */
    hash: Buffer
    scopes: Scope[]
    networks: string[]
    created_at: Date
    created_by: string
    expires_at: Date | null
    last_used_at: Date | null
    revoked_at: Date | null
  }
  audit: {
    id: Generated<number>
    organisation_id: number
    at: Date
    actor: string
    action: string
    subject: string
    detail: JSONColumnType<Record<string, unknown>>
  }
  setting: { key: string; value: JSONColumnType<object>; changed_at: Date; changed_by: string }
}

/** The same database, seen with the platform's tables. */
export const platformDb = (db: Kysely<unknown>): Kysely<PlatformTables> => db as unknown as Kysely<PlatformTables>

/** The organisation that a new node begins with. */
export const DEFAULT_ORGANISATION = 1
