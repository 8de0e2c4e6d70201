import { DAY_S, HOUR_S } from '@hirundo/base'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Freshness } from '../model.ts'
import type { StoreError } from '../store-error.ts'
import { allFresh, whole, type ExamRun } from './checks.ts'
import { blockOf } from './rows.ts'
import { EXAM_FROM, ORGANISATION } from './world.ts'

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
    assert.ok(dropped.includes('flow/202601') && !dropped.some((name) => name.endsWith('202602')), dropped.join())
    const fresh = { ...allFresh, raw_from: february }
    assert.deepEqual(await run.store.total(whole(fresh)), before)
    await assert.rejects(run.store.total({ ...whole(fresh), from: EXAM_FROM + 60 }), (error: StoreError) => error.problem.detail['what'] === 'resolution')
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
