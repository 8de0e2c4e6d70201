import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table directory_team (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    name text not null,
    short_name text not null,
    kind text not null,
    host text,
    economy text,
    time_zone text,
    website text,
    established text,
    node text not null check (node in ('own', 'hosted', 'mail-only')),
    own boolean not null,
    simulated boolean not null,
    visibility jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    created_by text not null,
    changed_at timestamptz not null,
    removed_at timestamptz,
    check (not own or removed_at is null)
  )`,
  // Exactly one is us: two that are entered at the same moment must not both be.
  `create unique index directory_team_own on directory_team (organisation_id) where own`,
  `create unique index directory_team_by_name on directory_team (organisation_id, lower(short_name)) where removed_at is null`,
  `create table directory_calendar (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    name text not null,
    days jsonb not null
  )`,
  `create unique index directory_calendar_by_name on directory_calendar (organisation_id, lower(name))`,
  `create table directory_contact (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    team_id bigint not null references directory_team,
    purpose text not null,
    channel text not null,
    value text not null,
    person text,
    hours jsonb,
    time_zone text,
    calendar_id bigint references directory_calendar,
    visibility text not null check (visibility in ('public', 'community', 'partners', 'us'))
  )`,
  `create index directory_contact_by_team on directory_contact (team_id)`,
  `create index directory_contact_by_calendar on directory_contact (calendar_id)`,
]

/** Teams, their points of contact, and calendars of holidays. */
export const teams: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
