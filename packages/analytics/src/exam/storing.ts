import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nothingFresh, whole, checkCounts, rows, type ExamRun } from './checks.ts'
import { heard, heardBlock } from './heard-rows.ts'
import { blockOf } from './rows.ts'
import { asked, EXAM_FROM, examNetworks, naiveBy, ORGANISATION, runsOf } from './world.ts'

/** What is written stands there once, in one part, and is counted. */
export function storing(run: ExamRun): void {
  test('migrating again changes nothing', async () => {
    await run.store.migrate()
    assert.deepEqual((await run.store.size()).map((table) => table.table), ['schema_version'])
  })

  test('before any network table is loaded rows are stored without networks', async () => {
    await run.store.insertBlock(blockOf(1n, 'flow', [{ organisation: 99, sensor: 1, rows: [{ minute: EXAM_FROM, src: '240.0.0.1', packets: 1 }] }]))
    assert.equal(await run.store.networksAsOf(), null)
    const answer = await run.store.top('economy', { ...whole(nothingFresh), organisation: 99 }, 1)
    assert.equal(answer[0]?.key, 'ZZ')
    await run.store.loadNetworks(examNetworks)
    assert.equal(await run.store.networksAsOf(), examNetworks.as_of)
  })

  test('addresses are looked up as they are written, and those of no table are told apart from none', async () => {
    const asked = ['240.0.0.1', '240.200.0.1', '241.1.2.3', '2001:db8:0:0:1:0:0:9', '203.0.113.9']
    const found = await run.store.networksOf([...asked, '240.0.0.1'])
    assert.deepEqual(asked.map((text) => [found.get(text)!.economy, found.get(text)!.asn, found.get(text)!.scanner]), [
      ['XA', 64_512, ''], ['XA', 0, ''], ['XB', 64_513, 'Example research scanner'], ['XC', 64_514, ''], ['ZZ', 0, ''],
    ])
    assert.equal(found.get('241.1.2.3')!.as_name, 'Second\tAS')
    assert.equal((await run.store.networksOf([])).size, 0)
    await assert.rejects(run.store.networksOf(["1.2.3.4'"]))
  })

  test('a block is one part in each table, also at its largest, and absent where it was not written', async () => {
    const many = Array.from({ length: 250_000 }, (_, i) => ({ minute: EXAM_FROM + (i % 1_440) * 60, src: '240.0.0.1', packets: 1 }))
    await run.store.insertBlock(blockOf(2n, 'flow', [{ organisation: 98, sensor: 1, rows: many }, { organisation: 98, sensor: 2, rows: many }]), ['flow'])
    const [{ parts }] = (await run.db.rows<{ parts: number }>('SELECT uniqExact(_part) AS parts FROM flow WHERE block = 2')) as [{ parts: number }]
    assert.equal(parts, 1)
    assert.deepEqual(await run.store.missingTables(2n, 'flow'), ['flow_by_source'])
    await run.store.insertBlock(blockOf(2n, 'flow', [{ organisation: 98, sensor: 1, rows: many.slice(0, 5) }]), await run.store.missingTables(2n, 'flow'))
    assert.deepEqual(await run.store.missingTables(2n, 'flow'), [])
    assert.deepEqual(await run.store.missingTables(3n, 'sensor_minute'), ['sensor_minute'])
  })

  test('interactions of any length come back as they were, in one part, with the networks of their source', async () => {
    const long = Array.from({ length: 3_000 }, (_, i) => heard({
      organisation: 97, sensor: 1 + (i % 3), at_ms: EXAM_FROM * 1000 + i, source: '241.1.2.3', sample: Uint8Array.from({ length: 1024 }, (__, n) => n + i),
      logins: [{ user: 'root', password: `ü${'x'.repeat(i % 200)}` }], urls: ['http://198.51.100.1/a'], facts: { 'http.path': '/', 'tls.ja4': 't13' },
    }))
    await run.store.insertBlock(heardBlock(4n, long))
    assert.deepEqual(await run.store.missingTables(4n, 'interaction'), [])
    assert.deepEqual(await run.store.missingTables(5n, 'interaction'), ['interaction'])
    const columns = 'sensor, toUnixTimestamp64Milli(at) AS at_ms, length(sample) AS sample, logins.password[1] AS password, urls, facts, asn, research, economy'
    const rows = await run.db.rows(`SELECT ${columns}, uniqExact(_part) OVER () AS parts FROM interaction WHERE organisation = 97 ORDER BY at`)
    assert.deepEqual(rows, long.map(({ sensor, at_ms, logins, urls, facts }) => (
      { sensor, at_ms, sample: 1024, password: logins[0]!.password, urls, facts, asn: 64_513, research: 1, economy: 'XB', parts: 1 })))
    const [block] = [heardBlock(6n, long.slice(0, 2))]
    const cut = { ...block, runs: block.runs.map((one) => ({ ...one, rows: one.rows.subarray(0, -1) })) }
    await assert.rejects(run.store.insertBlock(cut), /not whole rows/)
  })

  test('rows of every kind are stored and counted', async () => {
    for (let at = 0, id = 10n; at < rows.length; at += 6_000, id++) {
      const part = rows.slice(at, at + 6_000)
      for (const month of [0, 1]) {
        const chosen = part.filter((row) => new Date(row.minute * 1000).getUTCMonth() === month)
        await run.store.insertBlock(blockOf(id * 2n + BigInt(month), 'flow', runsOf(chosen)))
      }
    }
    const minutes = Array.from({ length: 2 * 1_440 }, (_, i) => ({ minute: EXAM_FROM + i * 60, observed_s: 60, dropped: 1 }))
    await run.store.insertBlock(blockOf(100n, 'sensor_minute', [{ organisation: ORGANISATION, sensor: 1, rows: minutes }]))
    await run.store.insertBlock(blockOf(101n, 'backscatter', [{ organisation: ORGANISATION, sensor: 1, rows: [{ bin: EXAM_FROM, victim: '240.0.0.9', packets: 2 }] }]))
    await run.store.insertBlock(blockOf(102n, 'syn_sample', [{ organisation: ORGANISATION, sensor: 1, rows: [{ second: EXAM_FROM, src: '240.0.0.9', weight: 1000 }] }]))
    checkCounts(await run.store.total(whole(nothingFresh)), naiveBy(asked(rows, whole(nothingFresh)), () => 0).get(0), 'total')
  })
}
