import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { SoftwareAuthenticator } from './testing/authenticator.ts'
import { goodPassword, startPeople, type Browser, type Someone, type TestPeople } from './testing/people.ts'

const origin = 'http://localhost:8080'
const authenticator = new SoftwareAuthenticator()
let people: TestPeople
let akiko: Someone
before(async () => {
  people = await startPeople()
  akiko = await people.administrator()
})
after(() => people.stop())

async function add(browser: Browser, name: string, device = authenticator) {
  const { attempt, options } = await browser.must('POST', '/me/passkeys/options')
  return browser.must('POST', '/me/passkeys', { attempt, name, response: device.create(options, { origin }) })
}

async function begin(browser: Browser) {
  return browser.must('POST', '/session/passkey/options')
}

test('a passkey that is registered signs in, naming nobody before', async () => {
  const factors = await add(akiko.browser, 'Telephone')
  assert.deepEqual(factors.passkeys.map(({ name, synced, last_used_at }: Record<string, unknown>) => ({ name, synced, last_used_at })), [{ name: 'Telephone', synced: false, last_used_at: null }])
  const browser = people.browser()
  const { attempt, options } = await begin(browser)
  assert.equal(options.userVerification, 'required')
  assert.equal(options.allowCredentials, undefined)
  assert.deepEqual(await browser.must('POST', '/session/passkey', { attempt, response: authenticator.get(options, { origin }) }), { next: 'done', attempt: null })
  const { person, sign_in } = await browser.must('GET', '/session')
  assert.deepEqual([person.id, sign_in.passkey], [akiko.id, true])
  assert.equal((await people.audit('session.start')).at(-1)!.detail['method'], 'passkey')
})

