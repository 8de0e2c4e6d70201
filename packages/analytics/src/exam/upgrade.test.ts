import { DAY_S, HOUR_S } from '@hirundo/base'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDatabase, type Database } from '../client.ts'
import { startEmbedded } from '../embedded/embedded.ts'
import { openStore } from '../open-store.ts'
import { allTables, rollupTables } from '../schema/tables.ts'
import { allFresh, whole } from './checks.ts'
import { blockOf, examLayouts } from './rows.ts'
import { EXAM_FROM, EXAM_TO, examDays, examHours, examNetworks, randomRows, runsOf, seeded } from './world.ts'

/** The tables as version 1 made them. */
async function backToVersion1(db: Database): Promise<void> {
  for (const { name } of allTables(examLayouts).filter(({ since = 1 }) => since > 1)) await db.command(`DROP TABLE ${name} SYNC`)
  for (const { name } of rollupTables().filter((table) => table.materialized)) await db.command(`ALTER TABLE ${name} DROP COLUMN sources_count`)
  for (const { name } of rollupTables()) await db.command(`ALTER TABLE ${name} RESET SETTING min_age_to_force_merge_seconds, min_age_to_force_merge_on_partition_only`)
  await db.command('TRUNCATE TABLE schema_version')
  await db.command('INSERT INTO schema_version SELECT 1')
}

const lacking = async (db: Database): Promise<number> => {
  const [row] = await db.rows<{ parts: number }>(
    "SELECT count() AS parts FROM system.parts WHERE active AND startsWith(table, 'rollup_') AND " +
      "(table, name) NOT IN (SELECT table, name FROM system.parts_columns WHERE active AND column = 'sources_count')")
  return row!.parts
}

test('tables of version 1 get the counts of their sketches, and answer the same before, meanwhile and after', { timeout: 60_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-upgrade-'))
  const embedded = await startEmbedded({ directory })
  const address = { url: embedded.url, agent: embedded.agent }
  const [store, db] = [openStore({ ...address, layouts: examLayouts }), openDatabase(address)]
  t.after(async () => {
    await store.close()
    await db.close()
    await embedded.stop()
    await rm(directory, { recursive: true, force: true })
  })
  await store.migrate()
  await store.loadNetworks(examNetworks)
  const february = Date.UTC(2026, 1, 1) / 1000
  const rows = randomRows(seeded(9), 3_000).filter((row) => row.minute < february)
  await store.insertBlock(blockOf(1n, 'flow', runsOf(rows)))
  const tables = () => db.rows("SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() AND name != 'schema_version' ORDER BY name")
  const fresh = await tables()
  const ask = () => Promise.all([HOUR_S, DAY_S].map((step) => store.series('economy', 'XB', { ...whole(allFresh), from: EXAM_FROM, to: EXAM_TO }, step)))
  await store.rollupHours(examHours)
  await store.rollupDays(examDays)
  const before = await ask()
  assert.ok(before[0]!.some((point) => point.sources > 1))

  await backToVersion1(db)
  assert.ok((await lacking(db)) > 0)
  await store.migrate()
  assert.deepEqual(await tables(), fresh)
  assert.deepEqual(await ask(), before)
  while ((await lacking(db)) > 0) await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(await ask(), before)
  // Recomputing copies the other bins of a partition by `*`, which leaves computed columns out.
  await store.rollupHours([EXAM_FROM + HOUR_S])
  assert.deepEqual(await ask(), before)
})
