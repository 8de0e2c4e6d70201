import { DAY_S } from '@hirundo/base'
import { sql, type Kysely, type Transaction } from 'kysely'
import { observatoryDb, type ObservatoryTables } from '../tables.ts'
import type { PlanRange } from '../collector/inbox.ts'
import { blockId, type Draft, type DraftBlock, type SensorIdentity } from './draft.ts'
import { lastDayOf, monthOf, monthStart, monthText } from './months.ts'
import { isRolledUp } from './rows.ts'

type Db = Kysely<unknown>

export interface Cursor {
  /** Everything up to here is in the analytics store. */
  readonly projected: bigint
  readonly marks: readonly { readonly sensor: string; readonly epoch: string; readonly acked: bigint }[]
  /** Plans that were made and not finished. */
  readonly open: readonly PlanRange[]
}

export async function readCursor(db: Db): Promise<Cursor> {
  const o = observatoryDb(db)
  const { projected } = await o.selectFrom('inbox_cursor').select('projected').executeTakeFirstOrThrow()
  const marks = await o.selectFrom('inbox_mark').selectAll().execute()
  const open = await o.selectFrom('inbox_plan').selectAll().where('done', '=', false).orderBy('sequence').execute()
  return {
    projected: BigInt(projected),
    marks: marks.map((mark) => ({ ...mark, acked: BigInt(mark.acked) })),
    open: open.map(({ sequence, first, last }) => ({ sequence: BigInt(sequence), first: BigInt(first), last: BigInt(last) })),
  }
}

export const identifySensor = (db: Db, uuid: string): Promise<SensorIdentity | undefined> =>
  observatoryDb(db).selectFrom('sensor').select(['id', 'organisation_id']).where('uuid', '=', uuid).executeTakeFirst()

async function markTier(t: Db, tier: 'hour' | 'day', starts: readonly number[], now: Date): Promise<void> {
  await sql`insert into rollup_period (tier, start, dirty_generation, dirty_at)
    select ${tier}, start, 1, ${now} from unnest(${[...starts]}::bigint[]) as start order by start
    on conflict (tier, start) do update set dirty_generation = rollup_period.dirty_generation + 1, dirty_at = excluded.dirty_at`.execute(t)
}

/**
 * These hours and their days are not what the rollups say any more. The last day of their months too: the store
 * computes a month together with its last day, also when nothing was seen on that day.
 */
async function markDirty(t: Db, hours: readonly number[], now: Date): Promise<void> {
  if (hours.length === 0) return
  const days = new Set(hours.map((hour) => hour - (hour % DAY_S)))
  const ends = Array.from(days, (day) => lastDayOf(monthOf(day)))
  const all = new Set([...days, ...ends])
  await markTier(t, 'hour', hours, now)
  await markTier(t, 'day', [...all], now)
}

/** PostgreSQL takes 65,535 parameters a statement: one sensor's many small batches must not make a plan that never ends. */
const INSERT_ROWS_MAX = 4096

async function inParts<T>(rows: readonly T[], insert: (part: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += INSERT_ROWS_MAX) await insert(rows.slice(at, at + INSERT_ROWS_MAX))
}

const hoursOf = (draft: Draft, isLate: (month: number) => boolean): number[] => [
  ...new Set(draft.blocks.filter(({ table, month }) => isRolledUp(table) && !isLate(month)).flatMap(({ hours }) => [...hours])),
]

/**
 * Writes the plan down with its blocks, and marks their hours dirty, before anything is inserted. Gives the months
 * that are later than raw retention; of a plan that is there already, as they were judged then.
 */
export function commitPlan(db: Db, sequence: bigint, draft: Draft, now: Date): Promise<ReadonlySet<number>> {
  return db.transaction().execute(async (t) => {
    const o = observatoryDb(t)
    const plan = { sequence: Number(sequence), first: Number(draft.first), last: Number(draft.last), done: false }
    const made = await o.insertInto('inbox_plan').values(plan).onConflict((c) => c.column('sequence').doNothing())
      .returning('sequence').executeTakeFirst()
    if (!made) return lateMonths(t, sequence, draft)
    const floor = await o.selectFrom('retention_floor').select('start').where('tier', '=', 'raw').executeTakeFirstOrThrow()
    const late = new Set(draft.blocks.map(({ month }) => month).filter((month) => monthStart(month) < floor.start))
    const blocks = draft.blocks.map(({ table, month, rows, packets }) => ({
      id: Number(blockId(sequence, table, month)), plan: plan.sequence, block_table: table, month: monthText(month),
      rows, packets, late: late.has(month), planned_at: now, done_at: null,
    }))
    await inParts(blocks, (part) => o.insertInto('inbox_block').values(part).execute())
    await markDirty(t, hoursOf(draft, (month) => late.has(month)), now)
    return late
  })
}

