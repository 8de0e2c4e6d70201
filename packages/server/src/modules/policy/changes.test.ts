import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { unwrap, type Result } from '@hirundo/base'
import type { Role, Viewer } from '@hirundo/contract'
import { platformDb } from '../../platform/db/tables.ts'
import type { Actor } from '../../platform/module.ts'
import { defaultPolicyText } from './cedar/policy-set.ts'
import { ALONE_MS, approve, propose, waiting_max, withdraw } from './changes.ts'
import { currentEpoch, epochsOf } from './epoch-store.ts'
import type { Label } from './label.ts'
import { proposalsOf } from './proposal-store.ts'
import { teams, T0 } from './testing/arbitrary.ts'
import { PolicyKit } from './testing/kit.ts'
import { Verdicts } from './verdicts/verdicts.ts'

let kit: PolicyKit
before(async () => { kit = await PolicyKit.start() })
after(() => kit.stop())

const why = 'a test'
const edit = (from: string, to: string) => {
  assert.ok(defaultPolicyText.includes(from))
  return defaultPolicyText.replace(from, to)
}
/** Clients see AMBER+STRICT. */
const widerDefault = edit('principal.role != Role::"public" && principal.role != Role::"client"', 'principal.role != Role::"public"')
/** Small sets, which are compared quickly. */
const small = '@id("strict") permit (principal, action, resource) when { resource.tlp == Tlp::"TLP:AMBER+STRICT" && principal.role == Role::"analyst" };'
const wider = small.replace('analyst', 'viewer')
const tighter = `${small} @id("no-red") forbid (principal, action, resource) when { resource.layer == Layer::"research" };`
const code = (result: Result<unknown>): string => (result.ok ? 'ok' : result.problem.code)

/** An organisation with people of these roles, and a small policy set. */
async function withPeople(...roles: Role[]): Promise<{ organisation_id: number, people: Actor[] }> {
  const organisation_id = await kit.organisation()
  kit.now_ms = T0
  await kit.begin(organisation_id, small)
  return { organisation_id, people: await Promise.all(roles.map((role, i) => kit.person(organisation_id, `Person ${i}`, role))) }
}
const audited = async (organisation_id: number): Promise<string[]> =>
  (await platformDb(kit.postgres.db).selectFrom('audit').select('action').where('organisation_id', '=', organisation_id).orderBy('id').execute()).map(({ action }) => action)

const client: Viewer = { team: teams[0]!, own: false, role: 'client', layers: ['operations'], purposes: ['defence'], communities: [] }
const strict: Label = { tlp: 'TLP:AMBER+STRICT', layer: 'operations', circle: { kind: 'teams', teams: [teams[0]!] }, purpose: 'any' }

