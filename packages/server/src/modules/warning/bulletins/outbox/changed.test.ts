import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { unwrap } from '@hirundo/base'
import type { NewSubscription } from '@hirundo/contract'
import type { Actor } from '../../../../platform/module.ts'
import { headersOf } from '../../../../platform/notify/testing/servers.ts'
import { draft, release, withdraw } from '../bulletins.ts'
import { deliveriesOf, noticesOf } from '../delivery-store.ts'
import { change } from '../subscriptions.ts'
import type { BulletinRecord, SubscriptionRecord } from '../tables.ts'
import { startKit, wanted, type BulletinKit } from '../testing/kit.ts'
import { Outbox } from './outbox.ts'

let kit: BulletinKit
let mio: Actor
before(async () => {
  kit = await startKit()
  mio = await kit.person('Mio')
})
after(() => kit.stop())
beforeEach(() => kit.clear())

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const subjects = () => kit.smtp.mails.map(({ raw }) => headersOf(raw).get('subject')![0]!)
const problems = async () => (await kit.postgres.pool.query<{ problem: string | null }>('select problem from warning_delivery order by id')).rows.map(({ problem }) => problem)
const bodyOf = (i: number) => JSON.parse(kit.http.heard[i]!.body) as { tlp: string, items: { type: string, tlp: string }[] }
const changed = async ({ uuid }: SubscriptionRecord, more: Partial<NewSubscription>) => unwrap(await change(kit.tools, mio, uuid, { ...wanted(more), active: true })).row

/** A finding that is told and stored. */
async function findStored(more: Parameters<BulletinKit['findNew']>[0] = {}): Promise<string> {
  const id = await kit.findNew(more)
  await kit.postgres.pool.query(`insert into finding (uuid, organisation_id, kind, subject_key, subject, protocol, port, severity, start_at, end_at, open, found_at, packets, own, simulated, tlp)
    values ($1, 1, 'worm', sha256(convert_to($2, 'UTF8')), '{}', 'tcp', 23, 2, now(), now(), false, now(), 1, false, false, 'TLP:AMBER')`, [id, id])
  return id
}

async function released(): Promise<BulletinRecord> {
  const { uuid, version } = unwrap(await draft(kit.tools, mio, `f${randomUUID().slice(1)}`))
  return unwrap(await release(kit.tools, mio, uuid, version))
}

const refuse = () => { kit.http.answer = (_, response) => void response.writeHead(503).end() }
const accept = () => { kit.http.answer = (_, response) => void response.writeHead(204).end() }
const hook = () => ({ channel: 'webhook', target: kit.hook }) as const

