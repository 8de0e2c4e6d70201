import type { FindingKind, Precision } from '@hirundo/contract'
import { sql, type Kysely } from 'kysely'
import { counts_against } from '../model.ts'
import { findingDb } from '../tables.ts'

const none: Precision = { confirmed: 0, dismissed: 0, precision: null }

/**
 * How often people confirmed what was found, by kind. Dismissals as known scanner, own test or duplicate count neither
 * way. A kind that nobody judged is not there.
 */
export async function precisions(db: Kysely<unknown>, organisation_id: number): Promise<ReadonlyMap<FindingKind, Precision>> {
  const rows = await findingDb(db).selectFrom('finding').where('organisation_id', '=', organisation_id).where('merged_into', 'is', null).where('verdict', 'is not', null)
    .groupBy('kind').select([
      'kind', sql<number>`count(*) filter (where verdict = 'confirmed')`.as('confirmed'),
      sql<number>`count(*) filter (where verdict = 'dismissed' and dismissal = any(${counts_against}::text[]))`.as('dismissed'),
    ]).execute()
  return new Map(rows.map(({ kind, confirmed, dismissed }) =>
    [kind, { confirmed, dismissed, precision: confirmed + dismissed === 0 ? null : confirmed / (confirmed + dismissed) }]))
}

export const precisionOf = async (db: Kysely<unknown>, organisation_id: number, kind: FindingKind): Promise<Precision> =>
  (await precisions(db, organisation_id)).get(kind) ?? none

/** When a finding counts: as it was found, or where it lay when it was found in history; never after it was found. */
export const countedAt = sql<Date>`coalesce(f.counted_at, f.found_at)`

/** Findings that count in a range, by kind: all, and those of notice and above, muted or not. */
export async function foundIn(db: Kysely<unknown>, organisation_id: number, from: Date, to: Date): Promise<ReadonlyMap<FindingKind, { readonly findings: number; readonly alarms: number }>> {
  const rows = await findingDb(db).selectFrom('finding as f').where('f.organisation_id', '=', organisation_id).where('f.merged_into', 'is', null)
    .where('f.found_at', '>=', from).where(countedAt, '>=', from).where(countedAt, '<', to)
    .groupBy('f.kind').select(['f.kind', sql<number>`count(*)`.as('findings'), sql<number>`count(*) filter (where f.severity > 0)`.as('alarms')]).execute()
  return new Map(rows.map(({ kind, findings, alarms }) => [kind, { findings, alarms }]))
}
