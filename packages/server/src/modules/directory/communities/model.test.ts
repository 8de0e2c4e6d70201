import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carveOuts, membershipKinds, membershipScopes, type CarveOut, type MembershipScope } from '@hirundo/contract'
import fc from 'fast-check'
import { economyName, passes, standingAt, type Event, type StandingFacts } from './model.ts'

const LATEST = 12
const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom(...membershipKinds), at_ms: fc.nat(LATEST), scopes: fc.subarray([...membershipScopes], { minLength: 1 }), carve_outs: fc.subarray([...carveOuts]),
})
const events = fc.array(event, { maxLength: 10 })
const instant = fc.nat(LATEST + 1)
const all = [null, ...carveOuts] as const

/** All that is open: scopes, and what passes through each in spite of a suspension. */
const open = (standing: StandingFacts): Set<string> => new Set(membershipScopes.flatMap((scope) => all.filter((as) => passes(standing, scope, as)).map((as) => `${scope} ${as}`)))
const isSubtractive = ({ kind }: Event): boolean => kind === 'suspended' || kind === 'left'

/** The rule said a second time: one walk through time, what takes away after what gives at the same instant. */
function naive(given: readonly Event[], at: number): { member: boolean; taken: Map<MembershipScope, CarveOut[][]> } {
  const walk = given.filter(({ at_ms }) => at_ms <= at).toSorted((a, b) => a.at_ms - b.at_ms || Number(isSubtractive(a)) - Number(isSubtractive(b)))
  let member = false
  const taken = new Map<MembershipScope, CarveOut[][]>(membershipScopes.map((scope) => [scope, []]))
  for (const { kind, scopes, carve_outs } of walk) {
    if (kind === 'joined') member = true
    if (kind === 'left') member = false
    if (kind === 'suspended') for (const scope of scopes) taken.get(scope)!.push([...carve_outs])
    if (kind === 'reinstated') for (const scope of scopes) taken.set(scope, [])
  }
  return { member, taken }
}

test('a membership is what a walk through all that happened makes it', () => {
  fc.assert(fc.property(events, instant, (given, at) => {
    const { member, taken } = naive(given, at)
    const standing = standingAt(given, at)
    assert.equal(standing.member, member)
    for (const scope of membershipScopes) {
      assert.equal(standing.may[scope], member && taken.get(scope)!.length === 0, scope)
      for (const as of carveOuts) assert.equal(passes(standing, scope, as), member && taken.get(scope)!.every((outs) => outs.includes(as)), `${scope} ${as}`)
    }
  }), { numRuns: 3000 })
})

test('in whatever order it was heard of', () => {
  fc.assert(fc.property(events.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length }))), instant, ([one, other], at) => {
    const [a, b] = [standingAt(one, at), standingAt(other, at)]
    assert.deepEqual([a.member, a.since_ms, a.may, open(a)], [b.member, b.since_ms, b.may, open(b)])
  }))
})

test('one more suspension or leaving opens nothing, one more joining or reinstatement closes nothing, at any instant', () => {
  fc.assert(fc.property(events, event, instant, (given, more, at) => {
    const [before, after] = [open(standingAt(given, at)), open(standingAt([...given, more], at))]
    if (isSubtractive(more)) assert.ok([...after].every((one) => before.has(one)))
    else assert.ok([...before].every((one) => after.has(one)))
  }), { numRuns: 3000 })
})

test('the future changes nothing', () => {
  fc.assert(fc.property(events, event, instant, (given, more, at) => {
    if (more.at_ms > at) assert.deepEqual(standingAt([...given, more], at), standingAt(given, at))
  }))
})

const at = (at_ms: number, kind: Event['kind'], scopes: readonly MembershipScope[] = [], carve_outs: readonly CarveOut[] = []): Event => ({ at_ms, kind, scopes, carve_outs })

test('a suspension holds from its instant, until it is given back scope by scope; joining again does not lift it', () => {
  const story = [at(1, 'joined'), at(5, 'suspended', ['receive', 'vote'], ['public-advisories']), at(7, 'reinstated', ['vote']), at(8, 'left'), at(9, 'joined')]
  const may = (when: number) => membershipScopes.filter((scope) => standingAt(story, when).may[scope])
  assert.deepEqual([may(0), may(4), may(5), may(7), may(8), may(9)], [
    [], [...membershipScopes], ['send', 'list', 'drill', 'hotline'], ['send', 'list', 'vote', 'drill', 'hotline'], [], ['send', 'list', 'vote', 'drill', 'hotline'],
  ])
  assert.deepEqual([standingAt(story, 6).since_ms, standingAt(story, 8).since_ms, standingAt(story, 10).since_ms], [1, null, 9])
  assert.deepEqual(standingAt(story, 9).suspensions.map(({ scopes }) => scopes), [['receive']])
  assert.deepEqual([passes(standingAt(story, 9), 'receive', 'public-advisories'), passes(standingAt(story, 9), 'receive', null), passes(standingAt(story, 8), 'receive', 'public-advisories')], [true, false, false])
})

test('names of economies are those that the community wrote, else the code', () => {
  const names = { en: { XA: 'Xa Islands' }, ja: { XA: 'クサ諸島' }, 'zh-Hant': { XB: '某地' } }
  assert.deepEqual(['en', 'en-GB', 'ja-JP', 'zh-Hant-TW', 'ko', 'EN'].map((language) => economyName(names, 'XA', language)), ['Xa Islands', 'Xa Islands', 'クサ諸島', 'XA', 'XA', 'Xa Islands'])
  assert.deepEqual([economyName(names, 'XB', 'zh-Hant-TW'), economyName(names, 'XB', 'en'), economyName(names, 'constructor', 'en')], ['某地', 'XB', 'constructor'])
})
