import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupings, queryOf } from './campaigns-query.ts'

test('campaigns are asked for with records and without muted ones, as the command asks', () => {
  for (const grouping of groupings) {
    const query = queryOf(grouping)
    assert.ok(query.severity.includes('record') && query.state.includes('closed'))
    assert.equal('muted' in query, false)
  }
})
