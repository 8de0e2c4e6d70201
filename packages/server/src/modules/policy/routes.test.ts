import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { writeAudit } from '../../platform/audit.ts'
import { makeAuthenticate } from '../../platform/auth/authenticate.ts'
import { Browser, startPeople, type Someone, type TestPeople } from '../../platform/auth/people/testing/people.ts'
import { migrate } from '../../platform/db/migrate.ts'
import { platformMigrations } from '../../platform/db/platform-migrations.ts'
import { DEFAULT_ORGANISATION } from '../../platform/db/tables.ts'
import { addApiRoutes } from '../../platform/http/api-routes.ts'
import { makeHttpServer } from '../../platform/http/server.ts'
import { silent } from '../../platform/testing/postgres.ts'
import { defaultPolicyText } from './cedar/policy-set.ts'
import { internLabel } from './label-store.ts'
import { migrations } from './migrations/index.ts'
import { policy } from './module.ts'

let people: TestPeople
let akiko: Someone
let server: ReturnType<typeof makeHttpServer>
before(async () => {
  people = await startPeople()
  akiko = await people.administrator()
  const { db } = people.postgres
  await migrate(db, [{ name: 'platform', migrations: platformMigrations }, { name: 'policy', migrations }], silent)
  const made = policy({ db, world: people.world, log: silent, audit: (entry, within = db) => writeAudit(within, people.world, entry) })
  made.register({ kind: 'finding', counts: async () => new Map() })
  server = makeHttpServer({ config: { body_bytes_max: 262_144, connections_max: 10, request_ms_max: 60_000, trusted_proxies: [] }, log: silent, count: () => undefined })
  addApiRoutes(server, made.module.handlers, { authenticate: makeAuthenticate(people.kit) })
})
after(async () => {
  await server.close()
  await people.stop()
})
const signedIn = async (): Promise<Browser> => Object.assign(new Browser(server), { cookies: new Map((await people.signIn(akiko)).cookies) })

const viewer = { team: null, own: false, role: 'public', layers: [], purposes: [], communities: [] }
const label = 'TLP:CLEAR;layer=public;circle=community:abcd-efgh-ijkl-mnop-qrst/5c0d1c1e-0000-4000-8000-000000000000;purpose=any'

describe('the routes of policy', () => {
  it('show, explain, preview and check', async () => {
    const browser = await signedIn()
    const shown = await browser.must('GET', '/policy')
    assert.deepEqual([shown.epoch, shown.by, shown.is_default, shown.text === defaultPolicyText], [1, 'system', true, true])
    const why = await browser.must('POST', '/policy/explain', { label: label.replace('CLEAR', 'RED'), viewer, purpose: 'defence' })
    assert.deepEqual([why.allowed, why.policies.map(({ id }: { id: string }) => id)], [false, ['circle-community', 'need-to-know', 'red-by-name']])
    assert.deepEqual(Object.keys(why.policies[0].says), ['en', 'ja', 'ko', 'zh-Hans', 'zh-Hant'])
    await internLabel(people.postgres.db, DEFAULT_ORGANISATION, { tlp: 'TLP:CLEAR', layer: 'public', circle: { kind: 'own' }, purpose: 'any' })
    const seen = await browser.must('POST', '/policy/preview', { viewer, purpose: 'defence' })
    assert.deepEqual(seen.labels, [{ label: 'TLP:CLEAR;layer=public;circle=own;purpose=any', visible: false, policies: ['circle-own'], counts: { finding: 0 } }])
    assert.equal((await browser.must('POST', '/policy/check', { text: defaultPolicyText })).policies.length, shown.policies.length)
    const wrong = await browser.ask('POST', '/policy/check', { text: '@id("x") permit (principal, action, resource) when { resource.colour };' })
    assert.deepEqual([wrong.status, wrong.body.values.policy], [422, 'x'])
    assert.equal(await browser.refused('POST', '/policy/explain', { label: 'TLP:WHITE', viewer, purpose: 'defence' }), 'label/invalid')
    assert.equal(await browser.refused('POST', '/policy/explain', { label, viewer: { ...viewer, clearance: 'high' }, purpose: 'defence' }), 'request/invalid')
    assert.equal(await browser.refused('POST', '/policy/explain', { label, viewer: { ...viewer, own: true }, purpose: 'defence' }), 'request/invalid')
  })

  it('change policy in the name of a person who signed in just now', async () => {
    // A small set, which is compared quickly.
    const small = '@id("clear") permit (principal, action, resource) when { resource.tlp == Tlp::"TLP:CLEAR" };'
    await sql`update policy_epoch set text = ${small} where organisation_id = ${DEFAULT_ORGANISATION}`.execute(people.postgres.db)
    const browser = await signedIn()
    const text = `${small}\n@id("no-exercise") forbid (principal, action, resource) when { context.purpose == Purpose::"exercise" };`
    const diff = await browser.must('POST', '/policy/diff', { text })
    assert.deepEqual([diff.base_epoch, diff.widens], [1, false])
    const proposal = await browser.must('POST', '/policy/proposals', { text, why: 'no exercise this year' })
    assert.deepEqual([proposal.state, proposal.epoch, proposal.decided_by, proposal.diff.newly_refused], ['in-force', 2, 'Akiko', diff.newly_refused])
    const back = await browser.must('POST', '/policy/proposals', { text: small, why: 'there is one' })
    assert.equal(back.state, 'waiting')
    assert.equal(await browser.refused('POST', `/policy/proposals/${back.id}/approve`), 'policy/not-yet')
    assert.deepEqual((await browser.must('GET', '/policy/proposals')).proposals.map(({ state }: { state: string }) => state), ['waiting', 'in-force'])
    assert.equal((await browser.must('POST', `/policy/proposals/${back.id}/withdraw`)).state, 'withdrawn')
    assert.deepEqual((await browser.must('GET', '/policy/epochs')).epochs.map(({ epoch }: { epoch: number }) => epoch), [2, 1])
    people.world.pass(16 * 60_000)
    assert.equal(await browser.refused('POST', '/policy/proposals', { text: small, why: 'late' }), 'auth/reauthenticate')
  })
})
