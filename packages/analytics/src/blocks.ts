import type { ClickHouseSettings } from '@clickhouse/client'
import type { Database } from './client.ts'
import { block_rows_max, type Block, type BlockTable } from './model.ts'
import { parseStructure, rowBytes, type Layouts } from './schema/columns.ts'
import { enrichSql } from './schema/networks.ts'
import { bySourceColumns, tablesOfBlock } from './schema/tables.ts'
import { Bindings } from './sql.ts'

/**
 * One insert is one part: the whole body is read by one thread into one block that is not cut. A part is renamed
 * into place at the end, so a block is whole or absent in each table.
 */
export const onePart: ClickHouseSettings = {
  async_insert: 0, max_threads: 1, max_insert_threads: '1', max_block_size: String(2 * block_rows_max),
  max_insert_block_size: String(2 * block_rows_max), min_insert_block_size_rows: String(100 * block_rows_max),
  min_insert_block_size_bytes: '0', input_format_parallel_parsing: 0, optimize_on_insert: 0,
}

const CHUNK_BYTES = 1024 * 1024
const PREFIX_BYTES = 8
/** Of a row's length, where rows differ in it. */
const LENGTH_BYTES = 4

/** Puts organisation and sensor before each row, in chunks. */
function* prefixedRows(block: Block, row_bytes: number): Generator<Uint8Array> {
  const out_bytes = row_bytes + PREFIX_BYTES
  const rows_per_chunk = Math.max(1, Math.floor(CHUNK_BYTES / out_bytes))
  for (const run of block.runs) {
    const rows = Buffer.from(run.rows.buffer, run.rows.byteOffset, run.rows.byteLength)
    for (let at = 0; at < rows.length; at += rows_per_chunk * row_bytes) {
      const end = Math.min(rows.length, at + rows_per_chunk * row_bytes)
      const chunk = Buffer.allocUnsafe(((end - at) / row_bytes) * out_bytes)
      for (let from = at, to = 0; from < end; from += row_bytes, to += out_bytes) {
        chunk.writeUInt32LE(run.organisation, to)
        chunk.writeUInt32LE(run.sensor, to + 4)
        rows.copy(chunk, to + PREFIX_BYTES, from, from + row_bytes)
      }
      yield chunk
    }
  }
}

/** The same for rows that differ in length: who saw it takes the place of the length. */
function* prefixedLongRows(block: Block): Generator<Uint8Array> {
  for (const run of block.runs) {
    const rows = Buffer.from(run.rows.buffer, run.rows.byteOffset, run.rows.byteLength)
    for (let at = 0; at < rows.length; ) {
      const from = at
      let count = 0
      for (; at < rows.length && at - from < CHUNK_BYTES; count++) at += LENGTH_BYTES + rows.readUInt32LE(at)
      const chunk = Buffer.allocUnsafe(at - from + count * (PREFIX_BYTES - LENGTH_BYTES))
      for (let row = from, to = 0; row < at; ) {
        const end = row + LENGTH_BYTES + rows.readUInt32LE(row)
        chunk.writeUInt32LE(run.organisation, to)
        chunk.writeUInt32LE(run.sensor, to + 4)
        to += PREFIX_BYTES + rows.copy(chunk, to + PREFIX_BYTES, row + LENGTH_BYTES, end)
        row = end
      }
      yield chunk
    }
  }
}

/** Rows of a run of which each follows its length; they must end where the run does. */
function longRows(rows: Uint8Array): number {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
  let count = 0
  let at = 0
  for (; at + LENGTH_BYTES <= rows.length; count++) at += LENGTH_BYTES + view.getUint32(at, true)
  return at === rows.length ? count : Number.NaN
}

function checkedRows(block: Block, row_bytes: number | undefined): number {
  let rows = 0
  for (const run of block.runs) {
    const count = row_bytes === undefined ? longRows(run.rows) : run.rows.length / row_bytes
    if (!Number.isInteger(count)) throw new Error(`block ${block.id}: a run of ${block.table} is not whole rows`)
    rows += count
  }
  if (rows > block_rows_max) throw new Error(`block ${block.id}: ${rows} rows are more than ${block_rows_max}`)
  return rows
}

/** Column list and select list of each table that a block goes to. */
function insertLists(table: string, wire: readonly string[], block: string): { columns: string; select: string } {
  const whole = ['organisation', 'sensor', 'block', ...wire]
  const select = ['organisation', 'sensor', block, ...wire]
  if (table === 'flow' || table === 'late_flow' || table === 'interaction') {
    return { columns: [...whole, 'economy', 'asn', 'research'].join(), select: [...select, enrichSql].join() }
  }
  if (table === 'flow_by_source') {
    const values = bySourceColumns.map((name) =>
      name === 'block' ? block : name === 'research' ? "toUInt8(dictGet('dict_research', 'scanner', src) != '')" : name)
    return { columns: bySourceColumns.join(), select: values.join() }
  }
  return { columns: whole.join(), select: select.join() }
}

/** Writes the block's rows into `table` in one insert. */
export async function insertInto(db: Database, layouts: Layouts, table: string, block: Block): Promise<void> {
  const wire = parseStructure(layouts[block.table])
  const row_bytes = rowBytes(wire)
  if (checkedRows(block, row_bytes) === 0) return
  const bindings = new Bindings()
  const id = bindings.bind(block.id, 'UInt64')
  const { columns, select } = insertLists(table, wire.map((column) => column.name), id)
  const structure = `organisation UInt32, sensor UInt32, ${layouts[block.table]}`
  const sql = `INSERT INTO ${table} (${columns}) SELECT ${select} FROM input('${structure}') FORMAT RowBinary`
  await db.insert(sql, row_bytes === undefined ? prefixedLongRows(block) : prefixedRows(block, row_bytes), bindings, onePart)
}

/** Writes the block to each of its tables, or only to those named. */
export async function insertBlock(db: Database, layouts: Layouts, block: Block, only?: readonly string[]): Promise<void> {
  for (const table of tablesOfBlock[block.table]) {
    if (!only || only.includes(table)) await insertInto(db, layouts, table, block)
  }
}

/** Tables of the kind in which the block is not. */
export async function missingTables(db: Database, id: bigint, table: BlockTable): Promise<readonly string[]> {
  const missing: string[] = []
  for (const name of tablesOfBlock[table]) {
    const bindings = new Bindings()
    const found = await db.rows(`SELECT 1 FROM ${name} WHERE block = ${bindings.bind(id, 'UInt64')} LIMIT 1`, bindings)
    if (found.length === 0) missing.push(name)
  }
  return missing
}
