import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallOutput, topAnswer } from '@hirundo/contract'
import { beforeOf, sentenceValues } from './sentence.ts'

test('a rank is new only when somebody watched before, and unknown until that is known', () => {
  const at = (rank: number, previous_rank: number | null) => ({ rank, previous_rank })
  assert.equal(beforeOf(at(1, null), true), 'new')
  assert.equal(beforeOf(at(1, null), false), 'none')
  assert.equal(beforeOf(at(1, 1), undefined), 'unasked')
  assert.deepEqual([beforeOf(at(1, 1), true), beforeOf(at(1, 4), true), beforeOf(at(4, 1), true)], ['same', 'up', 'down'])
})

test('without a row there is nothing to say of a first', () => {
  const answer = { data: [], coverage: { sensors_live: 1, sensors_total: 2 } } as unknown as CallOutput<typeof topAnswer>
  assert.equal(sentenceValues(answer, true, String), undefined)
})
