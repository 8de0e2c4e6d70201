import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actsOf, isReopening, undoing } from './states.ts'

test('an undo goes the way that the node allows, and ends where it was', () => {
  assert.deepEqual(undoing({ state: 'new', dismissal: null }, 'triaged', 'back'), [{ state: 'new' }])
  assert.deepEqual(undoing({ state: 'new', dismissal: null }, 'dismissed', 'back'), [{ state: 'triaged', text: 'back' }, { state: 'new' }])
  assert.deepEqual(undoing({ state: 'triaged', dismissal: null }, 'confirmed', 'back'), [{ state: 'triaged', text: 'back' }])
  assert.deepEqual(undoing({ state: 'dismissed', dismissal: 'own-test' }, 'closed', 'back'), [{ state: 'triaged', text: 'back' }, { state: 'dismissed', dismissal: 'own-test' }])
  assert.deepEqual(undoing({ state: 'closed', dismissal: null }, 'triaged', 'back'), [])
})

test('what is offered as opening again asks for a reason, and a first triage does not', () => {
  assert.equal(isReopening('new', 'triaged'), false)
  for (const state of ['confirmed', 'dismissed', 'closed'] as const) assert.ok(actsOf[state].includes('triaged') && isReopening(state, 'triaged'))
})
