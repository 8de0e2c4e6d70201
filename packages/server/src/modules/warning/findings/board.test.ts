import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { FindingRow } from '@hirundo/contract'
import { sql } from 'kysely'
import type { Detection } from '../detectors/model.ts'
import { findingDb } from '../tables.ts'
import { counted_max, countQuery, pageQuery } from './list.ts'
import { storeDetections } from './store-detections.ts'
import { startDoors, type Doors } from './testing/doors.ts'
import { context, DAY, detection, T0 } from './testing/findings.ts'

let doors: Doors
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(async () => {
  await doors.clear()
  doors.now = T0 * 1000
})

const store = (detections: readonly Detection[], more: Parameters<typeof context>[0] = {}, organisation = 1) => storeDetections(doors.tools, organisation, detections, context(more))
const list = async (query = '', options = {}) => (await doors.ask('GET', `/findings?${query}`, options)).body as { findings: FindingRow[]; total: number; total_is_more: boolean; next: string | null }
const subjects = async (query = '') => (await list(query)).findings.map(({ kind, subject: { victim, source, port } }) => `${kind} ${victim ?? source ?? port}`)
const victim = (address: string, part: Partial<Detection> = {}) => detection({ ...part, subject: { victim: address, protocol: 'tcp' } })

test('the board is by urgency then newest; records, what is settled and what is muted are asked for', async () => {
  await store([
    victim('240.0.0.1', { severity: 'notice', start: T0 + 500 }), victim('240.0.0.2', { severity: 'urgent', start: T0 }), victim('240.0.0.3', { severity: 'notice', start: T0 + 900 }),
    victim('240.0.0.4', { severity: 'record' }), victim('240.0.0.5', { severity: 'warning', kind: 'drdos', start: T0 + 2 }), victim('240.0.0.6', { severity: 'urgent', start: T0 + 1 }),
  ])
  await findingDb(doors.db).updateTable('finding').set((e) => ({ state: 'closed', settled_severity: e.ref('severity'), settled_end: e.ref('end_at') })).where('victim', '=', '240.0.0.6').execute()
  assert.deepEqual(await subjects(), ['rsdos 240.0.0.2', 'drdos 240.0.0.5', 'rsdos 240.0.0.3', 'rsdos 240.0.0.1'])
  assert.deepEqual(await subjects('order=newest'), ['rsdos 240.0.0.3', 'rsdos 240.0.0.1', 'drdos 240.0.0.5', 'rsdos 240.0.0.2'])
  assert.deepEqual(await subjects('severity=record'), ['rsdos 240.0.0.4'])
  assert.deepEqual(await subjects('state=closed'), ['rsdos 240.0.0.6'])
  assert.deepEqual(await subjects('kind=drdos&kind=scan'), ['drdos 240.0.0.5'])
  assert.deepEqual(await subjects(`from=${new Date((T0 + 1400) * 1000).toISOString()}`), ['rsdos 240.0.0.3'])
  assert.deepEqual(await subjects(`to=${new Date((T0 + 500) * 1000).toISOString()}`), ['rsdos 240.0.0.2', 'drdos 240.0.0.5'])
  assert.deepEqual(await subjects('subject=240.0.0.5'), ['drdos 240.0.0.5'])
  assert.deepEqual(await subjects('subject=240.0.0.2/31'), ['rsdos 240.0.0.2', 'rsdos 240.0.0.3'])
  assert.deepEqual(await subjects('owner=nobody&subject=240.0.0.2'), ['rsdos 240.0.0.2'])
  assert.deepEqual(await subjects('own=true'), [])
  for (const wrong of ['owner=x', 'subject=nonsense', 'from=yesterday', 'after=AAAA', 'severity=bad', 'subject=240.0.0.1/24']) {
    assert.equal((await doors.ask('GET', `/findings?${wrong}`)).code, 'request/invalid', wrong)
  }
})

