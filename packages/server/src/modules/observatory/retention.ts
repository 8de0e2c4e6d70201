import type { Store } from '@hirundo/analytics'
import { DAY_S } from '@hirundo/base'
import type { Journal } from '@hirundo/journal'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Settings } from '../../platform/module.ts'
import type { DeletionClock } from './clock.ts'
import type { Backlog } from './collector/backlog.ts'
import { contentRetentionDays, hourRetentionDays, journalBytesMax, journalRetentionDays, rawRetentionDays } from './config.ts'
import { openFactNames } from './interactions/content.ts'
import type { Mutex } from './mutex.ts'
import { monthOf, monthStart } from './projector/months.ts'
import { forgetPeriods, isDirty, raiseFloor, readFloor } from './rollups/store.ts'
import { observatoryDb } from './tables.ts'

export interface RetentionTools {
  readonly db: Kysely<unknown>
  readonly analytics: Pick<Store, 'dropBefore' | 'clearContent'>
  readonly settings: Settings
  readonly journal: Journal
  readonly backlog: Backlog
  /** No plan is written while it is held. */
  readonly partitions: Mutex
  readonly clock: Pick<DeletionClock, 'now'>
  readonly log: Logger
}

/** All tiers of one round count from the same time, which was judged once. */
type Round = Omit<RetentionTools, 'clock'> & { readonly now_ms: number }

const MILLIS_PER_DAY = 86_400_000
const before = (now_ms: number, days: number): number => Math.max(0, Math.floor(now_ms / 1000) - days * DAY_S)

/**
 * Drops raw months that are past their days. The floor is raised first: from then on rows of these months count as
 * late. A month with an hour or day that is not computed yet stays.
 */
async function dropRaw({ db, analytics, settings, partitions, now_ms, log }: Round): Promise<void> {
  const wanted = monthStart(monthOf(before(now_ms, await settings.get(rawRetentionDays))))
  await partitions.run(async () => {
    const floor = await readFloor(db, 'raw')
    if (wanted > floor && (await isDirty(db, floor, wanted))) return
    if (wanted > floor) await raiseFloor(db, 'raw', wanted)
    // Also when the floor stands already: the last time may have ended between the floor and the drop.
    const dropped = await analytics.dropBefore('raw', Math.max(wanted, floor))
    if (dropped.length > 0) log.info({ partitions: dropped.length }, 'dropped single flows that are past their days')
  })
}

/**
 * Takes what strangers wrote out of interactions that are past their days for it; figures and closed vocabularies stay. It is
 * done column by column: of rows that came in between the one would go and the other stay for good, unseen.
 */
async function clearContent({ analytics, settings, partitions, now_ms, log }: Round): Promise<void> {
  const wanted = before(now_ms, await settings.get(contentRetentionDays))
  const cleared = await partitions.run(() => analytics.clearContent(wanted, openFactNames))
  if (cleared.length > 0) log.info({ months: cleared.length }, 'cleared what strangers wrote and is past its days')
}

async function dropHours({ db, analytics, settings, partitions, now_ms, log }: Round): Promise<void> {
  const wanted = before(now_ms, await settings.get(hourRetentionDays))
  const start = wanted - (wanted % DAY_S)
  await partitions.run(async () => {
    // Hours are recomputed from raw rows: those of a month that is still there must stay.
    const to = Math.min(start, await readFloor(db, 'raw'))
    await raiseFloor(db, 'hour', to)
    const dropped = await analytics.dropBefore('hour', to)
    await forgetPeriods(db, 'hour', to)
    if (dropped.length > 0) log.info({ partitions: dropped.length }, 'dropped hourly sums that are past their days')
  })
}

async function dropJournal({ partitions, ...tools }: Round): Promise<void> {
  await partitions.run(() => dropSegments(tools))
}

/**
 * Lets go of journal segments that are past their days, queryable, and either in a backup or, where none is made, more
 * than the node may hold.
 */
async function dropSegments({ db, settings, journal, backlog, now_ms, log }: Omit<Round, 'partitions'>): Promise<void> {
  const { snapshot } = await observatoryDb(db).selectFrom('inbox_cursor').select('snapshot').executeTakeFirstOrThrow()
  const young_from = now_ms - (await settings.get(journalRetentionDays)) * MILLIS_PER_DAY
  const bytes_max = await settings.get(journalBytesMax)
  let bytes = journal.bytes
  let keep = journal.first
  const { segments } = journal
  for (const [i, segment] of segments.entries()) {
    // A segment's youngest record is as old as its successor's start.
    const next = segments[i + 1]
    if (!next || next.created_ms > young_from || segment.last > backlog.projected) break
    if (segment.last > BigInt(snapshot) && bytes <= bytes_max) break
    bytes -= segment.bytes
    keep = segment.last + 1n
  }
  if (keep === journal.first) return
  await journal.dropBefore(keep)
  await forgetPlans(db, Number(keep))
  log.info({ through: String(keep - 1n) }, 'dropped received batches that are past their days')
}

/** Plans of which the journal holds nothing any more; late blocks stay as the ledger of what was added once. */
async function forgetPlans(db: Kysely<unknown>, before: number): Promise<void> {
  const o = observatoryDb(db)
  const old = o.selectFrom('inbox_plan').select('sequence').where('done', '=', true).where('last', '<', before)
  await o.deleteFrom('inbox_block').where('plan', 'in', old).where('late', '=', false).execute()
  await o.deleteFrom('inbox_plan').where('done', '=', true).where('last', '<', before)
    .where((e) => e.not(e.exists(e.selectFrom('inbox_block').select('id').whereRef('inbox_block.plan', '=', 'inbox_plan.sequence')))).execute()
}

/** One round of all tiers; it drops nothing while the clock is not trusted. */
export async function retain({ clock, ...tools }: RetentionTools): Promise<void> {
  const now_ms = await clock.now()
  if (now_ms === undefined) return
  const round = { ...tools, now_ms }
  await dropRaw(round)
  await clearContent(round)
  await dropHours(round)
  await dropJournal(round)
}
