import { uuidV4 } from '@hirundo/base'
import type { FindingKind } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Platform } from '../../../platform/module.ts'
import type { Detection } from '../detectors/model.ts'
import { isAlarm, severityOf } from '../model.ts'
import type { DetectionContext, DetectorIdentity } from '../watch/model.ts'
import { findings_records_per_day_max, RecordDays } from './days.ts'
import { eventId, keptDetection, WITHDRAWN, type KeptDetection } from './detection-row.ts'
import type { FindingEvents, FoundFinding, WorseFinding } from './events.ts'
import { replaces } from './merge.ts'
import { addressOf, placesOf, type Place } from './place-of.ts'
import { planBatch, type Plan, type StoredDetection } from './plan.ts'
import { noteRecounts } from './recounts.ts'
import { foundOf } from './view.ts'
import { absorbFindings, fillPlaces, findingsById, insertFindings, knownOf, lockFindings, recompute, storedOf, upsertDetections } from './write.ts'

/** Detections of one transaction; a call may give any number. */
export const detections_batch_max = 500

export type Tools = Pick<Platform, 'db' | 'world' | 'audit' | 'analytics'>

export interface StoringOptions {
  readonly events?: FindingEvents
  readonly records_per_day_max?: number
}

/** What came of a call; `unchanged` were told before. */
export interface StoredDetections {
  readonly found: number
  readonly worse: number
  readonly changed: number
  readonly unchanged: number
  readonly records_shed: number
}

interface Work extends Required<Pick<StoringOptions, 'records_per_day_max'>> {
  readonly tools: Tools
  readonly events: FindingEvents | undefined
  readonly organisation_id: number
  readonly context: DetectionContext
}

const no_identity: DetectorIdentity = { version: 0, parameters: {} }

/** The last telling of each event, in the order in which events came first. */
function lastOf(detections: readonly KeptDetection[], last_counts: boolean): readonly KeptDetection[] {
  const last = new Map<string, KeptDetection>()
  for (const one of detections) {
    const before = last.get(eventId(one))
    if (!before || replaces(one, before, last_counts)) last.set(eventId(one), one)
  }
  return [...last.values()]
}

const isNews = (stored: ReadonlyMap<string, StoredDetection>, last_counts: boolean) => (one: KeptDetection): boolean => {
  const before = stored.get(eventId(one))
  return !before || before.hash.equals(WITHDRAWN) || (!before.hash.equals(one.hash) && replaces(one, before, last_counts))
}

/** Writes what was planned; gives the numbers of the findings in the order of `plan.created`. */
async function write(t: Kysely<unknown>, { tools, organisation_id, context }: Work, plan: Plan, places: ReadonlyMap<string, Place>): Promise<readonly number[]> {
  const at = new Date(context.found_at_ms)
  const ids = await insertFindings(t, organisation_id, plan.created.map(({ first }) => first!), plan.created.map(() => uuidV4(tools.world)), places, at)
  const created = new Map(plan.created.map((finding, i) => [finding, ids[i]!]))
  const idOf = (finding: Plan['created'][number]): number => finding.id ?? created.get(finding)!
  await absorbFindings(t, plan.absorbed.map((finding) => {
    let into = finding
    while (into.into) into = into.into
    return [finding.id!, idOf(into)] as const
  }))
  await upsertDetections(t, organisation_id, plan.placed.map(([detection, finding]) => [detection, idOf(finding)] as const), at)
  const changed = [...new Set([...plan.placed.map(([, finding]) => idOf(finding)), ...plan.absorbed.flatMap(({ into }) => (into ? [idOf(into)] : []))])]
  await recompute(t, changed)
  await fillPlaces(t, changed, places)
  return ids
}