test('a port is asked for as it is written, and a row says where it comes from and why it is there', async () => {
  doors.networks.set('240.0.0.1', { economy: 'XA', asn: 64_500, as_name: 'Example' })
  await store([detection({ kind: 'change-point', subject: { protocol: 'tcp', port: 23 }, max_ppm: 12.5 }), detection({ open: true })], { simulated: true })
  assert.deepEqual(await subjects('subject=tcp/23'), ['change-point 23'])
  assert.deepEqual(await subjects('subject=udp/23'), [])
  const { findings: [row] } = await list('subject=240.0.0.1')
  const { id, ...rest } = row!
  assert.match(id, /^[\da-f-]{36}$/)
  assert.deepEqual(rest, {
    kind: 'rsdos', subject: { victim: '240.0.0.1', protocol: 'tcp' }, severity: 'notice', state: 'new', muted: false, open: true,
    start: '2026-01-05T00:00:00.000Z', end: '2026-01-05T00:10:00.000Z', found_at: '2026-01-05T00:00:00.000Z', occurrences: 1, packets: 100, max_ppm: null, sources: null, sensors: 3,
    economy: 'XA', asn: 64_500, as_name: 'Example', owner: null, simulated: true, own: false, figures: { packets: 100, sensors: 3 },
    crossed: [{ figure: 'packets', value: 100, threshold: 25, rule: 'at_least' }],
  })
})

test('pages hold each finding once, in either order, also while others come', async () => {
  const severities = ['notice', 'warning', 'urgent'] as const
  await store(Array.from({ length: 50 }, (_, i) => victim(`240.1.0.${i}`, { severity: severities[i % 3]!, start: T0 + (i % 7) * 60 })))
  for (const order of ['urgency', 'newest']) {
    const seen: FindingRow[] = []
    let next: string | null = ''
    for (let page = 0; next !== null && page < 20; page++) {
      const got = await list(`order=${order}&limit=7${next === '' ? '' : `&after=${next}`}`)
      seen.push(...got.findings)
      next = got.next
      if (page === 1) await store([victim(`240.2.0.${order.length}`, { severity: 'urgent', start: T0 + DAY })])
    }
    const ids = seen.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(seen.filter(({ subject }) => subject.victim!.startsWith('240.1.')).length === 50, order)
    const keys = seen.map(({ severity, start }) => (order === 'urgency' ? `${severities.indexOf(severity as 'notice')} ${start}` : start))
    assert.deepEqual(keys, keys.toSorted().toReversed(), order)
  }
  const { next } = await list('limit=1')
  assert.equal((await doors.ask('GET', `/findings?order=newest&after=${next}`)).code, 'request/invalid', 'a cursor of another order')
})

test('a hundred thousand findings are paged by an index and counted soon', async () => {
  await sql`insert into detection_setting (hash, parameters) values (${Buffer.alloc(32)}, '{}')`.execute(doors.db)
  await sql`insert into finding (uuid, organisation_id, kind, subject_key, subject, victim, severity, state, start_at, end_at, open, found_at, packets, own, simulated, lead)
    select gen_random_uuid(), 1, 'rsdos', sha256(n::text::bytea), jsonb_build_object('victim', host('240.0.0.0'::inet + n)), '240.0.0.0'::inet + n, n % 4, case when n % 10 = 0 then 'triaged' else 'new' end,
      to_timestamp(${T0} + n), to_timestamp(${T0} + n + 60), false, to_timestamp(${T0} + n), n, false, false, null from generate_series(1, 100000) n`.execute(doors.db)
  await sql`analyze finding`.execute(doors.db)
  for (const [order, index] of [['urgency', 'finding_by_urgency'], ['newest', 'finding_by_start']] as const) {
    const first = await list(`limit=100&order=${order}`)
    assert.deepEqual([first.total, first.total_is_more], [counted_max, true])
    const second = await list(`limit=100&order=${order}&after=${first.next}`)
    assert.equal(new Set([...first.findings, ...second.findings].map(({ id }) => id)).size, 200)
    const page = pageQuery(doors.db, 1, { order, after: second.next! }, new Date(doors.now))
    assert.ok(page.ok)
    const plan = JSON.stringify(await page.value.explain())
    assert.ok(plan.includes(index) && !plan.includes('Sort'), plan)
  }
  const rules = Array.from({ length: 200 }, (_, i) => ({
    id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, organisation_id: 1, kind: null, victim: `240.0.${i}.0/24`, source: null, protocol: null, port: null, why: 'x',
    until_at: new Date(T0 * 1000 + 1), created_at: new Date(0), created_by: 'x',
  }))
  await findingDb(doors.db).insertInto('finding_mute').values(rules).execute()
  // Of 32 networks 8 are muted; 192 of each 256 are alarms. Below the bound it is exact.
  const some = await list(`limit=100&subject=${encodeURIComponent('240.0.192.0/19')}`)
  assert.deepEqual([some.total, some.total_is_more], [24 * 192, false])
  const counting = countQuery(doors.db, 1, {}, new Date(doors.now))
  assert.ok(counting.ok)
  const looked_at = [...JSON.stringify(await counting.value.explain('text', sql`analyze`)).matchAll(/actual time=\S+ rows=(\d+)/g)].map(([, rows]) => Number(rows))
  assert.ok(looked_at.length > 2 && Math.max(...looked_at) <= counted_max + 1, String(looked_at))
  const { body } = await doors.ask('GET', '/mutes')
  assert.ok(body.mutes.length === 200 && body.mutes.slice(1).every((one: { muted_findings: number }) => one.muted_findings === 192))
})