async function lateMonths(t: Db, sequence: bigint, draft: Draft): Promise<ReadonlySet<number>> {
  const rows = await observatoryDb(t).selectFrom('inbox_block').select('month').where('plan', '=', Number(sequence))
    .where('late', '=', true).execute()
  const texts = new Set(rows.map(({ month }) => month))
  return new Set(draft.blocks.map(({ month }) => month).filter((month) => texts.has(monthText(month))))
}

/** Ends a plan whose blocks are all in: cursor, marks and sums move together, once. */
export function finishPlan(db: Db, sequence: bigint, draft: Draft, late: ReadonlySet<number>, now: Date): Promise<void> {
  return db.transaction().execute(async (t) => {
    const o = observatoryDb(t)
    const ended = await o.updateTable('inbox_plan').set({ done: true }).where('sequence', '=', Number(sequence))
      .where('done', '=', false).returning('sequence').executeTakeFirst()
    if (!ended) return
    await o.updateTable('inbox_block').set({ done_at: now }).where('plan', '=', Number(sequence)).execute()
    // Again: between the first mark and the insert a rollup may have read the hour without these rows.
    await markDirty(t, hoursOf(draft, (month) => late.has(month)), now)
    await o.updateTable('inbox_cursor').set((e) => ({ projected: sql<number>`greatest(${e.ref('projected')}, ${Number(draft.last)})` })).execute()
    await saveMarks(t, draft)
    await saveSums(t, draft, late)
    await saveKept(t, draft)
  })
}

async function saveMarks(t: Transaction<unknown>, draft: Draft): Promise<void> {
  const marks = new Map<string, { sensor: string; epoch: string; acked: bigint }>()
  for (const { sensor, epoch, last } of draft.read) {
    const key = `${sensor} ${epoch}`
    const mark = marks.get(key)
    if (!mark || mark.acked < last) marks.set(key, { sensor, epoch, acked: last })
  }
  const values = [...marks.values()].map((mark) => ({ ...mark, acked: String(mark.acked) }))
  await inParts(values, (part) => observatoryDb(t).insertInto('inbox_mark').values(part)
    .onConflict((c) => c.columns(['sensor', 'epoch']).doUpdateSet({ acked: sql`greatest(inbox_mark.acked, excluded.acked)` }))
    .execute())
}

type Sums = Omit<ObservatoryTables['sensor_stored'], 'sensor_id'>
const nothing: Sums = { rows: 0, packets: 0, late_packets: 0, interactions: 0, late_interactions: 0 }

/** What a run of rows adds to its sensor's sums. Late packets are in the rollups; late interactions are nowhere. */
function plusRun(sum: Sums, table: DraftBlock['table'], run: DraftBlock['runs'][number], is_late: boolean): Sums {
  if (table === 'flow') {
    return { ...sum, rows: sum.rows + run.count, packets: sum.packets + run.packets, late_packets: sum.late_packets + (is_late ? run.packets : 0) }
  }
  if (table !== 'interaction') return sum
  return is_late ? { ...sum, late_interactions: sum.late_interactions + run.count } : { ...sum, interactions: sum.interactions + run.count }
}

async function saveSums(t: Transaction<unknown>, draft: Draft, late: ReadonlySet<number>): Promise<void> {
  const sums = new Map<number, Sums>()
  for (const { table, month, runs } of draft.blocks) {
    if (table !== 'flow' && table !== 'interaction') continue
    for (const run of runs) sums.set(run.sensor, plusRun(sums.get(run.sensor) ?? nothing, table, run, late.has(month)))
  }
  const values = Array.from(sums, ([sensor_id, sum]) => ({ sensor_id, ...sum }))
  await inParts(values, (part) => observatoryDb(t).insertInto('sensor_stored').values(part)
    .onConflict((c) => c.column('sensor_id').doUpdateSet({
      rows: sql`sensor_stored.rows + excluded.rows`, packets: sql`sensor_stored.packets + excluded.packets`,
      late_packets: sql`sensor_stored.late_packets + excluded.late_packets`,
      interactions: sql`sensor_stored.interactions + excluded.interactions`,
      late_interactions: sql`sensor_stored.late_interactions + excluded.late_interactions`,
    })).execute())
}

/** What went into no table: ranges that sensors lost, and batches that cannot be read here. */
async function saveKept(t: Transaction<unknown>, draft: Draft): Promise<void> {
  const o = observatoryDb(t)
  const gaps = draft.gaps.map(({ sequence, identity, epoch, first, last }) =>
    ({ sequence: Number(sequence), sensor_id: identity!.id, epoch, first: String(first), last: String(last) }))
  const unread = draft.unread.map(({ batch, why }) =>
    ({ sequence: Number(batch.sequence), sensor_id: batch.identity?.id ?? null, why, kind: batch.kind, bytes: batch.bytes }))
  await inParts(gaps, (part) => o.insertInto('sensor_gap').values(part).onConflict((c) => c.doNothing()).execute())
  await inParts(unread, (part) => o.insertInto('inbox_unread').values(part).onConflict((c) => c.doNothing()).execute())
}
