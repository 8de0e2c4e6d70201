import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { unwrap } from '@hirundo/base'
import { purposes, type Purpose, type Viewer } from '@hirundo/contract'
import fc from 'fast-check'
import { sql } from 'kysely'
import { askCedar } from '../cedar/engine.ts'
import { defaultPolicyText, readPolicySet } from '../cedar/policy-set.ts'
import { requestOf } from '../cedar/request.ts'
import { beginEpoch, lockEpoch } from '../epoch-store.ts'
import { formatLabel } from '../label-codec.ts'
import { internLabel, labelsOf } from '../label-store.ts'
import { phaseAt, type Label } from '../label.ts'
import { anyInstant, anyLabel, anyPurpose, anyViewer, T0, teams } from '../testing/arbitrary.ts'
import { PolicyKit } from '../testing/kit.ts'
import { naivelyAllowed } from '../testing/naive.ts'
import { factsOf } from '../viewer.ts'
import { Verdicts } from './verdicts.ts'

let kit: PolicyKit
before(async () => {
  kit = await PolicyKit.start()
  await sql`create table thing (id bigint generated always as identity primary key, label_id bigint)`.execute(kit.postgres.db)
})
after(() => kit.stop())

const open: Label = { tlp: 'TLP:CLEAR', layer: 'public', circle: { kind: 'community', founder: 'abcd-efgh-ijkl-mnop-qrst', id: teams[0]! }, purpose: 'any' }
const stranger: Viewer = { team: null, own: false, role: 'public', layers: [], purposes: [], communities: [] }

async function seen(organisation_id: number, verdicts: Verdicts, viewer: Viewer, purpose: Purpose = 'defence'): Promise<number[]> {
  const permits = unwrap(await verdicts.permits(organisation_id, viewer, purpose))
  const { rows } = await sql<{ id: number }>`select id from thing where ${permits.where('thing.label_id')} order by id`.execute(kit.postgres.db)
  return rows.map(({ id }) => id)
}

