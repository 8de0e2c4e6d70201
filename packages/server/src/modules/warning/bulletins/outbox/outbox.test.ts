import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { headersOf, textOf } from '../../../../platform/notify/testing/servers.ts'
import { findingNews } from '../enqueue.ts'
import { bounds } from '../model.ts'
import { messageCheck } from './health.ts'
import { found } from '../testing/findings.ts'
import { startKit, wanted, type BulletinKit } from '../testing/kit.ts'
import { change, remove } from '../subscriptions.ts'

let kit: BulletinKit
before(async () => {
  kit = await startKit()
})
after(() => kit.stop())
beforeEach(() => kit.clear())

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const subjects = () => kit.smtp.mails.map(({ raw }) => headersOf(raw).get('subject')![0]!)
const bodies = () => kit.smtp.mails.map(({ raw }) => textOf(raw))

describe('what is found', () => {
  it('is mailed once, with TLP, urgency and a link, by a machine that says so', async () => {
    const subscription = await kit.subscribe()
    const id = await kit.findNew({ severity: 'urgent', kind: 'worm', tlp: 'TLP:AMBER+STRICT' })
    await kit.work()
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
    const [mail] = kit.smtp.mails
    const headers = headersOf(mail!.raw)
    assert.deepEqual([mail!.from, mail!.to], ['warn@node.example', ['soc@example.org']])
    assert.match(subjects()[0]!, /^\[TLP:AMBER\+STRICT\] urgent: .*tcp\/23 \(telnet\)/)
    assert.deepEqual(headers.get('auto-submitted'), ['auto-generated'])
    assert.deepEqual(headers.get('list-id'), [`<${subscription.uuid}.hirundo.node.example>`])
    const [message] = await kit.messages()
    assert.deepEqual(headers.get('message-id'), [`<${message!.uuid}@node.example>`])
    const body = bodies()[0]!
    assert.ok(body.startsWith('TLP:AMBER+STRICT\n'), body)
    for (const part of [`https://node.example/warn/findings/${id}`, '20 Nov 2026, 10:00', 'subscription “SOC” of default']) assert.ok(body.includes(part), part)
    assert.deepEqual(await kit.states(), { sent: 1 })
  })

  it('is told in the language of the subscription', async () => {
    await kit.subscribe({ language: 'ja', name: '日本語の配信' })
    await kit.findNew({ kind: 'spike' })
    await kit.work()
    assert.match(subjects()[0]!, /急増/)
    assert.match(bodies()[0]!, /しきい値/)
  })

  it('reaches who asked for its kind, port, economy, network, urgency and TLP, and nobody else', async () => {
    const not = [{ kinds: ['rsdos'] as const }, { ports: ['udp/53'] }, { economies: ['XB'] }, { asns: [1] }, { severity_min: 'urgent' as const }, { tlp_max: 'TLP:GREEN' as const }, { of: 'bulletins' as const }]
    for (const [i, more] of not.entries()) await kit.subscribe({ ...more as object, target: `no${i}@example.org` })
    for (const [i, more] of [{ kinds: ['worm'] as const }, { ports: ['tcp/23'] }, { economies: ['XA'] }, { asns: [64_500] }, { severity_min: 'warning' as const }, { tlp_max: 'TLP:AMBER' as const }].entries()) {
      await kit.subscribe({ ...more as object, target: `yes${i}@example.org` })
    }
    await kit.findNew({ kind: 'worm', severity: 'warning', tlp: 'TLP:AMBER' })
    await kit.work()
    assert.deepEqual(kit.smtp.mails.flatMap(({ to }) => to).toSorted(), Array.from({ length: 6 }, (_, i) => `yes${i}@example.org`))
  })

  it('is not told again by the same finding, and is when it got worse', async () => {
    await kit.subscribe()
    const id = await kit.findNew({ severity: 'notice' })
    await kit.find(found(id, { severity: 'notice' }))
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
    const worse = () => kit.postgres.db.transaction().execute((t) => findingNews(kit.world).onWorse(t, [{ ...found(id, { severity: 'urgent' }), before: 'notice' }], 'live'))
    await worse()
    await worse()
    await kit.work()
    assert.equal(kit.smtp.mails.length, 2)
    assert.match(subjects()[1]!, /now urgent/)
  })

  it('is not told when it is muted, of history, or rolled back', async () => {
    await kit.subscribe()
    await kit.findNew({ muted: true })
    await kit.postgres.db.transaction().execute((t) => findingNews(kit.world).onFound(t, [found(randomUUID())], 'history'))
    await assert.rejects(kit.postgres.db.transaction().execute(async (t) => {
      await findingNews(kit.world).onFound(t, [found(randomUUID())], 'live')
      throw new Error('the store failed')
    }))
    await kit.work()
    assert.deepEqual([kit.smtp.mails.length, await kit.states()], [0, {}])
  })

  it('stays within its organisation', async () => {
    const other = await kit.organisation(`other ${randomUUID()}`)
    await kit.subscribe({}, kit.token(other))
    await kit.findNew()
    await kit.work()
    assert.equal(kit.smtp.mails.length, 0)
    await kit.findNew({ organisation_id: other })
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
  })

  it('never carries what strangers wrote to sensors', async () => {
    await kit.subscribe()
    await kit.subscribe({ channel: 'webhook', target: kit.hook })
    await kit.findNew({ kind: 'new', subject: { protocol: 'tcp', port: 23, novelty: 'credential', value: 'root/hunter2' } })
    const { rows } = await kit.postgres.pool.query('select content::text from warning_delivery')
    await kit.work()
    for (const text of [...bodies(), ...kit.http.heard.map(({ body }) => body), JSON.stringify(rows)]) assert.ok(!text.includes('hunter2'), text)
  })
})

