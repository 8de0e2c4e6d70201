import { DAY_S, HOUR_S } from '@hirundo/base'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Freshness } from '../model.ts'
import type { StoreError } from '../store-error.ts'
import { allFresh, whole, type ExamRun } from './checks.ts'
import { heard, heardBlock } from './heard-rows.ts'
import { blockOf } from './rows.ts'
import { EXAM_FROM, EXAM_TO, ORGANISATION } from './world.ts'

/** Rollups are recomputed, raw rows dropped and late rows added without a packet lost or doubled. */
export function keeping(run: ExamRun): void {
  test('a recomputed hour takes in rows that came after it and leaves the others', async () => {
    const hour = EXAM_FROM + 5 * HOUR_S
    const row = { minute: hour, src: '240.7.7.7', protocol: 6, dst_port: 9_999, icmp_type: -1, icmp_code: -1, packets: 5 }
    await run.store.insertBlock(blockOf(500n, 'flow', [{ organisation: ORGANISATION, sensor: 1, rows: [row] }]))
    const before = await run.store.total(whole(allFresh))
    await run.store.rollupHours([hour])
    await run.store.rollupDays([EXAM_FROM])
    const hoursOnly = { ...allFresh, days: [] }
    assert.equal((await run.store.total(whole(allFresh))).packets, before.packets + 5)
    assert.equal((await run.store.total(whole(hoursOnly))).packets, before.packets + 5)
    assert.equal((await run.store.port('tcp/9999', whole(allFresh))).packets, 5)
  })

  test('dropped raw rows leave the rollups exact, and finer questions about them are refused', async () => {
    const before = await run.store.total(whole(allFresh))
    const february = Date.UTC(2026, 1, 1) / 1000
    const dropped = await run.store.dropBefore('raw', february + DAY_S)
    assert.ok(dropped.includes('flow/202601') && dropped.includes('interaction/202601') && !dropped.some((name) => name.endsWith('202602')), dropped.join())
    const fresh = { ...allFresh, raw_from: february }
    assert.deepEqual(await run.store.total(whole(fresh)), before)
    await assert.rejects(run.store.total({ ...whole(fresh), from: EXAM_FROM + 60 }), (error: StoreError) => error.problem.detail['what'] === 'resolution')
  })

  test('what strangers wrote is cleared month by month, once, also of rows that come later; figures and names stay', async () => {
    const march = Date.UTC(2026, 2, 1) / 1000
    const row = heard({
      organisation: 96, sensor: 1, at_ms: EXAM_TO * 1000, source: '240.0.0.1', sample: Buffer.from('secret'), logins: [{ user: 'root', password: 'secret' }],
      urls: ['http://198.51.100.1/x'], facts: { 'tls.ja4': 't13', 'smtp.mail': 'a@example.net' }, payload_sha256: 'ab'.repeat(32),
    })
    await run.store.insertBlock(heardBlock(600n, [row]))
    await run.store.insertBlock(heardBlock(601n, [{ ...row, at_ms: march * 1000 }]))
    assert.deepEqual(await run.store.clearContent(march - 1, ['tls.ja4']), [])
    assert.deepEqual(await run.store.clearContent(march, ['tls.ja4']), ['202602'])
    assert.deepEqual(await run.store.clearContent(march, ['tls.ja4']), [])
    const asked = { organisation: 96, from: EXAM_FROM, to: march + DAY_S, research: 'include' } as const
    const found = async () => (await run.store.interactions.of('240.0.0.1', asked, 10)).map(({ sample, logins, urls, facts, payload_sha256 }) => ({ sample: String(sample), logins, urls, facts, payload_sha256 }))
    const { logins, urls, facts, payload_sha256 } = row
    const kept = { sample: '', logins: [], urls: [], facts: { 'tls.ja4': 't13' }, payload_sha256: '' }
    assert.deepEqual(await found(), [{ sample: 'secret', logins, urls, facts, payload_sha256 }, kept])
    await run.store.insertBlock(heardBlock(602n, [{ ...row, at_ms: row.at_ms + 1 }]))
    assert.deepEqual(await run.store.clearContent(march, ['tls.ja4']), ['202602'])
    assert.deepEqual((await found()).slice(1), [kept, kept])
    await assert.rejects(run.store.clearContent(march, ["x' OR 1"]))
  })

  test('a late block is added once', async () => {
    const fresh = { ...allFresh, raw_from: Date.UTC(2026, 1, 1) / 1000 }
    const before = await run.store.total(whole(fresh))
    const sensorRows = [0, 1].map((day) => ({ minute: EXAM_FROM + day * DAY_S, src: '240.8.8.8', protocol: 6, dst_port: 23, packets: 1_000_000, bytes: 1 }))
    const block = blockOf(700n, 'flow', [{ organisation: ORGANISATION, sensor: 1, rows: sensorRows }])
    await run.store.addLateBlock(block)
    await run.store.addLateBlock(block)
    for (const tiers of [fresh, { ...fresh, days: [] }]) {
      assert.equal((await run.store.total(whole(tiers))).packets, before.packets + 2_000_000)
      assert.equal((await run.store.top('source', whole(tiers), 1))[0]?.key, '240.8.8.8')
    }
  })

  test('a source that comes late to a bin in which it was seen already is not counted twice', async () => {
    const fresh = { ...allFresh, raw_from: Date.UTC(2026, 1, 1) / 1000 }
    const seriesOf = async (step: number, tiers: Freshness, sensors?: number[]) =>
      (await run.store.series('total', null, { ...whole(tiers), ...(sensors ? { sensors } : {}) }, step)).map((point) => point.sources)
    const all = async () => Promise.all([
      seriesOf(HOUR_S, fresh), seriesOf(DAY_S, fresh), seriesOf(DAY_S, { ...fresh, days: [] }), seriesOf(HOUR_S, fresh, [1]), seriesOf(DAY_S, fresh, [1, 2]),
    ])
    const before = await all()
    const again = { minute: EXAM_FROM + 60, src: '240.8.8.8', protocol: 6, dst_port: 23, packets: 1 }
    await run.store.addLateBlock(blockOf(701n, 'flow', [{ organisation: ORGANISATION, sensor: 1, rows: [again] }]))
    assert.ok(before.every((points) => points[0]! > 1))
    assert.deepEqual(await all(), before)
  })
}
