import type { MaterializedColumn } from './columns.ts'
import type { TableDefinition } from './tables.ts'

/**
 * A power cut may take only what was not acknowledged: a part's files and its directory are synced before the insert
 * returns, and a merged part before its sources go. (As session settings these names are unknown.)
 */
const durability = { fsync_after_insert: 1, fsync_part_directory: 1, min_rows_to_fsync_after_merge: 1 }

const materializedDdl = ({ name, type, expression }: MaterializedColumn): string => `\`${name}\` ${type} MATERIALIZED ${expression}`

const columnList = (table: TableDefinition): string =>
  [...table.columns.map(({ name, type }) => `\`${name}\` ${type}`), ...(table.materialized ?? []).map(materializedDdl), ...(table.indexes ?? [])].join(',\n  ')

function tail(table: TableDefinition): string {
  const settings = Object.entries({ ...durability, ...table.settings }).map(([name, value]) => `${name} = ${value}`)
  const primary = table.primary_key ? `\nPRIMARY KEY (${table.primary_key})` : ''
  return `PARTITION BY ${table.partition_by}${primary}\nORDER BY (${table.order_by})\nSETTINGS ${settings.join(', ')}`
}

/** The table on one server, embedded or the operator's own. */
export const embeddedDdl = (table: TableDefinition): string =>
  `CREATE TABLE IF NOT EXISTS ${table.name} (\n  ${columnList(table)}\n) ENGINE = MergeTree\n${tail(table)}`

/** Gives a table of before version 2 the columns that the engine computes. */
export const addMaterializedDdl = (table: TableDefinition): string[] =>
  (table.materialized ?? []).map((column) => `ALTER TABLE ${table.name} ADD COLUMN IF NOT EXISTS ${materializedDdl(column)}`)

/** Gives a table of before version 4 the settings it is created with now; the size of granules is not among them, as it is the table's for ever. */
export function alterSettingsDdl({ name, settings = {} }: TableDefinition): string {
  const changed = Object.entries(settings).filter(([setting]) => setting !== 'index_granularity')
  return `ALTER TABLE ${name} MODIFY SETTING ${changed.map(([setting, value]) => `${setting} = ${value}`).join(', ')}`
}

/** The table on every server of a cluster, and the distributed table that reads all of them. */
export function clusterTableDdl(table: TableDefinition, cluster: string): string[] {
  if (table.local_only) return [embeddedDdl(table).replace(table.name, `${table.name} ON CLUSTER ${cluster}`)]
  const local = `${table.name}_local`
  const replicated =
    `CREATE TABLE IF NOT EXISTS ${local} ON CLUSTER ${cluster} (\n  ${columnList(table)}\n)` +
    ` ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/${local}', '{replica}')\n${tail(table)}`
  const distributed =
    `CREATE TABLE IF NOT EXISTS ${table.name} ON CLUSTER ${cluster} AS ${local}\n` +
    `ENGINE = Distributed('${cluster}', currentDatabase(), ${local}, ${table.shard_by})`
  return [replicated, distributed]
}
