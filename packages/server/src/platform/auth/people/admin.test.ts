import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { scopesOfRole, type Role } from '@hirundo/contract'
import { storeFirstToken } from '../tokens.ts'
import { makeTokenText } from '../token-text.ts'
import { newSetupLink } from './setup.ts'
import { startPeople, type Browser, type Someone, type TestPeople } from './testing/people.ts'

let people: TestPeople
let akiko: Someone
before(async () => {
  people = await startPeople()
})
after(() => people.stop())

const secretIn = (link: string) => link.split('#')[1]!

async function member(name: string, role: Role): Promise<Someone> {
  const administrator = await people.signIn(akiko)
  const { invitation } = await administrator.must('POST', '/persons', { name, sign_in_name: `${name}@example.org`, role })
  const browser = people.browser()
  await browser.must('POST', '/invitation', { secret: secretIn(invitation.link) })
  return people.enrol(browser)
}

test('the setup link works for a day, is replaced by the next, can be opened again until it was used, and never after', async () => {
  const redeem = (browser: Browser, secret: string, name = 'akiko@example.org') => browser.refused('POST', '/setup', { secret, name: 'Akiko', sign_in_name: name })
  const old = await newSetupLink(people.kit.db, people.world, 'system')
  const late = await newSetupLink(people.kit.db, people.world, 'system')
  assert.equal(await redeem(people.browser(), old!.secret), 'link/invalid')
  people.world.pass(24 * 3_600_000)
  assert.equal(await redeem(people.browser(), late!.secret), 'link/invalid')
  const link = await newSetupLink(people.kit.db, people.world, 'system')
  assert.equal(await redeem(people.browser(), link!.secret, 'spelling@example.org'), 'none')
  assert.equal(await redeem(people.browser(), link!.secret, 'again@example.org'), 'none', 'a browser that was closed too early locks nobody out')
  const restarted = await newSetupLink(people.kit.db, people.world, 'system')
  const browser = people.browser()
  assert.equal(await redeem(browser, restarted!.secret), 'none', 'nor does a node that started again meanwhile')
  const view = await browser.must('GET', '/session')
  assert.deepEqual([view.needs, view.scopes, view.setup_open], ['enrolment', [], true])
  assert.equal(await browser.refused('GET', '/persons'), 'auth/forbidden')
  akiko = await people.enrol(browser)
  assert.equal(await redeem(people.browser(), restarted!.secret), 'setup/closed')
  assert.equal(await newSetupLink(people.kit.db, people.world, 'system'), undefined)
  assert.equal((await akiko.browser.must('GET', '/persons')).persons.length, 1)
})

test('each role opens what its scopes say and nothing else', async () => {
  for (const role of ['viewer', 'analyst', 'coordinator'] as const) {
    const { browser } = await member(role, role)
    const view = await browser.must('GET', '/session')
    assert.deepEqual([view.person.role, view.scopes], [role, scopesOfRole[role]])
    assert.equal(await browser.refused('GET', '/audit'), role === 'coordinator' ? 'none' : 'auth/forbidden')
    for (const url of ['/persons', '/tokens', '/organisations']) assert.equal(await browser.refused('GET', url), 'auth/forbidden')
  }
})

