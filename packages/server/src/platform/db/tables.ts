import type { Language, PersonState, Role, Scope, SignInMethod } from '@hirundo/contract'
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
    /** Who made it, when a person did: it allows no more than they may at that time. */
    person_id: string | null
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
  person: {
    id: string
    number: Generated<number>
    organisation_id: number
    name: string
    /** In lower case; unique on the node, since a sign-in names no organisation. */
    sign_in_name: string
    role: Role
    language: Language
    time_zone: string
    state: PersonState
    break_glass: Generated<boolean>
    created_at: Date
    created_by: string
    last_sign_in_at: Date | null
    oidc_issuer: string | null
    oidc_subject: string | null
  }
  /** Apart from `person`, so that no list of persons can carry it by mistake. */
  person_secret: {
    person_id: string
    password_hash: string | null
    password_changed_at: Date | null
    /** Kept for the break-glass account only. */
    password_used_at: Date | null
    totp_secret: Buffer | null
    totp_confirmed_at: Date | null
    /** Last time step of which a code was accepted: none of it or before is accepted again. */
    totp_step: Generated<number>
    totp_pending: Buffer | null
  }
  recovery_code: { hash: Buffer; person_id: string }
  passkey: {
    id: string
    number: Generated<number>
    person_id: string
    /** Base64url. */
    credential_id: string
    /** COSE. */
    public_key: Buffer
    counter: number
    transports: string[]
    name: string
    synced: boolean
    created_at: Date
    last_used_at: Date | null
  }
  person_session: {
    id: string
    number: Generated<number>
    person_id: string
    purpose: 'full' | 'enrolment'
    method: SignInMethod
    /** Browser and system in words; never the whole User-Agent. */
    agent: string
    /** SHA-256 of what the cookie holds. */
    hash: Buffer
    /** Of the id before the last rotation: good for requests that were under way. */
    previous_hash: Buffer | null
    created_at: Date
    authenticated_at: Date
    rotated_at: Date
    last_seen_at: Date
    expires_at: Date
  }
  person_link: { hash: Buffer; kind: 'setup' | 'invitation'; person_id: string | null; created_at: Date; expires_at: Date }
  /** Not logged: a crash of the database ends sign-ins under way and nothing else. */
  sign_in_attempt: {
    hash: Buffer
    number: Generated<number>
    kind: 'totp' | 'passkey-sign-in' | 'passkey-add' | 'oidc'
    person_id: string | null
    data: JSONColumnType<Record<string, unknown>>
    tries: Generated<number>
    expires_at: Date
  }
  setting: { key: string; value: JSONColumnType<object>; changed_at: Date; changed_by: string }
}

/** The same database, seen with the platform's tables. */
export const platformDb = (db: Kysely<unknown>): Kysely<PlatformTables> => db as unknown as Kysely<PlatformTables>

/** The organisation that a new node begins with. */
export const DEFAULT_ORGANISATION = 1
