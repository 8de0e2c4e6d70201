import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { realWorld, uuidV4 } from '@hirundo/base'
import { batchKinds } from '@hirundo/formats'
import { approved } from '../testing/approve.ts'
import { startTestDatabase, startTestNode, type TestDatabase } from '../testing/node.ts'
import { observatoryDb } from '../tables.ts'
import { Draft, type ReadBatch } from './draft.ts'
import { commitPlan, finishPlan, identifySensor } from './store.ts'

let database: TestDatabase
before(async () => {
  database = await startTestDatabase()
})
after(() => database.stop())

/** More rows than one statement has room for: 65,535 parameters, five a row. */
const MANY = 14_000

test('a plan of more small batches than one statement takes comes to its end', async () => {
  const node = await startTestNode(database)
  const { uuid } = await approved(node)
  const identity = await identifySensor(node.db, uuid)
  const draft = new Draft(1n)
  for (let i = 1n; i <= MANY; i++) {
    const of = { sequence: i, bytes: 160, sensor: uuid, epoch: uuidV4(realWorld), first: i, last: i, identity }
    const content: ReadBatch['content'] = i % 2n === 0n ? { gap: true } : { unread: 'unknown-kind' }
    draft.add({ ...of, kind: i % 2n === 0n ? batchKinds.gap : 99, content })
    draft.add({ ...of, sequence: i + BigInt(MANY), kind: batchKinds.gap, content: { gap: true } })
  }
  const now = new Date(realWorld.now())
  const sequence = BigInt(2 * MANY + 1)
  await finishPlan(node.db, sequence, draft, await commitPlan(node.db, sequence, draft, now), now)
  const o = observatoryDb(node.db)
  const count = async (table: 'sensor_gap' | 'inbox_unread' | 'inbox_mark') =>
    Number((await o.selectFrom(table).select((e) => e.fn.countAll().as('rows')).executeTakeFirstOrThrow()).rows)
  assert.deepEqual([await count('sensor_gap'), await count('inbox_unread'), await count('inbox_mark')], [MANY * 1.5, MANY / 2, MANY])
  await node.close()
})
