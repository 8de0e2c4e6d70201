import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { unwrap } from '@hirundo/base'
import type { NewSubscription } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import { contentDigest, verifyHmac, type Component } from '../../../platform/notify/message-signature.ts'
import { headersOf } from '../../../platform/notify/testing/servers.ts'
import { draft, release, withdraw } from './bulletins.ts'
import { markRead, noticesOf, unreadOf } from './delivery-store.ts'
import { deliveriesOf } from './delivery-store.ts'
import { bounds } from './model.ts'
import { tryOut } from './outbox/try-out.ts'
import { listOf } from './subscription-store.ts'
import { add, change, remove } from './subscriptions.ts'
import { found } from './testing/findings.ts'
import { startKit, wanted, type BulletinKit } from './testing/kit.ts'
import { subscriptionView } from './views.ts'

let kit: BulletinKit
let mio: Actor
before(async () => {
  kit = await startKit()
  mio = await kit.person('Mio')
})
after(() => kit.stop())
beforeEach(() => kit.clear())

const why = async (more: Partial<NewSubscription>, actor = mio): Promise<string> => {
  const made = await add(kit.tools, actor, wanted(more))
  return made.ok ? 'none' : `${made.problem.code} ${String(made.problem.detail['reason'] ?? made.problem.detail['what'] ?? '')}`.trim()
}

describe('a target', () => {
  it('of mail is one address, of a domain that is open, on a node that sends mail', async () => {
    for (const target of ['', 'x', 'a@b@c', 'a@example.org, b@example.org', 'a@example.org\r\nBcc: b@example.org', 'A <a@example.org>']) {
      assert.equal(await why({ target }), 'subscription/target-refused mail-address', target)
    }
    await kit.set('notify.mail_domains_allow', ['Example.org'])
    assert.equal(await why({ target: 'soc@EXAMPLE.ORG' }), 'none')
    assert.equal(await why({ target: 'soc@sub.example.org' }), 'subscription/target-refused mail-domain')
    await kit.set('notify.mail_from', '')
    assert.equal(await why({ target: 'soc@example.org' }), 'subscription/target-refused mail-not-set-up')
  })

  it('of a webhook stands on the operator’s list, whatever it is called', async () => {
    const { port } = kit.http
    assert.equal(await why({ channel: 'webhook', target: kit.hook }), 'none')
    for (const [target, reason] of [
      ['https://hooks.example/x', 'not-listed'], [`http://127.0.0.1:${port}/`, 'not-listed'], [`http://2130706433:${port}/`, 'not-listed'], [`http://[::ffff:7f00:1]:${port}/`, 'not-listed'],
      ['http://169.254.169.254/latest/meta-data/', 'not-listed'], [`http://u:p@hook.example:${port}/`, 'url'], ['file:///etc/passwd', 'url'], [`http://hook.example:${port}/#x`, 'url'], ['', 'url'],
    ] as const) assert.equal(await why({ channel: 'webhook', target }), `subscription/target-refused ${reason}`, target)
    assert.equal(kit.http.heard.length, 0)
  })

  it('of the web is the person who made it', async () => {
    assert.equal(await why({ channel: 'web', target: 'anything' }, kit.token()), 'subscription/target-refused web-needs-a-person')
    assert.equal(unwrap(await add(kit.tools, mio, wanted({ channel: 'web', target: 'anything' }))).row.target, '')
  })
})

