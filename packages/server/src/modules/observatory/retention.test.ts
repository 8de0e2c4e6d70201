import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Journal } from '@hirundo/journal'
import { pino } from 'pino'
import { Backlog } from './collector/backlog.ts'
import { journalBytesMax } from './config.ts'
import { Mutex } from './mutex.ts'
import { retain } from './retention.ts'
import { observatoryDb } from './tables.ts'
import { startTestDatabase, type TestDatabase } from './testing/node.ts'

let database: TestDatabase
before(async () => {
  database = await startTestDatabase()
})
after(() => database.stop())

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 2, 10)
/** Ten records and a million bytes each, begun on the days given before now. */
const segmentsOf = (ages: readonly number[]) => ages.map((age, i) => ({
  name: `s${i}`, first: BigInt(i * 10 + 1), last: BigInt(i * 10 + 10), bytes: 1_000_000, created_ms: NOW - age * DAY_MS,
}))

/** Which segments one round lets go of, and which plans and blocks are then forgotten. */
async function round(ages: readonly number[], state: { projected: bigint; snapshot: number; bytes_max?: number; trusted?: boolean }) {
  const { db, close } = await database.fresh()
  const o = observatoryDb(db)
  await o.updateTable('inbox_cursor').set({ snapshot: state.snapshot }).execute()
  const at = new Date(NOW)
  for (const [i] of ages.entries()) {
    await o.insertInto('inbox_plan').values({ sequence: i * 10 + 10, first: i * 10 + 1, last: i * 10 + 9, done: BigInt(i * 10 + 9) <= state.projected }).execute()
    const block = { plan: i * 10 + 10, block_table: 'flow', month: '2026-01', rows: 1, packets: 1, planned_at: at, done_at: at }
    await o.insertInto('inbox_block').values([{ ...block, id: i * 2, late: false }, { ...block, id: i * 2 + 1, late: i === 0 }]).execute()
  }
  const segments = segmentsOf(ages)
  const dropped: bigint[] = []
  const tiers: string[] = []
  const partitions = new Mutex()
  const journal = { first: 1n, bytes: segments.length * 1_000_000, segments, dropBefore: async (sequence: bigint) => void dropped.push(sequence) }
  /** No plan may be written meanwhile. */
  const clearContent = async () => {
    let written = false
    void partitions.run(async () => void (written = true))
    await turn()
    assert.equal(written, false)
    tiers.push('content')
    return []
  }
  await retain({
    db, analytics: { dropBefore: async (tier) => (tiers.push(tier), []), clearContent }, journal: journal as unknown as Journal, partitions,
    backlog: new Backlog({ batches: 0, bytes: 0, appended: state.projected, projected: state.projected }),
    settings: { get: async (setting) => (setting.key === journalBytesMax.key && state.bytes_max !== undefined ? state.bytes_max : setting.default) as never },
    clock: { now: async () => (state.trusted === false ? undefined : NOW) }, log: pino({ level: 'silent' }),
  })
  const plans = await o.selectFrom('inbox_plan').select('sequence').orderBy('sequence').execute()
  const blocks = await o.selectFrom('inbox_block').select('id').orderBy('id').execute()
  const floors = await o.selectFrom('retention_floor').select('start').where('start', '>', 0).execute()
  await close()
  return { dropped, tiers, floors, plans: plans.map(({ sequence }) => sequence), blocks: blocks.map(({ id }) => id) }
}

const AGES = [30, 20, 10, 6, 0]

test('the journal keeps what is young, what no backup covers, and what is not queryable', async () => {
  assert.deepEqual((await round(AGES, { projected: 50n, snapshot: 0 })).dropped, [])
  // The third holds records up to the start of the fourth, which is six days ago.
  assert.deepEqual((await round(AGES, { projected: 50n, snapshot: 50 })).dropped, [21n])
  assert.deepEqual((await round(AGES, { projected: 50n, snapshot: 19 })).dropped, [11n])
  assert.deepEqual((await round(AGES, { projected: 15n, snapshot: 50 })).dropped, [11n])
  assert.deepEqual((await round([30], { projected: 50n, snapshot: 50 })).dropped, [])
})

test('without a backup it is bounded by size, never below its days or what waits', async () => {
  assert.deepEqual((await round(AGES, { projected: 50n, snapshot: 0, bytes_max: 4_500_000 })).dropped, [11n])
  assert.deepEqual((await round(AGES, { projected: 50n, snapshot: 0, bytes_max: 0 })).dropped, [21n])
  assert.deepEqual((await round(AGES, { projected: 9n, snapshot: 0, bytes_max: 0 })).dropped, [])
})

test('nothing goes while the clock is not trusted', async () => {
  const state = { projected: 50n, snapshot: 50, bytes_max: 0 }
  const { dropped, tiers, floors } = await round(AGES, { ...state, trusted: false })
  assert.deepEqual([dropped, tiers, floors], [[], [], []])
  const trusted = await round(AGES, state)
  assert.deepEqual([trusted.tiers, trusted.floors.length], [['raw', 'content', 'hour'], 2])
})

test('plans go with their part of the journal; late blocks stay as the ledger of what was added once', async () => {
  const { plans, blocks } = await round(AGES, { projected: 50n, snapshot: 50 })
  assert.deepEqual(plans, [10, 30, 40, 50])
  assert.deepEqual(blocks, [1, 4, 5, 6, 7, 8, 9])
})
