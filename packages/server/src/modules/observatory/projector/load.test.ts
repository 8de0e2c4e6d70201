import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchKinds, encodeInteraction } from '@hirundo/formats'
import type { Journal } from '@hirundo/journal'
import { Backlog } from '../collector/backlog.ts'
import { inboxKinds } from '../collector/inbox.ts'
import { FakeSensor, interaction } from '../testing/sensor.ts'
import { blockId } from './draft.ts'
import { Loader } from './load.ts'
import { tables } from './rows.ts'

const NEW_YEAR_MS = Date.UTC(2026, 0, 1)

async function draftOf(payloads: readonly Uint8Array[]) {
  const records = payloads.map((payload, i) => ({ sequence: BigInt(i + 1), kind: inboxKinds.batch, payload }))
  const journal = { read: async () => ({ records, gaps: [], next: BigInt(records.length + 1) }) }
  const loader = new Loader({
    journal: journal as unknown as Journal, backlog: new Backlog({ batches: 0, bytes: 0, appended: 0n, projected: 0n }), flush_after_ms: 1, plan_bytes_max: 1e6,
    identify: async () => ({ id: 3, organisation_id: 1 }), signal: new AbortController().signal, onLost: () => undefined,
  }, 1n)
  return loader.rebuild({ sequence: 9n, first: 1n, last: BigInt(records.length) })
}

test('interactions that a node of before let into the journal unread are read now, and bad ones stay out of every block', async () => {
  const sensor = new FakeSensor()
  const good = [interaction({ at_ms: NEW_YEAR_MS - 1 }), interaction({ at_ms: NEW_YEAR_MS, sample: new Uint8Array(700) })]
  const bad = encodeInteraction(good[0]!)
  bad[37] = 9
  const wild = Array.from({ length: 65 }, (_, i) => interaction({ at_ms: Date.UTC(2020, i, 1) }))
  const draft = await draftOf([sensor.interactions(good), sensor.batch(batchKinds.interaction, bad, 1), sensor.interactions(wild), sensor.interactions(good.slice(1))])
  assert.deepEqual(draft.unread.map(({ batch, why }) => [batch.sequence, why]), [[2n, 'unreadable'], [3n, 'unreadable']])
  assert.deepEqual(draft.blocks.map(({ table, month, rows }) => ({ table, month, rows })), [
    { table: 'interaction', month: 55 * 12 + 11, rows: 1 }, { table: 'interaction', month: 56 * 12, rows: 2 },
  ])
  const [december, january] = draft.blocks.map(({ runs }) => runs.map(({ rows }) => Buffer.from(rows).toString('hex')).join(''))
  assert.deepEqual([december, january], [good[0]!, good[1]!].map((one, i) => Buffer.from(encodeInteraction(one)).toString('hex').repeat(i + 1)))
})

test('blocks of all tables have numbers of their own, those of the first four as they ever were', () => {
  const plans = [1n, 2n, (1n << 39n) - 1n]
  const months = [0, 1, 1632]
  const ids = plans.flatMap((plan) => tables.flatMap(([, table]) => months.map((month) => blockId(plan, table, month))))
  assert.equal(new Set(ids.map(Number)).size, ids.length)
  assert.ok(ids.every((id) => id < 2n ** 53n))
  assert.deepEqual(tables.slice(0, 4).map(([, table]) => blockId(5n, table, 7)), [40_967n, 43_015n, 45_063n, 47_111n])
  assert.throws(() => blockId(1n << 39n, 'flow', 0))
})
