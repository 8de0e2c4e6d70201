import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fail } from '@hirundo/base'
import { scopes, type Role, type Route } from '@hirundo/contract'
import { makeAuthenticate } from '../platform/auth/authenticate.ts'
import { Browser, startPeople, type Someone, type TestPeople } from '../platform/auth/people/testing/people.ts'
import { addApiRoutes } from '../platform/http/api-routes.ts'
import { makeHttpServer } from '../platform/http/server.ts'
import { silent } from '../platform/testing/postgres.ts'
import { allRoutes } from './openapi.ts'

/**
 * Who is let in, written down a second time: a route that is new or that lets in others than before has to be entered
 * here. `node`: administrators of the organisation that the node began with. `!`: only with a fresh sign-in.
 */
const table: Readonly<Record<string, string>> = {
  'tokens.list': 'administrator', 'tokens.create': 'administrator!', 'tokens.revoke': 'administrator',
  'organisations.list': 'node', 'organisations.create': 'node', 'settings.list': 'node', 'settings.put': 'node',
  'node.status': 'node', 'node.backup': 'node', 'node.backup-status': 'node', 'audit.list': 'coordinator',
  'persons.list': 'administrator', 'persons.invite': 'administrator!', 'persons.reinvite': 'administrator!', 'persons.set-role': 'administrator!',
  'persons.set-state': 'administrator!', 'persons.sessions': 'administrator', 'persons.end-session': 'administrator', 'persons.end-sessions': 'administrator',
  'persons.break-glass': 'administrator!', 'setup.link': 'administrator',
  'me.update': 'person', 'me.factors': 'person', 'me.set-password': 'person!', 'me.remove-password': 'person!', 'me.begin-totp': 'person!', 'me.confirm-totp': 'person!',
  'me.renew-recovery-codes': 'person!', 'me.passkey-options': 'person!', 'me.add-passkey': 'person!', 'me.rename-passkey': 'person', 'me.remove-passkey': 'person!',
  'me.sessions': 'person', 'me.end-session': 'person', 'me.end-sessions': 'person', 'session.reauthenticate': 'person', 'session.reauthenticate-passkey': 'person',
  'session.get': 'public', 'session.password': 'public', 'session.totp': 'public', 'session.passkey-options': 'public', 'session.passkey': 'public', 'session.end': 'public',
  'session.oidc': 'public', 'session.oidc-callback': 'public', 'setup.redeem': 'public', 'invitation.redeem': 'public',
  'sensor.enrol': 'public', 'sensor.heartbeat': 'public', 'sensor.batches': 'public',
  'sensors.list': 'viewer', 'sensors.create-enrolment-token': 'coordinator', 'sensors.approve': 'coordinator', 'sensors.revoke': 'coordinator', 'sensors.register-import': 'coordinator',
  'observatory.overview': 'viewer', 'observatory.live': 'viewer', 'observatory.top': 'viewer', 'observatory.series': 'viewer', 'observatory.port': 'viewer', 'observatory.source': 'viewer',
  'observatory.matrix': 'viewer', 'observatory.compare': 'viewer', 'observatory.coverage': 'viewer', 'observatory.status': 'viewer',
  'interactions.evidence': 'viewer', 'interactions.top': 'viewer', 'interactions.series': 'viewer', 'interactions.drdos': 'viewer', 'interactions.indicators': 'viewer',
  'interactions.set-indicator-key': 'node!', 'decoys.list': 'coordinator', 'decoys.add': 'coordinator', 'decoys.remove': 'coordinator',
  'marks.list': 'viewer', 'marks.load': 'node', 'marks.remove': 'node',
  'findings.list': 'viewer', 'findings.summary': 'viewer', 'findings.get': 'viewer', 'findings.check': 'viewer', 'findings.series': 'viewer', 'findings.owners': 'viewer',
  'findings.set-state': 'analyst', 'findings.set-owner': 'analyst', 'findings.set-label': 'analyst', 'findings.comment': 'analyst',
  'mutes.list': 'viewer', 'mutes.add': 'analyst', 'mutes.remove': 'analyst', 'detectors.list': 'viewer', 'backtests.start': 'analyst', 'backtests.get': 'viewer', 'backtests.cancel': 'analyst',
  'forecasts.port': 'viewer', 'forecasts.tag': 'viewer', 'forecasts.list': 'viewer', 'forecasts.precursors': 'viewer',
  'bulletins.list': 'viewer', 'bulletins.get': 'viewer', 'bulletins.draft': 'analyst', 'bulletins.edit': 'analyst', 'bulletins.release': 'coordinator!', 'bulletins.withdraw': 'coordinator',
  'bulletins.recipients': 'viewer', 'subscriptions.list': 'viewer', 'subscriptions.add': 'analyst', 'subscriptions.change': 'analyst', 'subscriptions.remove': 'analyst', 'subscriptions.test': 'analyst',
  'deliveries.list': 'viewer', 'notices.list': 'viewer', 'notices.read': 'viewer',
  'teams.list': 'viewer', 'teams.get': 'viewer', 'teams.add': 'coordinator', 'teams.change': 'coordinator', 'teams.remove': 'coordinator', 'contacts.add': 'coordinator', 'contacts.remove': 'coordinator',
  'calendars.list': 'viewer', 'calendars.add': 'coordinator', 'calendars.change': 'coordinator', 'calendars.remove': 'coordinator',
  'keys.list': 'viewer', 'keys.add': 'coordinator', 'keys.verify': 'coordinator', 'keys.revoke': 'coordinator',
  'constituencies.list': 'viewer', 'constituencies.claim': 'coordinator', 'constituencies.decide': 'coordinator', 'constituencies.withdraw': 'coordinator', 'constituencies.owner': 'viewer',
  'constituencies.overlaps': 'viewer', 'constituencies.approve-overlap': 'coordinator', 'constituencies.end-overlap': 'coordinator',
  'communities.list': 'viewer', 'communities.get': 'viewer', 'communities.add': 'coordinator', 'communities.change': 'coordinator', 'communities.events': 'viewer', 'communities.record': 'coordinator',
  'agreements.list': 'viewer', 'agreements.get': 'viewer', 'agreements.add': 'coordinator', 'agreements.change': 'coordinator', 'agreements.approve': 'coordinator!', 'agreements.end': 'coordinator',
  'imports.first': 'coordinator', 'profiles.import': 'coordinator', 'profiles.export': 'viewer',
  'policy.get': 'analyst', 'policy.epochs': 'analyst', 'policy.explain': 'analyst', 'policy.preview': 'analyst', 'policy.check': 'analyst', 'policy.diff': 'analyst', 'policy.proposals': 'analyst',
  'policy.propose': 'coordinator!', 'policy.approve': 'coordinator!', 'policy.withdraw': 'coordinator',
  'report.quarter': 'viewer', 'report.quarter_html': 'viewer', 'report.quarter_pdf': 'viewer',
}
const entry = (route: Route) => (table[route.id] ?? 'missing').replace('!', '')
const order = ['viewer', 'analyst', 'coordinator', 'administrator']
const mayBy = (role: Role, first: boolean) => (route: Route): boolean => {
  const least = entry(route)
  if (least === 'public' || least === 'person') return true
  return least === 'node' ? role === 'administrator' && first : order.indexOf(role) >= order.indexOf(least)
}
const onlyPublic = (route: Route) => entry(route) === 'public'