describe('a subscription', () => {
  it('has a name and quiet hours that mean something', async () => {
    assert.equal(await why({ name: '\u202e\u0000' }), 'request/invalid name')
    assert.equal(unwrap(await add(kit.tools, mio, wanted({ name: 'SOC\r\nX: y' }))).row.name, 'SOC X: y')
    for (const quiet of [{ from: '25:00', to: '06:00', time_zone: 'UTC' }, { from: '22:00', to: '06:00', time_zone: 'Nowhere/City' }]) assert.equal(await why({ quiet: { ...quiet, but_urgent: false } }), 'request/invalid quiet')
  })

  it('shows the key of a webhook once, and what its URL hides to who may change it', async () => {
    const made = unwrap(await add(kit.tools, mio, wanted({ channel: 'webhook', target: `${kit.hook}?token=geheim` })))
    assert.match(made.secret!, /^[A-Za-z0-9_-]{43}$/)
    const viewer = await kit.person('Viewer', 1, ['findings:read'])
    const [row] = await listOf(kit.postgres.db, 1)
    const shown = subscriptionView(viewer, { row: row!, secret: null }, 'en')
    assert.deepEqual([shown.secret_shown_once, shown.target], [null, `http://hook.example:${kit.http.port}/…`])
    assert.ok(subscriptionView(mio, { row: row!, secret: null }, 'en').target.includes('geheim'))
    const { rows } = await kit.postgres.pool.query("select detail::text from audit where action = 'subscription.add'")
    assert.ok(!JSON.stringify(rows).includes('geheim') && !JSON.stringify(rows).includes(made.secret!))
    const again = unwrap(await change(kit.tools, mio, row!.uuid, { ...wanted({ channel: 'webhook', target: row!.target }), active: false }))
    assert.deepEqual([again.secret, again.row.active], [null, false])
  })

  it('is changed and removed in its own organisation, also when its target is no longer open', async () => {
    const eve = await kit.person('Eve', await kit.organisation(`other ${randomUUID()}`))
    const { row } = unwrap(await add(kit.tools, mio, wanted({ channel: 'webhook', target: kit.hook })))
    await kit.set('notify.webhook_allow', [])
    const body = { ...wanted({ channel: 'webhook', target: kit.hook, digest: 'daily' }), active: true }
    for (const done of [await change(kit.tools, eve, row.uuid, body), await remove(kit.tools, eve, row.uuid), await tryOut(kit.tools, eve, row.uuid)]) assert.ok(!done.ok && done.problem.code === 'subscription/not-found')
    assert.equal(unwrap(await change(kit.tools, kit.token(), row.uuid, body)).row.digest, 'daily')
    const elsewhere = await change(kit.tools, mio, row.uuid, { ...body, target: `${kit.hook}/elsewhere` })
    assert.ok(!elsewhere.ok && elsewhere.problem.code === 'subscription/target-refused')
    unwrap(await remove(kit.tools, mio, row.uuid))
    assert.deepEqual(await listOf(kit.postgres.db, 1), [])
    assert.ok(!(await remove(kit.tools, mio, row.uuid)).ok)
  })

  it('finds room once, also when several come at once', async () => {
    await kit.postgres.pool.query(`insert into warning_subscription (uuid, organisation_id, name, channel, target, subject, language, kinds, ports, economies, asns, severity_min, tlp_max, digest, active, created_at, created_by)
      select gen_random_uuid(), 1, 'x', 'mail', 'x@example.org', 'findings', 'en', '{}', '{}', '{}', '{}', 'notice', 'TLP:RED', 'at-once', true, now(), 'x' from generate_series(1, $1)`, [bounds.subscriptions_max - 1])
    const made = await Promise.all(Array.from({ length: 4 }, () => add(kit.tools, mio, wanted())))
    assert.deepEqual(made.map((one) => (one.ok ? 'none' : one.problem.code)).toSorted(), ['none', ...Array.from({ length: 3 }, () => 'subscription/too-many')])
  })
})

/** Deliveries as the list gives them. */
const listed = async () => (await deliveriesOf(kit.postgres.db, 1, { limit: 10 })).map(({ what, state, attempts, problem }) => [what, state, attempts, problem])

it('what was tried before a pause or an end says how often', async () => {
  for (const end of [(id: string) => change(kit.tools, mio, id, { ...wanted(), active: false }), (id: string) => remove(kit.tools, mio, id)]) {
    await kit.clear()
    const { row } = unwrap(await add(kit.tools, mio, wanted()))
    await kit.findNew()
    kit.smtp.accept = () => { throw Object.assign(new Error('later'), { responseCode: 451 }) }
    for (let i = 0; i < 2; i++) {
      await kit.work()
      kit.now_ms += 5 * 60_000
    }
    kit.smtp.accept = () => undefined
    assert.deepEqual(await listed(), [['found', 'waiting', 2, null]])
    await end(row.uuid)
    const [one] = await listed()
    assert.deepEqual(one?.slice(0, 3), ['found', 'failed', 2])
    kit.now_ms += 24 * 3_600_000
    await kit.work()
    assert.equal(kit.smtp.mails.length, 0, 'nothing of it is sent')
  }
})

