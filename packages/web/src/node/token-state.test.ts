import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenState } from './token-state.ts'

const now = Date.parse('2026-06-15T12:00:00.000Z')

test('a token works until it is revoked or expires, and says so a month before', () => {
  const state = (expires_at: string | null, revoked_at: string | null = null) => tokenState({ expires_at, revoked_at }, now)
  assert.equal(state(null), 'works')
  assert.equal(state('2026-07-15T12:00:00.000Z'), 'works')
  assert.equal(state('2026-07-15T11:59:59.000Z'), 'soon')
  assert.equal(state('2026-06-15T12:00:00.000Z'), 'expired')
  assert.equal(state('2027-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'), 'revoked')
})
