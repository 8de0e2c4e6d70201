import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { unwrap } from '@hirundo/base'
import { headersOf } from '../../../../platform/notify/testing/servers.ts'
import { draft, release, withdraw } from '../bulletins.ts'
import { bounds } from '../model.ts'
import { lockSubscription } from '../subscription-store.ts'
import { found } from '../testing/findings.ts'
import { startKit, type BulletinKit } from '../testing/kit.ts'

let kit: BulletinKit
before(async () => {
  kit = await startKit()
})
after(() => kit.stop())
beforeEach(() => kit.clear())

const HOUR = 3_600_000

describe('nothing twice', () => {
  it('two workers at once send each message once', async () => {
    await kit.set('notify.deliveries_per_hour_max', 1000)
    for (let i = 0; i < 6; i++) await kit.subscribe({ target: `soc${i}@example.org` })
    await kit.find(...Array.from({ length: 8 }, () => found(randomUUID())))
    await Promise.all(Array.from({ length: 4 }, () => kit.work(kit.outbox())))
    await kit.work()
    const ids = kit.smtp.mails.map(({ raw }) => headersOf(raw).get('message-id')![0]!)
    assert.deepEqual([ids.length, new Set(ids).size], [48, 48])
    assert.deepEqual(await kit.states(), { sent: 48 })
  })

  it('the running loops do the same', async () => {
    await kit.set('notify.deliveries_per_hour_max', 1000)
    await kit.subscribe()
    const two = [kit.outbox(undefined, { idle_ms: 5 }), kit.outbox(undefined, { idle_ms: 5 })]
    for (const one of two) one.start()
    for (let i = 0; i < 10; i++) await kit.findNew()
    while ((await kit.states())['sent'] !== 10) await new Promise((resolve) => setTimeout(resolve, 10))
    await Promise.all(two.map((one) => one.stop()))
    assert.equal(kit.smtp.mails.length, 10)
  })

  /** A worker that stops at a step for ever, as a killed one does. */
  const killedAt = (step: 'claimed' | 'sent') => new Promise<void>((resolve) => {
    void kit.outbox((now) => (now === step ? new Promise(() => resolve()) : undefined)).sendOne()
  })

  it('a mail whose sender was killed before it handed it over is sent later', async () => {
    await kit.subscribe()
    await kit.findNew()
    await kit.outbox().gather()
    await killedAt('claimed')
    await kit.work()
    assert.equal(kit.smtp.mails.length, 0)
    kit.now_ms += bounds.lease_ms
    await kit.work()
    assert.deepEqual([kit.smtp.mails.length, await kit.states()], [1, { sent: 1 }])
  })

  it('a mail whose sender was killed after that is unknown and is not sent again', async () => {
    await kit.subscribe()
    await kit.findNew()
    await kit.outbox().gather()
    await killedAt('sent')
    kit.now_ms += bounds.lease_ms
    await kit.work()
    kit.now_ms += 24 * HOUR
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
    assert.deepEqual(await kit.states(), { unknown: 1 })
    assert.equal((await kit.messages())[0]!.problem, 'mail_unknown')
  })

  it('a webhook whose sender was killed is sent again under the same key', async () => {
    await kit.subscribe({ channel: 'webhook', target: kit.hook })
    await kit.findNew()
    await kit.outbox().gather()
    await killedAt('sent')
    kit.now_ms += bounds.lease_ms
    await kit.work()
    assert.deepEqual(await kit.states(), { sent: 1 })
    const keys = kit.http.heard.map(({ headers }) => headers['idempotency-key'])
    assert.deepEqual([keys.length, new Set(keys).size], [2, 1])
    assert.equal(kit.http.heard[0]!.body, kit.http.heard[1]!.body)
    assert.notEqual(kit.http.heard[0]!.headers['signature-input'], kit.http.heard[1]!.headers['signature-input'])
  })

  it('a notice whose writer was killed is there once', async () => {
    const mio = await kit.person('Mio')
    await kit.subscribe({ channel: 'web', target: '' }, mio)
    await kit.findNew()
    await kit.outbox().gather()
    await killedAt('sent')
    kit.now_ms += bounds.lease_ms
    await kit.work()
    const { rows } = await kit.postgres.pool.query('select title, href from warning_notice')
    assert.equal(rows.length, 1)
    assert.deepEqual(await kit.states(), { sent: 1 })
  })

  it('who lost the lease hands nothing over', async () => {
    await kit.subscribe()
    await kit.findNew()
    await kit.outbox().gather()
    const slow = kit.outbox(async (step) => {
      if (step !== 'claimed') return
      // It slept so long that somebody else took over.
      kit.now_ms += bounds.lease_ms
      await kit.work()
    })
    await slow.sendOne()
    kit.now_ms += 24 * HOUR
    await kit.work()
    assert.deepEqual([kit.smtp.mails.length, await kit.states()], [1, { sent: 1 }])
  })

  it('who lost the lease to nobody yet hands nothing over either', async () => {
    await kit.subscribe()
    await kit.findNew()
    await kit.outbox().gather()
    await kit.outbox((step) => void (step === 'claimed' && (kit.now_ms += bounds.lease_ms))).sendOne()
    assert.equal(kit.smtp.mails.length, 0)
    kit.now_ms += HOUR
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
  })
})

describe('side by side', () => {
  it('findings are stored while messages are made', async () => {
    const { uuid } = await kit.subscribe()
    await kit.postgres.db.transaction().execute(async (t) => {
      await lockSubscription(t, 1, uuid)
      await kit.findNew()
    })
    assert.deepEqual(await kit.states(), { waiting: 1 })
  })

  it('whoever got a bulletin is told of its withdrawal, and nobody else, whenever it comes', async () => {
    const mio = await kit.person('Mio')
    await kit.set('notify.deliveries_per_hour_max', 1000)
    for (let i = 0; i < 3; i++) await kit.subscribe({ of: 'bulletins', target: `soc${i}@example.org` })
    const ended = new AbortController()
    const workers = Array.from({ length: 3 }, async () => {
      const outbox = kit.outbox()
      while (!ended.signal.aborted) await kit.work(outbox)
    })
    await Promise.all(Array.from({ length: 10 }, async (_, i) => {
      const bulletin = unwrap(await draft(kit.tools, mio, `f000000${i}-0000-4000-8000-000000000000`))
      unwrap(await release(kit.tools, mio, bulletin.uuid, 1))
      await new Promise((resolve) => setTimeout(resolve, i * 15))
      unwrap(await withdraw(kit.tools, mio, bulletin.uuid, 'our own test'))
    }))
    ended.abort()
    await Promise.all(workers)
    await kit.work()
    const { rows } = await kit.postgres.pool.query<{ got: string | null, told: string | null }>(`select r.state as got, w.state as told from warning_delivery r
      left join warning_delivery w on w.subscription_id = r.subscription_id and w.object = r.object and w.what = 'withdrawn' where r.what = 'released'`)
    assert.equal(rows.length, 30)
    for (const { got, told } of rows) assert.deepEqual(told, got === 'sent' ? 'sent' : null, got ?? '')
    const told = kit.smtp.mails.map(({ raw, to }) => `${to[0]} ${headersOf(raw).get('subject')![0]!}`)
    assert.equal(new Set(told).size, told.length)
  })
})
