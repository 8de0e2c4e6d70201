import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { goodPassword, startPeople, type Someone, type TestPeople } from './testing/people.ts'

let people: TestPeople
let akiko: Someone
before(async () => {
  people = await startPeople()
  const stranger = people.browser()
  assert.deepEqual(await stranger.must('GET', '/session'), {
    signed_in: false, person: null, scopes: [], needs: null, fresh_until: null, expires_at: null,
    sign_in: { passkey: true, password: true, oidc: null }, setup_open: true, break_glass_used_at: null,
  })
  akiko = await people.administrator()
})
after(() => people.stop())

test('the setup link makes an administrator, who can do nothing else before a factor stands, and then everything', async () => {
  const view = await akiko.browser.must('GET', '/session')
  assert.equal(view.needs, null)
  assert.equal(view.person.role, 'administrator')
  assert.equal(view.person.sign_in_name, 'akiko@example.org')
  assert.deepEqual(view.person.factors, { password: true, totp: true, passkeys: 0, oidc: false })
  assert.ok(view.scopes.includes('people:write') && view.setup_open === false)
  assert.equal((await akiko.browser.must('GET', '/audit')).entries.length > 0, true)
})

test('password and code sign in; an unknown name and a wrong password have one answer', async () => {
  const browser = people.browser()
  const wrong = await browser.ask('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: 'not the password' })
  const unknown = await browser.ask('POST', '/session/password', { sign_in_name: 'nobody@example.org', password: 'not the password' })
  const shape = ({ status, body, headers }: typeof wrong) => [status, { ...body, instance: '' }, Object.keys(headers)]
  assert.deepEqual(shape(wrong), shape(unknown))
  assert.equal(wrong.body.type, 'urn:hirundo:problem:sign-in/refused')
  const { next, attempt } = await browser.must('POST', '/session/password', { sign_in_name: 'AKIKO@example.org', password: goodPassword })
  assert.equal(next, 'totp')
  assert.equal(browser.cookies.size, 0, 'a password alone opens nothing')
  assert.equal(await browser.refused('GET', '/audit'), 'auth/required')
  assert.deepEqual(await browser.must('POST', '/session/totp', { attempt, code: people.code(akiko.totp_secret) }), { next: 'done', attempt: null })
  assert.equal((await browser.must('GET', '/session')).signed_in, true)
})

test('a code works once, within an attempt or across two, and so does an attempt', async () => {
  const browser = people.browser()
  const begin = async () => (await browser.must('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword })).attempt as string
  const [first, second] = [await begin(), await begin()]
  const code = people.code(akiko.totp_secret)
  await browser.must('POST', '/session/totp', { attempt: first, code })
  assert.equal(await browser.refused('POST', '/session/totp', { attempt: second, code }), 'sign-in/refused')
  assert.equal(await browser.refused('POST', '/session/totp', { attempt: first, code: people.code(akiko.totp_secret) }), 'sign-in/expired')
})

test('a recovery code replaces the app once', async () => {
  const { recovery_codes: [one] } = akiko
  const attempt = async () => (await people.browser().must('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword })).attempt as string
  const browser = people.browser()
  await browser.must('POST', '/session/totp', { attempt: await attempt(), code: one!.toLowerCase().replaceAll('-', ' ') })
  assert.equal((await browser.must('GET', '/me/factors')).recovery_codes_left, 9)
  assert.equal(await browser.refused('POST', '/session/totp', { attempt: await attempt(), code: one }), 'sign-in/refused')
})

test('an attempt takes five wrong codes and five minutes, no more', async () => {
  const browser = people.browser()
  const begin = async () => (await browser.must('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword })).attempt as string
  const attempt = await begin()
  for (let i = 0; i < 5; i++) assert.equal(await browser.refused('POST', '/session/totp', { attempt, code: '000000' }), 'sign-in/refused')
  assert.equal(await browser.refused('POST', '/session/totp', { attempt, code: people.code(akiko.totp_secret) }), 'sign-in/expired')
  const late = await begin()
  people.world.pass(5 * 60_000)
  assert.equal(await browser.refused('POST', '/session/totp', { attempt: late, code: people.code(akiko.totp_secret) }), 'sign-in/expired')
})

test('sign-ins are audited: who, how, and refusals by name only when somebody has it', async () => {
  // Written beside the answer, not before it.
  const refusals = await people.until(() => people.audit('session.refuse'), (entries) => new Set(entries.map(({ subject }) => subject)).size === 2)
  assert.ok(refusals.some(({ subject, detail }) => subject === `person:${akiko.id}` && detail['sign_in_name'] === akiko.sign_in_name))
  assert.ok(refusals.some(({ subject }) => subject === 'unknown'))
  assert.ok(!JSON.stringify(refusals).includes('nobody@'))
  const starts = await people.audit('session.start')
  assert.ok(starts.some(({ actor, detail }) => actor === `person:${akiko.id}` && detail['method'] === 'password' && detail['code'] === 'recovery code'))
})

test('no secret of a person is stored as it is', async () => {
  const { rows } = await people.postgres.pool.query("select password_hash from person_secret")
  assert.match(rows[0].password_hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
  const dump = JSON.stringify(await Promise.all(['person_session', 'recovery_code', 'person_link', 'sign_in_attempt', 'audit', 'person'].map(async (name) =>
    (await people.postgres.pool.query(`select * from ${name}`)).rows)))
  for (const secret of [goodPassword, ...akiko.recovery_codes, akiko.browser.cookies.get('__Host-hirundo')!]) assert.ok(!dump.includes(secret))
})

test('guesses that are sent at once are no more than those sent one by one', async () => {
  people.world.pass(3_600_000)
  const from = (address: string) => Object.assign(people.browser(), { address })
  const refusals = async (answers: Promise<string>[]) => (await Promise.all(answers)).filter((code) => code === 'sign-in/refused').length
  const guess = () => from('203.0.113.9').refused('POST', '/session/password', { sign_in_name: 'nobody@example.org', password: 'a guess of many' })
  assert.equal(await refusals(Array.from({ length: 40 }, guess)), 20)

  const attempts: string[] = []
  for (let i = 0; i < 6; i++) attempts.push((await from('203.0.113.10').must('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword })).attempt)
  const codes = attempts.flatMap((attempt) => Array.from({ length: 5 }, () => from('203.0.113.10').refused('POST', '/session/totp', { attempt, code: '000000' })))
  assert.equal(await refusals(codes), 10)
})

test('what was right does not count as a guess', async () => {
  people.world.pass(3_600_000)
  const browser = Object.assign(people.browser(), { address: '203.0.113.11' })
  for (let i = 0; i < 25; i++) await browser.must('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword })
})