describe('a failure', () => {
  it('is tried again, later each time, and at last given up', async () => {
    await kit.subscribe()
    kit.smtp.accept = () => { throw Object.assign(new Error('full'), { responseCode: 452 }) }
    await kit.findNew()
    const waits: number[] = []
    for (let i = 0; i < bounds.attempts_max; i++) {
      await kit.work()
      const [message] = await kit.messages()
      if (message!.state === 'failed') break
      waits.push((message!.due_at.getTime() - kit.now_ms) / MINUTE)
      kit.now_ms = message!.due_at.getTime()
    }
    assert.deepEqual(waits.slice(0, 8), [1, 2, 4, 8, 16, 32, 60, 60])
    assert.deepEqual([waits.length, await kit.states()], [bounds.attempts_max - 1, { failed: 1 }])
    const { rows } = await kit.postgres.pool.query('select problem, problem_detail from warning_subscription')
    assert.equal(rows[0].problem, 'mail_refused')
    assert.match(rows[0].problem_detail, /452/)
  })

  it('of one receiver holds up nobody else, and goes away with the next success', async () => {
    await kit.subscribe({ channel: 'webhook', target: kit.hook, name: 'hook' })
    await kit.subscribe()
    kit.http.answer = (_, response) => void response.writeHead(503, { 'retry-after': '300' }).end()
    await kit.findNew()
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
    const hook = (await kit.messages()).find(({ channel }) => channel === 'webhook')!
    assert.equal(hook.due_at.getTime() - kit.now_ms, 300_000)
    kit.http.answer = (_, response) => void response.writeHead(200).end('ok')
    kit.now_ms += 300_000
    await kit.work()
    const { rows } = await kit.postgres.pool.query('select problem from warning_subscription')
    assert.deepEqual([await kit.states(), rows.map(({ problem }) => problem)], [{ sent: 2 }, [null, null]])
  })

  it('that will not pass is not tried again: a redirect, a refusal, a target off the list', async () => {
    for (const [answer, problem] of [[307, 'webhook_redirect'], [404, 'webhook_answer'], [0, 'target_refused']] as const) {
      await kit.clear()
      await kit.subscribe({ channel: 'webhook', target: kit.hook })
      kit.http.answer = (_, response) => void response.writeHead(answer, { location: 'http://169.254.169.254/' }).end()
      if (answer === 0) await kit.set('notify.webhook_allow', [])
      await kit.findNew()
      await kit.work()
      assert.equal((await kit.messages())[0]!.problem, problem)
      assert.deepEqual([await kit.states(), kit.http.heard.length], [{ failed: 1 }, answer === 0 ? 0 : 1])
    }
  })

  it('of the mail server lets mail rest and webhooks go on', async () => {
    await kit.smtp.stop()
    await kit.subscribe({ target: 'a@example.org' })
    await kit.subscribe({ target: 'b@example.org' })
    await kit.subscribe({ channel: 'webhook', target: kit.hook })
    await kit.findNew()
    await kit.work(kit.outbox(undefined, { mail_rests_ms: 30_000 }))
    const attempts = (await kit.messages()).filter(({ channel }) => channel === 'mail').map((one) => one.attempts).toSorted()
    assert.deepEqual([attempts, kit.http.heard.length], [[0, 1], 1])
    await kit.smtp.start(kit.smtp.port)
    kit.now_ms += 2 * MINUTE
    await kit.work()
    assert.deepEqual(await kit.states(), { sent: 3 })
  })
})

