import type { BlockTable } from '../model.ts'
import { parseStructure, storedType, type ColumnDefinition, type Layouts, type MaterializedColumn } from './columns.ts'

export interface TableDefinition {
  readonly name: string
  readonly columns: readonly ColumnDefinition[]
  /** Version of the tables that brought it; absent: the first. */
  readonly since?: number
  /** Since version 2 of the tables. */
  readonly materialized?: readonly MaterializedColumn[]
  readonly partition_by: string
  readonly order_by: string
  /** Where it is shorter than the order: less index memory. */
  readonly primary_key?: string
  readonly indexes?: readonly string[]
  readonly settings?: Readonly<Record<string, number>>
  /** Distribution over shards of a cluster. */
  readonly shard_by: string
  /** Work tables exist once per node, not per cluster. */
  readonly local_only?: boolean
}

/** Columns the node adds before a wire row: who saw it and with which block it came. */
const blockColumns: readonly ColumnDefinition[] = [
  { name: 'organisation', type: 'UInt32' }, { name: 'sensor', type: 'UInt32' }, { name: 'block', type: 'UInt64' },
]
/** Looked up in the network dictionaries at insert, so that an answer about last month keeps last month's networks. */
export const enrichedColumns: readonly ColumnDefinition[] = [
  { name: 'economy', type: 'FixedString(2)' }, { name: 'asn', type: 'UInt32' }, { name: 'research', type: 'UInt8' },
]
export const bySourceColumns = [
  'organisation', 'sensor', 'block', 'minute', 'src', 'dst_port', 'icmp_type', 'icmp_code', 'protocol',
  'packets', 'bytes', 'tool_mirai', 'tool_zmap', 'tool_masscan', 'research',
] as const

/** The block's number lies in few granules, as blocks follow time: finds a block after a restart. */
const blockIndex = ['INDEX block_range block TYPE minmax GRANULARITY 1']
const stored = (columns: readonly ColumnDefinition[]) => columns.map(({ name, type }) => ({ name, type: storedType(type) }))

/** Tables that hold raw rows; the first of each kind is the whole wire row. */
export const tablesOfBlock: Readonly<Record<BlockTable, readonly string[]>> = {
  flow: ['flow', 'flow_by_source'], backscatter: ['backscatter'], syn_sample: ['syn_sample'], sensor_minute: ['sensor_minute'],
  interaction: ['interaction'],
}
/** The column by which each raw table is cut into months. */
export const timeColumn: Readonly<Record<BlockTable, string>> = {
  flow: 'minute', backscatter: 'bin', syn_sample: 'second', sensor_minute: 'minute', interaction: 'at',
}

function flowTables(layouts: Layouts): TableDefinition[] {
  const columns = [...blockColumns, ...stored(parseStructure(layouts.flow)), ...enrichedColumns]
  const narrow = bySourceColumns.map((name) => columns.find((column) => column.name === name)!)
  const flow: TableDefinition = {
    name: 'flow', columns, partition_by: 'toYYYYMM(minute)', indexes: blockIndex, shard_by: 'cityHash64(src)',
    primary_key: 'organisation, toStartOfHour(minute), protocol, dst_port',
    order_by: 'organisation, toStartOfHour(minute), protocol, dst_port, minute',
  }
  return [
    flow,
    {
      name: 'flow_by_source', columns: narrow, partition_by: 'toYYYYMM(minute)', indexes: blockIndex, shard_by: 'cityHash64(src)',
      primary_key: 'organisation, src', order_by: 'organisation, src, minute', settings: { index_granularity: 2048 },
    },
    // Late rows wait here while they are added to the rollups.
    { ...flow, name: 'late_flow', indexes: [], local_only: true },
  ]
}

function plainTable(layouts: Layouts, name: 'backscatter' | 'syn_sample' | 'sensor_minute', order_by: string): TableDefinition {
  return {
    name, columns: [...blockColumns, ...stored(parseStructure(layouts[name]))], partition_by: `toYYYYMM(${timeColumn[name]})`,
    order_by, indexes: blockIndex, shard_by: 'sensor',
  }
}

const ofFewValues = ({ name, type }: ColumnDefinition): ColumnDefinition => ({ name, type: name === 'protocol' ? `LowCardinality(${type})` : type })

/**
 * What came to sensors that answer. Answers look for one source, one protocol or a stretch of time; a source's rows of an
 * hour lie together, and the filter says in which hours there are any.
 */
const interactionTable = (layouts: Layouts): TableDefinition => ({
  name: 'interaction', since: 3, columns: [...blockColumns, ...stored(parseStructure(layouts.interaction)).map(ofFewValues), ...enrichedColumns],
  partition_by: 'toYYYYMM(at)', shard_by: 'cityHash64(src)', order_by: 'organisation, toStartOfHour(at), protocol, src, at',
  primary_key: 'organisation, toStartOfHour(at), protocol, src',
  indexes: [...blockIndex, 'INDEX src_filter src TYPE bloom_filter(0.01) GRANULARITY 1'],
  // Rows may be long: of a granule that is read, samples and passwords are unpacked whole.
  settings: { index_granularity: 1024 },
})

