import type { Kysely, Selectable } from 'kysely'
import { bulletinDb, type BulletinTables } from './tables.ts'

type Db = Kysely<unknown>

export interface DeliveryPage {
  readonly bulletin?: string | undefined
  readonly subscription?: string | undefined
  readonly below?: number | undefined
  readonly limit: number
}

/** Deliveries with the subscription and the message that carries them, newest first. */
export function deliveriesOf(db: Db, organisation_id: number, { bulletin, subscription, below, limit }: DeliveryPage) {
  let rows = bulletinDb(db).selectFrom('warning_delivery as d').innerJoin('warning_subscription as s', 's.id', 'd.subscription_id').leftJoin('warning_message as m', 'm.id', 'd.message_id').leftJoin('warning_message as r', 'r.id', 'd.reached_by')
    .select([
      'd.id', 'd.uuid', 'd.about', 'd.what', 'd.state', 'd.due_at', 'd.problem', 's.name', (e) => e.fn.coalesce('r.channel', 's.channel').as('now_channel'), (e) => e.fn.coalesce('r.target', 's.target').as('now_target'),
      'm.channel', 'm.target', 'm.attempts', 'm.due_at as message_due_at', 'm.sent_at', 'm.problem as message_problem', 'm.problem_detail',
    ])
    .where('d.organisation_id', '=', organisation_id).orderBy('d.id', 'desc').limit(limit)
  if (bulletin !== undefined) rows = rows.where('d.object', '=', bulletin).where('d.what', 'in', ['released', 'withdrawn'])
  if (subscription !== undefined) rows = rows.where('s.uuid', '=', subscription)
  if (below !== undefined) rows = rows.where('d.id', '<', below)
  return rows.execute()
}
export type DeliveryOfList = Awaited<ReturnType<typeof deliveriesOf>>[number]

export type NoticeRecord = Selectable<BulletinTables['warning_notice']>
const notices_shown_max = 100

/** The newest notices of a person. */
export const noticesOf = (db: Db, person_id: string): Promise<NoticeRecord[]> =>
  bulletinDb(db).selectFrom('warning_notice').selectAll().where('person_id', '=', person_id).orderBy('id', 'desc').limit(notices_shown_max).execute()

export async function unreadOf(db: Db, person_id: string): Promise<number> {
  const row = await bulletinDb(db).selectFrom('warning_notice').select((e) => e.fn.countAll<number>().as('count')).where('person_id', '=', person_id).where('read_at', 'is', null).executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Marks those of a person; others' are not touched. */
export const markRead = (db: Db, person_id: string, ids: readonly string[], at: Date): Promise<unknown> =>
  ids.length === 0 ? Promise.resolve() : bulletinDb(db).updateTable('warning_notice').set({ read_at: at }).where('person_id', '=', person_id).where('uuid', 'in', [...ids]).where('read_at', 'is', null).execute()