describe('the check of messages', () => {
  it('asks for a person when something failed, is unknown or waits for long', async () => {
    const check = () => messageCheck(kit.postgres.db, kit.now_ms)
    await kit.subscribe()
    await kit.findNew()
    await kit.work()
    assert.deepEqual(await check(), { name: 'messages', ok: true, attention: false, detail: '1 sent, 0 failed, 0 unknown in 24 hours; 0 wait, 0 for more than an hour' })
    kit.smtp.accept = () => { throw Object.assign(new Error('no'), { responseCode: 554 }) }
    await kit.findNew()
    await kit.work()
    assert.ok((await check()).attention && /1 failed/.test((await check()).detail))
    kit.now_ms += 25 * HOUR
    assert.equal((await check()).attention, false)
    kit.smtp.accept = () => { throw Object.assign(new Error('later'), { responseCode: 452 }) }
    await kit.findNew()
    await kit.work()
    assert.equal((await check()).attention, false)
    kit.now_ms += 2 * HOUR
    assert.match((await check()).detail, /1 wait, 1 for more than an hour; "hirundo deliveries"/)
  })
})

describe('together', () => {
  it('a digest takes all of its hour, the most urgent first', async () => {
    await kit.subscribe({ digest: 'hourly' })
    await kit.findNew({ severity: 'notice', kind: 'spike' })
    await kit.findNew({ severity: 'urgent', kind: 'worm' })
    await kit.work()
    assert.equal(kit.smtp.mails.length, 0)
    kit.now_ms = Date.UTC(2026, 10, 20, 10)
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
    assert.match(subjects()[0]!, /\[TLP:AMBER\] 2 notices, 1 urgent/)
    const body = bodies()[0]!
    assert.ok(body.indexOf('Worm') < body.indexOf('Unusually many'), body)
  })

  it('quiet hours hold everything but what is urgent', async () => {
    await kit.subscribe({ quiet: { from: '17:00', to: '21:00', time_zone: 'Asia/Tokyo', but_urgent: true } })
    await kit.findNew({ severity: 'warning' })
    await kit.findNew({ severity: 'urgent' })
    await kit.work()
    assert.equal(kit.smtp.mails.length, 1)
    assert.match(subjects()[0]!, /urgent/)
    kit.now_ms = Date.UTC(2026, 10, 20, 12)
    await kit.work()
    assert.equal(kit.smtp.mails.length, 2)
  })

  it('a flood makes no more than the cap of messages and then one every ten minutes that says how many', async () => {
    await kit.set('notify.deliveries_per_hour_max', 3)
    await kit.subscribe()
    for (let i = 0; i < 3; i++) {
      await kit.findNew()
      await kit.work()
    }
    assert.equal(kit.smtp.mails.length, 3)
    for (let minute = 0; minute < 55; minute++) {
      await kit.find(...Array.from({ length: 20 }, () => found(randomUUID())))
      await kit.work()
      kit.now_ms += MINUTE
    }
    assert.equal(kit.smtp.mails.length, 3 + 5)
    assert.match(subjects().at(-1)!, /200 notices/)
    assert.match(bodies().at(-1)!, /More came than this subscription sends by itself in an hour \(3\)/)
    assert.match(bodies().at(-1)!, /and 150 more that are not listed/)
  })

  it('what comes at one moment beyond the cap is one message', async () => {
    await kit.subscribe({ channel: 'webhook', target: kit.hook })
    await kit.find(...Array.from({ length: 500 }, () => found(randomUUID())))
    await kit.work()
    assert.equal(kit.http.heard.length, 1)
    const body = JSON.parse(kit.http.heard[0]!.body) as { count: number, items: unknown[] }
    assert.deepEqual([body.count, body.items.length], [500, bounds.digest_items_max])
    assert.deepEqual(await kit.states(), { sent: 500 })
  })

  it('what finds no room is counted and told', async () => {
    await kit.subscribe({ digest: 'daily' })
    await kit.find(...Array.from({ length: bounds.waiting_max + 7 }, () => found(randomUUID())))
    assert.deepEqual(await kit.states(), { waiting: bounds.waiting_max })
    kit.now_ms += 24 * HOUR
    await kit.work()
    assert.match(bodies()[0]!, /7 more were not kept/)
    await kit.findNew()
    kit.now_ms += 24 * HOUR
    await kit.work()
    assert.doesNotMatch(bodies()[1]!, /not kept/)
  })
})

