import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table directory_agreement (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    title text not null,
    purposes text[] not null,
    legal_basis text not null,
    kinds text[] not null,
    retention_days integer,
    expires_at timestamptz not null,
    version integer not null default 1,
    created_at timestamptz not null,
    created_by text not null,
    ended_at timestamptz,
    ended_by text,
    ended_why text,
    check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_why is null))
  )`,
  `create index directory_agreement_by_organisation on directory_agreement (organisation_id, id desc)`,
  `create index directory_agreement_by_expiry on directory_agreement (expires_at) where ended_at is null`,
  `create table directory_agreement_party (
    agreement_id bigint not null references directory_agreement,
    team_id bigint not null references directory_team,
    position integer not null,
    discloses text not null,
    approved_at timestamptz,
    approved_by text,
    primary key (agreement_id, team_id),
    check ((approved_at is null) = (approved_by is null))
  )`,
  `create index directory_agreement_party_by_team on directory_agreement_party (team_id)`,
]

/** What partners agreed, and which of them approved it. */
export const agreements: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