let people: TestPeople
let akiko: Someone
/** Every route of a node; what is let in is answered with one problem that nothing else gives. */
let doors: ReturnType<typeof makeHttpServer>
const withoutInput = ({ id, method, path, summary, needs, step_up, output, errors }: Route): Route =>
  ({ id, method, path, summary, needs, output, errors, ...(step_up ? { step_up } : {}) })
before(async () => {
  people = await startPeople()
  akiko = await people.administrator()
  doors = makeHttpServer({ config: { body_bytes_max: 65_536, connections_max: 10, request_ms_max: 5000, trusted_proxies: [] }, log: silent, count: () => undefined })
  addApiRoutes(doors, allRoutes.map((route) => ({ route: withoutInput(route), answer: async () => fail('report/busy') })), { authenticate: makeAuthenticate(people.kit) })
})
after(async () => {
  await doors.close()
  await people.stop()
})

const pathOf = ({ path }: Route) => path.replace(/:\w+/g, '1')
const inside = (answer: { status: number }) => answer.status === 503

/** Which routes let somebody in though they should not, or the other way round. */
async function wrongDoors(by: Browser, may: (route: Route) => boolean, headers: Record<string, string> = {}): Promise<string[]> {
  const at = Object.assign(new Browser(doors), { cookies: new Map(by.cookies) })
  const wrong: string[] = []
  for (const [i, route] of allRoutes.entries()) {
    at.address = `198.51.100.${i}`
    const answer = await at.ask(route.method, pathOf(route), undefined, headers)
    if (inside(answer) !== may(route)) wrong.push(`${route.id} ${answer.status}`)
  }
  return wrong
}

