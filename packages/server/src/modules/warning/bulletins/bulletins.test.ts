import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { unwrap, type Result } from '@hirundo/base'
import { languages, type BulletinText } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import { headersOf, textOf } from '../../../platform/notify/testing/servers.ts'
import { draft, edit, release, withdraw } from './bulletins.ts'
import { bulletinNumber } from './model.ts'
import { remove } from './subscriptions.ts'
import type { BulletinRecord } from './tables.ts'
import { startKit, type BulletinKit } from './testing/kit.ts'
import { bulletinRows, bulletinView } from './views.ts'

let kit: BulletinKit
let mio: Actor
before(async () => {
  kit = await startKit()
  mio = await kit.person('Mio Sato')
})
after(() => kit.stop())
beforeEach(() => kit.clear())

const code = (result: Result<unknown>): string => (result.ok ? 'none' : result.problem.code)
const drafted = async (actor = mio): Promise<BulletinRecord> => unwrap(await draft(kit.tools, actor, randomUUID().replace(/^./, 'a')))
const text = (more: Partial<BulletinText> = {}): BulletinText => ({ title: 'Worm', what: 'a', since: 'b', affected: 'c', evidence: 'd', certainty: 'e', action: 'f', indicators: 'g', ...more })
const subjects = () => kit.smtp.mails.map(({ raw }) => headersOf(raw).get('subject')![0]!)
const audit = async (action: string) => (await kit.postgres.pool.query<{ actor: string, detail: Record<string, unknown> }>('select actor, detail from audit where action = $1 order by id', [action])).rows

describe('a draft', () => {
  it('is numbered without gaps within organisation and year, by whatever way it comes', async () => {
    const other = await kit.person('Eve', await kit.organisation(`other ${randomUUID()}`))
    const finding = 'a0000000-0000-4000-8000-000000000000'
    const all = await Promise.all([...Array.from({ length: 8 }, () => drafted()), ...Array.from({ length: 4 }, () => draft(kit.tools, mio, finding).then(unwrap)), drafted(other)])
    const numbers = [...new Set(all.filter(({ organisation_id }) => organisation_id === 1).map(bulletinNumber))].toSorted()
    assert.deepEqual(numbers, Array.from({ length: 9 }, (_, i) => `HB-2026-000${i + 1}`))
    assert.equal(bulletinNumber(all.at(-1)!), 'HB-2026-0001')
    kit.now_ms = Date.UTC(2027, 0, 1)
    assert.equal(bulletinNumber(await drafted()), 'HB-2027-0001')
    assert.equal(code(await draft(kit.tools, mio, '00000000-0000-4000-8000-000000000000')), 'finding/not-found')
    assert.equal(bulletinNumber(await drafted()), 'HB-2027-0002')
  })

  it('is the one that there is while its finding has one', async () => {
    const finding = 'b0000000-0000-4000-8000-000000000000'
    const [first, second] = [unwrap(await draft(kit.tools, mio, finding)), unwrap(await draft(kit.tools, mio, finding))]
    assert.equal(first.uuid, second.uuid)
    assert.equal(kit.notes.length, 1)
    unwrap(await release(kit.tools, mio, first.uuid, 1))
    assert.notEqual(unwrap(await draft(kit.tools, mio, finding)).uuid, first.uuid)
  })

  it('shows indicators of what strangers wrote to who may read that, until a person released it', async () => {
    const row = await drafted()
    const viewer = await kit.person('Viewer', 1, ['findings:read', 'findings:write'])
    const seen = async (actor: Actor, of: BulletinRecord) => (await bulletinView(kit.postgres.db, actor, of)).texts.ja.indicators
    assert.ok(row.holds_content && (await seen(mio, row)).includes('hxxp'))
    assert.equal(await seen(viewer, row), '')
    const edited = unwrap(await edit(kit.tools, viewer, row.uuid, { version: 1, texts: { ja: text({ title: '件名', indicators: '' }) } }))
    assert.ok(edited.texts.ja.indicators.includes('hxxp') && edited.texts.ja.title === '件名')
    assert.ok((await seen(viewer, unwrap(await release(kit.tools, mio, row.uuid, 2)))).includes('hxxp'))
  })
})

