import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../client.ts'
import { startEmbedded, type Embedded } from '../embedded/embedded.ts'
import type { Block } from '../model.ts'
import { openStore } from '../open-store.ts'
import { StoreError } from '../store-error.ts'
import type { Store } from '../store.ts'
import { heard, heardBlock } from './heard-rows.ts'
import { blockOf, examLayouts } from './rows.ts'
import { EXAM_FROM, seeded } from './world.ts'

const ROWS = 20_000
const HEARD_ROWS = 4_000
const KILLS = 5
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const isHeard = (id: bigint): boolean => id % 3n === 0n

function someBlock(id: bigint): Block {
  if (isHeard(id)) {
    return heardBlock(id, Array.from({ length: HEARD_ROWS }, (_, i) => heard({ organisation: 1, sensor: 1, at_ms: EXAM_FROM * 1000 + i, source: '240.0.0.1', sample: new Uint8Array(i % 500) })))
  }
  const rows = Array.from({ length: ROWS }, (_, i) => ({ minute: EXAM_FROM + (i % 600) * 60, src: `240.0.${i % 200}.1`, protocol: 6, dst_port: i % 500, packets: 1 }))
  return blockOf(id, 'flow', [{ organisation: 1, sensor: 1, rows }])
}

/** As a projector does: after a failure ask which tables lack the block, and write only these. */
async function writeSurely(store: Store, block: Block): Promise<void> {
  let only: readonly string[] | undefined
  for (;;) {
    try {
      await store.insertBlock(block, only)
      return
    } catch (error) {
      if (!(error instanceof StoreError) || error.problem.code !== 'node/unavailable') throw error
      only = await missingSurely(store, block)
    }
  }
}

async function missingSurely(store: Store, block: Block): Promise<readonly string[]> {
  for (;;) {
    await pause(50)
    const missing = await store.missingTables(block.id, block.table).catch(() => undefined)
    if (missing) return missing
  }
}

/** Kills the child so many times, at random moments of its life. */
async function killAtRandom(embedded: Embedded, random: () => number, kills: number): Promise<void> {
  const killed = new Set<number>()
  while (killed.size < kills) {
    await pause(100 + random() * 900)
    const pid = embedded.pid()
    if (pid === undefined || killed.has(pid)) continue
    process.kill(pid, 'SIGKILL')
    killed.add(pid)
  }
}

test('after SIGKILL in the middle of inserts each block is whole or absent, and writing what lacks gives exact sums', { timeout: 120_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-kill-'))
  const embedded = await startEmbedded({ directory })
  const address = { url: embedded.url, agent: embedded.agent }
  const [store, db] = [openStore({ ...address, layouts: examLayouts }), openDatabase(address)]
  t.after(async () => {
    await Promise.all([store.close(), db.close()])
    await embedded.stop()
    await rm(directory, { recursive: true, force: true })
  })
  await store.migrate()
  const random = seeded(3)
  const state = { killing: true }
  const killer = killAtRandom(embedded, random, KILLS).finally(() => { state.killing = false })
  let id = 0n
  while (state.killing || id < 20n) await writeSurely(store, someBlock(++id))
  await killer
  await missingSurely(store, someBlock(1n))
  assert.equal(embedded.restarts(), KILLS)
  assert.deepEqual(embedded.brokenParts(), [])
  const ids = Array.from({ length: Number(id) }, (_, i) => BigInt(i + 1))
  for (const [table, count] of [['flow', ROWS], ['flow_by_source', ROWS], ['interaction', HEARD_ROWS]] as const) {
    const rows = await db.rows<{ block: number; rows: number; sum: number }>(
      `SELECT block, count() AS rows, sum(${table === 'interaction' ? 'requests' : 'packets'}) AS sum FROM ${table} GROUP BY block ORDER BY block`)
    const expected = ids.filter((one) => isHeard(one) === (table === 'interaction'))
    assert.deepEqual(rows, expected.map((one) => ({ block: Number(one), rows: count, sum: count })), table)
  }
})

test('a start waits for an orphan of a killed parent, and fails when the directory stays held', { timeout: 60_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-lock-'))
  const first = await startEmbedded({ directory })
  t.after(() => rm(directory, { recursive: true, force: true }))
  await assert.rejects(startEmbedded({ directory, socket_path: join(directory, 'second.sock'), lock_wait_ms_max: 300 }), /before it was ready/)
  const waiting = startEmbedded({ directory, socket_path: join(directory, 'third.sock') })
  await pause(300)
  await first.stop()
  const third = await waiting
  await third.stop()
})

test('a child whose parent was killed ends by itself and leaves the directory to the next', { timeout: 60_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-orphan-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const parent = spawn(process.execPath, [fileURLToPath(new URL('./orphan-parent.ts', import.meta.url)), directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(parent.stdout, 'data')
  parent.kill('SIGKILL')
  const next = await startEmbedded({ directory })
  await next.stop()
})
