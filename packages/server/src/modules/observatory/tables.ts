import type { Generated, JSONColumnType, Kysely } from 'kysely'
import type { AddressMarkKind, SensorState } from '@hirundo/contract'

/** Tables of the observatory, as `migrations/` makes them. */
export interface ObservatoryTables {
  sensor: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    name: string
    state: SensorState
    kind: 'live' | 'import'
    public_key: Buffer
    fingerprint: string
    simulated: boolean
    addresses: Generated<number>
    version: string | null
    note: Generated<string>
    created_at: Date
    approved_at: Date | null
    revoked_at: Date | null
  }
  enrolment_token: {
    id: Generated<number>
    organisation_id: number
    /** SHA-256 of the secret; the secret itself is stored nowhere. */
    hash: Buffer
    note: string
    created_at: Date
    created_by: string
    expires_at: Date
    used_at: Date | null
    sensor_id: number | null
  }
  sensor_status: {
    sensor_id: number
    last_seen_at: Date
    version: string
    clock_offset_ms: number
    packets_seen: number
    dropped_kernel: number
    malformed: number
    spool_batches: number
    spool_bytes: number
    answer: JSONColumnType<Readonly<Record<string, number>>> | null
  }
  heartbeat_counter: { sensor_id: number; epoch: string; counter: number; seen_at: Date }
  inbox_cursor: { one: Generated<boolean>; projected: number; snapshot: Generated<number> }
  inbox_mark: { sensor: string; epoch: string; acked: string }
  inbox_plan: { sequence: number; first: number; last: number; done: boolean }
  inbox_block: {
    id: number
    plan: number
    block_table: string
    /** `2026-01`. */
    month: string
    rows: number
    packets: number
    late: boolean
    planned_at: Date
    done_at: Date | null
  }
  sensor_stored: { sensor_id: number; rows: number; packets: number; late_packets: number; interactions: number; late_interactions: number }
  sensor_gap: { sequence: number; sensor_id: number; epoch: string; first: string; last: string }
  inbox_unread: { sequence: number; sensor_id: number | null; why: string; kind: number; bytes: number }
  rollup_period: {
    tier: 'hour' | 'day'
    start: number
    dirty_generation: number
    done_generation: Generated<number>
    dirty_at: Date
  }
  retention_floor: { tier: 'raw' | 'hour'; start: number }
  /** Newest time at which deletion by age was allowed; null before the first round. */
  clock_evidence: { one: Generated<boolean>; wall_ms: number | null }
  network_tables: { one: Generated<boolean>; version: string; as_of: string }
  as_name: { asn: number; name: string }
  decoy: {
    id: string
    organisation_id: number
    network: string
    note: string
    created_by: string
    created_at: Date
    removed_by: string | null
    removed_at: Date | null
  }
  address_mark_list: { list: string; kind: AddressMarkKind; as_of: string; networks: number; loaded_at: Date }
  address_mark: { list: string; network: string }
  indicator_key: { one: Generated<boolean>; key: Buffer; made_at: Date }
}

/** The same database, seen with the observatory's tables. */
export const observatoryDb = (db: Kysely<unknown>): Kysely<ObservatoryTables> => db as unknown as Kysely<ObservatoryTables>