describe('an edit', () => {
  it('needs the newest version, and says which languages a person changed', async () => {
    const row = await drafted()
    const [one, two] = await Promise.all([edit(kit.tools, mio, row.uuid, { version: 1, texts: { en: text() } }), edit(kit.tools, mio, row.uuid, { version: 1, tlp: 'TLP:GREEN' })])
    assert.deepEqual([one, two].map(code).toSorted(), ['bulletin/changed-meanwhile', 'none'])
    const after = unwrap(await edit(kit.tools, mio, row.uuid, { version: 2, tlp: 'TLP:CLEAR', texts: { en: text({ what: 'again' }), ko: row.texts.ko } }))
    assert.deepEqual([after.version, after.tlp, after.edited, after.texts.en.what], [3, 'TLP:CLEAR', ['en'], 'again'])
    assert.equal((await audit('bulletin.edit')).at(-1)!.detail['tlp_before'] !== undefined, true)
  })

  it('keeps a person’s words as text that steers nothing', async () => {
    const row = await drafted()
    const after = unwrap(await edit(kit.tools, mio, row.uuid, { version: 1, texts: { en: text({ title: 'A\r\nBcc: x@example.net \u202e', what: '<script>\u0000\r\n.\r\nnext' }) } }))
    assert.deepEqual([after.texts.en.title, after.texts.en.what], ['A Bcc: x@example.net', '<script>\n.\nnext'])
    assert.equal(code(await edit(kit.tools, mio, row.uuid, { version: 2, texts: { en: text({ title: '\u202e\u0000' }) } })), 'request/invalid')
  })
})

describe('a release', () => {
  it('is a person’s, never a token’s', async () => {
    const row = await drafted()
    assert.equal(code(await release(kit.tools, kit.token(), row.uuid, 1)), 'bulletin/no-person')
    unwrap(await release(kit.tools, mio, row.uuid, 1))
    assert.equal(code(await withdraw(kit.tools, kit.token(), row.uuid, 'x')), 'bulletin/no-person')
  })

  it('needs a draft, its newest version, and its own organisation', async () => {
    const row = await drafted()
    const eve = await kit.person('Eve', await kit.organisation(`other ${randomUUID()}`))
    assert.equal(code(await release(kit.tools, eve, row.uuid, 1)), 'bulletin/not-found')
    assert.equal(code(await edit(kit.tools, eve, row.uuid, { version: 1 })), 'bulletin/not-found')
    assert.equal(code(await withdraw(kit.tools, mio, row.uuid, 'x')), 'bulletin/wrong-state')
    assert.equal(code(await release(kit.tools, mio, row.uuid, 2)), 'bulletin/changed-meanwhile')
    unwrap(await release(kit.tools, mio, row.uuid, 1))
    assert.equal(code(await release(kit.tools, mio, row.uuid, 1)), 'bulletin/wrong-state')
    assert.equal(code(await edit(kit.tools, mio, row.uuid, { version: 1 })), 'bulletin/wrong-state')
    assert.equal(code(await withdraw(kit.tools, eve, row.uuid, 'x')), 'bulletin/not-found')
  })

  it('reaches each subscriber once, in their language, with number, TLP and who released it', async () => {
    for (const language of languages) await kit.subscribe({ of: 'bulletins', language, target: `${language.toLowerCase()}@example.org` })
    await kit.subscribe({ of: 'bulletins', tlp_max: 'TLP:GREEN', target: 'green@example.org' })
    await kit.subscribe({ of: 'findings', target: 'findings@example.org' })
    const row = await drafted()
    const asked = await Promise.all([1, 1, 1].map((version) => release(kit.tools, mio, row.uuid, version)))
    assert.deepEqual(asked.map(code).toSorted(), ['bulletin/wrong-state', 'bulletin/wrong-state', 'none'])
    await kit.work()
    assert.deepEqual(kit.smtp.mails.flatMap(({ to }) => to).toSorted(), languages.map((language) => `${language.toLowerCase()}@example.org`).toSorted())
    for (const subject of subjects()) assert.match(subject, /^\[TLP:AMBER\] HB-2026-0001 /)
    for (const { raw } of kit.smtp.mails) assert.ok(textOf(raw).startsWith('TLP:AMBER\n') && textOf(raw).includes('Mio Sato'))
    const [view] = await bulletinRows(kit.postgres.db, [asked.flatMap((one) => (one.ok ? [one.value] : []))[0]!], 'ja')
    assert.deepEqual(view!.deliveries, { waiting: 0, sent: 5, failed: 0 })
    assert.deepEqual(kit.notes.map(({ state, number }) => [state, number]), [['draft', 'HB-2026-0001'], ['released', 'HB-2026-0001']])
    assert.equal((await audit('bulletin.release')).at(-1)!.actor, mio.actor_id)
  })
})

