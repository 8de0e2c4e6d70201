import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  // Labels are many characters and few: rows of other tables carry the number. None is ever changed or removed.
  `create table policy_label (
    id bigint generated always as identity primary key,
    organisation_id bigint not null references organisation,
    hash bytea not null check (length(hash) = 32),
    text text not null check (length(text) between 1 and 4096),
    unique (organisation_id, hash)
  )`,
  // Which policy set is in force: whoever changes it locks this row.
  `create table policy_state (
    organisation_id bigint primary key references organisation,
    epoch integer not null check (epoch > 0)
  )`,
  `create table policy_epoch (
    organisation_id bigint not null references organisation,
    epoch integer not null check (epoch > 0),
    text text not null,
    since timestamptz not null,
    by text not null,
    approved_by text,
    alone boolean not null default false,
    why text not null,
    newly_allowed bigint not null,
    primary key (organisation_id, epoch)
  )`,
  `create table policy_proposal (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    state text not null default 'waiting' check (state in ('waiting', 'in-force', 'withdrawn', 'overtaken')),
    base_epoch integer not null,
    text text not null,
    why text not null,
    diff jsonb not null,
    proposed_at timestamptz not null,
    proposed_by text not null,
    proposer_id uuid not null references person,
    decided_at timestamptz,
    decided_by text,
    alone boolean not null default false,
    epoch integer,
    check ((state = 'waiting') = (decided_at is null)),
    check ((state = 'in-force') = (epoch is not null))
  )`,
  `create index policy_proposal_by_organisation on policy_proposal (organisation_id, id desc)`,
  // Viewers that no policy can tell apart.
  `create table policy_class (
    id bigint generated always as identity primary key,
    organisation_id bigint not null references organisation,
    hash bytea not null check (length(hash) = 32),
    used_at timestamptz not null,
    unique (organisation_id, hash)
  )`,
  `create index policy_class_by_use on policy_class (organisation_id, used_at)`,
  // What Cedar said, once. By phase: before the embargo, between, and after expiry; null where the label has no such phase.
  `create table policy_verdict (
    class_id bigint not null references policy_class on delete cascade,
    purpose text not null,
    epoch integer not null,
    label_id bigint not null references policy_label,
    phases jsonb not null,
    primary key (class_id, purpose, epoch, label_id)
  )`,
]

/** Labels, policy sets and their epochs, proposals, and the table of verdicts. */
export const policy: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
