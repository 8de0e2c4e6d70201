import { DAY_S } from '@hirundo/base'
import type { Database } from '../client.ts'
import { BOUNDED } from '../interactions/question.ts'
import type { BlockTable } from '../model.ts'
import { Bindings } from '../sql.ts'
import { StoreError } from '../store-error.ts'
import { columnsSql, orderSql, windowLayouts } from './layouts.ts'
import type { BlockBounds, MinuteCounts, Part, WindowQuestion, WindowTable } from './model.ts'
import { addressColumn, minuteSql, within } from './where.ts'

const tables: readonly BlockTable[] = ['flow', 'backscatter', 'syn_sample', 'sensor_minute', 'interaction']

interface CountRow {
  readonly of: BlockTable
  readonly minute: number
  readonly rows: number
  readonly sensors: readonly number[]
}

/** Rows of each minute by table. Problem: `request/invalid` for more than a day. */
export async function counts(db: Database, question: WindowQuestion): Promise<readonly MinuteCounts[]> {
  if (question.to - question.from > DAY_S) throw new StoreError('request/invalid', { what: 'range', max_s: DAY_S })
  const b = new Bindings()
  const each = tables.map((table) =>
    `SELECT '${table}' AS of, ${minuteSql[table]} AS at_minute, count() AS rows, ${table === 'sensor_minute' ? 'arraySort(groupUniqArray(sensor))' : 'emptyArrayUInt32()'} AS sensors ` +
    `FROM ${table} WHERE ${within(b, table, question)} GROUP BY at_minute`)
  const rows = await db.rows<CountRow>(`SELECT of, at_minute AS minute, rows, sensors FROM (${each.join(' UNION ALL ')}) ORDER BY minute`, b)
  return [...Map.groupBy(rows, ({ minute }) => minute)].map(([minute, some]) => {
    const of = (table: BlockTable): CountRow | undefined => some.find((row) => row.of === table)
    return {
      minute, flow: of('flow')?.rows ?? 0, backscatter: of('backscatter')?.rows ?? 0, syn_sample: of('syn_sample')?.rows ?? 0,
      sensor_minute: of('sensor_minute')?.rows ?? 0, interaction: of('interaction')?.rows ?? 0, sensors: of('sensor_minute')?.sensors ?? [],
    }
  })
}

/** By source and minute: no source is in the same part in all minutes. */
function partIs(b: Bindings, table: WindowTable, { index, of }: Part): string[] {
  const address = addressColumn[table]
  return of <= 1 || !address ? [] : [`cityHash64(${address}, ${minuteSql[table]}) % ${b.bind(of, 'UInt32')} = ${b.bind(index, 'UInt32')}`]
}

/** Rows in the table's layout of `windowLayouts`. Problem: `query/too-wide`. */
export async function rows(db: Database, table: WindowTable, question: WindowQuestion, part: Part = { index: 0, of: 1 }): Promise<Uint8Array> {
  const b = new Bindings()
  const where = within(b, table, question, ...partIs(b, table, part))
  const found = await db.bytes(`SELECT ${columnsSql(table)} FROM ${table} WHERE ${where} ORDER BY ${orderSql[table]}${BOUNDED} FORMAT RowBinary`, b)
  if (found.length % windowLayouts[table].row_bytes !== 0) throw new Error(`an answer about ${table} is not whole rows`)
  return found
}

/** The earliest minute of rows in blocks of these numbers or above; null: there are none. */
export async function earliest(db: Database, question: WindowQuestion, since?: BlockBounds): Promise<number | null> {
  const b = new Bindings()
  const each = tables.map((table) => {
    const newer = since ? [`block >= ${b.bind(since[table], 'UInt64')}`] : []
    return `SELECT minOrNull(${minuteSql[table]}) AS first FROM ${table} WHERE ${within(b, table, question, ...newer)}`
  })
  const [row] = await db.rows<{ first: number | null }>(`SELECT min(first) AS first FROM (${each.join(' UNION ALL ')})`, b)
  return row!.first
}
