import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table directory_profile (
    team_id bigint primary key references directory_team,
    organisation_id bigint not null references organisation,
    sections jsonb not null,
    changed_at timestamptz not null
  )`,
  `create table directory_source (
    team_id bigint primary key references directory_team,
    organisation_id bigint not null references organisation,
    source text not null,
    source_id text not null,
    said jsonb not null
  )`,
  `create index directory_source_by_id on directory_source (organisation_id, source, source_id)`,
]

/** Profiles of teams, and where teams came from. */
export const exchange: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
