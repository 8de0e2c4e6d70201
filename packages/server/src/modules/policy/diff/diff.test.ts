import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unwrap } from '@hirundo/base'
import fc from 'fast-check'
import { askCedar } from '../cedar/engine.ts'
import { defaultPolicyText, readPolicySet, type PolicySet } from '../cedar/policy-set.ts'
import { requestOf } from '../cedar/request.ts'
import { phaseAt } from '../label.ts'
import { anyQuestion } from '../testing/arbitrary.ts'
import { factsOf } from '../viewer.ts'
import { dimensionsOf, named_max } from './dimensions.ts'
import { diffPolicies } from './diff.ts'
import { readSetOf } from './read-set.ts'

const set = (text: string) => unwrap(readPolicySet(text))
const standard = set(defaultPolicyText)
const changed = (from: string, to: string) => {
  assert.ok(defaultPolicyText.includes(from))
  return diffPolicies(standard, set(defaultPolicyText.replace(from, to)))
}
const open = '@id("a") permit (principal, action, resource) when { resource.tlp == Tlp::"TLP:CLEAR" };'

describe('the comparison of policy sets', () => {
  it('finds nothing where nothing changed but words', async () => {
    const diff = unwrap(await changed('// No limit on disclosure.', '// Everybody.'))
    assert.deepEqual([diff.newly_allowed, diff.newly_refused, diff.widens], [0, 0, false])
    assert.ok(diff.combinations > 1_000_000)
  })

  it('prints what a widening newly allows', async () => {
    const diff = unwrap(await changed('principal.role != Role::"public" && principal.role != Role::"client"', 'principal.role != Role::"public"'))
    assert.ok(diff.widens && diff.newly_allowed > 0 && diff.newly_refused === 0)
    for (const tuple of diff.allowed) assert.deepEqual([tuple.tlp, tuple.role], ['TLP:AMBER+STRICT', 'client'])
  })

  it('says of what only tightens that it does not widen', async () => {
    const diff = unwrap(await changed('// Before the instant', '@id("no-exercise") forbid (principal, action, resource) when { context.purpose == Purpose::"exercise" };\n// Before the instant'))
    assert.deepEqual([diff.widens, diff.newly_allowed], [false, 0])
    assert.ok(diff.newly_refused > 0)
    // A purpose that a policy names is asked for by name.
    assert.ok(diff.refused.every(({ purpose }) => purpose.includes('asked for exercise')))
  })

  it('sees both in one change, and that one policy replaced another', async () => {
    const diff = unwrap(await changed('principal.carved.contains(resource.community) &&', ''))
    assert.ok(diff.widens)
    assert.ok(diff.allowed.every(({ circle }) => circle.endsWith('suspended of A') || /suspended of A,/.test(circle)), JSON.stringify(diff.allowed[0]))
    const both = unwrap(await changed('[Role::"analyst", Role::"coordinator", Role::"administrator", Role::"node"]', '[Role::"viewer", Role::"coordinator", Role::"administrator", Role::"node"]'))
    assert.deepEqual([new Set(both.allowed.map(({ role }) => role)), new Set(both.refused.map(({ role }) => role))], [new Set(['viewer']), new Set(['analyst'])])
    assert.equal(unwrap(await diffPolicies(set(open), set(open.replace('@id("a")', '@id("b")')))).widens, false)
  })

  it('finds each way of opening that is planted, however narrow', async () => {
    const everything = `${open} @id("f") forbid (principal, action, resource) when { resource.tlp != Tlp::"TLP:CLEAR" };`
    const planted = [
      'principal has team && principal.team == Team::"5c0d1c1e-0000-4000-8000-000000000000"', 'resource has community && resource.community == Community::"abcd-efgh-ijkl-mnop-qrst/5c0d1c1e-0000-4000-8000-000000000000"',
      'resource.teams.contains(Team::"x") && !(principal has team && principal.team == Team::"x")', 'principal.suspended.contains(Community::"y") && resource.circle == Circle::"own"',
      'resource.pap == Pap::"PAP:GREEN"', 'resource.expired', 'resource.embargoed && !principal.own', 'resource.layer == Layer::"diplomatic" && principal.layers.contains(Layer::"research")',
      'resource.purpose == Purpose::"research" && context.purpose == Purpose::"statistics"', 'principal.purposes.contains(Purpose::"exercise")', '!principal.receiving.isEmpty() && !principal.suspended.isEmpty()',
      'resource has community && principal.receiving.contains(resource.community) && !principal.suspended.isEmpty()', 'principal.role == Role::"node" && principal.own',
      'resource.teams.contains(Team::"x") && principal has team && principal.team != Team::"x" && resource.teams.contains(principal.team)', 'principal.layers.contains(Layer::"research") && !principal.layers.contains(Layer::"policy") && resource.layer == Layer::"operations"',
      'resource has community && principal.receiving.contains(resource.community) && principal.suspended != principal.carved && !principal.carved.isEmpty()', 'principal.purposes == [Purpose::"exercise", Purpose::"research"] && context.purpose == Purpose::"defence"',
      '!principal.purposes.contains(context.purpose) && !principal.purposes.contains(resource.purpose) && !principal.purposes.isEmpty() && resource.purpose != context.purpose && resource.purpose != Purpose::"any"',
    ]
    for (const when of planted) {
      const wider = `${everything} @id("planted") permit (principal, action, resource) when { resource.tlp == Tlp::"TLP:CLEAR" && (${when}) };`
      // The same as what is open already: nothing new.
      assert.equal(unwrap(await diffPolicies(set(everything), set(wider))).widens, false, when)
      const closed = everything.replace('when { resource.tlp == Tlp::"TLP:CLEAR" }', 'when { false }')
      assert.equal(unwrap(await diffPolicies(set(closed), set(wider.replace('when { resource.tlp == Tlp::"TLP:CLEAR" };', 'when { false };')))).widens, true, when)
    }
  })

  it('calls a change widening whenever a sampled question is newly allowed', async () => {
    const edits: [string, string][] = [['[Role::"analyst", ', '[Role::"viewer", '], ['when { resource.expired }', 'when { resource.embargoed }'], ['resource.purpose == Purpose::"any" ||', '']]
    const sampled = fc.sample(anyQuestion, { numRuns: 400, seed: 9 })
    const answers = ({ policies }: PolicySet) => sampled.map(({ label, viewer, purpose, now_ms }) => askCedar(policies, requestOf(unwrap(factsOf(viewer)), label, phaseAt(label, now_ms), purpose)).allowed)
    const before = answers(standard)
    const found = { wider: 0, narrower: 0 }
    for (const [from, to] of edits) {
      const edited = set(defaultPolicyText.replace(from, to))
      const after = answers(edited)
      const diff = unwrap(await diffPolicies(standard, edited))
      const [wider, narrower] = [after.some((allowed, i) => allowed && !before[i]), after.some((allowed, i) => !allowed && before[i])]
      assert.ok((!wider || diff.widens) && (!narrower || diff.newly_refused > 0), from)
      found.wider += Number(wider)
      found.narrower += Number(narrower)
    }
    assert.deepEqual(found, { wider: 2, narrower: 3 })
  })

  it('refuses what it cannot compare', async () => {
    const many = Array.from({ length: named_max + 1 }, (_, i) => `Team::"t${i}"`).join(', ')
    const wide = await diffPolicies(set(open), set(`${open} @id("wide") permit (principal, action, resource) when { resource.teams.containsAny([${many}]) };`))
    assert.equal(!wide.ok && wide.problem.code, 'policy/too-wide')
    const whole = await diffPolicies(set(open), set(`${open} @id("whole") permit (principal, action, resource) when { principal in Team::"x" || resource.tlp == Tlp::"TLP:RED" };`))
    assert.equal(!whole.ok && whole.problem.code, 'policy/too-wide')
  })
})

describe('what a policy reads', () => {
  it('is each attribute of its conditions, and what it names', () => {
    const of = (id: string) => readSetOf(standard.policies.find((one) => one.id === id)!.json)
    assert.deepEqual([...of('suspended').attributes!].toSorted(), ['principal.carved', 'principal.own', 'principal.suspended', 'resource.community', 'resource.layer', 'resource.tlp'])
    assert.deepEqual([...of('purpose').attributes!].toSorted(), ['context.purpose', 'principal.purposes', 'resource.purpose'])
    assert.deepEqual([...of('purpose').named.get('Purpose')!], ['any'])
    const dimensions = dimensionsOf(standard.policies.map(({ json }) => readSetOf(json)))!
    const [given] = [new Set(dimensions.flatMap(({ choices }) => choices.flatMap(({ attributes }) => Object.keys(attributes))))]
    // Every attribute that a default policy reads is varied by a dimension.
    for (const { json } of standard.policies) for (const name of readSetOf(json).attributes!) assert.ok(given.has(name), name)
  })
})