test('an invitation is for one person, ends with its successor and when used', async () => {
  const browser = await people.signIn(akiko)
  const { person, invitation } = await browser.must('POST', '/persons', { name: 'Chen', sign_in_name: 'Chen@Example.org', role: 'analyst', language: 'zh-Hant', time_zone: 'Asia/Taipei' })
  assert.deepEqual([person.state, person.sign_in_name, person.time_zone], ['invited', 'chen@example.org', 'Asia/Taipei'])
  assert.match(invitation.link, /^http:\/\/localhost:8080\/invitation#[\w-]{43}$/)
  assert.equal(await browser.refused('POST', '/persons', { name: 'C', sign_in_name: 'CHEN@example.org', role: 'viewer' }), 'person/name-taken')
  assert.equal(await browser.refused('POST', '/persons', { name: 'C', sign_in_name: 'break-glass@node', role: 'viewer' }), 'person/name-taken')
  const second = await browser.must('POST', `/persons/${person.id}/invitation`)
  assert.equal(await people.browser().refused('POST', '/invitation', { secret: secretIn(invitation.link) }), 'link/invalid')
  const chen = people.browser()
  await chen.must('POST', '/invitation', { secret: secretIn(second.invitation.link) })
  await people.enrol(chen)
  assert.equal(await people.browser().refused('POST', '/invitation', { secret: secretIn(second.invitation.link) }), 'link/invalid')
})

test('who lost their device gets a new invitation, and everything of before ends', async () => {
  const dai = await member('dai', 'administrator')
  const { token } = await dai.browser.must('POST', '/tokens', { name: 'of a thief', scopes: ['audit:read'] })
  const browser = await people.signIn(akiko)
  const { invitation } = await browser.must('POST', `/persons/${dai.id}/invitation`)
  assert.equal(await dai.browser.refused('GET', '/me/factors'), 'auth/required')
  await assert.rejects(people.signIn(dai), /sign-in\/refused/)
  await dai.browser.must('POST', '/invitation', { secret: secretIn(invitation.link) })
  await people.enrol(dai.browser)
  assert.equal(await people.browser().refused('GET', '/audit', undefined, { authorization: `Bearer ${token}` }), 'auth/required')
  await browser.must('PUT', `/persons/${dai.id}/state`, { state: 'disabled' })
})

test('disabling ends sessions and tokens at once; enabling gives back what was there', async () => {
  const emi = await member('emi', 'administrator')
  const { token } = await emi.browser.must('POST', '/tokens', { name: 'hers', scopes: ['audit:read', 'people:write'] })
  const byToken = () => people.browser().refused('GET', '/audit', undefined, { authorization: `Bearer ${token}` })
  assert.equal(await byToken(), 'none')
  const browser = await people.signIn(akiko)
  await browser.must('PUT', `/persons/${emi.id}/state`, { state: 'disabled' })
  assert.equal(await emi.browser.refused('GET', '/me/factors'), 'auth/required')
  assert.equal(await byToken(), 'auth/forbidden')
  await assert.rejects(people.signIn(emi), /sign-in\/refused/)
  assert.equal(await browser.refused('POST', `/persons/${emi.id}/invitation`), 'person/wrong-state')
  await browser.must('PUT', `/persons/${emi.id}/state`, { state: 'active' })
  assert.equal(await byToken(), 'none')
  await people.signIn(emi)
  await browser.must('PUT', `/persons/${emi.id}/role`, { role: 'viewer' })
  assert.equal(await byToken(), 'auth/forbidden', 'a token does not outlast the right of who made it')
})

test('the last administrator stays; nobody decides on who may more than they', async () => {
  const browser = await people.signIn(akiko)
  assert.equal(await browser.refused('PUT', `/persons/${akiko.id}/role`, { role: 'viewer' }), 'person/last-administrator')
  assert.equal(await browser.refused('PUT', `/persons/${akiko.id}/state`, { state: 'disabled' }), 'person/last-administrator')
  assert.equal(await browser.refused('POST', `/persons/${akiko.id}/invitation`), 'person/last-administrator')
  const { token } = await browser.must('POST', '/tokens', { name: 'desk', scopes: ['people:write', 'observatory:read', 'sensors:read', 'findings:read', 'directory:read'] })
  const desk = { authorization: `Bearer ${token}` }
  const ask = (method: 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown) => people.browser().refused(method, url, body, desk)
  assert.equal(await ask('POST', '/persons', { name: 'x', sign_in_name: 'x@example.org', role: 'administrator' }), 'auth/forbidden')
  assert.equal(await ask('POST', `/persons/${akiko.id}/invitation`), 'auth/forbidden')
  assert.equal(await ask('PUT', `/persons/${akiko.id}/state`, { state: 'disabled' }), 'auth/forbidden')
  assert.equal(await ask('DELETE', `/persons/${akiko.id}/sessions`), 'auth/forbidden')
  assert.equal(await ask('POST', '/persons/break-glass'), 'auth/forbidden')
  assert.equal(await ask('POST', '/setup/link'), 'auth/forbidden')
  assert.equal(await ask('POST', '/persons', { name: 'Fumi', sign_in_name: 'fumi@example.org', role: 'viewer' }), 'none')
})

test('two administrators who remove each other at once leave one', async () => {
  const goro = await member('goro', 'administrator')
  const [a, b] = [await people.signIn(akiko), await people.signIn(goro)]
  const outcomes = await Promise.all([a.refused('PUT', `/persons/${goro.id}/role`, { role: 'viewer' }), b.refused('PUT', `/persons/${akiko.id}/role`, { role: 'viewer' })])
  const { rows } = await people.postgres.pool.query("select id from person where role = 'administrator' and state = 'active'")
  assert.equal(rows.length, 1, outcomes.join())
  await people.postgres.pool.query("update person set role = case id when $1 then 'administrator' else 'viewer' end where id in ($1, $2)", [akiko.id, goro.id])
})

test('administrators see and end the sessions of others', async () => {
  const hana = await member('hana', 'viewer')
  const other = await people.signIn(hana)
  const browser = await people.signIn(akiko)
  const { sessions } = await browser.must('GET', `/persons/${hana.id}/sessions`)
  assert.equal(sessions.length, 2)
  assert.equal((await browser.must('DELETE', `/persons/${hana.id}/sessions/${sessions[0].id}`)).sessions.length, 1)
  assert.equal(await other.refused('GET', '/me/factors'), 'auth/required')
  assert.equal((await browser.must('DELETE', `/persons/${hana.id}/sessions`)).sessions.length, 0)
  assert.equal(await hana.browser.refused('GET', '/me/factors'), 'auth/required')
})

test('the emergency account needs its password alone, says loudly that it was used, and has no factors to change', async () => {
  const browser = await people.signIn(akiko)
  const { person, password } = await browser.must('POST', '/persons/break-glass')
  assert.deepEqual([person.break_glass, person.role, person.state], [true, 'administrator', 'active'])
  assert.match(password, /^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/)
  const emergency = people.browser()
  assert.deepEqual(await emergency.must('POST', '/session/password', { sign_in_name: person.sign_in_name, password }), { next: 'done', attempt: null })
  assert.ok((await emergency.must('GET', '/session')).scopes.includes('node:operate'))
  assert.notEqual((await browser.must('GET', '/session')).break_glass_used_at, null)
  assert.equal((await people.audit('person.break-glass-use')).length, 1)
  assert.equal(await emergency.refused('PUT', '/me/password', { password: 'something else entirely' }), 'auth/forbidden')
  assert.equal(await emergency.refused('POST', '/me/passkeys/options'), 'auth/forbidden')
  assert.equal(await emergency.refused('POST', '/me/totp'), 'factor/password-missing')
  await browser.must('POST', '/persons/break-glass')
  assert.equal((await browser.must('GET', '/session')).break_glass_used_at, null)
  assert.equal(await emergency.refused('GET', '/me/factors'), 'auth/required')
  assert.equal(await emergency.refused('POST', '/session/password', { sign_in_name: person.sign_in_name, password }), 'sign-in/refused')
  const { rows } = await people.postgres.pool.query('select count(*)::int as n from person where break_glass')
  assert.equal(rows[0].n, 1)
})

test('persons of another organisation are not there', async () => {
  const browser = await people.signIn(akiko)
  const other = await browser.must('POST', '/organisations', { name: 'Other' })
  const { token } = await browser.must('POST', '/tokens', { name: 'theirs', scopes: ['people:write'], organisation: other.id })
  const bearer = { authorization: `Bearer ${token}` }
  const theirs = await people.browser().ask('GET', '/persons', undefined, bearer)
  assert.deepEqual(theirs.body, { persons: [], next: null })
  for (const url of [`/persons/${akiko.id}/sessions`]) assert.equal(await people.browser().refused('GET', url, undefined, bearer), 'person/not-found')
})

test('persons are listed in pages without gaps or repeats', async () => {
  const browser = await people.signIn(akiko)
  const whole = (await browser.must('GET', '/persons?limit=1000')).persons.map(({ id }: { id: string }) => id)
  const paged: string[] = []
  for (let after: string | null = ''; after !== null;) {
    const page: { persons: { id: string }[]; next: string | null } = await browser.must('GET', `/persons?limit=2${after === '' ? '' : `&after=${after}`}`)
    paged.push(...page.persons.map(({ id }) => id))
    after = page.next
  }
  assert.deepEqual(paged, whole)
  assert.equal(await browser.refused('GET', '/persons?after=x'), 'request/invalid')
})

test('the node’s own token invites people too', async () => {
  const fresh = await startPeople()
  try {
    const token = makeTokenText(fresh.world)
    await storeFirstToken(fresh.kit.db, fresh.world, token)
    const bearer = { authorization: `Bearer ${token}` }
    assert.equal((await fresh.browser().ask('POST', '/setup/link', undefined, bearer)).status, 200)
    const made = await fresh.browser().ask('POST', '/persons', { name: 'Ines', sign_in_name: 'ines@example.org', role: 'administrator' }, bearer)
    assert.equal(made.status, 200)
    const browser = fresh.browser()
    await browser.must('POST', '/invitation', { secret: secretIn(made.body.invitation.link) })
    await fresh.enrol(browser)
    assert.equal(await fresh.browser().refused('POST', '/setup/link', undefined, bearer), 'setup/closed')
  } finally {
    await fresh.stop()
  }
})

test('a sign-in name that is another one in the form that is kept is refused, and harms no list', async () => {
  const browser = await people.signIn(akiko)
  for (const sign_in_name of ['eve\uff20example@example.org', 'eve\ufdfa@example.org', `${'\ufdfb'.repeat(60)}@example.org`, 'eve\u202e@example.org']) {
    assert.equal(await browser.refused('POST', '/persons', { name: 'Eve', sign_in_name, role: 'viewer' }), 'request/invalid', JSON.stringify(sign_in_name))
  }
  assert.equal(await browser.refused('POST', '/persons', { name: 'Eve \u202egnp.exe', sign_in_name: 'eve@example.org', role: 'viewer' }), 'request/invalid')
  await browser.must('GET', '/persons')
})