test('a value that a stranger wrote is shown to who holds content:read only, in no list, view or similar one', async () => {
  const secret = 'root\nhunter2-secret'
  const of = (value: string, start: number) => detection({ kind: 'new', subject: { novelty: 'credential', value, protocol: 'tcp', port: 23 }, start })
  await store([of(secret, T0), of(`${secret}-2`, T0 + 60), detection({ kind: 'new', subject: { novelty: 'ja4', value: 't13d1516h2_8daaf6152771_b0da82dd1658' } })])
  const { findings } = await list('', { role: 'viewer' })
  const shown = (all: readonly FindingRow[]) => all.map(({ subject }) => subject.value).toSorted()
  assert.deepEqual(shown(findings), [null, null, 't13d1516h2_8daaf6152771_b0da82dd1658'])
  assert.deepEqual(shown((await list('')).findings), [secret, `${secret}-2`, 't13d1516h2_8daaf6152771_b0da82dd1658'].toSorted())
  const id = findings.find(({ subject }) => subject.value === null)!.id
  for (const path of ['/findings', `/findings/${id}`, `/findings/${id}/check`, '/findings/summary', '/audit']) {
    const { text, status } = await doors.ask('GET', path, { scopes: ['findings:read', 'audit:read'] })
    assert.equal(status, 200, text)
    assert.ok(!text.includes('hunter2'), path)
  }
  const view = await doors.ask('GET', `/findings/${id}`, { role: 'analyst' })
  assert.equal(view.body.subject.value.startsWith(secret), true)
  assert.equal(view.body.similar.length, 1, 'another value at the same port')
  assert.ok(doors.logged.every((line) => !line.includes('hunter2')))
})

test('a view has thresholds, evidence, history, members, similar ones and the measured precision', async () => {
  const open = detection({ open: true, end: T0 + 60, members: ['tcp/80', 'tcp/443'] })
  await store([open, detection({ kind: 'scan', subject: { source: '240.0.0.1' } })])
  doors.now += 3_600_000
  const later = { found_at_ms: doors.now }
  await store([{ ...open, end: T0 + 600, open: false }, detection({ start: T0 + 3000, severity: 'warning', packets: 7 })], later)
  await store([detection({ start: T0 + 30 * DAY })], later)
  const { findings } = await list('order=newest&kind=rsdos')
  doors.bulletins = [{ id: '00000000-0000-4000-8000-000000000001', number: 'HB-2026-0001', state: 'draft' }]
  const { body } = await doors.ask('GET', `/findings/${findings[1]!.id}`)
  assert.deepEqual([body.severity, body.occurrences, body.packets, body.tlp, body.dismissal], ['warning', 2, 107, 'TLP:AMBER+STRICT', null])
  assert.deepEqual(body.crossed, [{ figure: 'packets', value: 7, threshold: 25, rule: 'at_least' }])
  assert.deepEqual(body.evidence.map((one: { packets: number }) => one.packets), [7, 100], 'of the leading event first')
  assert.deepEqual(body.detector, { version: 1, parameters: { packets_min: 25 }, precision: { confirmed: 0, dismissed: 0, precision: null } })
  assert.deepEqual(body.changes, [
    { at: '2026-01-05T00:00:00.000Z', by: 'system', what: 'found', from: null, to: null, text: null },
    { at: '2026-01-05T01:00:00.000Z', by: 'system', what: 'merged', from: '2026-01-05T00:50:00.000Z', to: '2026-01-05T01:00:00.000Z', text: null },
  ])
  assert.deepEqual(body.similar.map(({ id }: FindingRow) => id), [findings[0]!.id])
  assert.deepEqual(body.bulletins, doors.bulletins)
  assert.equal((await doors.ask('GET', '/findings/00000000-0000-4000-8000-000000000009')).code, 'finding/not-found')
})

