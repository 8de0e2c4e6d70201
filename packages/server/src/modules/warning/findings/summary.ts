import { DAY_S, ok, type Result } from '@hirundo/base'
import { findingKinds, type findingSummary, type Output } from '@hirundo/contract'
import { sql } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { severityOf } from '../model.ts'
import { findingDb } from '../tables.ts'
import { foundIn } from './precision.ts'
import { mutedSql } from './select.ts'

type Summary = Output<typeof findingSummary>

const DAY_MS = DAY_S * 1000
const DAYS_BEFORE = 7

/** How those are who find: detectors and sensors. */
export type WatchHealth = Pick<Summary, 'detectors_ok' | 'detectors_learning' | 'detectors_total' | 'watched_to' | 'sensors_live' | 'sensors_total' | 'simulated'>

const sum = (counts: Awaited<ReturnType<typeof foundIn>>, of: 'findings' | 'alarms'): number => [...counts.values()].reduce((all, one) => all + one[of], 0)

/** What waits for people, and whether the watch is whole. */
export async function summary({ db, world }: Pick<Platform, 'db' | 'world'>, actor: Actor, health: WatchHealth): Promise<Result<Summary>> {
  const now = world.now()
  const { organisation_id } = actor
  const at = (days_ago: number) => new Date(now - days_ago * DAY_MS)
  const [waiting, today, before, shed] = await Promise.all([
    findingDb(db).selectFrom('finding as f').where('f.organisation_id', '=', organisation_id).where('f.merged_into', 'is', null)
      .where('f.state', 'in', ['new', 'triaged']).where('f.severity', '>', 0).where(sql<boolean>`not ${mutedSql(new Date(now))}`)
      .groupBy(['f.severity', 'f.kind']).select(['f.severity', 'f.kind', sql<number>`count(*)`.as('count')]).execute(),
    foundIn(db, organisation_id, at(1), new Date(now + 1)), foundIn(db, organisation_id, at(1 + DAYS_BEFORE), at(1)),
    findingDb(db).selectFrom('finding_day').select('shed').where('organisation_id', '=', organisation_id).where('day', '=', Math.floor(now / DAY_MS)).executeTakeFirst(),
  ])
  const count = (of: (row: (typeof waiting)[number]) => boolean) => waiting.filter(of).reduce((all, row) => all + row.count, 0)
  const ofSeverity = (severity: string) => count((row) => severityOf(row.severity) === severity)
  return ok({
    waiting: { urgent: ofSeverity('urgent'), warning: ofSeverity('warning'), notice: ofSeverity('notice') },
    by_kind: findingKinds.map((kind) => ({ kind, waiting: count((row) => row.kind === kind) })).filter((one) => one.waiting > 0),
    alarms_today: sum(today, 'alarms'), alarms_per_day: Math.round((sum(before, 'alarms') / DAYS_BEFORE) * 100) / 100,
    // With those of the day that were only counted.
    records_today: sum(today, 'findings') - sum(today, 'alarms') + (shed?.shed ?? 0),
    ...health,
  })
}
