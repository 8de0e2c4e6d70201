import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { unwrap } from '@hirundo/base'
import type { Viewer } from '@hirundo/contract'
import { Gate, isReleased, type Releasable, type Released } from './gate.ts'
import type { Label } from './label.ts'
import { teams, T0 } from './testing/arbitrary.ts'
import { PolicyKit } from './testing/kit.ts'
import { Verdicts } from './verdicts/verdicts.ts'

let kit: PolicyKit
let gate: Gate
before(async () => {
  kit = await PolicyKit.start()
  gate = new Gate(new Verdicts(kit.platform))
})
after(() => kit.stop())

interface Report {
  readonly title: string
  readonly victim: string
  readonly note: string
}
const [us, them] = teams as [string, string]
const named: Label = { tlp: 'TLP:AMBER', layer: 'operations', circle: { kind: 'teams', teams: [them] }, purpose: 'defence' }
const peer: Viewer = { team: them, own: false, role: 'node', layers: ['operations'], purposes: ['defence'], communities: [] }

async function report(organisation_id: number, labels: { item: Label, victim?: Label }): Promise<Releasable<Report, 'victim' | 'note'>> {
  return {
    organisation_id, kind: 'report', id: '5c0d1c1e-0000-4000-8000-000000000000', label_id: await kit.intern(organisation_id, labels.item), value: { title: 'a title', victim: '192.0.2.7', note: 'a note' },
    field_labels: labels.victim ? { victim: await kit.intern(organisation_id, labels.victim) } : {},
  }
}
/** What a sender of bytes would take: the compiler holds it to that. */
const send = (of: Released<Partial<Report>>): string => JSON.stringify(of.value)

describe('the gate', () => {
  it('gives what the label allows, with the record of the decision', async () => {
    const organisation_id = await kit.organisation()
    const outcome = await gate.release(await report(organisation_id, { item: named }), peer, 'defence')
    assert.ok(outcome.released)
    assert.equal(send(outcome.released), '{"title":"a title","victim":"192.0.2.7","note":"a note"}')
    assert.deepEqual(outcome.released.decision, {
      organisation_id, kind: 'report', id: '5c0d1c1e-0000-4000-8000-000000000000', allowed: true, policies: ['tlp-amber'], epoch: 1, purpose: 'defence', at: new Date(T0).toISOString(),
      label: `TLP:AMBER;layer=operations;circle=teams:${them};purpose=defence`, redactions: [],
    })
  })

  it('takes out fields whose own label does not allow it, and names them', async () => {
    const organisation_id = await kit.organisation()
    const item = await report(organisation_id, { item: named, victim: { ...named, circle: { kind: 'own' } } })
    const { released } = await gate.release(item, peer, 'defence')
    assert.equal(send(released!), '{"title":"a title","note":"a note"}')
    assert.deepEqual(released!.decision.redactions, [{ field: 'victim', policies: ['circle-own'] }])
    assert.equal(item.value.victim, '192.0.2.7')
  })

  it('refuses with the policies that forbid, and gives nothing of the item', async () => {
    const organisation_id = await kit.organisation()
    const { released, refused } = await gate.release(await report(organisation_id, { item: { ...named, circle: { kind: 'teams', teams: [us] } } }), peer, 'research')
    assert.equal(released, undefined)
    assert.deepEqual([refused!.allowed, refused!.policies], [false, ['circle-teams', 'need-to-know', 'purpose']])
    assert.ok(!JSON.stringify(refused).includes('a title'))
  })

  it('refuses a label that nobody interned, and one of another organisation', async () => {
    const [mine, theirs] = [await kit.organisation(), await kit.organisation()]
    const item = await report(mine, { item: named })
    assert.ok((await gate.release({ ...item, organisation_id: theirs }, peer, 'defence')).refused)
    assert.ok((await gate.release({ ...item, label_id: 2 ** 40 }, peer, 'defence')).refused)
    const { refused } = await gate.release({ ...item, label_id: null }, peer, 'defence')
    assert.deepEqual([refused!.policies, refused!.label], [['no-permit'], null])
  })

  it('decides on the whole list at one instant', async () => {
    const organisation_id = await kit.organisation()
    const list = [await report(organisation_id, { item: named }), await report(organisation_id, { item: { ...named, circle: { kind: 'own' } } })]
    const outcomes = unwrap(await gate.releaseAll(organisation_id, list, peer, 'defence'))
    assert.deepEqual(outcomes.map(({ released }) => released !== undefined), [true, false])
    await assert.rejects(gate.releaseAll(organisation_id + 1, list, peer, 'defence'), /another organisation/)
  })

  it('is the only one that makes a Released', async () => {
    const { released } = await gate.release(await report(await kit.organisation(), { item: named }), peer, 'defence')
    // @ts-expect-error: the seal is no property that others can write
    const forged: Released<Partial<Report>> = { value: { title: 'x' }, decision: released!.decision }
    // @ts-expect-error: a copy is none either
    const copied: Released<Partial<Report>> = { ...released!, value: { title: 'x' } }
    const Class = released!.constructor as new (value: unknown, decision: unknown) => unknown
    assert.deepEqual([forged, copied, new Class({ title: 'x' }, released!.decision), released].map(isReleased), [false, false, false, true])
    assert.throws(() => Object.assign(released!, { value: { title: 'x' } }), TypeError)
  })

  it('cannot be made by import: only gate.ts can seal, and nothing is cast into one', () => {
    const root = new URL('../../', import.meta.url)
    const files = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    assert.ok(files.includes('modules/policy/gate.ts') && files.length > 300)
    const reads = (pattern: RegExp) => files.filter((file) => pattern.test(readFileSync(new URL(file, root), 'utf8')))
    assert.deepEqual(reads(/new Sealed\(|\bpassed\.add\(/), ['modules/policy/gate.ts'])
    assert.deepEqual(reads(/\bas (?:unknown as |never as |any as )?Released\b/), [])
    assert.deepEqual(reads(/from '[^']*policy\/gate\.ts'/), [])
  })
})
