import type { FindingKind, Subject } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Platform } from '../../../platform/module.ts'
import { isAlarm, severityOf } from '../model.ts'
import { findingDb } from '../tables.ts'
import type { LookedAgain } from '../watch/model.ts'
import { eventId, WITHDRAWN } from './detection-row.ts'
import { keptSubject, subjectKey } from './subject.ts'
import { lockFindings, recompute } from './write.ts'

type Tools = Pick<Platform, 'db' | 'world' | 'audit'>
const rows_batch_max = 1000
/** Nothing stays quiet because of what the node itself closed. */
const NOBODY_JUDGED = -1
/** Stands in the history as the text of who closed it: the node. */
export const LATE_DATA = 'late-data'

/** A key of the watch (`detectionKey`) as the store names the event. */
function storedId(key: string): string {
  const [kind, start, victim, source, protocol, port, signature, novelty, value] = JSON.parse(key) as [FindingKind, number, ...unknown[]]
  const parts = { victim, source, protocol, port, signature, novelty, value }
  // What is not there is null in a key.
  const subject = keptSubject(Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== null)) as Subject)
  return eventId({ kind, subject_key: subjectKey(subject), start })
}

interface Stale {
  readonly id: number
  readonly finding_id: number
}

/** Detections of the stretch that were not given again and belong to findings that nobody touched. */
async function staleOf(t: Kysely<unknown>, organisation_id: number, { from, to }: LookedAgain, given: ReadonlySet<string>, after: number): Promise<{ stale: Stale[]; last: number | undefined }> {
  const rows = await findingDb(t).selectFrom('detection as d').innerJoin('finding as f', 'f.id', 'd.finding_id').select(['d.id', 'd.finding_id', 'd.kind', 'd.subject_key', 'd.start_at'])
    .where('d.organisation_id', '=', organisation_id).where('d.start_at', '>=', new Date(from * 1000)).where('d.start_at', '<', new Date(to * 1000)).where('d.id', '>', after)
    .where('f.touched', '=', false).where('f.state', '=', 'new').orderBy('d.id').limit(rows_batch_max).execute()
  const isStale = (row: (typeof rows)[number]) => !given.has(eventId({ ...row, start: Math.floor(row.start_at.getTime() / 1000) }))
  return { stale: rows.filter(isStale), last: rows.length === rows_batch_max ? rows.at(-1)!.id : undefined }
}

/** Findings that would have no detection left: records go, alarms that somebody may have read are closed and say why. */
async function close(t: Kysely<unknown>, { world, audit }: Tools, organisation_id: number, ids: readonly number[]): Promise<void> {
  const rows = await findingDb(t).selectFrom('finding').select(['id', 'uuid', 'kind', 'severity', 'end_at']).where('id', 'in', [...ids]).execute()
  for (const { id, uuid, kind, severity, end_at } of rows) {
    if (!isAlarm(severityOf(severity))) {
      await findingDb(t).deleteFrom('detection').where('finding_id', '=', id).execute()
      await findingDb(t).deleteFrom('finding').where('merged_into', '=', id).execute()
      await findingDb(t).deleteFrom('finding').where('id', '=', id).execute()
      continue
    }
    await findingDb(t).updateTable('detection').set({ hash: WITHDRAWN, open: false }).where('finding_id', '=', id).execute()
    await findingDb(t).updateTable('finding').set({ state: 'closed', open: false, settled_severity: NOBODY_JUDGED, settled_end: end_at }).where('id', '=', id).execute()
    await findingDb(t).insertInto('finding_change').values({ finding_id: id, at: new Date(world.now()), by: 'system', what: 'state', from_value: 'new', to_value: 'closed', text: LATE_DATA }).execute()
    await audit({ organisation_id, actor: 'system', action: 'finding.withdrawn', subject: uuid, detail: { kind, why: LATE_DATA } }, t)
  }
}

async function withdraw(t: Kysely<unknown>, tools: Tools, organisation_id: number, stale: readonly Stale[]): Promise<void> {
  const ids = [...new Set(stale.map(({ finding_id }) => finding_id))]
  await findingDb(t).selectFrom('finding').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute()
  const others = await findingDb(t).selectFrom('detection').select('finding_id').distinct().where('finding_id', 'in', ids).where('id', 'not in', stale.map(({ id }) => id)).execute()
  const held = new Set(others.map(({ finding_id }) => finding_id))
  const gone = stale.filter(({ finding_id }) => held.has(finding_id)).map(({ id }) => id)
  if (gone.length > 0) await findingDb(t).deleteFrom('detection').where('id', 'in', gone).execute()
  await recompute(t, [...held])
  const empty = ids.filter((id) => !held.has(id))
  if (empty.length > 0) await close(t, tools, organisation_id, empty)
}

/**
 * After late data: takes back detections of the stretch that would not have been given had all data been there. Findings
 * that people did anything with stay as they are: their check says that data came late.
 */
export async function withdrawStale(tools: Tools, organisation_id: number, stretch: LookedAgain): Promise<void> {
  const given = new Set([...stretch.keys].map(storedId))
  for (let after: number | undefined = 0; after !== undefined; ) {
    after = await tools.db.transaction().execute(async (t): Promise<number | undefined> => {
      await lockFindings(t, organisation_id)
      const { stale, last } = await staleOf(t, organisation_id, stretch, given, after!)
      if (stale.length > 0) await withdraw(t, tools, organisation_id, stale)
      return last
    })
  }
}
