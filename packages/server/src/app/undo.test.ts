import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silent } from '../platform/testing/postgres.ts'
import { Undo } from './undo.ts'

test('ends in the opposite order, past steps that fail or hang, and each once', { timeout: 20_000 }, async () => {
  const ended: string[] = []
  const undo = new Undo(silent)
  undo.add('lock', () => void ended.push('lock'))
  undo.add('fails', () => {
    throw new Error('no')
  })
  undo.add('hangs', () => new Promise(() => undefined))
  undo.add('rejects', () => Promise.reject(new Error('no')))
  undo.add('http', async () => void ended.push('http'))
  await undo.run()
  await undo.run()
  assert.deepEqual(ended, ['http', 'lock'])
})
