import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dismissals, findingKinds, findingStates, severities, type Dismissal, type FindingState } from '@hirundo/contract'
import { counts_against, isAlarm, isSettled, merge_gap_s, moved, rankOf, severityOf, type Judged } from './model.ts'

/** Every move there is, written down a second time: `why` needs a dismissal, `text` a text, `-` is none. */
const table: Readonly<Record<FindingState, Readonly<Record<FindingState, string>>>> = {
  new: { new: 'same', triaged: 'ok', confirmed: 'ok', dismissed: 'why', closed: '-' },
  triaged: { new: 'ok', triaged: 'same', confirmed: 'ok', dismissed: 'why', closed: '-' },
  confirmed: { new: '-', triaged: 'text', confirmed: 'same', dismissed: 'why', closed: 'ok' },
  dismissed: { new: '-', triaged: 'text', confirmed: '-', dismissed: 'same', closed: 'ok' },
  closed: { new: '-', triaged: 'text', confirmed: '-', dismissed: '-', closed: 'same' },
}

/** All that a finding can be. */
const judged: readonly Judged[] = findingStates.flatMap((state): Judged[] => {
  if (state === 'confirmed') return [{ state, verdict: 'confirmed', dismissal: null }]
  if (state === 'dismissed') return dismissals.map((dismissal) => ({ state, verdict: 'dismissed', dismissal }))
  if (state === 'closed') return [{ state, verdict: 'confirmed', dismissal: null }, { state, verdict: 'dismissed', dismissal: 'false-alarm' }]
  return [{ state, verdict: null, dismissal: null }]
})

test('every move from every state with every why and text is allowed or refused as the table says', () => {
  for (const now of judged) {
    for (const state of findingStates) {
      for (const dismissal of [undefined, ...dismissals]) {
        for (const text of [undefined, ' ', 'because']) {
          const result = moved(now, { state, dismissal, text })
          const what = `${now.state} → ${state} ${dismissal} ${text}`
          const rule = table[now.state][state]
          if (dismissal !== undefined && state !== 'dismissed') assert.deepEqual(!result.ok && result.problem, { code: 'request/invalid', detail: { what: 'dismissal' } }, what)
          else if (rule === 'same' && text === undefined && (dismissal ?? now.dismissal) === now.dismissal) assert.ok(result.ok && result.value === now, what)
          else if (rule === 'same' || rule === '-') assert.deepEqual(!result.ok && result.problem, { code: 'finding/wrong-state', detail: { from: now.state, to: state } }, what)
          else if (rule === 'why' && dismissal === undefined) assert.equal(!result.ok && result.problem.detail['what'], 'dismissal', what)
          else if (rule === 'text' && text !== 'because') assert.equal(!result.ok && result.problem.detail['what'], 'text', what)
          else assert.ok(result.ok && result.value.state === state, what)
        }
      }
    }
  }
})

test('a verdict stays when a finding is closed and goes when it is opened again', () => {
  const go = (now: Judged, state: FindingState, dismissal?: Dismissal, text?: string): Judged => {
    const result = moved(now, { state, dismissal, text })
    assert.ok(result.ok)
    return result.value
  }
  const dismissed = go({ state: 'new', verdict: null, dismissal: null }, 'dismissed', 'own-test')
  assert.deepEqual(dismissed, { state: 'dismissed', verdict: 'dismissed', dismissal: 'own-test' })
  assert.deepEqual(go(dismissed, 'closed'), { state: 'closed', verdict: 'dismissed', dismissal: 'own-test' })
  assert.deepEqual(go(go(dismissed, 'closed'), 'triaged', undefined, 'seen again'), { state: 'triaged', verdict: null, dismissal: null })
  const confirmed = go({ state: 'triaged', verdict: null, dismissal: null }, 'confirmed')
  assert.deepEqual(go(confirmed, 'closed'), { state: 'closed', verdict: 'confirmed', dismissal: null })
  assert.deepEqual(go(confirmed, 'dismissed', 'false-alarm').verdict, 'dismissed')
})

test('severities are ordered, and only records raise nobody', () => {
  assert.deepEqual(severities.map(rankOf), [0, 1, 2, 3])
  assert.deepEqual(severities.map((_, i) => severityOf(i)), [...severities])
  assert.deepEqual(severities.filter(isAlarm), ['notice', 'warning', 'urgent'])
  assert.deepEqual(findingStates.filter(isSettled), ['dismissed', 'closed'])
  assert.ok(findingKinds.every((kind) => merge_gap_s[kind] >= 86_400))
  assert.deepEqual(counts_against, ['false-alarm', 'not-significant'])
})