test('an answer is good once, for its own challenge, from its own origin, by a verified user, and with a counter that grew', async () => {
  const browser = people.browser()
  const refused = async (answer: (options: never) => object, code = 'sign-in/refused') => {
    const { attempt, options } = await begin(browser)
    assert.equal(await browser.refused('POST', '/session/passkey', { attempt, response: answer(options as never) }), code)
    return attempt as string
  }
  const used = await refused((options) => authenticator.get(options, { origin: 'http://localhost:9090' }))
  await refused((options) => authenticator.get(options, { origin, verified: false }))
  await refused((options) => authenticator.get({ ...(options as object), rpId: 'example.org' }, { origin }))
  await refused((options) => authenticator.get({ ...(options as object), challenge: 'AAAA' }, { origin }))
  await refused((options) => authenticator.get(options, { origin, type: 'webauthn.create' }))
  await refused((options) => {
    const right = authenticator.get(options, { origin })
    return { ...right, response: { ...right.response, userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' } }
  })
  await refused((options) => {
    const stranger = new SoftwareAuthenticator()
    stranger.create({ rp: { id: 'localhost' }, user: { id: 'x' }, challenge: 'x' }, { origin })
    return stranger.get(options, { origin })
  })
  const counter = authenticator.counter
  authenticator.counter = 1
  await refused((options) => authenticator.get(options, { origin }))
  authenticator.counter = counter
  const { options } = await begin(browser)
  assert.equal(await browser.refused('POST', '/session/passkey', { attempt: used, response: authenticator.get(options, { origin }) }), 'sign-in/expired')
  assert.equal((await browser.must('GET', '/session')).signed_in, false)
})

test('a registration must be verified, of our origin, for this person and without a certificate', async () => {
  const { browser } = akiko
  const refused = async (wishes: Partial<Parameters<SoftwareAuthenticator['create']>[1]>) => {
    const { attempt, options } = await browser.must('POST', '/me/passkeys/options')
    return browser.refused('POST', '/me/passkeys', { attempt, name: 'x', response: new SoftwareAuthenticator().create(options, { origin, ...wishes }) })
  }
  assert.equal(await refused({ verified: false }), 'factor/passkey-refused')
  assert.equal(await refused({ origin: 'https://evil.example' }), 'factor/passkey-refused')
  assert.equal(await refused({ format: 'android-safetynet' }), 'factor/passkey-refused')
  assert.equal(await refused({ type: 'webauthn.get' }), 'factor/passkey-refused')
  const { attempt, options } = await browser.must('POST', '/me/passkeys/options')
  const again = authenticator.credentials[0]!
  const response = { id: again.id.toString('base64url'), rawId: again.id.toString('base64url'), type: 'public-key', clientExtensionResults: {}, response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' } }
  assert.equal(await browser.refused('POST', '/me/passkeys', { attempt, name: 'x', response }), 'factor/passkey-refused')
  assert.equal(await browser.refused('POST', '/me/passkeys', { attempt, name: 'x', response: authenticator.create(options, { origin }) }), 'sign-in/expired')
  authenticator.credentials.pop()
})

test('a passkey re-authenticates its own person only', async () => {
  people.world.pass(20 * 60_000)
  const { browser } = akiko
  assert.equal(await browser.refused('POST', '/me/passkeys/options'), 'auth/reauthenticate')
  const one = await begin(browser)
  const view = await browser.must('POST', '/session/reauthenticate/passkey', { attempt: one.attempt, response: authenticator.get(one.options, { origin }) })
  assert.equal(Date.parse(view.fresh_until) - people.world.now(), 15 * 60_000)
  const { invitation } = await browser.must('POST', '/persons', { name: 'Bao', sign_in_name: 'bao@example.org', role: 'viewer' })
  const bao = people.browser()
  await bao.must('POST', '/invitation', { secret: invitation.link.split('#')[1] })
  const device = new SoftwareAuthenticator()
  await add(bao, 'Key', device)
  assert.equal((await bao.must('GET', '/session')).needs, null, 'a passkey alone completes the enrolment')
  const hers = await browser.must('POST', '/me/passkeys/options')
  const planted = { attempt: hers.attempt, name: 'x', response: new SoftwareAuthenticator().create(hers.options, { origin }) }
  assert.equal(await bao.refused('POST', '/me/passkeys', planted), 'sign-in/expired', 'nor does a registration go to who did not begin it')
  const two = await begin(browser)
  assert.equal(await browser.refused('POST', '/session/reauthenticate/passkey', { attempt: two.attempt, response: device.get(two.options, { origin }) }), 'sign-in/refused')
})

test('factors can be removed down to the last way to sign in', async () => {
  const browser = await people.signIn(akiko)
  const [first] = (await browser.must('GET', '/me/factors')).passkeys
  assert.equal((await browser.must('PUT', `/me/passkeys/${first.id}`, { name: 'Old telephone' })).passkeys[0].name, 'Old telephone')
  const without = await browser.must('DELETE', '/me/password')
  assert.deepEqual([without.password_changed_at, without.totp_confirmed_at, without.recovery_codes_left], [null, null, 0])
  assert.equal(await browser.refused('DELETE', `/me/passkeys/${first.id}`), 'factor/last')
  assert.equal(await people.browser().refused('POST', '/session/password', { sign_in_name: akiko.sign_in_name, password: goodPassword }), 'sign-in/refused')
  await browser.must('PUT', '/me/password', { password: goodPassword })
  assert.equal(await browser.refused('DELETE', `/me/passkeys/${first.id}`), 'factor/last', 'a password without TOTP is no way to sign in')
  await add(browser, 'Second')
  await browser.must('DELETE', `/me/passkeys/${first.id}`)
  assert.equal(await browser.refused('DELETE', `/me/passkeys/${first.id}`), 'factor/not-found')
})

test('where browsers make no passkeys none are offered', async () => {
  for (const host of ['192.0.2.7:8080', '[::1]:8080', 'node.example']) {
    const browser = people.browser(host)
    assert.equal((await browser.must('GET', '/session')).sign_in.passkey, false, host)
    assert.equal(await browser.refused('POST', '/session/passkey/options'), 'factor/passkey-unavailable')
  }
})
