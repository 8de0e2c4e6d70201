import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table directory_key (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    team_id bigint not null references directory_team,
    kind text not null check (kind in ('openpgp', 'node')),
    fingerprint text not null,
    public_key bytea check (length(public_key) = 32),
    valid_from timestamptz,
    valid_to timestamptz,
    visibility text not null check (visibility in ('public', 'community', 'partners', 'us')),
    created_at timestamptz not null,
    created_by text not null,
    verified_at timestamptz,
    verified_by text,
    verified_how text,
    signer_id bigint references directory_key,
    verified_text text,
    revoked_at timestamptz,
    revoked_by text,
    revoked_why text,
    check ((verified_at is null) = (verified_by is null) and (verified_at is null) = (verified_how is null)),
    check ((verified_how is not distinct from 'signed-by') = (signer_id is not null)),
    check ((revoked_at is null) = (revoked_why is null)),
    check (valid_from is null or valid_to is null or valid_from < valid_to)
  )`,
  // One key is one team's, also after it was revoked: it does not come back as another's.
  `create unique index directory_key_by_fingerprint on directory_key (organisation_id, kind, fingerprint)`,
  `create index directory_key_by_team on directory_key (team_id)`,
]

/** Keys of teams, and who made sure whose they are. */
export const keys: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
