import { DAY_S } from '@hirundo/base'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startEmbedded } from '../embedded/embedded.ts'
import type { Question } from '../model.ts'
import { openStore } from '../open-store.ts'
import type { StoreError } from '../store-error.ts'
import type { Store } from '../store.ts'
import { heard, heardBlock } from './heard-rows.ts'
import { blockOf, examLayouts } from './rows.ts'
import { EXAM_DAYS, EXAM_FROM, examNetworks, ORGANISATION, randomRows, runsOf, seeded } from './world.ts'

async function emptyStore(t: TestContext, directory: string): Promise<Store> {
  const embedded = await startEmbedded({ directory })
  const store = openStore({ url: embedded.url, agent: embedded.agent, layouts: examLayouts })
  t.after(async () => {
    await store.close()
    await embedded.stop()
  })
  await store.migrate()
  return store
}

/** What must be the same after a restore. */
async function answers(store: Store, question: Question): Promise<unknown> {
  return Promise.all([
    store.total(question), store.top('source', question, 20), store.top('economy', question, 5), store.coverage(question), store.networksAsOf(),
    store.source('241.1.37.1', question), store.interactions.of('241.1.37.1', question, 10),
    store.size().then((tables) => tables.map(({ table, rows }) => ({ table, rows }))),
  ])
}

test('drill: snapshot, lose everything, restore, and get the same answers, months included', { timeout: 120_000 }, async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'hirundo-snapshot-'))
  const first = await emptyStore(t, join(root, 'first'))
  t.after(() => rm(root, { recursive: true, force: true }))
  await first.loadNetworks(examNetworks)
  const january = randomRows(seeded(5), 4_000).filter((row) => new Date(row.minute * 1000).getUTCMonth() === 0)
  await first.insertBlock(blockOf(1n, 'flow', runsOf(january)))
  await first.insertBlock(blockOf(2n, 'sensor_minute', [{ organisation: ORGANISATION, sensor: 1, rows: [{ minute: EXAM_FROM, observed_s: 60 }] }]))
  const [from, to] = [Date.UTC(2026, 0, 1) / 1000, Date.UTC(2026, 1, 1) / 1000]
  const raw: Question = { organisation: ORGANISATION, from, to, research: 'include', fresh: { hours: [], days: [], raw_from: 0 } }
  await first.rollupDays(Array.from({ length: 31 }, (_, i) => from + i * DAY_S))
  const month: Question = { ...raw, fresh: { hours: [], days: [{ from, to }], raw_from: 0 } }
  assert.deepEqual(await first.total(month), await first.total(raw))
  assert.deepEqual((await first.top('port', month, 20)).map((row) => row.packets), (await first.top('port', raw, 20)).map((row) => row.packets))

  await first.insertBlock(heardBlock(4n, [heard({ organisation: ORGANISATION, sensor: 1, at_ms: EXAM_FROM * 1000, source: '241.1.37.1', sample: Buffer.from([0, 1]), facts: { a: 'b' } })]))
  const before = await answers(first, month)
  await first.snapshot(join(root, 'snapshot'))
  await first.insertBlock(blockOf(3n, 'flow', [{ organisation: ORGANISATION, sensor: 1, rows: [{ minute: EXAM_FROM + EXAM_DAYS * DAY_S, src: '240.0.0.1', packets: 9 }] }]))
  const second = await emptyStore(t, join(root, 'second'))
  await second.restoreSnapshot(join(root, 'snapshot'))
  assert.deepEqual(await answers(second, month), before)
  assert.deepEqual(await second.missingTables(1n, 'flow'), [])
  assert.deepEqual(await second.missingTables(4n, 'interaction'), [])
  assert.deepEqual(await second.missingTables(3n, 'flow'), ['flow', 'flow_by_source'])
  await assert.rejects(second.restoreSnapshot(join(root, 'snapshot')), (error: StoreError) => error.problem.code === 'backup/failed')
})

test('a month computed once follows its days: a late day changes it, though nothing was seen on its last', { timeout: 60_000 }, async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'hirundo-month-'))
  const store = await emptyStore(t, root)
  t.after(() => rm(root, { recursive: true, force: true }))
  const [from, to] = [Date.UTC(2026, 0, 1) / 1000, Date.UTC(2026, 1, 1) / 1000]
  const month: Question = { organisation: 1, from, to, research: 'include', fresh: { hours: [], days: [{ from, to }], raw_from: 0 } }
  await store.rollupDays(Array.from({ length: 31 }, (_, i) => from + i * DAY_S))
  assert.equal((await store.total(month)).packets, 0)
  await store.insertBlock(blockOf(1n, 'flow', [{ organisation: 1, sensor: 1, rows: [{ minute: from, src: '240.0.0.1', packets: 4 }] }]))
  await store.rollupDays([from])
  assert.equal((await store.total(month)).packets, 4)
  await store.rollupDays([from])
  assert.equal((await store.total(month)).packets, 4)
})