describe('while it waits', () => {
  async function store(id: string, more: { state?: string, tlp?: string } = {}): Promise<void> {
    const settled = more.state === 'dismissed'
    await kit.postgres.pool.query(`insert into finding (uuid, organisation_id, kind, subject_key, subject, protocol, port, severity, state, settled_severity, settled_end, start_at, end_at, open, found_at, packets, own, simulated, tlp)
      values ($1, 1, 'worm', sha256(convert_to($6, 'UTF8')), '{}', 'tcp', 23, 2, $2, $3, $4, now(), now(), false, now(), 1, false, false, $5)`, [id, more.state ?? 'new', settled ? 2 : null, settled ? new Date() : null, more.tlp ?? 'TLP:AMBER', id])
  }

  it('a finding that is dismissed, muted or labelled more strictly is not told', async () => {
    await kit.subscribe({ digest: 'hourly', tlp_max: 'TLP:AMBER' })
    const [dismissed, strict, still] = [await kit.findNew(), await kit.findNew(), await kit.findNew()]
    await store(dismissed, { state: 'dismissed' })
    await store(strict, { tlp: 'TLP:RED' })
    await store(still)
    kit.now_ms += HOUR
    await kit.work()
    assert.deepEqual(await kit.states(), { failed: 2, sent: 1 })
    const muted = await kit.findNew()
    await store(muted)
    await kit.postgres.pool.query("insert into finding_mute (id, organisation_id, kind, why, until_at, created_at, created_by) values ($1, 1, 'worm', 'x', $2, now(), 'x')", [randomUUID(), new Date(kit.now_ms + 2 * HOUR)])
    kit.now_ms += HOUR
    await kit.work()
    assert.deepEqual(await kit.states(), { failed: 3, sent: 1 })
    await kit.postgres.pool.query('truncate finding_mute')
  })

  it('a subscription that pauses or ends sends nothing of it', async () => {
    const actor = kit.token()
    const [paused, ended] = [await kit.subscribe({ digest: 'hourly' }), await kit.subscribe({ digest: 'hourly' })]
    await kit.findNew()
    await change(kit.tools, actor, paused.uuid, { ...wanted({ digest: 'hourly' }), active: false })
    await remove(kit.tools, actor, ended.uuid)
    kit.now_ms += HOUR
    await kit.work()
    await kit.findNew()
    await kit.work()
    assert.deepEqual([kit.smtp.mails.length, await kit.states()], [0, { failed: 2 }])
  })

  it('a new address takes what could not be sent to the old one', async () => {
    const subscription = await kit.subscribe({ target: 'old@example.org' })
    kit.smtp.accept = () => { throw Object.assign(new Error('later'), { responseCode: 451 }) }
    await kit.findNew()
    await kit.work()
    kit.smtp.accept = () => undefined
    await change(kit.tools, kit.token(), subscription.uuid, { ...wanted({ target: 'new@example.org' }), active: true })
    await kit.work()
    assert.deepEqual(kit.smtp.mails.map(({ to }) => to), [['new@example.org']])
    assert.deepEqual(await kit.states(), { sent: 1 })
  })
})