/** Alarms stand in the audit, and those are told who asked for it; records are too many for the audit. */
async function tell(t: Kysely<unknown>, { tools, events, organisation_id, context }: Work, plan: Plan, ids: readonly number[]): Promise<{ found: number; worse: number }> {
  const now = new Date(tools.world.now())
  const told = new Map(plan.placed.flatMap(([, { id, told }]) => (id === undefined ? [] : [[id, told] as const])))
  const found = (await findingsById(t, organisation_id, ids, now)).map(foundOf)
  const worse = (await findingsById(t, organisation_id, [...told.keys()], now)).filter(({ id, severity, settled_severity }) => settled_severity === null && severity > told.get(id)!)
    .map((row): WorseFinding => ({ ...foundOf(row), before: severityOf(told.get(row.id)!) }))
  const entry = (action: string, { id, kind, severity, simulated }: FoundFinding, more: object = {}) =>
    tools.audit({ organisation_id, actor: 'system', action, subject: id, detail: { kind, severity, simulated, ...more } }, t)
  for (const one of found) if (isAlarm(one.severity)) await entry('finding.found', one)
  for (const one of worse) await entry('finding.worse', one, { before: one.before })
  if (found.length > 0) await events?.onFound(t, found, context.mode)
  if (worse.length > 0) await events?.onWorse(t, worse, context.mode)
  return { found: found.length, worse: worse.length }
}

async function storeBatch(work: Work, batch: readonly KeptDetection[]): Promise<StoredDetections> {
  const { tools: { db, analytics }, organisation_id, context } = work
  const last_counts = context.mode !== 'live'
  const events = lastOf(batch, last_counts)
  // Without a lock first: what a restart gives again costs one question.
  const maybe = events.filter(isNews(await storedOf(db, organisation_id, events), last_counts))
  if (maybe.length === 0) return { found: 0, worse: 0, changed: 0, unchanged: batch.length, records_shed: 0 }
  const places = await placesOf(analytics, context.scene.own, [...new Set(maybe.flatMap(({ subject }) => addressOf(subject) ?? []))])
  return db.transaction().execute(async (t) => {
    await lockFindings(t, organisation_id)
    const known = await knownOf(t, organisation_id, maybe)
    const news = maybe.filter(isNews(known.stored, last_counts))
    const days = await RecordDays.read(t, organisation_id, news, work.records_per_day_max)
    const plan = planBatch(news, known, (detection) => days.admits(detection))
    const ids = await write(t, work, plan, places)
    await noteRecounts(t, context, plan, known.stored)
    await days.write(t, organisation_id)
    const told = await tell(t, work, plan, ids)
    return { ...told, changed: plan.placed.length, unchanged: batch.length - news.length, records_shed: days.shed }
  })
}

/**
 * Keeps detections and makes findings of them: those of one kind and subject within the kind's gap are one (model.ts,
 * merge.ts). The same detections again change nothing, and their order does not matter. Works in batches, each one
 * transaction with the audit and what `events` writes: what was cut off is given again and continues. Of records at most
 * `records_per_day_max` are kept for each day that they are about, the others are counted; alarms are all kept.
 */
export async function storeDetections(
  tools: Tools, organisation_id: number, detections: readonly Detection[], context: DetectionContext, options: StoringOptions = {},
): Promise<StoredDetections> {
  const work: Work = { tools, organisation_id, context, events: options.events, records_per_day_max: options.records_per_day_max ?? findings_records_per_day_max }
  const identity = (kind: FindingKind): DetectorIdentity => context.detectors[kind] ?? no_identity
  let sums: StoredDetections = { found: 0, worse: 0, changed: 0, unchanged: 0, records_shed: 0 }
  for (let at = 0; at < detections.length; at += detections_batch_max) {
    const batch = detections.slice(at, at + detections_batch_max).map((one) => keptDetection(one, identity(one.kind), context.simulated))
    const one = await storeBatch(work, batch)
    sums = {
      found: sums.found + one.found, worse: sums.worse + one.worse, changed: sums.changed + one.changed,
      unchanged: sums.unchanged + one.unchanged, records_shed: sums.records_shed + one.records_shed,
    }
  }
  return sums
}
