import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Readable } from 'node:stream'
import { BudgetExceeded, makeBodyBudget, type BodyBudget } from './body-budget.ts'

async function receive(budget: BodyBudget, owner: object, bytes: number): Promise<number> {
  let received = 0
  for await (const chunk of budget.counted(owner, Readable.from([Buffer.alloc(bytes)]))) received += (chunk as Buffer).length
  return received
}

test('bodies pass until together they hold the budget, and again when one is released', async () => {
  const budget = makeBodyBudget(100)
  const [a, b, c] = [{}, {}, {}]
  assert.equal(await receive(budget, a, 60), 60)
  assert.equal(await receive(budget, b, 40), 40)
  await assert.rejects(receive(budget, c, 1), BudgetExceeded)
  budget.release(c)
  budget.release(a)
  budget.release(a)
  assert.equal(budget.held(), 40)
  assert.equal(await receive(budget, c, 60), 60)
})

test('who has sent nothing holds nothing', async () => {
  const budget = makeBodyBudget(10)
  for (let i = 0; i < 1000; i++) budget.counted({}, Readable.from([]))
  assert.equal(await receive(budget, {}, 10), 10)
})

test('a body that breaks off breaks for its reader, too', async () => {
  const body = new Readable({ read: () => undefined })
  const counted = makeBodyBudget().counted({}, body)
  body.destroy(new Error('aborted'))
  await assert.rejects(async () => {
    for await (const _ of counted) assert.fail('nothing was sent')
  }, /aborted/)
})
