import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { clusterDdl } from './cluster-ddl.ts'
import { examLayouts } from './exam/rows.ts'

test('deploy/clickhouse-cluster.sql is what print-cluster-ddl.ts prints now', async () => {
  const kept = await readFile(new URL('../../../deploy/clickhouse-cluster.sql', import.meta.url), 'utf8')
  assert.ok(kept === clusterDdl('hirundo', examLayouts), 'run: node packages/analytics/src/print-cluster-ddl.ts hirundo > deploy/clickhouse-cluster.sql')
})
