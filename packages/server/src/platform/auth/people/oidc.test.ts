import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOidc, type OidcConfig } from './oidc.ts'
import { startIdentityProvider, type IdentityProvider } from './testing/identity-provider.ts'
import { startPeople, type Browser, type TestPeople } from './testing/people.ts'

const origin = 'http://localhost:8080'
const client = { client_id: 'hirundo', client_secret: 'a secret of both' }
const roles: OidcConfig['roles'] = [
  { claim: 'groups', value: 'soc', role: 'analyst' }, { claim: 'groups', value: 'leads', role: 'coordinator' }, { claim: 'email', value: 'root@example.org', role: 'administrator' },
]
let provider: IdentityProvider
let people: TestPeople
before(async () => {
  provider = await startIdentityProvider(origin, client)
  people = await startPeople({ name: 'Our company', issuer: provider.issuer, ...client, scope: 'openid profile email', roles })
  provider.accounts.set('mio', { name: 'Mio', email: 'Mio@example.org', email_verified: true, groups: ['soc', 'leads'] })
  provider.accounts.set('stranger', { name: 'Stranger', email: 'stranger@example.org', email_verified: true, groups: ['cafeteria'] })
})
after(async () => {
  await people.stop()
  await provider.stop()
})

async function begin(browser: Browser, query = ''): Promise<string> {
  const answer = await browser.ask('GET', `/session/oidc${query}`)
  assert.equal(answer.status, 303, JSON.stringify(answer.body))
  return String(answer.headers['location'])
}

/** Where the node leads after the provider led back to it. */
async function finish(browser: Browser, url: string): Promise<string> {
  const { pathname, search } = new URL(url)
  // From another site: only the cookie with SameSite=Lax comes along.
  browser.provenance = { 'sec-fetch-site': 'cross-site' }
  const answer = await browser.ask('GET', `${pathname.slice('/api/v1'.length)}${search}`)
  browser.provenance = { 'sec-fetch-site': 'same-origin' }
  assert.equal(answer.status, 303)
  return String(answer.headers['location'])
}

async function signIn(login: string, browser = people.browser()): Promise<{ browser: Browser; led: string }> {
  return { browser, led: await finish(browser, await provider.follow(await begin(browser), login)) }
}

test('who has a matching claim is made a person at the first sign-in, with the highest role', async () => {
  assert.equal((await people.browser().must('GET', '/session')).sign_in.oidc, 'Our company')
  const { browser, led } = await signIn('mio')
  assert.equal(led, '/')
  assert.equal(browser.cookies.has('__Host-hirundo-oidc'), false)
  const { person, needs } = await browser.must('GET', '/session')
  assert.deepEqual([person.name, person.sign_in_name, person.role, person.factors.oidc, needs], ['Mio', 'mio@example.org', 'coordinator', true, null])
})

test('the role follows the claims at each sign-in, and the person stays the same', async () => {
  const [before] = (await people.audit('person.create'))
  provider.accounts.set('mio', { ...provider.accounts.get('mio'), groups: ['soc'] })
  const { browser } = await signIn('mio')
  const { person } = await browser.must('GET', '/session')
  assert.deepEqual([person.id, person.role], [before!.subject, 'analyst'])
  assert.deepEqual((await people.audit('person.set-role')).at(-1)!.detail, { by: 'oidc', from: 'coordinator', to: 'analyst' })
})

test('without a matching claim, with the name of somebody else, or when disabled nobody is let in', async () => {
  const refused = '/sign-in?problem=sign-in/refused'
  const { browser, led } = await signIn('stranger')
  assert.equal(led, refused)
  assert.equal((await browser.must('GET', '/session')).signed_in, false)
  const akiko = await people.administrator()
  provider.accounts.set('imposter', { name: 'Not Akiko', email: akiko.sign_in_name, email_verified: true, groups: ['soc'] })
  assert.equal((await signIn('imposter')).led, refused)
  const mio = (await akiko.browser.must('GET', '/persons')).persons.find(({ name }: { name: string }) => name === 'Mio')
  await akiko.browser.must('PUT', `/persons/${mio.id}/state`, { state: 'disabled' })
  assert.equal((await signIn('mio')).led, refused)
  await akiko.browser.must('PUT', `/persons/${mio.id}/state`, { state: 'active' })
  assert.equal((await signIn('mio')).led, '/')
})

test('sign-in leads back to the page that needed it, refused or not, and never to another host', async () => {
  const led = async (login: string, next: string) => {
    const browser = people.browser()
    return finish(browser, await provider.follow(await begin(browser, `?next=${encodeURIComponent(next)}`), login))
  }
  assert.equal(await led('mio', '/observe/top/ports?last=7d'), '/observe/top/ports?last=7d')
  assert.equal(await led('mio', '//evil.example'), '/')
  assert.equal(await led('stranger', '/observe/top/ports?last=7d'), '/sign-in?problem=sign-in/refused&next=%2Fobserve%2Ftop%2Fports%3Flast%3D7d')
})

