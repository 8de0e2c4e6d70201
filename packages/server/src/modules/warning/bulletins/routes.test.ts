import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ok } from '@hirundo/base'
import { scopes } from '@hirundo/contract'
import { writeAudit } from '../../../platform/audit.ts'
import { makeAuthenticate } from '../../../platform/auth/authenticate.ts'
import { Browser, startPeople, type Someone, type TestPeople } from '../../../platform/auth/people/testing/people.ts'
import { migrate } from '../../../platform/db/migrate.ts'
import { platformMigrations } from '../../../platform/db/platform-migrations.ts'
import { addApiRoutes } from '../../../platform/http/api-routes.ts'
import { makeHttpServer } from '../../../platform/http/server.ts'
import { makeMetrics } from '../../../platform/metrics.ts'
import { makeSettings } from '../../../platform/settings/settings.ts'
import { silent } from '../../../platform/testing/postgres.ts'
import { migrations } from '../migrations/index.ts'
import { makeBulletins } from './index.ts'
import { Outbox } from './outbox/outbox.ts'
import { findingView } from './testing/findings.ts'
import { wanted } from './testing/kit.ts'
import type { BulletinTools } from './tools.ts'

let people: TestPeople
let akiko: Someone
let tools: BulletinTools
let server: ReturnType<typeof makeHttpServer>
before(async () => {
  people = await startPeople()
  akiko = await people.administrator()
  const { db } = people.postgres
  await migrate(db, [{ name: 'platform', migrations: platformMigrations }, { name: 'warning', migrations }], silent)
  tools = {
    db, world: people.world, log: silent, metrics: makeMetrics(), settings: makeSettings(db), audit: (entry, within = db) => writeAudit(within, people.world, entry),
    findingOf: async (_, id) => ok({ ...findingView('worm'), id }), sensorsOf: async () => 60, note: async () => undefined, smtp: undefined, public_url: undefined, own: [],
  }
  server = makeHttpServer({ config: { body_bytes_max: 262_144, connections_max: 10, request_ms_max: 5000, trusted_proxies: [] }, log: silent, count: () => undefined })
  addApiRoutes(server, makeBulletins(tools).handlers, { authenticate: makeAuthenticate(people.kit) })
})
after(async () => {
  await server.close()
  await people.stop()
})

/** The pages of bulletins in a browser that is signed in. */
async function signedIn(): Promise<Browser> {
  const by = await people.signIn(akiko)
  return Object.assign(new Browser(server), { cookies: new Map(by.cookies) })
}
const finding = (n: number) => `/findings/d000000${n}-0000-4000-8000-000000000000/bulletin`

