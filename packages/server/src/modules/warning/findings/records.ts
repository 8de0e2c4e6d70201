import { DAY_S, formatSeconds } from '@hirundo/base'
import { findingKinds, type FindingKind, type Label } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { platformDb } from '../../../platform/db/tables.ts'
import type { Platform } from '../../../platform/module.ts'
import { counts_against } from '../model.ts'
import { findingDb } from '../tables.ts'
import type { DetectorRecord, FindingRecords } from '../watch/model.ts'
import { countedAt, foundIn, precisions } from './precision.ts'

const DAY_MS = DAY_S * 1000
const DAYS = 30
/** Judged findings that one backtest is held against. */
const labels_max = 10_000

/** Days over which findings are counted: since the node began, or since the first finding of an older time that it looked at; at most 30. */
async function daysOf(db: Kysely<unknown>, organisation_id: number, now: number): Promise<number> {
  const since = new Date(now - DAYS * DAY_MS)
  const [{ created_at }, { first }] = await Promise.all([
    platformDb(db).selectFrom('organisation').select('created_at').where('id', '=', organisation_id).executeTakeFirstOrThrow(),
    findingDb(db).selectFrom('finding as f').select((e) => e.fn.min<Date | null>(countedAt).as('first')).where('f.organisation_id', '=', organisation_id)
      .where('f.merged_into', 'is', null).where('f.found_at', '>=', since).where(countedAt, '>=', since).executeTakeFirstOrThrow(),
  ])
  const begin = Math.max(since.getTime(), Math.min(created_at.getTime(), first?.getTime() ?? Infinity))
  return Math.max(1, (now - begin) / DAY_MS)
}

async function byKind({ db, world }: Pick<Platform, 'db' | 'world'>, organisation_id: number): Promise<Readonly<Partial<Record<FindingKind, DetectorRecord>>>> {
  const now = world.now()
  const [found, judged, days] = await Promise.all([
    foundIn(db, organisation_id, new Date(now - DAYS * DAY_MS), new Date(now + 1)), precisions(db, organisation_id), daysOf(db, organisation_id, now),
  ])
  return Object.fromEntries(findingKinds.map((kind) => [kind, {
    findings_30_days: found.get(kind)?.findings ?? 0, alarms_per_day: Math.round(((found.get(kind)?.alarms ?? 0) / days) * 1000) / 1000,
    precision: judged.get(kind) ?? { confirmed: 0, dismissed: 0, precision: null },
  }]))
}

/**
 * Judged findings of a range as labels. What was confirmed must be found again; of what was dismissed as known, own or
 * twice it is neither right nor wrong to find it again; what was dismissed as an alarm about nothing has no label.
 */
async function judged({ db }: Pick<Platform, 'db'>, organisation_id: number, { from, to }: { readonly from: number; readonly to: number }): ReturnType<FindingRecords['judged']> {
  const rows = await findingDb(db).selectFrom('finding').select(['uuid', 'kind', 'subject', 'start_at', 'end_at', 'verdict', 'dismissal'])
    .where('organisation_id', '=', organisation_id).where('merged_into', 'is', null).where('verdict', 'is not', null)
    .where('start_at', '<', new Date(to * 1000)).where('end_at', '>', new Date(from * 1000)).orderBy('start_at', 'desc').limit(labels_max).execute()
  const labels = rows.filter(({ dismissal }) => dismissal === null || !counts_against.includes(dismissal)).map((row): Label => ({
    id: row.uuid, event: 'judged', kinds: [row.kind], subjects: [row.subject], strength: row.verdict === 'confirmed' ? 'medium' : 'background',
    start: formatSeconds(Math.floor(row.start_at.getTime() / 1000)), end: formatSeconds(Math.ceil(row.end_at.getTime() / 1000)),
  }))
  return { labels, judged: rows.length }
}

/** What is known of detectors by what people said of their findings. */
export const findingRecords = (tools: Pick<Platform, 'db' | 'world'>): FindingRecords => ({
  byKind: (organisation_id) => byKind(tools, organisation_id),
  judged: (organisation_id, range) => judged(tools, organisation_id, range),
})