export const rawTables = (layouts: Layouts): TableDefinition[] => [
  ...flowTables(layouts),
  plainTable(layouts, 'backscatter', 'organisation, bin, victim'),
  plainTable(layouts, 'syn_sample', 'organisation, second, dst_port'),
  plainTable(layouts, 'sensor_minute', 'organisation, minute, sensor'),
  { ...plainTable(layouts, 'sensor_minute', 'organisation, minute, sensor'), name: 'late_sensor_minute', indexes: [], local_only: true },
  interactionTable(layouts),
]

export type Tier = 'hour' | 'day' | 'month'
export const tiers: readonly Tier[] = ['hour', 'day', 'month']
export const tierPartition: Readonly<Record<Tier, string>> = { hour: 'toYYYYMMDD(bin)', day: 'toYYYYMM(bin)', month: 'toYYYYMM(bin)' }

/** Precision 14: relative standard error 1.04 / sqrt(2^14) = 0.8 %; small sets are exact; at most 12 KiB each. */
export const UNIQ = 'uniqCombined64(14)'
export const uniqState = `AggregateFunction(${UNIQ}, IPv6)`

export const sumColumns = [
  'packets', 'bytes', 'scan', 'backscatter', 'other', 'tool_mirai', 'tool_zmap', 'tool_masscan',
] as const

const u = (type: string) => (name: string): ColumnDefinition => ({ name, type })
const rollupKey: readonly ColumnDefinition[] = [
  u('UInt32')('organisation'), u('UInt8')('dimension'), u('UInt32')('scope'), u('UInt32')('sensor'), u('IPv6')('key'),
  u("DateTime('UTC')")('bin'), u('UInt8')('research'),
]
export const rollupColumns: readonly ColumnDefinition[] = [
  ...rollupKey, ...sumColumns.map(u('UInt64')), u("DateTime('UTC')")('first_minute'), u("DateTime('UTC')")('last_minute'),
  u(uniqState)('sources'), u('UInt64')('block'),
]
/**
 * What the row's sketch counts: a series whose bins are one row per research value reads these 8 bytes instead of
 * unpacking a sketch of up to 12 KiB. Dimensions without sketches have 0.
 */
const countColumns: readonly MaterializedColumn[] = [{ name: 'sources_count', type: 'UInt64', expression: 'finalizeAggregation(sources)' }]
const rankColumns: readonly ColumnDefinition[] = [...rollupKey, u('UInt32')('rank'), u('UInt64')('packets')]
const coverageColumns: readonly ColumnDefinition[] = [
  u('UInt32')('organisation'), u('UInt32')('sensor'), u("DateTime('UTC')")('bin'), u('UInt32')('minutes'),
  u('UInt64')('observed_s'), u('UInt64')('dropped'), u("DateTime('UTC')")('last_minute'), u('UInt64')('block'),
]

/**
 * A partition that has rested for so long is merged into one part: each part costs an answer its own granules, and the
 * engine by itself leaves some three of each day. Longer than the pause between two recomputations of the newest one.
 */
const restSeconds: Readonly<Record<Tier, number>> = { hour: 3 * 3_600, day: 28 * 3_600, month: 28 * 3_600 }
/** Since version 4 of the tables. */
const mergeSettings = (tier: Tier): Readonly<Record<string, number>> => ({
  min_age_to_force_merge_seconds: restSeconds[tier], min_age_to_force_merge_on_partition_only: 1,
})

function tierTables(tier: Tier): TableDefinition[] {
  const partition_by = tierPartition[tier]
  const merging = mergeSettings(tier)
  const rollup: TableDefinition = {
    name: `rollup_${tier}`, columns: rollupColumns, materialized: countColumns, partition_by, shard_by: 'cityHash64(key)',
    primary_key: 'organisation, dimension, scope, sensor, key, bin',
    order_by: 'organisation, dimension, scope, sensor, key, bin, research',
    // Answers look up single keys, and every row of a granule that is read has its sketch unpacked. A month's key is one
    // row or two (research): of its granule nearly all would be neighbours.
    settings: { index_granularity: tier === 'month' ? 64 : 256, ...merging },
  }
  const rank: TableDefinition = {
    name: `rank_${tier}`, columns: rankColumns, partition_by, shard_by: 'cityHash64(key)',
    primary_key: 'organisation, dimension, scope, sensor, bin, research',
    order_by: 'organisation, dimension, scope, sensor, bin, research, rank', settings: { index_granularity: 256, ...merging },
  }
  const coverage: TableDefinition = {
    name: `coverage_${tier}`, columns: coverageColumns, partition_by, shard_by: 'sensor', order_by: 'organisation, bin, sensor',
    settings: { index_granularity: 8192, ...merging },
  }
  const kinds = tier === 'month' ? [rollup, rank] : [rollup, rank, coverage]
  // A rollup is computed into its staging table and then takes the place of the partition in one step.
  return kinds.flatMap((table) => [table, { ...table, name: `staging_${table.name}`, local_only: true }])
}

export const rollupTables = (): TableDefinition[] => tiers.flatMap(tierTables)
export const allTables = (layouts: Layouts): TableDefinition[] => [...rawTables(layouts), ...rollupTables()]