test('who has lost every role at the provider is signed out everywhere when the node hears of it', async () => {
  provider.accounts.set('kei', { name: 'Kei', email: 'kei@example.org', email_verified: true, groups: ['soc'] })
  const { browser } = await signIn('kei')
  const { person } = await browser.must('GET', '/session')
  provider.accounts.set('kei', { name: 'Kei', email: 'kei@example.org', email_verified: true, groups: [] })
  assert.equal((await browser.must('GET', '/session')).signed_in, true)
  assert.equal((await signIn('kei')).led, '/sign-in?problem=sign-in/refused')
  assert.equal((await browser.must('GET', '/session')).signed_in, false)
  const { subject, detail } = (await people.audit('session.end-all')).at(-1)!
  assert.deepEqual([subject, detail], [person.id, { by: 'oidc', ended: 1 }])
})

test('an address that the provider has not verified names nobody', async () => {
  provider.accounts.set('nao', { name: 'Nao', email: 'root@example.org', email_verified: false, groups: ['soc'] })
  const { browser } = await signIn('nao')
  const { person } = await browser.must('GET', '/session')
  assert.deepEqual([person.sign_in_name, person.role], ['nao@127.0.0.1', 'analyst'])
})

test('an answer of the provider is good once, in the browser that began, with the state that was sent', async () => {
  const browser = people.browser()
  const back = await provider.follow(await begin(browser), 'mio')
  const expired = '/sign-in?problem=sign-in/expired'
  assert.equal(await finish(people.browser(), back), expired, 'another browser')
  const attempt = browser.cookies.get('__Host-hirundo-oidc')!
  assert.equal(await finish(browser, back), '/')
  browser.cookies.set('__Host-hirundo-oidc', attempt)
  assert.equal(await finish(browser, back), expired, 'twice')
  const other = people.browser()
  await begin(other)
  assert.equal(await finish(other, back), '/sign-in?problem=sign-in/refused', 'the state of another sign-in')
  const denied = people.browser()
  const state = new URL(await begin(denied)).searchParams.get('state')
  assert.equal(await finish(denied, `${origin}/api/v1/session/oidc/callback?error=access_denied&state=${state}&iss=${provider.issuer}`), '/sign-in?problem=sign-in/refused')
})

test('a request line that names a host of its own is answered like any other', async () => {
  const browser = people.browser()
  await begin(browser)
  const attempt = browser.cookies.get('__Host-hirundo-oidc')!
  const oidc = makeOidc(people.kit, { name: 'Our company', issuer: provider.issuer, ...client, scope: 'openid', roles })
  const url = 'http://evil.example/api/v1/session/oidc/callback?code=x&state=y'
  const exchange = { address: '192.0.2.1', origin, url, setCookie: () => undefined, redirect: () => undefined }
  const { done } = await oidc.finish({ actor: undefined, raw_body: undefined, headers: { cookie: `__Host-hirundo-oidc=${attempt}` }, exchange, request_id: 'test' })
  assert.equal(done.ok ? 'none' : done.problem.code, 'sign-in/refused')
})

test('re-authentication asks for the password there again and ends the session of before', async () => {
  const { browser } = await signIn('mio')
  people.world.pass(16 * 60_000)
  await browser.must('GET', '/session')
  const old = browser.cookies.get('__Host-hirundo')!
  const location = await begin(browser, '?again=true')
  assert.equal(new URL(location).searchParams.get('prompt'), 'login')
  browser.cookies.delete('__Host-hirundo')
  assert.equal(await finish(browser, await provider.follow(location, 'mio')), '/')
  assert.equal(await browser.refused('POST', '/me/passkeys/options'), 'none')
  const thief = people.browser()
  thief.cookies.set('__Host-hirundo', old)
  assert.equal(await thief.refused('GET', '/me/factors'), 'auth/required')
})

test('a provider that does not answer is named to who wants to sign in', async () => {
  const away = makeOidc(people.kit, { name: 'Gone', issuer: 'http://127.0.0.1:1', ...client, scope: 'openid', roles })
  const exchange = { address: '192.0.2.1', origin, url: '/', setCookie: () => undefined, redirect: () => undefined }
  const answer = await away.start({ actor: undefined, raw_body: undefined, headers: {}, exchange, request_id: 'test' }, {})
  assert.equal(answer.ok ? 'none' : answer.problem.code, 'oidc/unavailable')
})
