import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table directory_community (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    name text not null,
    short_name text not null,
    founder_id bigint references directory_team,
    description text,
    economy_names jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    created_by text not null
  )`,
  `create unique index directory_community_by_name on directory_community (organisation_id, lower(short_name))`,
  `create table directory_membership_event (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    community_id bigint not null references directory_community,
    team_id bigint not null references directory_team,
    kind text not null check (kind in ('joined', 'suspended', 'reinstated', 'left')),
    at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by text not null,
    scopes text[] not null,
    carve_outs text[] not null,
    legal_basis text,
    decided_by text,
    review_on text,
    text text,
    check (kind <> 'suspended' or (cardinality(scopes) > 0 and legal_basis is not null and decided_by is not null and review_on is not null))
  )`,
  `create index directory_membership_event_by_community on directory_membership_event (community_id, team_id, id)`,
  `create index directory_membership_event_by_team on directory_membership_event (team_id)`,
  `create function directory_membership_is_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'what happened to a membership is never changed or removed'; end $$`,
  `create trigger directory_membership_append_only before update or delete on directory_membership_event
    for each statement execute function directory_membership_is_append_only()`,
]

/** Communities, and what happened to memberships of teams in them. */
export const communities: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