describe('a withdrawal', () => {
  it('tells who got it, where they got it, and nobody else', async () => {
    const [got, waits] = [await kit.subscribe({ of: 'bulletins', target: 'got@example.org' }), await kit.subscribe({ of: 'bulletins', target: 'waits@example.org', digest: 'daily' })]
    const row = await drafted()
    unwrap(await release(kit.tools, mio, row.uuid, 1))
    await kit.work()
    await remove(kit.tools, mio, got.uuid)
    unwrap(await withdraw(kit.tools, mio, row.uuid, 'It was\r\nour own test'))
    kit.now_ms += 48 * 3_600_000
    await kit.work()
    assert.deepEqual(kit.smtp.mails.map(({ to }) => to), [['got@example.org'], ['got@example.org']])
    assert.match(subjects()[1]!, /HB-2026-0001 withdrawn/)
    assert.match(textOf(kit.smtp.mails[1]!.raw), /Reason: It was\nour own test/)
    const { rows } = await kit.postgres.pool.query('select s.uuid, d.what, d.state, d.problem from warning_delivery d join warning_subscription s on s.id = d.subscription_id order by d.id')
    assert.deepEqual(rows, [
      { uuid: got.uuid, what: 'released', state: 'sent', problem: null }, { uuid: waits.uuid, what: 'released', state: 'failed', problem: 'withdrawn' }, { uuid: got.uuid, what: 'withdrawn', state: 'sent', problem: null },
    ])
  })

  it('keeps back what is on its way and was not handed over', async () => {
    await kit.subscribe({ of: 'bulletins' })
    kit.smtp.accept = () => { throw Object.assign(new Error('later'), { responseCode: 451 }) }
    const row = await drafted()
    unwrap(await release(kit.tools, mio, row.uuid, 1))
    await kit.work()
    unwrap(await withdraw(kit.tools, mio, row.uuid, 'wrong'))
    kit.smtp.accept = () => undefined
    kit.now_ms += 24 * 3_600_000
    await kit.work()
    assert.deepEqual([kit.smtp.mails.length, await kit.states()], [0, { failed: 1 }])
  })

  it('that comes while it is being sent tells of it', async () => {
    await kit.subscribe({ of: 'bulletins' })
    const row = await drafted()
    unwrap(await release(kit.tools, mio, row.uuid, 1))
    await kit.outbox().gather()
    await kit.outbox(async (step) => {
      if (step === 'claimed') unwrap(await withdraw(kit.tools, mio, row.uuid, 'wrong'))
    }).sendOne()
    await kit.work()
    assert.deepEqual(subjects().map((subject) => /withdrawn/.test(subject)), [false, true])
  })
})