async function member(by: Browser, name: string, role: Role): Promise<{ browser: Browser; secret: string; id: string }> {
  const { person, invitation } = await by.must('POST', '/persons', { name, sign_in_name: `${name}@example.org`, role })
  return { browser: people.browser(), secret: invitation.link.split('#')[1], id: person.id }
}
async function enrolled(by: Browser, name: string, role: Role): Promise<{ browser: Browser; id: string }> {
  const { browser, secret, id } = await member(by, name, role)
  await browser.must('POST', '/invitation', { secret })
  await people.enrol(browser)
  return { browser, id }
}

test('every route stands in the table, and says the same of fresh sign-ins', () => {
  assert.deepEqual(allRoutes.map(({ id }) => id).toSorted(), Object.keys(table).toSorted())
  assert.deepEqual(allRoutes.filter((route) => (route.step_up === true) !== table[route.id]?.endsWith('!')).map(({ id }) => id), [])
})

test('nobody, and whoever shows something that is none, comes in where all may', async () => {
  assert.deepEqual(await wrongDoors(people.browser(), onlyPublic), [])
  const stranger = people.browser()
  stranger.cookies.set('__Host-hirundo', 'A'.repeat(43))
  assert.deepEqual(await wrongDoors(stranger, onlyPublic), [])
  assert.deepEqual(await wrongDoors(akiko.browser, onlyPublic, { authorization: `Bearer hir_${'A'.repeat(43)}` }), [])
})

test('each role comes in where it may, in the first organisation and in another', async () => {
  const first = await people.signIn(akiko)
  const { id } = await first.must('POST', '/organisations', { name: 'Other' })
  const { token } = await first.must('POST', '/tokens', { name: 'all', scopes, organisation: id })
  const other = people.browser()
  const invitation = await other.ask('POST', '/persons', { name: 'Eve', sign_in_name: 'eve@example.net', role: 'administrator' }, { authorization: `Bearer ${token}` })
  await other.must('POST', '/invitation', { secret: invitation.body.invitation.link.split('#')[1] })
  await people.enrol(other)
  for (const [browser, is_first] of [[await people.signIn(akiko), true], [other, false]] as const) {
    assert.deepEqual(await wrongDoors(browser, mayBy('administrator', is_first)), [])
    for (const role of ['viewer', 'analyst', 'coordinator'] as const) {
      const one = await enrolled(browser, `${role}-${is_first}`, role)
      assert.deepEqual(await wrongDoors(one.browser, mayBy(role, is_first)), [], role)
    }
  }
  const byToken = (route: Route) => entry(route) !== 'person' && mayBy('administrator', false)(route)
  assert.deepEqual(await wrongDoors(people.browser(), byToken, { authorization: `Bearer ${token}` }), [])
})

test('an enrolment reaches what is one’s own, a disabled person nothing', async () => {
  const administrator = await people.signIn(akiko)
  const { browser, secret } = await member(administrator, 'newcomer', 'administrator')
  await browser.must('POST', '/invitation', { secret })
  assert.deepEqual(await wrongDoors(browser, (route) => ['public', 'person'].includes(entry(route))), [])
  const gone = await enrolled(administrator, 'gone', 'administrator')
  const { token } = await gone.browser.must('POST', '/tokens', { name: 'gone', scopes })
  const cookies = new Map(gone.browser.cookies)
  await (await people.signIn(akiko)).must('PUT', `/persons/${gone.id}/state`, { state: 'disabled' })
  assert.deepEqual(await wrongDoors(Object.assign(people.browser(), { cookies }), onlyPublic), [])
  assert.deepEqual(await wrongDoors(people.browser(), onlyPublic, { authorization: `Bearer ${token}` }), [])
})

test('what wants a fresh sign-in refuses an old one, and what changes anything refuses another site', async () => {
  const browser = await people.signIn(akiko)
  people.world.pass(16 * 60_000)
  await browser.must('GET', '/session')
  assert.deepEqual(await wrongDoors(browser, ({ id }) => !table[id]!.endsWith('!')), [])
  const fresh = await people.signIn(akiko)
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }] as Record<string, string>[]) {
    const refused = (route: Route) => route.method !== 'GET' && !route.id.startsWith('sensor.')
    assert.deepEqual(await wrongDoors(fresh, (route) => !refused(route), headers), [], JSON.stringify(headers))
  }
})
