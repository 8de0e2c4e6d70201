import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepTrying } from './keep-trying.ts'

function failing(times: number): { readonly work: () => Promise<number>; readonly failures: unknown[] } {
  let tried = 0
  return { failures: [], work: async () => {
    if (tried++ < times) throw new Error(`try ${tried}`)
    return tried
  } }
}

test('tries again what may come right, and tells of each failure', async () => {
  const { work, failures } = failing(2)
  assert.equal(await keepTrying(work, { again: () => true, onFailure: (error) => failures.push(String(error)) }), 3)
  assert.deepEqual(failures, ['Error: try 1', 'Error: try 2'])
})

test('gives up at once what stays wrong, and in the end what does not come right', async () => {
  const once = failing(9)
  await assert.rejects(keepTrying(once.work, { again: () => false, onFailure: () => once.failures.push(0) }), /try 1/)
  assert.deepEqual(once.failures, [])
  const long = failing(9)
  await assert.rejects(keepTrying(long.work, { patience_ms: 250, again: () => true, onFailure: () => long.failures.push(0) }), /try 2/)
  assert.deepEqual(long.failures, [0])
})