test('the first sentence counts what waits, alarms of today and of the days before, and records with those only counted', async () => {
  doors.now = (T0 + 10 * DAY) * 1000
  const found = (days_ago: number) => ({ found_at_ms: doors.now - days_ago * DAY * 1000 })
  const at = (days_ago: number, address: string, part: Partial<Detection> = {}) => victim(address, { start: T0 + (10 - days_ago) * DAY - 7200, ...part })
  await store([at(0, '240.0.0.1', { severity: 'urgent' }), at(0, '240.0.0.2'), at(0, '240.0.0.3', { severity: 'record' })], found(0))
  await store([at(3, '240.0.0.4'), at(3, '240.0.0.5', { severity: 'warning', kind: 'drdos' })], found(3))
  // A first look at a month that is over: it counts where it lies, also what ended yesterday.
  await store([at(5, '240.0.0.6'), at(20, '240.0.0.7'), at(1.1, '240.0.0.8')], { ...found(0), mode: 'history' })
  // And what goes on since, of which the end moves.
  const goes_on = at(4, '240.0.0.9', { open: true })
  await store([goes_on], { ...found(0), mode: 'history' })
  await store([{ ...goes_on, end: T0 + 10 * DAY, packets: 900 }], found(0))
  await findingDb(doors.db).insertInto('finding_day').values({ organisation_id: 1, day: Math.floor(doors.now / DAY / 1000), records: 1, shed: 41, sketch: null })
    .onConflict((c) => c.columns(['organisation_id', 'day']).doUpdateSet({ shed: 41 })).execute()
  const summary = async () => (await doors.ask('GET', '/findings/summary')).body
  assert.deepEqual(await summary(), {
    waiting: { urgent: 1, warning: 1, notice: 6 }, by_kind: [{ kind: 'rsdos', waiting: 7 }, { kind: 'drdos', waiting: 1 }],
    alarms_today: 2, alarms_per_day: 0.71, records_today: 42, ...doors.health,
  })
  await findingDb(doors.db).updateTable('finding').set({ state: 'confirmed', verdict: 'confirmed' }).where('severity', '=', 3).execute()
  assert.equal((await summary()).waiting.urgent, 0)
})

test('another organisation sees nothing, and is told that nothing is there', async () => {
  const organisation = await doors.organisation(`other ${doors.now}`)
  await store([detection()])
  const { findings: [mine] } = await list()
  const theirs = { organisation, role: 'coordinator' as const }
  assert.deepEqual(await list('severity=record&severity=notice&muted=true', theirs), { findings: [], total: 0, total_is_more: false, next: null })
  assert.deepEqual((await doors.ask('GET', '/findings/summary', theirs)).body.waiting, { urgent: 0, warning: 0, notice: 0 })
  const paths = [
    ['GET', ''], ['GET', '/check'], ['GET', '/series'], ['POST', '/state', { state: 'triaged' }], ['POST', '/owner', { person: null }], ['POST', '/label', { tlp: 'TLP:CLEAR' }], ['POST', '/comments', { text: 'x' }],
  ] as const
  for (const [method, path, body] of paths) {
    const answer = await doors.ask(method, `/findings/${mine!.id}${path}`, { ...theirs, ...(body ? { body } : {}) })
    assert.deepEqual([answer.status, answer.code], [404, 'finding/not-found'], path)
  }
  assert.deepEqual((await list()).findings, [mine], 'and nothing changed')
})