describe('between two attempts', () => {
  it('what was dismissed, muted, merged into what is, or labelled more strictly is not told any more', async () => {
    const dismiss = "update finding set state = 'dismissed', verdict = 'dismissed', dismissal = 'false-alarm', settled_severity = 2, settled_end = now() where uuid = $1"
    for (const act of [
      dismiss, "update finding set tlp = 'TLP:RED' where uuid = $1",
      "insert into finding_mute (id, organisation_id, kind, why, until_at, created_at, created_by) select $1, 1, 'worm', 'x', '2027-01-01', now(), 'x'",
    ]) {
      await kit.clear()
      await kit.subscribe({ ...hook(), tlp_max: 'TLP:AMBER' })
      refuse()
      const id = await findStored()
      await kit.work()
      await kit.postgres.pool.query(act, [id])
      accept()
      kit.now_ms += 2 * MINUTE
      await kit.work()
      assert.deepEqual([kit.http.heard.length, await kit.states(), await problems()], [1, { failed: 1 }, ['settled']], act)
      assert.equal((await kit.messages())[0]!.problem, 'settled')
      await kit.postgres.pool.query('truncate finding_mute')
    }
    await kit.clear()
    await kit.subscribe(hook())
    refuse()
    const [part, whole] = [await findStored(), await findStored()]
    await kit.work()
    await kit.postgres.pool.query('update finding set merged_into = (select id from finding where uuid = $2) where uuid = $1', [part, whole])
    await kit.postgres.pool.query(dismiss, [whole])
    accept()
    kit.now_ms += 2 * MINUTE
    await kit.work()
    assert.deepEqual(await problems(), ['settled', 'settled'])
  })

  it('what a subscription no longer asks for is not told: findings and bulletins', async () => {
    for (const subject of ['findings', 'bulletins'] as const) {
      for (const more of [{ tlp_max: 'TLP:GREEN' }, { kinds: ['spike'] }, { of: subject === 'findings' ? 'bulletins' : 'findings' }] as Partial<NewSubscription>[]) {
        await kit.clear()
        const subscription = await kit.subscribe({ ...hook(), of: subject })
        refuse()
        await (subject === 'findings' ? findStored() : released())
        await kit.work()
        await changed(subscription, { ...hook(), of: subject, ...more })
        accept()
        kit.now_ms += 2 * MINUTE
        await kit.work()
        assert.deepEqual([kit.http.heard.length, await problems()], [1, ['unwanted']], JSON.stringify([subject, more]))
      }
    }
  })

  it('a bulletin that waits for its digest is not told beyond the TLP that is asked for now', async () => {
    const subscription = await kit.subscribe({ of: 'bulletins', digest: 'hourly' })
    await released()
    await changed(subscription, { of: 'bulletins', digest: 'hourly', tlp_max: 'TLP:CLEAR' })
    kit.now_ms += 2 * HOUR
    await kit.work()
    assert.deepEqual([kit.smtp.mails.length, await problems()], [0, ['unwanted']])
  })

  it('what is still told is told with the label that it has now', async () => {
    await kit.subscribe(hook())
    refuse()
    const id = await findStored()
    await kit.work()
    await kit.postgres.pool.query("update finding set tlp = 'TLP:RED' where uuid = $1", [id])
    accept()
    kit.now_ms += 2 * MINUTE
    await kit.work()
    assert.deepEqual([bodyOf(0).tlp, bodyOf(1).tlp, bodyOf(1).items[0]!.tlp], ['TLP:AMBER', 'TLP:RED', 'TLP:RED'])
  })

  it('a target that changed while it was being sent to the old one gets it', async () => {
    const subscription = await kit.subscribe(hook())
    refuse()
    await findStored()
    await kit.outbox().gather()
    await kit.outbox(async (step) => {
      if (step === 'claimed') await changed(subscription, {})
    }).sendOne()
    kit.now_ms += 2 * MINUTE
    await kit.work()
    assert.deepEqual([kit.http.heard.length, kit.smtp.mails.length, await kit.states()], [1, 1, { sent: 1 }])
  })
})

describe('a withdrawal after the channel changed', () => {
  it('goes by mail to who got a mail', async () => {
    for (const more of [hook(), { channel: 'web', target: '' } as const]) {
      await kit.clear()
      const subscription = await kit.subscribe({ of: 'bulletins' })
      const { uuid } = await released()
      await kit.work()
      await changed(subscription, { of: 'bulletins', ...more })
      unwrap(await withdraw(kit.tools, mio, uuid, 'wrong'))
      const [waits] = await deliveriesOf(kit.postgres.db, 1, { limit: 1 })
      assert.deepEqual([waits!.what, waits!.now_channel, waits!.now_target], ['withdrawn', 'mail', 'soc@example.org'], 'and the list says so')
      await kit.work()
      assert.deepEqual([kit.smtp.mails.map(({ to }) => to[0]), kit.http.heard.length, await kit.states()], [['soc@example.org', 'soc@example.org'], 0, { sent: 2 }])
      assert.match(subjects()[1]!, /withdrawn/)
    }
  })

  it('goes to the webhook that got it, signed with the key that it knows', async () => {
    const subscription = await kit.subscribe({ of: 'bulletins', ...hook() })
    const { uuid } = await released()
    await kit.work()
    await changed(subscription, { of: 'bulletins' })
    const again = await changed(subscription, { of: 'bulletins', channel: 'webhook', target: `${kit.hook}/other` })
    assert.notDeepEqual(again.secret, subscription.secret)
    unwrap(await withdraw(kit.tools, mio, uuid, 'wrong'))
    await kit.work()
    assert.deepEqual(kit.http.heard.map(({ url }, i) => [url, bodyOf(i).items[0]!.type]), [['/in', 'bulletin.released'], ['/in', 'bulletin.withdrawn']])
    assert.deepEqual((await kit.messages()).map(({ secret }) => secret), [subscription.secret, subscription.secret])
  })

  it('goes to the person who had the notice, and what comes then to where it goes now', async () => {
    const subscription = await kit.subscribe({ of: 'bulletins', channel: 'web', target: '' }, mio)
    const { uuid } = await released()
    await kit.work()
    await changed(subscription, { of: 'bulletins' })
    unwrap(await withdraw(kit.tools, mio, uuid, 'wrong'))
    await released()
    await kit.work()
    const notices = (await noticesOf(kit.postgres.db, mio.person_id!)).map(({ title }) => /withdrawn/.test(title))
    assert.deepEqual([notices, kit.smtp.mails.length, await kit.states()], [[true, false], 1, { sent: 3 }])
  })
})

