import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeAuthenticate } from '../authenticate.ts'
import { goodPassword, startPeople, type Someone, type TestPeople } from './testing/people.ts'

const COOKIE = '__Host-hirundo'
const MINUTE = 60_000
let people: TestPeople
let akiko: Someone
before(async () => {
  people = await startPeople()
  akiko = await people.administrator()
})
after(() => people.stop())

test('the cookie is closed to scripts, other sites and plain HTTP, and nothing of a session is in it', async () => {
  const browser = people.browser()
  const { attempt } = await browser.must('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword })
  const { headers } = await browser.ask('POST', '/session/totp', { attempt, code: people.code(akiko.totp_secret) })
  const cookies = headers['set-cookie'] as string[]
  assert.match(cookies[1]!, /^__Host-hirundo=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800$/)
  assert.match(cookies[0]!, /^__Host-hirundo-known=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=15552000$/)
  assert.equal(cookies.length, 2)
})

test('the cookie changes every 15 minutes; the one before works for 30 s more and never again', async () => {
  const browser = await people.signIn(akiko)
  const first = browser.cookies.get(COOKIE)!
  await browser.must('GET', '/me/factors')
  assert.equal(browser.cookies.get(COOKIE), first)
  people.world.pass(15 * MINUTE)
  const parallel = people.browser()
  parallel.cookies.set(COOKIE, first)
  await browser.must('GET', '/me/factors')
  assert.notEqual(browser.cookies.get(COOKIE), first)
  people.world.pass(29_000)
  await parallel.must('GET', '/me/factors')
  assert.equal(parallel.cookies.get(COOKIE), first, 'a request that was under way gets no second new cookie')
  people.world.pass(1000)
  assert.equal(await parallel.refused('GET', '/me/factors'), 'auth/required')
  await browser.must('GET', '/me/factors')
})

test('of many requests at the moment of change, all are answered and one changes the cookie', async () => {
  const browser = await people.signIn(akiko)
  people.world.pass(16 * MINUTE)
  const answers = await Promise.all(Array.from({ length: 8 }, () => browser.ask('GET', '/me/factors')))
  assert.deepEqual(answers.map(({ status }) => status), Array.from({ length: 8 }, () => 200))
  assert.equal(answers.filter(({ headers }) => headers['set-cookie'] !== undefined).length, 1)
  await browser.must('GET', '/me/factors')
})

test('a session ends after 12 idle hours, and after 7 days in any case', async () => {
  const idle = await people.signIn(akiko)
  people.world.pass(12 * 60 * MINUTE)
  assert.equal(await idle.refused('GET', '/me/factors'), 'auth/required')
  const busy = await people.signIn(akiko)
  for (let hours = 0; hours < 7 * 24 - 1; hours += 11) {
    await busy.must('GET', '/me/factors')
    people.world.pass(11 * 60 * MINUTE)
  }
  assert.equal(await busy.refused('GET', '/me/factors'), 'auth/required')
})

test('signing in again ends the session that was there, and signing out ends this one', async () => {
  const browser = await people.signIn(akiko)
  const before = browser.cookies.get(COOKIE)!
  await people.signIn(akiko, browser)
  assert.notEqual(browser.cookies.get(COOKIE), before)
  const thief = people.browser()
  thief.cookies.set(COOKIE, before)
  assert.equal(await thief.refused('GET', '/me/factors'), 'auth/required')
  thief.cookies.set(COOKIE, browser.cookies.get(COOKIE)!)
  await browser.must('DELETE', '/session')
  assert.equal(browser.cookies.has(COOKIE), false)
  assert.equal(await thief.refused('GET', '/me/factors'), 'auth/required')
})

test('one’s own sessions are listed with their browser, and end one by one or all others at once', async () => {
  const [one, two, three] = [await people.signIn(akiko), await people.signIn(akiko), await people.signIn(akiko)]
  const { sessions } = await one.must('GET', '/me/sessions')
  assert.ok(sessions.length >= 3)
  assert.deepEqual(sessions.filter(({ current }: { current: boolean }) => current).length, 1)
  assert.equal(sessions[0].agent, 'Firefox, Linux')
  assert.ok(!JSON.stringify(sessions).includes('192.0.2.1'), 'no address')
  await one.must('DELETE', `/me/sessions/${sessions[0].id}`)
  assert.equal(await three.refused('GET', '/me/factors'), 'auth/required')
  assert.equal(await one.refused('DELETE', `/me/sessions/${sessions[0].id}`), 'session/not-found')
  assert.equal((await one.must('DELETE', '/me/sessions')).sessions.length, 1)
  assert.equal(await two.refused('GET', '/me/factors'), 'auth/required')
  await one.must('GET', '/me/factors')
})

test('a cookie changes nothing when another site’s page has the request sent', async () => {
  const browser = await people.signIn(akiko)
  const put = (headers: Record<string, string>) => {
    browser.provenance = headers
    return browser.refused('PUT', '/me', { name: 'Akiko', language: 'ja', time_zone: 'Asia/Tokyo' })
  }
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:8080' },
    { origin: 'https://evil.example' }, { origin: 'http://localhost:9090' }, { origin: 'https://localhost:8080' }, { origin: 'null' }, {}]) {
    assert.equal(await put(headers as Record<string, string>), 'auth/forbidden', JSON.stringify(headers))
  }
  assert.equal(await put({ origin: 'http://localhost:8080' }), 'none')
  browser.provenance = { 'sec-fetch-site': 'cross-site' }
  assert.equal(await browser.refused('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword }), 'auth/forbidden', 'nor does it sign anybody in')
  assert.equal(await browser.refused('DELETE', '/session'), 'auth/forbidden', 'or out')
  assert.equal(await browser.refused('GET', '/me/factors'), 'none', 'a link that leads here shows one’s own page')
})

test('with a token and a cookie the token counts, also when it is wrong', async () => {
  const browser = await people.signIn(akiko)
  const { token } = await browser.must('POST', '/tokens', { name: 'mine', scopes: ['audit:read'] })
  const bearer = { authorization: `Bearer ${token}` }
  assert.equal(await browser.refused('GET', '/audit', undefined, bearer), 'none')
  assert.equal(await browser.refused('GET', '/tokens', undefined, bearer), 'auth/forbidden')
  assert.equal(await browser.refused('GET', '/tokens', undefined, { authorization: 'Bearer nonsense' }), 'auth/required')
  assert.equal(await browser.refused('GET', '/me/factors', undefined, bearer), 'auth/forbidden', 'a token is no person')
})

test('what needs a fresh sign-in is refused after 15 minutes until it is shown again who is there', async () => {
  const browser = await people.signIn(akiko)
  await browser.must('POST', '/me/recovery-codes')
  people.world.pass(15 * MINUTE)
  for (const [method, url, body] of [['POST', '/me/recovery-codes'], ['PUT', '/me/password', { password: goodPassword }], ['POST', '/me/totp'], ['POST', '/tokens', { name: 'x', scopes: ['audit:read'] }],
    ['POST', '/persons', { name: 'x', sign_in_name: 'x@example.org', role: 'viewer' }], ['POST', '/persons/break-glass']] as const) {
    assert.equal(await browser.refused(method, url, body), 'auth/reauthenticate', url)
  }
  assert.equal(await browser.refused('POST', '/session/reauthenticate', { password: goodPassword }), 'sign-in/refused')
  assert.equal(await browser.refused('POST', '/session/reauthenticate', { password: 'wrong and longer', code: people.code(akiko.totp_secret) }), 'sign-in/refused')
  const before = browser.cookies.get(COOKIE)
  await browser.must('POST', '/session/reauthenticate', { password: goodPassword, code: people.code(akiko.totp_secret) })
  assert.notEqual(browser.cookies.get(COOKIE), before)
  await browser.must('POST', '/me/recovery-codes')
})

test('a new password or app ends the other sessions and the sign-ins under way, and changes this cookie', async () => {
  const [here, elsewhere] = [await people.signIn(akiko), await people.signIn(akiko)]
  const { attempt } = await people.browser().must('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword })
  const before = here.cookies.get(COOKIE)
  await here.must('PUT', '/me/password', { password: goodPassword })
  assert.notEqual(here.cookies.get(COOKIE), before)
  assert.equal(await elsewhere.refused('GET', '/me/factors'), 'auth/required')
  assert.equal(await people.browser().refused('POST', '/session/totp', { attempt, code: people.code(akiko.totp_secret) }), 'sign-in/expired')
  const { secret } = await here.must('POST', '/me/totp')
  assert.equal(await here.refused('POST', '/me/totp/confirm', { code: people.code(akiko.totp_secret) }), 'factor/code-wrong')
  await people.signIn(akiko)
  await here.must('POST', '/me/totp/confirm', { code: people.code(secret) })
  await assert.rejects(people.signIn(akiko), /sign-in\/refused/, 'the old app is of no use any more')
  akiko = { ...akiko, totp_secret: secret }
})

test('without an identity provider none is led to', async () => {
  assert.equal(await people.browser().refused('GET', '/session/oidc'), 'oidc/unavailable')
  const back = await people.browser().ask('GET', '/session/oidc/callback?code=x')
  assert.deepEqual([back.status, back.headers['location']], [303, '/sign-in?problem=oidc/unavailable'])
})

test('what stays open ends with the session, the person or the right', async () => {
  const browser = await people.signIn(akiko)
  const { sessions: [{ id }] } = await browser.must('GET', '/me/sessions')
  const credentials = { method: 'GET', headers: { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` }, origin: 'http://localhost:8080', address: '192.0.2.1', setCookie: () => undefined }
  const admitted = await makeAuthenticate(people.kit)(credentials, { needs: 'audit:read' })
  assert.ok(admitted.ok && admitted.value.actor.session_id === id)
  const { stands } = admitted.value
  const set = (assignment: string) => people.postgres.pool.query(`update person set ${assignment} where id = $1`, [akiko.id])
  assert.equal(await stands(), true)
  await set("role = 'viewer'")
  assert.equal(await stands(), false)
  await set("role = 'administrator', state = 'disabled'")
  assert.equal(await stands(), false)
  await set("state = 'active'")
  people.world.pass(20 * MINUTE)
  await browser.must('GET', '/me/factors')
  assert.equal(await stands(), true, 'a cookie that changed meanwhile is the same session')
  await browser.must('DELETE', '/session')
  assert.equal(await stands(), false)
})
