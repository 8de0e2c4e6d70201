import { fail, ok, type Result } from '@hirundo/base'
import type { SensorView } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { selectViews, type ViewRow } from './store.ts'

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** What operators see of a sensor: no address, no network. */
function view(row: ViewRow, now_ms: number, live_within_ms: number): SensorView {
  return {
    id: row.uuid, name: row.name, state: row.state, kind: row.kind, simulated: row.simulated,
    fingerprint: row.fingerprint, note: row.note,
    created_at: row.created_at.toISOString(), approved_at: iso(row.approved_at), revoked_at: iso(row.revoked_at),
    live: isLive(row, now_ms, live_within_ms),
    last_seen_at: iso(row.last_seen_at), version: row.seen_version ?? row.version,
    clock_offset_ms: row.clock_offset_ms, packets_seen: row.packets_seen, dropped_kernel: row.dropped_kernel,
    malformed: row.malformed, spool_batches: row.spool_batches, spool_bytes: row.spool_bytes,
    gaps: row.gaps, gap_batches: row.gap_batches, quarantined: row.quarantined,
    answering: row.last_seen_at && row.answer !== null, answer_counters: row.answer,
    interactions: row.interactions || (row.answer ? 0 : null), interactions_shed: row.answer?.['interactions_shed'] ?? null,
  }
}

export const isLive = (row: Pick<ViewRow, 'state' | 'last_seen_at'>, now_ms: number, live_within_ms: number): boolean =>
  row.state === 'approved' && row.last_seen_at !== null && now_ms - row.last_seen_at.getTime() <= live_within_ms

/** Sensors of one organisation. */
export async function listViews(db: Kysely<unknown>, organisation_id: number, now_ms: number, live_within_ms: number): Promise<SensorView[]> {
  const rows = await selectViews(db).where('sensor.organisation_id', '=', organisation_id).execute()
  return rows.map((row) => view(row, now_ms, live_within_ms))
}

/** Problem: `sensor/not-found`, also for a sensor of another organisation. */
export async function viewOf(
  db: Kysely<unknown>, organisation_id: number, uuid: string, now_ms: number, live_within_ms: number,
): Promise<Result<SensorView>> {
  const row = await selectViews(db).where('sensor.organisation_id', '=', organisation_id)
    .where('sensor.uuid', '=', uuid).executeTakeFirst()
  return row ? ok(view(row, now_ms, live_within_ms)) : fail('sensor/not-found')
}
