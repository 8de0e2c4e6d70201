import type { AddressMark, AddressMarkKind } from '@hirundo/contract'
import { sql, type Kysely, type Selectable } from 'kysely'
import { observatoryDb, type ObservatoryTables } from '../tables.ts'

type Db = Kysely<unknown>
export type DecoyRow = Pick<Selectable<ObservatoryTables['decoy']>, 'id' | 'network' | 'note' | 'created_by' | 'created_at'>
export type MarkListRow = Selectable<ObservatoryTables['address_mark_list']>

const MARKS_LOCK = 0x48494d4b
const DECOYS_LOCK = 0x48494443
const KEY_LOCK = 0x48494b45
/** Lists that name one address; more say nothing new. */
const marks_of_address_max = 20
const insert_rows_max = 20_000

const decoyColumns = ['id', 'network', 'note', 'created_by', 'created_at'] as const
const standing = (db: Db, organisation_id: number) =>
  observatoryDb(db).selectFrom('decoy').where('organisation_id', '=', organisation_id).where('removed_at', 'is', null)

export const selectDecoys = (db: Db, organisation_id: number): Promise<readonly DecoyRow[]> =>
  standing(db, organisation_id).select(decoyColumns).orderBy('network').execute()

/** Until the transaction ends nobody else changes the organisation's register. */
export const lockDecoys = (db: Db, organisation_id: number): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(${DECOYS_LOCK}, ${organisation_id}::int)`.execute(db)

export const findDecoy = (db: Db, organisation_id: number, network: string): Promise<DecoyRow | undefined> =>
  standing(db, organisation_id).select(decoyColumns).where('network', '=', network).executeTakeFirst()

export async function countDecoys(db: Db, organisation_id: number): Promise<number> {
  const { count } = await standing(db, organisation_id).select((e) => e.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

export const insertDecoy = (db: Db, decoy: DecoyRow & { readonly organisation_id: number }): Promise<DecoyRow> =>
  observatoryDb(db).insertInto('decoy').values({ ...decoy, removed_at: null, removed_by: null }).returning(decoyColumns).executeTakeFirstOrThrow()

export const setDecoyNote = (db: Db, id: string, note: string): Promise<DecoyRow> =>
  observatoryDb(db).updateTable('decoy').set({ note }).where('id', '=', id).returning(decoyColumns).executeTakeFirstOrThrow()

/** Undefined: the organisation has none of this id. Of those removed before, the newest `removed_max` stay. */
export async function retireDecoy(
  db: Db, organisation_id: number, id: string, by: { readonly removed_by: string; readonly removed_at: Date }, removed_max: number,
): Promise<DecoyRow | undefined> {
  const row = await observatoryDb(db).updateTable('decoy').set(by).where('id', '=', id).where('organisation_id', '=', organisation_id)
    .where('removed_at', 'is', null).returning(decoyColumns).executeTakeFirst()
  await sql`delete from decoy where organisation_id = ${organisation_id} and removed_at is not null and id not in
    (select id from decoy where organisation_id = ${organisation_id} and removed_at is not null order by removed_at desc limit ${removed_max})`.execute(db)
  return row
}

/** By name. */
export const selectMarkLists = (db: Db): Promise<readonly MarkListRow[]> =>
  observatoryDb(db).selectFrom('address_mark_list').selectAll().orderBy('list').execute()

/** Lists whose networks hold the address, by name. */
export async function marksHolding(db: Db, address: string): Promise<readonly AddressMark[]> {
  const { rows } = await sql<AddressMark>`select distinct l.list, l.kind, l.as_of from address_mark m join address_mark_list l on l.list = m.list
    where m.network >>= ${address}::inet order by l.list limit ${marks_of_address_max}`.execute(db)
  return rows.map(({ kind, list, as_of }) => ({ kind, list, as_of }))
}

/** Until the transaction ends nobody else loads a list. Gives how many there are beside `list`. */
export async function lockMarks(db: Db, list: string): Promise<{ readonly others: number; readonly networks: number }> {
  await sql`select pg_advisory_xact_lock(${MARKS_LOCK})`.execute(db)
  const row = await observatoryDb(db).selectFrom('address_mark_list').where('list', '<>', list)
    .select((e) => [e.fn.countAll<number>().as('others'), sql<number>`coalesce(sum(networks), 0)::bigint`.as('networks')]).executeTakeFirstOrThrow()
  return { others: Number(row.others), networks: row.networks }
}

/** Puts the list in the place of the one of its name. */
export async function replaceMarks(db: Db, row: MarkListRow, networks: readonly string[]): Promise<void> {
  await deleteMarks(db, row.list)
  await observatoryDb(db).insertInto('address_mark_list').values(row).execute()
  for (let at = 0; at < networks.length; at += insert_rows_max) {
    const some = networks.slice(at, at + insert_rows_max)
    await sql`insert into address_mark (list, network) select ${row.list}, unnest(${some}::text[])::cidr`.execute(db)
  }
}

/** The row that went, if there was one. */
export const deleteMarks = (db: Db, list: string): Promise<{ kind: AddressMarkKind; networks: number; as_of: string } | undefined> =>
  observatoryDb(db).deleteFrom('address_mark_list').where('list', '=', list).returning(['kind', 'networks', 'as_of']).executeTakeFirst()

export async function selectKey(db: Db): Promise<Buffer | undefined> {
  return (await observatoryDb(db).selectFrom('indicator_key').select('key').executeTakeFirst())?.key
}

/** Keeps the key unless there is one; gives the one that stands. */
export async function keepKey(db: Db, key: Uint8Array, made_at: Date): Promise<Buffer> {
  await observatoryDb(db).insertInto('indicator_key').values({ key: Buffer.from(key), made_at }).onConflict((conflict) => conflict.doNothing()).execute()
  return (await selectKey(db))!
}

/** Until the transaction ends nobody else sets the key. */
export const lockKey = (db: Db): Promise<unknown> => sql`select pg_advisory_xact_lock(${KEY_LOCK})`.execute(db)

export const replaceKey = (db: Db, key: Uint8Array, made_at: Date): Promise<unknown> =>
  observatoryDb(db).insertInto('indicator_key').values({ key: Buffer.from(key), made_at })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ key: Buffer.from(key), made_at })).execute()
