import type { AddressNetworks } from './answers/addresses.ts'
import type { ToolPoint } from './answers/tools.ts'
import type { Interactions } from './interactions/model.ts'
import type { Windows } from './windows/model.ts'
import type { Block, BlockTable, Counts, Dimension, Key, Question, SeriesPoint, TimeRange, TopRow } from './model.ts'

export interface NetworkTables {
  /** CIDR text → two letters. */
  readonly economies: AsyncIterable<readonly [string, string]> | Iterable<readonly [string, string]>
  readonly asns: AsyncIterable<readonly [string, number, string]> | Iterable<readonly [string, number, string]>
  /** CIDR text → name of the research scanner. */
  readonly research: Iterable<readonly [string, string]>
  /** When the tables were made, stated with answers. */
  readonly as_of: string
}

export interface PortAnswer extends Counts {
  readonly first_seen: number | null
  readonly last_seen: number | null
  readonly tools: { readonly mirai: number; readonly zmap: number; readonly masscan: number }
  readonly classes: { readonly scan: number; readonly backscatter: number; readonly other: number }
  readonly top_sources: readonly (Counts & { readonly source: string; readonly economy: string; readonly asn: number })[]
  readonly top_economies: readonly (Counts & { readonly economy: string })[]
  /** In order of first sight. */
  readonly sensors: readonly (Counts & { readonly sensor: number; readonly first_seen: number })[]
}

export interface SourceAnswer {
  readonly source: string
  readonly economy: string
  readonly asn: number
  readonly as_name: string
  readonly research: string | null
  readonly packets: number
  readonly bytes: number
  readonly first_seen: number | null
  readonly last_seen: number | null
  readonly tools: PortAnswer['tools']
  readonly ports: readonly { readonly key: Key; readonly packets: number; readonly first_seen: number; readonly last_seen: number }[]
  readonly sensors: readonly { readonly sensor: number; readonly packets: number; readonly first_seen: number; readonly last_seen: number }[]
  readonly days: readonly { readonly at: number; readonly packets: number }[]
}

/** The ClickHouse side: embedded child or the operator's cluster, the same dialect and the same exam. */
export interface Store {
  /** Creates and upgrades tables; idempotent. */
  migrate(): Promise<void>
  /** Resolves when the store answers; rejects with a reason. */
  ping(): Promise<void>
  close(): Promise<void>

  loadNetworks(tables: NetworkTables): Promise<void>
  networksAsOf(): Promise<string | null>
  /** What the network tables say now of each address (location of address, not of actor); `ZZ` and AS 0 where nothing. At most `networks_of_max`. */
  networksOf(addresses: readonly string[]): Promise<ReadonlyMap<string, AddressNetworks>>

  /** Whether the block is there in every table it belongs to; parts that are missing are named. */
  missingTables(id: bigint, table: BlockTable): Promise<readonly string[]>
  /** Writes the block to each table (or only those named): one insert, one part each. */
  insertBlock(block: Block, only?: readonly string[]): Promise<void>
  /** Late data whose raw partition has been dropped: added to the rollups once, known by the block's id. */
  addLateBlock(block: Block): Promise<void>

  /** Recomputes the hours from raw rows and swaps their partitions in; the others of the partition stay. */
  rollupHours(hours: readonly number[]): Promise<void>
  /** Recomputes the days from raw rows (hours do not hold every dimension), and their months once they are over. */
  rollupDays(days: readonly number[]): Promise<void>
  /** Drops whole partitions older than given; returns what was dropped. */
  dropBefore(tier: 'raw' | 'hour' | 'day', before: number): Promise<readonly string[]>
  /** Takes samples and their hashes, logins, URLs and all facts but `facts_kept` out of interactions of months that end at `before` or earlier; returns these months. */
  clearContent(before: number, facts_kept: readonly string[]): Promise<readonly string[]>

  top(dimension: Dimension, question: Question, limit: number): Promise<readonly TopRow[]>
  series(dimension: Dimension | 'total', key: Key | null, question: Question, step: number): Promise<readonly SeriesPoint[]>
  /** Packets by the fingerprint of the tool that made them, over time. */
  tools(question: Question, step: number): Promise<readonly ToolPoint[]>
  total(question: Question): Promise<Counts & { readonly bytes: number }>
  port(key: Key, question: Question): Promise<PortAnswer>
  source(address: string, question: Question): Promise<SourceAnswer>
  matrix(question: Question, ports: number): Promise<{ readonly ports: readonly Key[]; readonly sensors: readonly number[]; readonly packets: readonly (readonly number[])[] }>
  /** Per sensor: seconds watched and packets dropped in the range. */
  coverage(question: Question): Promise<readonly { readonly sensor: number; readonly observed_s: number; readonly dropped: number; readonly last_minute: number }[]>
  /** Per sensor and bin of `step` seconds: seconds watched; bins without any are left out. */
  watched(question: Question, step: number): Promise<readonly { readonly sensor: number; readonly at: number; readonly observed_s: number }[]>
  /** Per sensor and minute, from raw rows; `research` and `fresh` do not matter here. */
  sensorMinutes(question: Question): Promise<readonly { readonly sensor: number; readonly at: number; readonly packets: number; readonly observed_s: number }[]>
  /** Rows and packets stored raw in the range, over all organisations: for checks and the demo's balance. */
  stored(range: TimeRange): Promise<{ readonly rows: number; readonly packets: number }>
  /** What came to sensors that answer. */
  readonly interactions: Interactions
  /** Raw rows by the minute, and recounts of them. */
  readonly windows: Windows
  /** Parts, bytes and rows by table, for `status` and `doctor`. */
  size(): Promise<readonly { readonly table: string; readonly rows: number; readonly bytes: number }[]>
  /** Copies a consistent snapshot to `directory`, which must not exist (hard links where the file system allows). */
  snapshot(directory: string): Promise<void>
  /** Puts a snapshot into an empty, migrated store and checks its rows. */
  restoreSnapshot(directory: string): Promise<void>
}

