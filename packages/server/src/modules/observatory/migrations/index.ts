import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const run = (...statements: readonly string[]): Migration => ({
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
})

const sensors = run(
  `create table sensor (
    id bigint generated always as identity primary key,
    uuid uuid not null unique,
    organisation_id bigint not null references organisation,
    name text not null check (length(name) between 1 and 100),
    state text not null check (state in ('pending', 'approved', 'revoked')),
    kind text not null check (kind in ('live', 'import')),
    public_key bytea not null check (length(public_key) = 32),
    fingerprint text not null,
    simulated boolean not null,
    addresses bigint not null default 0,
    version text,
    note text not null default '',
    created_at timestamptz not null,
    approved_at timestamptz,
    revoked_at timestamptz
  )`,
  // A revoked sensor gives its name free: the machine that takes its place is asked about under the same name.
  `create unique index sensor_name on sensor (organisation_id, name) where state <> 'revoked'`,
  `create table enrolment_token (
    id bigint generated always as identity primary key,
    organisation_id bigint not null references organisation,
    hash bytea not null unique check (length(hash) = 32),
    note text not null,
    created_at timestamptz not null,
    created_by text not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    sensor_id bigint references sensor
  )`,
  `create table sensor_status (
    sensor_id bigint primary key references sensor,
    last_seen_at timestamptz not null,
    version text not null,
    clock_offset_ms bigint not null,
    packets_seen bigint not null,
    dropped_kernel bigint not null,
    malformed bigint not null,
    spool_batches bigint not null,
    spool_bytes bigint not null
  )`,
  `create table heartbeat_counter (
    sensor_id bigint not null references sensor,
    epoch uuid not null,
    counter bigint not null,
    seen_at timestamptz not null,
    primary key (sensor_id, epoch)
  )`,
)

const projection = run(
  // One row: everything up to `projected` of the inbox is in the analytics store.
  `create table inbox_cursor (one boolean primary key default true check (one), projected bigint not null, snapshot bigint not null default 0)`,
  `insert into inbox_cursor (projected) values (0)`,
  // Numbers of sensors may go beyond 2^53, which `bigint` would refuse to give to us: they are `numeric`, text here.
  // What was acknowledged, as of `projected`; the journal's records after it say the rest.
  `create table inbox_mark (sensor uuid not null, epoch uuid not null, acked numeric(20) not null, primary key (sensor, epoch))`,
  `create table inbox_plan (
    sequence bigint primary key,
    first bigint not null,
    last bigint not null,
    done boolean not null
  )`,
  `create index inbox_plan_open on inbox_plan (sequence) where not done`,
  `create table inbox_block (
    id bigint primary key,
    plan bigint not null references inbox_plan,
    block_table text not null,
    month text not null,
    rows bigint not null,
    packets bigint not null,
    late boolean not null,
    planned_at timestamptz not null,
    done_at timestamptz
  )`,
  `create index inbox_block_plan on inbox_block (plan)`,
  `create index inbox_block_late on inbox_block (month) where late`,
  // Sums per organisation and sensor, moved in the transaction that ends a plan.
  `create table sensor_stored (
    sensor_id bigint primary key references sensor,
    rows bigint not null,
    packets bigint not null,
    late_packets bigint not null
  )`,
  `create table sensor_gap (
    sequence bigint primary key,
    sensor_id bigint not null references sensor,
    epoch uuid not null,
    first numeric(20) not null,
    last numeric(20) not null
  )`,
  `create index sensor_gap_by_sensor on sensor_gap (sensor_id)`,
  // Kept in the journal but not in the tables: signed batches that cannot be read, kinds of later versions.
  `create table inbox_unread (
    sequence bigint primary key,
    sensor_id bigint references sensor,
    why text not null,
    kind integer not null,
    bytes bigint not null
  )`,
  `create index inbox_unread_by_sensor on inbox_unread (sensor_id)`,
  `create table rollup_period (
    tier text not null check (tier in ('hour', 'day')),
    start bigint not null,
    dirty_generation bigint not null,
    done_generation bigint not null default 0,
    dirty_at timestamptz not null,
    primary key (tier, start)
  )`,
  `create index rollup_period_dirty on rollup_period (tier, start) where dirty_generation <> done_generation`,
  // Below these instants (seconds since 1970) the tier's partitions were dropped, or are about to be.
  `create table retention_floor (tier text primary key check (tier in ('raw', 'hour')), start bigint not null)`,
  `insert into retention_floor values ('raw', 0), ('hour', 0)`,
  `create table network_tables (one boolean primary key default true check (one), version text not null, as_of text not null)`,
  `create table as_name (asn bigint primary key, name text not null)`,
)

const clock = run(
  // Milliseconds since 1970. Null on a new node, which has nothing to lose; else the newest time that its work left.
  `create table clock_evidence (one boolean primary key default true check (one), wall_ms bigint)`,
  `insert into clock_evidence (wall_ms) select floor(extract(epoch from max(planned_at)) * 1000) from inbox_block`,
)

const interactions = run(
  // Networks that were taken out stay, so that an audit entry, which names none, can still be read by who runs the node.
  `create table decoy (
    id uuid primary key,
    organisation_id bigint not null references organisation,
    network cidr not null,
    note text not null,
    created_by text not null,
    created_at timestamptz not null,
    removed_by text,
    removed_at timestamptz
  )`,
  `create unique index decoy_network on decoy (organisation_id, network) where removed_at is null`,
  `create index decoy_removed on decoy (organisation_id, removed_at) where removed_at is not null`,
  `create table address_mark_list (
    list text primary key,
    kind text not null,
    as_of text not null,
    networks bigint not null,
    loaded_at timestamptz not null
  )`,
  `create table address_mark (list text not null references address_mark_list on delete cascade, network cidr not null)`,
  `create index address_mark_network on address_mark using gist (network inet_ops)`,
  `create index address_mark_list_of on address_mark (list)`,
  `create table indicator_key (one boolean primary key default true check (one), key bytea not null check (length(key) between 32 and 64), made_at timestamptz not null)`,
  // What the sensor last said of its answering side; null: it only listens.
  `alter table sensor_status add column answer jsonb`,
)

const storedInteractions = run(
  // Those that came later than raw retention are in no table: no rollup holds interactions.
  `alter table sensor_stored add column interactions bigint not null default 0, add column late_interactions bigint not null default 0`,
)

/** Tables of the observatory in PostgreSQL. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_sensors': sensors,
  '0002_projection': projection,
  '0003_clock': clock,
  '0004_interactions': interactions,
  '0005_stored_interactions': storedInteractions,
}
