/** `node print-cluster-ddl.ts [CLUSTER]` prints the tables of a ClickHouse cluster; deploy/clickhouse-cluster.sql is its output. */
import { clusterDdl } from './cluster-ddl.ts'
import { examLayouts } from './exam/rows.ts'

process.stdout.write(clusterDdl(process.argv[2] ?? 'hirundo', examLayouts))
