import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table directory_constituency (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    team_id bigint not null references directory_team,
    kind text not null check (kind in ('cidr', 'asn', 'domain', 'economy')),
    value text not null,
    state text not null default 'claimed' check (state in ('claimed', 'verified', 'rejected')),
    visibility text not null check (visibility in ('public', 'community', 'partners', 'us')),
    claimed_at timestamptz not null,
    claimed_by text not null,
    decided_at timestamptz,
    decided_by text,
    decided_how text,
    decided_text text,
    unique (team_id, kind, value),
    check ((state = 'claimed') = (decided_at is null)),
    check ((decided_at is null) = (decided_by is null) and (decided_at is null) = (decided_how is null))
  )`,
  `create index directory_constituency_by_organisation on directory_constituency (organisation_id, id desc)`,
  `create table directory_overlap_approval (
    wider_id bigint not null references directory_constituency on delete cascade,
    narrower_id bigint not null references directory_constituency on delete cascade,
    team_id bigint not null references directory_team,
    organisation_id bigint not null references organisation,
    at timestamptz not null,
    by text not null,
    primary key (wider_id, narrower_id, team_id)
  )`,
  `create index directory_overlap_approval_by_narrower on directory_overlap_approval (narrower_id)`,
]

/** What teams answer for, what was made sure of it, and to which overlaps they agree. */
export const constituencies: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