describe('the routes of bulletins', () => {
  it('release by a person who signed in just now, and by nobody else', async () => {
    const browser = await signedIn()
    const { id, version, number, texts } = await browser.must('POST', finding(1))
    assert.match(number, /^HB-2026-\d{4}$/)
    assert.deepEqual(Object.keys(texts), ['en', 'ja', 'ko', 'zh-Hans', 'zh-Hant'])
    const fresh = await people.signIn(akiko)
    const { token } = await fresh.must('POST', '/tokens', { name: 'all', scopes })
    const machine = { authorization: `Bearer ${token}` }
    assert.equal(await new Browser(server).refused('POST', `/bulletins/${id}/release`, { version }, machine), 'bulletin/no-person')
    const late = await signedIn()
    people.world.pass(16 * 60_000)
    assert.equal(await late.refused('POST', `/bulletins/${id}/release`, { version }), 'auth/reauthenticate')
    const released = await (await signedIn()).must('POST', `/bulletins/${id}/release`, { version })
    assert.deepEqual([released.state, released.released_by], ['released', 'Akiko'])
    assert.equal(await new Browser(server).refused('POST', `/bulletins/${id}/withdraw`, { why: 'x' }, machine), 'bulletin/no-person')
    assert.equal((await (await signedIn()).must('POST', `/bulletins/${id}/withdraw`, { why: 'our own test' })).withdrawn_why, 'our own test')
  })

  it('list newest first in the language asked for, page by page', async () => {
    const browser = await signedIn()
    for (const n of [2, 3, 4]) await browser.must('POST', finding(n))
    const first = await browser.must('GET', '/bulletins?state=draft&limit=2&language=ja')
    const second = await browser.must('GET', `/bulletins?state=draft&limit=2&language=ja&after=${first.next}`)
    const numbers = [...first.bulletins, ...second.bulletins].map(({ number }: { number: string }) => number)
    assert.deepEqual([numbers.length, numbers.toSorted().toReversed(), second.next], [3, numbers, null])
    assert.match(first.bulletins[0].title, /ワーム/)
    assert.equal(await browser.refused('GET', '/bulletins?after=x'), 'request/invalid')
    assert.equal(await browser.refused('GET', '/bulletins/d0000000-0000-4000-8000-00000000ffff'), 'bulletin/not-found')
  })

  it('say who would get it, what was sent, and bring notices to their person', async () => {
    const browser = await signedIn()
    const { id: subscription } = await browser.must('POST', '/subscriptions', wanted({ channel: 'web', target: '', of: 'bulletins', name: 'Mine', language: 'ja' }))
    const { id: paused } = await browser.must('POST', '/subscriptions', wanted({ channel: 'web', target: '', of: 'bulletins', name: 'Paused' }))
    await browser.must('PUT', `/subscriptions/${paused}`, { ...wanted({ channel: 'web', target: '', of: 'bulletins', name: 'Paused' }), active: false })
    const { id: strict } = await browser.must('POST', '/subscriptions', wanted({ channel: 'web', target: '', of: 'bulletins', name: 'Others', tlp_max: 'TLP:GREEN' }))
    const { id, version } = await browser.must('POST', finding(5))
    assert.deepEqual((await browser.must('GET', `/bulletins/${id}/recipients`)).passed_over.map(({ name, why }: { name: string, why: string }) => [name, why]), [['Paused', 'paused'], ['Others', 'tlp']])
    for (const one of [paused, strict]) await browser.must('DELETE', `/subscriptions/${one}`)
    assert.deepEqual((await browser.must('GET', `/bulletins/${id}/recipients`)).recipients, [{ subscription, name: 'Mine', channel: 'web', target: '' }])
    await browser.must('POST', `/bulletins/${id}/release`, { version })
    assert.equal((await browser.must('GET', `/deliveries?bulletin=${id}`)).deliveries[0].state, 'waiting')
    const { number } = await browser.must('GET', `/bulletins/${id}`)
    assert.equal((await browser.must('GET', `/bulletins/${number.toLowerCase()}`)).id, id, 'a bulletin is found by its number too')
    assert.equal((await browser.must('GET', `/bulletins/${number}/recipients`)).recipients.length, 1)
    assert.deepEqual((await browser.must('GET', `/deliveries?bulletin=${number}`)).deliveries.map(({ about, what }: { about: string, what: string }) => [about, what]), [[number, 'released']])
    for (const path of ['/bulletins/HB-2026-9999', '/deliveries?bulletin=HB-2026-9999']) assert.equal(await browser.refused('GET', path), 'bulletin/not-found')
    const outbox = new Outbox(tools)
    await outbox.look()
    await outbox.sendOne()
    const { deliveries } = await browser.must('GET', `/deliveries?subscription=${subscription}`)
    assert.deepEqual([deliveries.length, deliveries[0].state, deliveries[0].attempts, deliveries[0].problem], [1, 'sent', 1, null])
    const { unread, notices } = await browser.must('GET', '/notices')
    assert.deepEqual([unread, notices[0].href, notices[0].read], [1, `/warn/bulletins/${id}`, false])
    await browser.must('POST', '/notices/read', { ids: [notices[0].id] })
    assert.equal((await browser.must('GET', '/notices')).unread, 0)
    assert.deepEqual((await browser.must('GET', `/bulletins/${id}`)).deliveries, { waiting: 0, sent: 1, failed: 0 })
    await browser.must('POST', `/bulletins/${id}/withdraw`, { why: 'a test' })
    assert.deepEqual((await browser.must('GET', `/deliveries?bulletin=${id}`)).deliveries.map(({ what }: { what: string }) => what), ['withdrawn', 'released'])
    await browser.must('DELETE', `/subscriptions/${subscription}`)
    assert.deepEqual((await browser.must('GET', '/subscriptions')).subscriptions, [])
  })

  it('refuse a target in words, and test a subscription in the reader’s language', async () => {
    const browser = await signedIn()
    const answer = await browser.ask('POST', '/subscriptions', wanted(), { 'accept-language': 'ko' })
    assert.deepEqual([answer.status, answer.body.values.reason], [422, 'mail-not-set-up'])
    assert.match(answer.body.detail, /smtp_url.*notify\.mail_from/, 'the settings that are missing are named')
    const { id } = await browser.must('POST', '/subscriptions', wanted({ channel: 'web', target: '' }))
    assert.deepEqual((await browser.ask('POST', `/subscriptions/${id}/test`, undefined, { 'accept-language': 'ja' })).body, { sent: true, detail: '送信しました' })
    assert.equal((await browser.ask('POST', `/subscriptions/${id}/test`, undefined, { 'accept-language': 'ja' })).body.sent, false)
  })
})
