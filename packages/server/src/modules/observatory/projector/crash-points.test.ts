import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { realWorld } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { flowLayout } from '@hirundo/formats'
import { ackedBy, approved, drained } from '../testing/approve.ts'
import { startTestDatabase, startTestNode, type TestDatabase, type TestNode } from '../testing/node.ts'
import { interaction, type FlowRow } from '../testing/sensor.ts'

let database: TestDatabase
before(async () => {
  database = await startTestDatabase()
})
after(() => database.stop())

const DECEMBER = Date.UTC(2025, 11, 31, 23, 58) / 1000
/** The day after, so that nothing is past its days. */
const world = { now: () => (DECEMBER + 86_400) * 1000, random: realWorld.random }
const row = (minute: number, packets: number): FlowRow => ({ minute, src: '240.1.2.3', dst_port: 23, packets })

/** Two months, three tables, one of them in two orders: eight inserts, of which a plan may fail at any. */
async function load(node: TestNode): Promise<void> {
  const sensor = await approved(node)
  const minutes = [0, 1, 2, 3].map((i) => DECEMBER + i * 60)
  const batches = [
    sensor.flows(minutes.map((minute, i) => row(minute, 10 ** i))), sensor.minutes(minutes),
    sensor.interactions(minutes.map((minute) => interaction({ at_ms: minute * 1000 + 1, sample: new Uint8Array(minute % 1000) }))),
  ]
  assert.equal(await ackedBy(node, sensor, batches), '3')
}

function check(node: TestNode): void {
  assert.deepEqual(node.store.sums('flow'), { rows: 4, packets: 1111 })
  assert.deepEqual(node.store.sums('flow_by_source'), { rows: 4, packets: 1111 })
  assert.deepEqual(node.store.sums('sensor_minute'), { rows: 4, packets: 0 })
  assert.deepEqual(node.store.sums('interaction'), { rows: 4, packets: 0 })
}

async function sums(node: TestNode): Promise<void> {
  const status = await node.call(contract.observatoryStatus, {})
  assert.ok('packets' in status)
  assert.deepEqual([status.packets, status.rows, status.interactions, status.blocks, status.blocks_pending], [1111, 4, 4, 6, 0])
}

for (const [what, name] of [['is refused', 'failBefore'], ['succeeds but its answer is lost', 'failAfter']] as const) {
  test(`whichever insert ${what}, retried in place or after a restart, each row is there once`, async () => {
    for (let call = 1; call <= 8; call++) {
      for (const restart of [false, true]) {
        const node = await startTestNode(database, { world, config: { retry_ms_min: restart ? 60_000 : 5, retry_ms_max: 60_000 } })
        node.store[name] = new Set([call])
        await load(node)
        if (restart) {
          for (let i = 0; i < 300 && node.store.calls < call; i++) await sleep(10)
          await node.restart()
        }
        await drained(node)
        check(node)
        await sums(node)
        await node.close()
      }
    }
  })
}

test('PostgreSQL that fails at the plan or at its end loses and doubles nothing', async () => {
  for (const table of ['inbox_plan', 'inbox_block', 'rollup_period', 'inbox_mark', 'sensor_stored', 'inbox_cursor']) {
    for (const when of ['insert', 'update']) {
      const node = await startTestNode(database, { world })
      await sql.raw(`create function fail_${when}() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$`).execute(node.db)
      await sql.raw(`create trigger planted before ${when} on ${table} for each row execute function fail_${when}()`).execute(node.db)
      await load(node)
      await sleep(60)
      await node.restart()
      await sql.raw(`drop trigger planted on ${table}`).execute(node.db)
      await drained(node)
      check(node)
      await sums(node)
      await node.close()
    }
  }
})

test('a database that was put back to an earlier state finishes the plans that the journal names, without doubling', async () => {
  const node = await startTestNode(database, { world })
  await load(node)
  await drained(node)
  const before = node.store.sums('flow')
  // As a restored PostgreSQL that was copied before the analytics store.
  await sql`update inbox_cursor set projected = 0`.execute(node.db)
  for (const table of ['inbox_block', 'inbox_plan', 'inbox_mark', 'sensor_stored', 'rollup_period']) await sql.raw(`delete from ${table}`).execute(node.db)
  await node.restart()
  await drained(node)
  assert.deepEqual(node.store.sums('flow'), before)
  await sums(node)
  await node.close()
})

test('a clock that jumps, the turn of a year and times far ahead stop nothing and move nothing', async () => {
  const node = await startTestNode(database, { world })
  const sensor = await approved(node)
  const times = [0, 59, 86_400 * 365, DECEMBER, DECEMBER + 180, Date.UTC(2024, 1, 29, 23, 59) / 1000, Date.UTC(2105, 11, 31, 23, 59) / 1000, DECEMBER - 60]
  const batches = [sensor.flows(times.map((minute) => row(minute, 1))), sensor.flows([row(DECEMBER, 5)])]
  assert.equal(await ackedBy(node, sensor, batches), '2')
  await drained(node)
  // Months older than raw retention are added to the rollups only.
  const late = [...node.store.late.values()].flatMap(({ runs }) => runs.map(({ rows }) => rows.length / flowLayout.row_bytes))
  const late_rows = late.reduce((sum, count) => sum + count, 0)
  assert.equal(late_rows, 4)
  assert.deepEqual(node.store.sums('flow'), { rows: times.length + 1 - late_rows, packets: times.length + 5 - late_rows })
  for (const block of [...node.store.inserted.values(), ...node.store.late.values()]) {
    const months = block.runs.flatMap(({ rows }) => {
      const view = new DataView(rows.buffer, rows.byteOffset)
      return Array.from({ length: rows.length / flowLayout.row_bytes }, (_, i) => new Date(view.getUint32(i * flowLayout.row_bytes, true) * 1000).toISOString().slice(0, 7))
    })
    assert.ok(block.table !== 'flow' || new Set(months).size === 1, String(months))
  }
  await node.close()
})