describe('what the node itself gets wrong', () => {
  it('ends as failed with its reason and holds up nothing', async () => {
    await kit.subscribe(hook())
    await findStored()
    await kit.outbox().gather()
    await kit.postgres.pool.query("update warning_message set target = 'no address'; update warning_subscription set target = 'no address'")
    assert.equal(await kit.outbox().sendOne(), true)
    const [message] = await kit.messages()
    assert.deepEqual([message!.state, message!.problem, await kit.states()], ['failed', 'internal', { failed: 1 }])
  })

  it('on its way is tried again', async () => {
    await kit.subscribe(hook())
    await findStored()
    await kit.outbox().gather()
    const away = { ...kit.tools.settings, get: () => Promise.reject(new Error('the database is away')) }
    assert.equal(await new Outbox({ ...kit.tools, settings: away }).sendOne(), true)
    const [message] = await kit.messages()
    assert.deepEqual([message!.state, message!.problem], ['waiting', 'internal'])
    kit.now_ms += 2 * MINUTE
    await kit.work()
    assert.deepEqual(await kit.states(), { sent: 1 })
  })
})

describe('quiet hours', () => {
  const quiet = { from: '22:00', to: '07:00', time_zone: 'UTC', but_urgent: true }
  const [evening, night, morning] = [Date.UTC(2026, 10, 20, 21, 59), Date.UTC(2026, 10, 20, 23, 30), Date.UTC(2026, 10, 21, 7)]

  it('hold another attempt, but of what is urgent', async () => {
    await kit.subscribe({ ...hook(), quiet })
    kit.now_ms = evening
    refuse()
    await findStored({ severity: 'notice' })
    await findStored({ severity: 'urgent' })
    await kit.work()
    accept()
    kit.now_ms = night
    await kit.work()
    assert.deepEqual([kit.http.heard.length, await kit.states()], [3, { waiting: 1, sent: 1 }])
    const held = (await kit.messages()).find(({ state }) => state === 'waiting')!
    assert.deepEqual([held.due_at.getTime(), held.attempts], [morning, 1])
    kit.now_ms = morning
    await kit.work()
    assert.deepEqual(await kit.states(), { sent: 2 })
  })

  it('hold what is joined, and what was due before they began', async () => {
    await kit.set('notify.deliveries_per_hour_max', 2)
    await kit.subscribe({ quiet })
    kit.now_ms = evening
    for (let i = 0; i < 6; i++) {
      await findStored({ severity: i === 5 ? 'urgent' : 'notice' })
      await kit.work()
    }
    assert.equal(kit.smtp.mails.length, 2)
    await findStored({ severity: 'notice' })
    kit.now_ms = night
    await kit.work()
    assert.deepEqual([kit.smtp.mails.length, await kit.states()], [3, { waiting: 4, sent: 3 }])
    const { rows } = await kit.postgres.pool.query<{ due_at: Date }>("select distinct due_at from warning_delivery where state = 'waiting'")
    assert.deepEqual(rows.map(({ due_at }) => due_at.getTime()), [morning])
    kit.now_ms = morning
    await kit.work()
    assert.deepEqual(await kit.states(), { sent: 7 })
  })
})
