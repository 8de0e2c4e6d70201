import type { CarveOut, ConstituencyKind, ConstituencyProof, ConstituencyState, ContactChannel, ContactPurpose, EconomyNames, Holiday, Hours, KeyKind, KeyProof, MembershipKind, MembershipScope, NodeMode, Purpose, Revocation, TeamField, TeamKind, Visibility } from '@hirundo/contract'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'

/** Tables of the directory, as `migrations` make them. */
export interface DirectoryTables {
  directory_team: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    name: string
    short_name: string
    kind: TeamKind
    host: string | null
    economy: string | null
    time_zone: string | null
    website: string | null
    established: string | null
    node: NodeMode
    own: boolean
    simulated: boolean
    /** Of each field that is not seen by the default. */
    visibility: JSONColumnType<Partial<Record<TeamField, Visibility>>>
    version: Generated<number>
    created_at: Date
    created_by: string
    changed_at: Date
    /** Taken out of the directory; what rests on it keeps its name. */
    removed_at: Generated<Date | null>
  }
  directory_calendar: { id: Generated<number>; uuid: string; organisation_id: number; name: string; days: JSONColumnType<readonly Holiday[]> }
  directory_contact: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    team_id: number
    purpose: ContactPurpose
    channel: ContactChannel
    value: string
    person: string | null
    /** null: around the clock. */
    hours: JSONColumnType<Hours | null>
    time_zone: string | null
    calendar_id: number | null
    visibility: Visibility
  }
  directory_key: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    team_id: number
    kind: KeyKind
    /** OpenPGP: upper-case hex. Node: as `fingerprintText` writes it. */
    fingerprint: string
    /** 32 bytes of Ed25519, of a node whose key is known. */
    public_key: Buffer | null
    valid_from: Date | null
    valid_to: Date | null
    visibility: Visibility
    created_at: Date
    created_by: string
    verified_at: Generated<Date | null>
    verified_by: Generated<string | null>
    verified_how: Generated<KeyProof | null>
    /** The key that vouched for it. */
    signer_id: Generated<number | null>
    verified_text: Generated<string | null>
    revoked_at: Generated<Date | null>
    revoked_by: Generated<string | null>
    revoked_why: Generated<Revocation | null>
  }
  directory_constituency: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    team_id: number
    kind: ConstituencyKind
    /** In its one written form. */
    value: string
    state: Generated<ConstituencyState>
    visibility: Visibility
    claimed_at: Date
    claimed_by: string
    decided_at: Generated<Date | null>
    decided_by: Generated<string | null>
    decided_how: Generated<ConstituencyProof | null>
    decided_text: Generated<string | null>
  }
  directory_community: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    name: string
    short_name: string
    founder_id: number | null
    description: string | null
    economy_names: JSONColumnType<EconomyNames>
    version: Generated<number>
    created_at: Date
    created_by: string
  }
  /** Only ever added to. */
  directory_membership_event: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    community_id: number
    team_id: number
    kind: MembershipKind
    at: Date
    recorded_at: Date
    recorded_by: string
    scopes: MembershipScope[]
    carve_outs: CarveOut[]
    legal_basis: string | null
    decided_by: string | null
    review_on: string | null
    text: string | null
  }
  directory_agreement: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    title: string
    purposes: Purpose[]
    legal_basis: string
    kinds: string[]
    retention_days: number | null
    expires_at: Date
    version: Generated<number>
    created_at: Date
    created_by: string
    ended_at: Generated<Date | null>
    ended_by: Generated<string | null>
    ended_why: Generated<string | null>
  }
  directory_agreement_party: {
    agreement_id: number
    team_id: number
    /** In the order in which they were named. */
    position: number
    discloses: string
    approved_at: Generated<Date | null>
    approved_by: Generated<string | null>
  }
  /** Sections of a team's RFC 2350 profile by number. */
  directory_profile: { team_id: number; organisation_id: number; sections: JSONColumnType<Readonly<Record<string, string>>>; changed_at: Date }
  /** Where a team came from, and what was said of it there last. */
  directory_source: { team_id: number; organisation_id: number; source: 'first'; source_id: string; said: JSONColumnType<Readonly<Record<string, string | null>>> }
  /** That a team agrees to an overlap of two claims, of which one is its own. */
  directory_overlap_approval: { wider_id: number; narrower_id: number; team_id: number; organisation_id: number; at: Date; by: string }
}

export type TeamRecord = Selectable<DirectoryTables['directory_team']>
export type ContactRecord = Selectable<DirectoryTables['directory_contact']>
export type KeyRecord = Selectable<DirectoryTables['directory_key']>
export type ConstituencyRecord = Selectable<DirectoryTables['directory_constituency']>
export type CommunityRecord = Selectable<DirectoryTables['directory_community']>
export type MembershipRecord = Selectable<DirectoryTables['directory_membership_event']>
export type AgreementRecord = Selectable<DirectoryTables['directory_agreement']>
export type PartyRecord = Selectable<DirectoryTables['directory_agreement_party']>
export type CalendarRecord = Selectable<DirectoryTables['directory_calendar']>

/** The same database, seen with the tables of the directory. */
export const directoryDb = (db: Kysely<unknown>): Kysely<DirectoryTables> => db as unknown as Kysely<DirectoryTables>