describe('the table of verdicts', () => {
  it('gives the rows that Cedar allows when it is asked directly, and that a plain restatement allows', async () => {
    const { policies } = unwrap(readPolicySet(defaultPolicyText))
    const organisation_id = await kit.organisation()
    const labels = fc.sample(anyLabel, { numRuns: 80, seed: 6 })
    const ids = new Map<number, Label>()
    for (const label of labels) ids.set(await kit.intern(organisation_id, label), label)
    const things = new Map<number, Label>()
    for (const [label_id, label] of ids) {
      const { rows } = await sql<{ id: number }>`insert into thing (label_id) values (${label_id}) returning id`.execute(kit.postgres.db)
      things.set(rows[0]!.id, label)
    }
    await sql`insert into thing (label_id) values (null)`.execute(kit.postgres.db)
    const verdicts = new Verdicts(kit.platform)
    let [some, none] = [0, 0]
    await fc.assert(fc.asyncProperty(anyViewer, anyPurpose, anyInstant, async (viewer, purpose, now) => {
      kit.now_ms = now
      const rows = await seen(organisation_id, verdicts, viewer, purpose)
      const facts = unwrap(factsOf(viewer))
      const direct = [...things].filter(([, label]) => askCedar(policies, requestOf(facts, label, phaseAt(label, now), purpose)).allowed)
      const naive = [...things].filter(([, label]) => naivelyAllowed(label, viewer, purpose, now))
      assert.deepEqual(rows, direct.map(([id]) => id))
      assert.deepEqual(rows, naive.map(([id]) => id))
      if (rows.length > 0) some++
      else none++
    }), { numRuns: 30 })
    assert.ok(some > 10 && none > 0, `${some} ${none}`)
  })

  it('asks Cedar once per label, class of viewers, purpose and epoch, whoever asks again and after a restart', async () => {
    const organisation_id = await kit.organisation()
    await kit.intern(organisation_id, open)
    await kit.intern(organisation_id, { ...open, tlp: 'TLP:RED' })
    const verdicts = new Verdicts(kit.platform)
    const ask = (by: Verdicts, viewer = stranger, purpose: Purpose = 'defence') => by.permits(organisation_id, viewer, purpose)
    await Promise.all([ask(verdicts), ask(verdicts), ask(verdicts)])
    assert.equal(verdicts.asked, 2)
    // Policies cannot tell these from the one before.
    await ask(verdicts, { ...stranger, layers: [] })
    const again = new Verdicts(kit.platform)
    await ask(again)
    assert.deepEqual([verdicts.asked, again.asked], [2, 0])
    await ask(verdicts, stranger, 'research')
    assert.equal(verdicts.asked, 4)
    await kit.intern(organisation_id, { ...open, tlp: 'TLP:GREEN' })
    assert.equal(unwrap(await ask(verdicts)).labels.size, 1)
    assert.equal(verdicts.asked, 5)
    // Two embargoes that differ by their instants alone are one question for each phase.
    for (const hour of [1, 2, 3]) await kit.intern(organisation_id, { ...open, embargo_ms: T0 + hour })
    await ask(verdicts)
    assert.equal(verdicts.asked, 7)
  })

  it('follows time, new labels and a new epoch without being told, in every process', async () => {
    const organisation_id = await kit.organisation()
    const [one, two] = [new Verdicts(kit.platform), new Verdicts(kit.platform)]
    const of = async (by: Verdicts) => [...unwrap(await by.permits(organisation_id, stranger, 'defence')).labels]
    kit.now_ms = T0
    const label = await kit.intern(organisation_id, { ...open, embargo_ms: T0 + 10, expiry_ms: T0 + 20 })
    const steps: number[][] = []
    for (const at of [T0 + 9, T0 + 10, T0 + 19, T0 + 20]) {
      kit.now_ms = at
      steps.push(await of(one))
    }
    assert.deepEqual(steps, [[], [label], [label], []])
    kit.now_ms = T0 + 15
    const more = await kit.intern(organisation_id, open)
    assert.deepEqual([await of(one), await of(two)], [[label, more], [label, more]])
    await kit.postgres.db.transaction().execute(async (t) => beginEpoch(t, {
      organisation_id, text: `${defaultPolicyText} @id("closed") forbid (principal, action, resource) when { principal.role == Role::"public" };`, since: new Date(kit.now_ms), by: 'system', approved_by: null, alone: false, why: 'a test', newly_allowed: 0,
    }, await lockEpoch(t, organisation_id)))
    assert.deepEqual([await of(one), await of(two)], [[], []])
    const { rows } = await sql<{ n: number }>`select count(*) as n from policy_verdict join policy_class on policy_class.id = class_id where organisation_id = ${organisation_id} and epoch = 1`.execute(kit.postgres.db)
    assert.equal(rows[0]!.n, 0)
  })

  it('asks ahead: for every purpose of a viewer who comes, and of known viewers about what is new', async () => {
    const [organisation_id, other] = [await kit.organisation(), await kit.organisation()]
    await kit.intern(organisation_id, open)
    await kit.intern(other, open)
    const verdicts = new Verdicts(kit.platform)
    unwrap(await verdicts.prepare(organisation_id, stranger))
    unwrap(await verdicts.permits(other, stranger, 'defence'))
    assert.equal(verdicts.asked, purposes.length + 1)
    await verdicts.renew()
    for (const purpose of purposes) unwrap(await verdicts.permits(organisation_id, stranger, purpose))
    assert.equal(verdicts.asked, purposes.length + 1)
    await kit.intern(organisation_id, { ...open, tlp: 'TLP:GREEN' })
    await verdicts.renew()
    assert.equal(verdicts.asked, 2 * purposes.length + 1)
    for (const purpose of purposes) assert.equal(unwrap(await verdicts.permits(organisation_id, stranger, purpose)).labels.size, 1)
    assert.equal(verdicts.asked, 2 * purposes.length + 1)
    assert.equal((await verdicts.prepare(organisation_id, { ...stranger, own: true })).ok, false)
  })

  it('keeps organisations apart', async () => {
    const [mine, theirs] = [await kit.organisation(), await kit.organisation()]
    const verdicts = new Verdicts(kit.platform)
    const [a, b] = [await kit.intern(mine, open), await kit.intern(theirs, open)]
    assert.notEqual(a, b)
    assert.deepEqual([[...unwrap(await verdicts.permits(mine, stranger, 'defence')).labels], [...unwrap(await verdicts.permits(theirs, stranger, 'defence')).labels]], [[a], [b]])
    assert.equal(unwrap(await verdicts.permits(mine, stranger, 'defence')).verdictOf(b).allowed, false)
  })

  it('refuses a viewer whose facts contradict each other', async () => {
    const verdicts = new Verdicts(kit.platform)
    const organisation_id = await kit.organisation()
    const membership = { founder: 'abcd-efgh-ijkl-mnop-qrst', id: teams[0]!, scopes: [], carve_outs: [] }
    const wrong: [Viewer, string][] = [
      [{ ...stranger, own: true }, 'viewer.role'], [{ ...stranger, team: teams[0]! }, 'viewer.team'], [{ ...stranger, role: 'analyst' }, 'viewer.team'],
      [{ ...stranger, communities: [membership] }, 'viewer.role'], [{ ...stranger, role: 'node', team: teams[0]!, communities: [membership, { ...membership, scopes: ['receive'] }] }, 'viewer.communities'],
    ]
    for (const [viewer, what] of wrong) assert.deepEqual(await verdicts.permits(organisation_id, viewer, 'defence'), { ok: false, problem: { code: 'request/invalid', detail: { what } } })
  })
})

describe('labels', () => {
  it('get one number, whoever stores them at the same time', async () => {
    const organisation_id = await kit.organisation()
    const labels = fc.sample(anyLabel, { numRuns: 20, seed: 3 })
    const rounds = await Promise.all(Array.from({ length: 8 }, async (_, turn) => {
      const ids = new Map<string, number>()
      for (const label of turn % 2 === 0 ? labels : labels.toReversed()) ids.set(formatLabel(label), await kit.intern(organisation_id, label))
      return ids
    }))
    for (const ids of rounds) assert.deepEqual([...ids].toSorted(), [...rounds[0]!].toSorted())
    const stored = await labelsOf(kit.postgres.db, organisation_id)
    assert.deepEqual(stored.map(({ text }) => text).toSorted(), [...rounds[0]!.keys()].toSorted())
    for (const { text, label } of stored) assert.equal(formatLabel(label), text)
  })

  it('wait for one another across transactions: given up by one, stored by the other', async () => {
    const organisation_id = await kit.organisation()
    const { db } = kit.postgres
    const label: Label = { ...open, purpose: 'statistics' }
    let give_up!: () => void
    const gate = new Promise<void>((resolve) => { give_up = resolve })
    let begun!: () => void
    const first_has_it = new Promise<void>((resolve) => { begun = resolve })
    const first = db.transaction().execute(async (t) => {
      await internLabel(t, organisation_id, label)
      begun()
      await gate
      throw new Error('given up')
    }).catch((error: unknown) => (error as Error).message)
    await first_has_it
    const second = kit.intern(organisation_id, label)
    give_up()
    assert.equal(await first, 'given up')
    const id = await second
    assert.deepEqual((await labelsOf(db, organisation_id)).map((one) => one.id), [id])
  })
})