describe('a test', () => {
  it('stands among what was sent, whether it arrived or not', async () => {
    const { row } = unwrap(await add(kit.tools, mio, wanted()))
    await tryOut(kit.tools, mio, row.uuid)
    kit.now_ms += 61_000
    kit.smtp.accept = () => { throw Object.assign(new Error('full'), { responseCode: 452 }) }
    await tryOut(kit.tools, mio, row.uuid)
    kit.smtp.accept = () => undefined
    assert.deepEqual(await listed(), [['test', 'failed', 1, null], ['test', 'sent', 1, null]])
  })

  it('says that it is one, and its answer what became of it', async () => {
    const { row } = unwrap(await add(kit.tools, mio, wanted({ language: 'zh-Hant' })))
    assert.ok((unwrap(await tryOut(kit.tools, mio, row.uuid)) as { kind: string }).kind === 'sent')
    assert.match(headersOf(kit.smtp.mails[0]!.raw).get('subject')![0]!, /^\[TLP:CLEAR\] 訂閱「SOC」的測試$/)
    assert.equal(unwrap(await tryOut(kit.tools, mio, row.uuid)), 'again-later')
    kit.now_ms += 61_000
    kit.smtp.accept = () => { throw Object.assign(new Error('full'), { responseCode: 452 }) }
    const failed = unwrap(await tryOut(kit.tools, mio, row.uuid))
    assert.ok(failed !== 'again-later' && failed.kind === 'failed' && failed.problem === 'mail_refused')
    kit.smtp.accept = () => undefined
    kit.now_ms += 24 * 3_600_000
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
    assert.match(subscriptionView(mio, { row: (await listOf(kit.postgres.db, 1))[0]!, secret: null }, 'ja').last_problem!, /受け付けませんでした \(.*452/)
  })
})

describe('a webhook', () => {
  it('is signed over method, address, body and key of idempotency, by the key that was shown', async () => {
    const { row, secret } = unwrap(await add(kit.tools, mio, wanted({ channel: 'webhook', target: `${kit.hook}?a=1` })))
    await kit.findNew({ kind: 'rsdos', severity: 'urgent', own: true })
    await kit.work()
    const { method, url, headers, body } = kit.http.heard[0]!
    const input = String(headers['signature-input'])
    const [, created, nonce] = /^hirundo=\("@method" "@target-uri" "content-type" "content-digest" "idempotency-key"\);created=(\d+);nonce="([^"]+)";keyid="[^"]+";alg="hmac-sha256"$/.exec(input)!
    const components: Component[] = [
      ['@method', method], ['@target-uri', `http://hook.example:${kit.http.port}${url}`], ['content-type', String(headers['content-type'])], ['content-digest', contentDigest(Buffer.from(body))],
      ['idempotency-key', String(headers['idempotency-key'])],
    ]
    const parameters = { created: Number(created), nonce: nonce!, keyid: row.uuid, alg: 'hmac-sha256' }
    const key = Buffer.from(secret!, 'base64url')
    assert.ok(verifyHmac('hirundo', components, parameters, key, String(headers['signature'])))
    assert.equal(headers['content-digest'], contentDigest(Buffer.from(body)))
    assert.equal(parameters.created * 1000, kit.now_ms)
    const told = JSON.parse(body) as { version: number, tlp: string, severity: string, items: { type: string, finding: { kind: string, subject: object } }[], note: string }
    assert.deepEqual([told.version, told.tlp, told.severity, told.items[0]!.type, told.items[0]!.finding.kind, told.note], [1, 'TLP:AMBER', 'urgent', 'finding.found', 'rsdos', 'location-of-address-not-of-actor'])
  })

  it('that signed before is told of a withdrawal with the same key after it was removed', async () => {
    const { row } = unwrap(await add(kit.tools, mio, wanted({ channel: 'webhook', target: kit.hook, of: 'bulletins' })))
    const bulletin = unwrap(await draft(kit.tools, mio, 'c0000000-0000-4000-8000-000000000000'))
    unwrap(await release(kit.tools, mio, bulletin.uuid, 1))
    await kit.work()
    unwrap(await remove(kit.tools, mio, row.uuid))
    unwrap(await withdraw(kit.tools, mio, bulletin.uuid, 'wrong'))
    await kit.work()
    assert.deepEqual(kit.http.heard.map(({ body }) => (JSON.parse(body) as { items: { type: string }[] }).items[0]!.type), ['bulletin.released', 'bulletin.withdrawn'])
    assert.ok(String(kit.http.heard[1]!.headers['signature-input']).includes(row.uuid))
  })
})

describe('notices', () => {
  it('are of the person who asked for them, newest first, read by them alone', async () => {
    const eve = await kit.person('Eve')
    await kit.subscribe({ channel: 'web', target: '', language: 'ko' }, mio)
    const first = await kit.findNew({ severity: 'notice' })
    await kit.work()
    kit.now_ms += 1000
    await kit.find(...Array.from({ length: 30 }, () => found(randomUUID(), { severity: 'urgent' })))
    await kit.work()
    const of = (actor: Actor) => noticesOf(kit.postgres.db, actor.person_id!)
    const mine = await of(mio)
    assert.deepEqual(mine.map(({ href, severity }) => [href, severity]), [['/warn', 'urgent'], [`/warn/findings/${first}`, 'notice']])
    assert.match(mine[0]!.title, /알림 30건, 긴급 30건/)
    assert.deepEqual(await of(eve), [])
    await markRead(kit.postgres.db, eve.person_id!, mine.map(({ uuid }) => uuid), new Date())
    assert.equal(await unreadOf(kit.postgres.db, mio.person_id!), 2)
    await markRead(kit.postgres.db, mio.person_id!, [mine[0]!.uuid], new Date())
    assert.equal(await unreadOf(kit.postgres.db, mio.person_id!), 1)
  })

  it('go when there are too many', async () => {
    await kit.subscribe({ channel: 'web', target: '' }, mio)
    await kit.set('notify.deliveries_per_hour_max', 1000)
    await kit.postgres.pool.query(`with m as (insert into warning_message (uuid, organisation_id, subscription_id, channel, target, language, joined, state, due_at, created_at)
        select gen_random_uuid(), 1, s.id, 'web', '', 'en', false, 'sent', now(), '2020-01-01' from warning_subscription s, generate_series(1, $1) returning id)
      insert into warning_notice (uuid, organisation_id, person_id, message_id, at, title, href, severity) select gen_random_uuid(), 1, $2, m.id, now(), 'old', '/', 'notice' from m`, [bounds.notices_max + 5, mio.person_id])
    await kit.findNew()
    await kit.work()
    const { rows } = await kit.postgres.pool.query('select count(*)::int as count from warning_notice')
    assert.equal(rows[0].count, bounds.notices_max)
  })
})
