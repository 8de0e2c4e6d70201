import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table finding (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    kind text not null,
    subject_key bytea not null check (length(subject_key) = 32),
    subject jsonb not null,
    victim inet,
    source inet,
    protocol text,
    port integer,
    severity smallint not null check (severity between 0 and 3),
    state text not null default 'new' check (state in ('new', 'triaged', 'confirmed', 'dismissed', 'closed')),
    verdict text check (verdict in ('confirmed', 'dismissed')),
    dismissal text,
    settled_severity smallint,
    settled_end timestamptz,
    start_at timestamptz not null,
    end_at timestamptz not null,
    open boolean not null,
    found_at timestamptz not null,
    occurrences bigint not null default 1,
    packets bigint not null,
    lead bigint,
    economy text,
    asn bigint,
    as_name text,
    own boolean not null,
    simulated boolean not null,
    owner_id uuid references person,
    tlp text not null default 'TLP:AMBER+STRICT',
    touched boolean not null default false,
    merged_into bigint references finding,
    check ((state in ('dismissed', 'closed')) = (settled_severity is not null)),
    check ((settled_severity is null) = (settled_end is null)),
    check (dismissal is null or verdict = 'dismissed')
  )`,
  // The two orders of the list.
  `create index finding_by_urgency on finding (organisation_id, severity desc, start_at desc, uuid desc) where merged_into is null`,
  `create index finding_by_start on finding (organisation_id, start_at desc, uuid desc) where merged_into is null`,
  `create index finding_waiting on finding (organisation_id, severity, kind) where merged_into is null and state in ('new', 'triaged')`,
  `create index finding_by_subject on finding (organisation_id, kind, subject_key, end_at)`,
  `create index finding_by_victim on finding (organisation_id, victim) where victim is not null`,
  `create index finding_by_source on finding (organisation_id, source) where source is not null`,
  `create index finding_by_port on finding (organisation_id, port, protocol) where port is not null`,
  `create index finding_by_found on finding (organisation_id, found_at)`,
  `create index finding_judged on finding (organisation_id, kind) where verdict is not null`,
  `create index finding_merged on finding (merged_into) where merged_into is not null`,
  `create table detection_setting (
    id bigint generated always as identity primary key,
    hash bytea not null unique check (length(hash) = 32),
    parameters jsonb not null
  )`,
  `create table detection (
    id bigint generated always as identity primary key,
    organisation_id bigint not null references organisation,
    finding_id bigint not null references finding,
    kind text not null,
    subject_key bytea not null,
    start_at timestamptz not null,
    end_at timestamptz not null,
    open boolean not null,
    severity smallint not null check (severity between 0 and 3),
    packets bigint not null,
    max_ppm double precision,
    sources bigint,
    sensors bigint,
    figures jsonb not null,
    crossed jsonb not null,
    members jsonb not null,
    evidence jsonb not null,
    version integer not null,
    hash bytea not null check (length(hash) = 32),
    setting_id bigint not null references detection_setting,
    simulated boolean not null,
    stored_at timestamptz not null,
    unique (organisation_id, kind, subject_key, start_at)
  )`,
  `create index detection_by_finding on detection (finding_id, severity desc, end_at desc, start_at desc)`,
  `create table finding_change (
    id bigint generated always as identity primary key,
    finding_id bigint not null references finding,
    at timestamptz not null,
    by text not null,
    what text not null check (what in ('state', 'owner', 'comment', 'label', 'bulletin')),
    from_value text,
    to_value text,
    text text
  )`,
  `create index finding_change_by_finding on finding_change (finding_id, id desc)`,
  // Networks as inet: a victim or source lies within (<<=).
  `create table finding_mute (
    id uuid primary key,
    organisation_id bigint not null references organisation,
    kind text,
    victim inet,
    source inet,
    protocol text,
    port integer,
    why text not null,
    until_at timestamptz not null,
    created_at timestamptz not null,
    created_by text not null
  )`,
  `create index finding_mute_by_organisation on finding_mute (organisation_id, until_at)`,
  `create table finding_day (
    organisation_id bigint not null references organisation,
    day bigint not null,
    records bigint not null,
    shed bigint not null,
    sketch bytea,
    primary key (organisation_id, day)
  )`,
]

/** Findings, the detections they are made of, what people did with them, and rules that mute them. */
export const findings: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
