import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unwrap } from '@hirundo/base'
import { POLICY_CHARS_MAX } from '@hirundo/contract'
import fc from 'fast-check'
import { formatLabel } from '../label-codec.ts'
import { phaseAt } from '../label.ts'
import { anyLabel, anyPurpose, anyQuestion, anyViewer } from '../testing/arbitrary.ts'
import { naivelyAllowed } from '../testing/naive.ts'
import { factsOf } from '../viewer.ts'
import { askCedar } from './engine.ts'
import { defaultPolicyText, policies_max, readPolicySet } from './policy-set.ts'
import { requestOf } from './request.ts'

const { policies } = unwrap(readPolicySet(defaultPolicyText))

describe('the default policies', () => {
  it('say what a plain restatement says, of whoever, whatever, for any purpose and at any time', () => {
    const alone = new Set<string>()
    fc.assert(fc.property(anyQuestion, ({ label, viewer, purpose, now_ms: now }) => {
      const verdict = askCedar(policies, requestOf(unwrap(factsOf(viewer)), label, phaseAt(label, now), purpose))
      if (verdict.policies.length === 1) alone.add(verdict.policies[0]!)
      assert.equal(verdict.allowed, naivelyAllowed(label, viewer, purpose, now), `${formatLabel(label)} ${JSON.stringify(viewer)} ${purpose}: ${verdict.policies.join()}`)
    }), { numRuns: 4000 })
    // Each policy decided something alone, so that none stands there for nothing, and none was left untried.
    assert.deepEqual([...alone].toSorted(), [...policies.map(({ id }) => id), 'no-permit'].toSorted())
  })

  it('let nobody see a stricter TLP who may not see a looser one', () => {
    const order = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const
    fc.assert(fc.property(anyLabel, anyViewer, anyPurpose, (label, viewer, purpose) => {
      const facts = unwrap(factsOf(viewer))
      const allowed = order.map((tlp) => askCedar(policies, requestOf(facts, { ...label, tlp }, 'open', purpose)).allowed)
      assert.deepEqual(allowed, allowed.toSorted((a, b) => Number(b) - Number(a)), formatLabel(label))
    }), { numRuns: 100 })
  })
})

describe('a policy set', () => {
  const reason = (text: string): string => {
    const set = readPolicySet(text)
    return set.ok ? 'ok' : `${set.problem.detail['policy']}: ${set.problem.detail['reason']}`
  }
  const one = (id: string, when: string) => `@id("${id}") permit (principal, action, resource) when { ${when} };`

  it('is refused with the policy and the reason', () => {
    assert.equal(reason(one('a', 'resource.tlp == Tlp::"TLP:CLEAR"')), 'ok')
    const cases: [string, RegExp][] = [
      [one('a', 'resource.tlp == Tlp::"TLP:WHITE"'), /^a: .*not declared as a valid eid/], [one('a', 'resource.colour == Tlp::"TLP:CLEAR"'), /^a: .*attribute `colour`/],
      [one('a', 'resource.community == Community::"x"'), /^a: .*unable to guarantee safety/], ['permit (', /^: /], ['permit (principal, action, resource);', /^1: each policy has an @id/],
      [`${one('a', 'true')} ${one('a', 'true')}`, /^a: another policy has this @id/], [one('No', 'true'), /^No: each policy has/], [one('no-permit', 'true'), /^no-permit: each/],
      ['@id("t") permit (principal == ?principal, action, resource);', /templates/], [Array.from({ length: policies_max + 1 }, (_, i) => one(`p${i}`, 'true')).join('\n'), /more than 100/],
      [' '.repeat(POLICY_CHARS_MAX + 1), /longer than/], [one('a', 'principal.team like "*"'), /^a: /],
    ]
    for (const [text, why] of cases) assert.match(reason(text), why, text.slice(0, 100))
  })

  it('that fails on a question is a bug that is told, and never a forbidding policy that is left out', () => {
    // Overflow is what strict validation does not find.
    const { policies } = unwrap(readPolicySet(`${one('all', 'true')} @id("odd") forbid (principal, action, resource) when { 9223372036854775807 + 1 == 0 };`))
    const [[label], [viewer]] = [fc.sample(anyLabel, 1), fc.sample(anyViewer, 1)]
    assert.throws(() => askCedar(policies, requestOf(unwrap(factsOf(viewer!)), label!, 'open', 'defence')), /policies failed/)
  })

  it('stays what it is while many others are asked', () => {
    const request = requestOf(unwrap(factsOf({ team: null, own: false, role: 'public', layers: [], purposes: [], communities: [] })), { tlp: 'TLP:CLEAR', layer: 'public', circle: { kind: 'community', founder: 'abcd-efgh-ijkl-mnop-qrst', id: '00000000-0000-4000-8000-000000000000' }, purpose: 'any' }, 'open', 'defence')
    const sets = Array.from({ length: 150 }, (_, i) => unwrap(readPolicySet(`@id("p${i}") permit (principal, action, resource)${i % 3 === 0 ? ' when { principal.own }' : ''};`)).policies)
    for (let round = 0; round < 2; round++) {
      for (const [i, set] of sets.entries()) assert.deepEqual(askCedar(set, request), i % 3 === 0 ? { allowed: false, policies: ['no-permit'] } : { allowed: true, policies: [`p${i}`] })
    }
  })
})