describe('a change of policy', () => {
  it('that allows something new takes effect when a second person approves it, and not before', async () => {
    const organisation_id = await kit.organisation()
    const [first, second] = [await kit.person(organisation_id, 'Person 0'), await kit.person(organisation_id, 'Person 1', 'administrator')]
    kit.now_ms = T0
    await kit.intern(organisation_id, strict)
    const verdicts = new Verdicts(kit.platform)
    const seen = async () => unwrap(await verdicts.permits(organisation_id, client, 'defence')).labels.size
    const proposal = unwrap(await propose(kit.platform, first, { text: widerDefault, why }))
    assert.deepEqual([proposal.state, proposal.diff.widens, proposal.diff.newly_refused], ['waiting', true, 0])
    assert.ok(proposal.diff.allowed.every(({ tlp, role }) => tlp === 'TLP:AMBER+STRICT' && role === 'client'))
    kit.now_ms = T0 + 2 * ALONE_MS
    assert.equal(code(await approve(kit.platform, first!, proposal.uuid)), 'policy/second-person')
    assert.deepEqual([await seen(), (await currentEpoch(kit.platform, organisation_id)).epoch], [0, 1])
    const decided = unwrap(await approve(kit.platform, second!, proposal.uuid))
    assert.deepEqual([decided.state, decided.epoch, decided.decided_by, decided.alone], ['in-force', 2, 'Person 1', false])
    assert.equal(await seen(), 1)
    const [epoch] = await epochsOf(kit.postgres.db, organisation_id, 1)
    assert.deepEqual([epoch!.epoch, epoch!.by, epoch!.approved_by, epoch!.newly_allowed], [2, 'Person 0', 'Person 1', proposal.diff.newly_allowed])
    assert.deepEqual(await audited(organisation_id), ['policy.begin', 'policy.propose', 'policy.widen'])
    assert.equal(code(await approve(kit.platform, second!, proposal.uuid)), 'policy/wrong-state')
  })

  it('that only takes away is in force at once, by one person', async () => {
    const { organisation_id, people: [only] } = await withPeople('coordinator', 'coordinator')
    const proposal = unwrap(await propose(kit.platform, only!, { text: tighter, why }))
    assert.deepEqual([proposal.state, proposal.epoch, proposal.diff.newly_allowed], ['in-force', 2, 0])
    assert.ok(proposal.diff.newly_refused > 0)
    assert.deepEqual(await audited(organisation_id), ['policy.tighten'])
    assert.equal(code(await propose(kit.platform, only!, { text: tighter, why })), 'policy/unchanged')
    // Back again is a widening.
    assert.equal(unwrap(await propose(kit.platform, only!, { text: small, why })).state, 'waiting')
  })

  it('takes a day where nobody else could approve, and a second person as soon as there is one', async () => {
    // People who may not decide, and those who are disabled or for emergencies, are nobody's second person.
    const { organisation_id, people: [only, , gone, emergency] } = await withPeople('administrator', 'analyst', 'coordinator', 'administrator')
    await platformDb(kit.postgres.db).updateTable('person').set({ state: 'disabled' }).where('id', '=', gone!.person_id!).execute()
    await platformDb(kit.postgres.db).updateTable('person').set({ break_glass: true }).where('id', '=', emergency!.person_id!).execute()
    const { uuid } = unwrap(await propose(kit.platform, only!, { text: wider, why }))
    kit.now_ms = T0 + ALONE_MS - 1
    assert.deepEqual(await approve(kit.platform, only!, uuid), { ok: false, problem: { code: 'policy/not-yet', detail: { after: new Date(T0 + ALONE_MS).toISOString() } } })
    assert.equal(code(await approve(kit.platform, emergency!, uuid)), 'policy/second-person')
    kit.now_ms = T0 + ALONE_MS
    const newcomer = await kit.person(organisation_id, 'Newcomer')
    assert.equal(code(await approve(kit.platform, only!, uuid)), 'policy/second-person')
    await platformDb(kit.postgres.db).updateTable('person').set({ role: 'viewer' }).where('id', '=', newcomer.person_id!).execute()
    const decided = unwrap(await approve(kit.platform, only!, uuid))
    assert.deepEqual([decided.state, decided.alone], ['in-force', true])
    const [epoch] = await epochsOf(kit.postgres.db, organisation_id, 1)
    assert.deepEqual([epoch!.alone, epoch!.approved_by], [true, null])
    const { detail } = await platformDb(kit.postgres.db).selectFrom('audit').select('detail').where('organisation_id', '=', organisation_id).where('action', '=', 'policy.widen').executeTakeFirstOrThrow()
    assert.equal(detail['alone'], true)
  })

  it('is compared with what is in force: another that came first overtakes it', async () => {
    const { organisation_id, people: [first, second] } = await withPeople('coordinator', 'coordinator')
    const { uuid } = unwrap(await propose(kit.platform, first!, { text: wider, why }))
    unwrap(await propose(kit.platform, second!, { text: tighter, why }))
    assert.deepEqual(await approve(kit.platform, second!, uuid), { ok: false, problem: { code: 'policy/wrong-state', detail: { state: 'overtaken' } } })
    assert.equal((await currentEpoch(kit.platform, organisation_id)).text, tighter)
  })

  it('of two that are approved at the same time takes effect once', async () => {
    const { organisation_id, people: [first, second, third] } = await withPeople('coordinator', 'coordinator', 'coordinator')
    const [one, two] = [unwrap(await propose(kit.platform, first!, { text: wider, why })), unwrap(await propose(kit.platform, first!, { text: `${wider}\n`, why }))]
    const results = await Promise.all([approve(kit.platform, second!, one.uuid), approve(kit.platform, third!, one.uuid), approve(kit.platform, third!, two.uuid), approve(kit.platform, second!, two.uuid)])
    assert.equal(results.filter(({ ok }) => ok).length, 1)
    assert.equal((await currentEpoch(kit.platform, organisation_id)).epoch, 2)
    assert.deepEqual((await proposalsOf(kit.postgres.db, organisation_id, 10)).map(({ state }) => state).toSorted(), ['in-force', 'overtaken'])
  })

  it('is a person’s, of the same organisation, and can be withdrawn while it waits', async () => {
    const { people: [first, second] } = await withPeople('coordinator', 'coordinator')
    const { people: [stranger] } = await withPeople('administrator')
    const token: Actor = { ...first!, kind: 'token' }
    const proposal = unwrap(await propose(kit.platform, first!, { text: wider, why }))
    assert.deepEqual([code(await propose(kit.platform, token, { text: wider, why })), code(await approve(kit.platform, { ...token, person_id: second!.person_id! }, proposal.uuid)), code(await withdraw(kit.platform, token, proposal.uuid))], Array(3).fill('policy/no-person'))
    assert.deepEqual([code(await approve(kit.platform, stranger!, proposal.uuid)), code(await withdraw(kit.platform, stranger!, proposal.uuid))], ['policy/not-found', 'policy/not-found'])
    assert.equal(unwrap(await withdraw(kit.platform, first!, proposal.uuid)).state, 'withdrawn')
    assert.deepEqual([code(await approve(kit.platform, second!, proposal.uuid)), code(await withdraw(kit.platform, first!, proposal.uuid))], ['policy/wrong-state', 'policy/wrong-state'])
  })

  it('that is no policy set, or one too many, is refused', async () => {
    const { people: [first] } = await withPeople('coordinator', 'coordinator')
    assert.equal(code(await propose(kit.platform, first!, { text: 'permit', why })), 'policy/invalid')
    const opening = (n: number) => `@id("one") permit (principal, action, resource) when { resource.tlp == Tlp::"TLP:CLEAR" };${' '.repeat(n)}`
    for (let n = 0; n < waiting_max; n++) unwrap(await propose(kit.platform, first!, { text: opening(n), why }))
    assert.equal(code(await propose(kit.platform, first!, { text: opening(waiting_max), why })), 'policy/too-many')
  })
})
