import { clusterTableDdl } from './schema/ddl.ts'
import { networkDdl } from './schema/networks.ts'
import { allTables } from './schema/tables.ts'
import type { Layouts } from './schema/columns.ts'

const clusterName = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * The tables of a cluster as SQL text, from the same definitions as the embedded ones: on each shard a
 * ReplicatedMergeTree `NAME_local` and a Distributed `NAME` over all shards.
 */
export function clusterDdl(cluster: string, layouts: Layouts): string {
  if (!clusterName.test(cluster)) throw new Error(`not the name of a cluster: ${cluster}`)
  const everywhere = networkDdl().map((statement) => statement.replace(/ (\w+) \(/, ` $1 ON CLUSTER ${cluster} (`))
  const statements = [...everywhere, ...allTables(layouts).flatMap((table) => clusterTableDdl(table, cluster))]
  return `${statements.join(';\n\n')};\n`
}
