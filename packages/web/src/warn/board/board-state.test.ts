import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boardQuery, isFiltered, readBoard } from './board-state.ts'

test('an address says the same after it was read and written', () => {
  const search = { kind: ['worm', 'rsdos'], severity: 'urgent', state: ['new'], owner: 'nobody', subject: 'tcp/23', own: 'true', muted: 'true', order: 'newest' }
  const asking = readBoard(search)
  assert.deepEqual(readBoard(boardQuery(asking)), asking)
  assert.deepEqual(asking.kind, ['rsdos', 'worm'])
})

test('what is not understood is not asked for, and order alone is no filter', () => {
  assert.deepEqual(boardQuery(readBoard({ kind: 'x', severity: ['huge'], own: '1', subject: '  ' })), {})
  assert.equal(isFiltered(readBoard({ order: 'newest' })), false)
  assert.equal(isFiltered(readBoard({ muted: 'true' })), true)
})
