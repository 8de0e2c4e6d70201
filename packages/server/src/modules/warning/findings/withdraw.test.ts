import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Detection } from '../detectors/model.ts'
import { findingDb } from '../tables.ts'
import { detectionKey, type DetectionSink } from '../watch/model.ts'
import type { FindingEvents } from './events.ts'
import { healthOf } from './health.ts'
import { findingSink } from './sink.ts'
import { context, detection, startFindings, T0, type TestFindings } from './testing/findings.ts'

let here: TestFindings
let sink: DetectionSink
const told: string[] = []
before(async () => {
  here = await startFindings()
  const events: FindingEvents = {
    onFound: async (_, found) => void told.push(...found.map(({ subject }) => `found ${subject.victim}`)),
    onWorse: async () => undefined,
  }
  sink = findingSink(here.tools, { events })
})
after(() => here?.stop())
beforeEach(async () => {
  await here.clear()
  told.length = 0
})

const victim = (address: string, part: Partial<Detection> = {}) => detection({ ...part, subject: { victim: address, protocol: 'tcp' } })
const findings = async () => (await findingDb(here.db).selectFrom('finding').selectAll().where('merged_into', 'is', null).orderBy('victim').orderBy('id').execute())
  .map(({ victim, state, packets, occurrences, open }) => `${victim} ${state} ${packets} ${occurrences}${open ? ' open' : ''}`)
const again = (given: readonly Detection[], from = T0, to = T0 + 86_400) =>
  sink.lookedAgain!(1, { from, to, keys: new Set(given.map(detectionKey)) }, context({ mode: 'late' }))

test('what is not given again is taken back: records go, alarms are closed and say why, the rest of a finding stays', async () => {
  const kept = [victim('240.0.0.1'), victim('240.0.0.2', { start: T0 + 3600, packets: 7 })]
  const gone = [
    victim('240.0.0.2'), victim('240.0.0.3', { open: true }), victim('240.0.0.4', { severity: 'record' }), victim('240.0.0.5', { severity: 'record' }), victim('240.0.0.5', { start: T0 + 50_000, severity: 'record' }),
  ]
  await sink.store(1, [...kept, ...gone], context())
  await again(kept)
  assert.deepEqual(await findings(), ['240.0.0.1 new 100 1', '240.0.0.2 new 7 1', '240.0.0.3 closed 100 1'])
  const [change] = await findingDb(here.db).selectFrom('finding_change').selectAll().execute()
  assert.deepEqual([change!.by, change!.from_value, change!.to_value, change!.text], ['system', 'new', 'closed', 'late-data'])
  assert.equal((await findingDb(here.db).selectFrom('detection').select('id').execute()).length, 3)
  // Once more changes nothing.
  await again(kept)
  assert.equal((await findingDb(here.db).selectFrom('finding_change').select('id').execute()).length, 1)
  // What the node closed keeps nothing quiet: told again, it is found again.
  told.length = 0
  await sink.store(1, [victim('240.0.0.3', { open: true })], context({ mode: 'late' }))
  assert.deepEqual(await findings(), ['240.0.0.1 new 100 1', '240.0.0.2 new 7 1', '240.0.0.3 closed 100 1', '240.0.0.3 new 100 1 open'])
  assert.deepEqual(told, ['found 240.0.0.3'])
})

test('what lies outside the stretch and what people worked with stays', async () => {
  const outside = [victim('240.0.0.1', { start: T0 - 60 }), victim('240.0.0.2', { start: T0 + 86_400 })]
  await sink.store(1, [...outside, victim('240.0.0.3'), victim('240.0.0.4')], context())
  await findingDb(here.db).updateTable('finding').set({ touched: true }).where('victim', '=', '240.0.0.3').execute()
  const other = await here.organisation('other')
  await sink.store(other, [victim('240.0.0.9')], context())
  await again([])
  assert.deepEqual(await findings(), ['240.0.0.1 new 100 1', '240.0.0.2 new 100 1', '240.0.0.3 new 100 1', '240.0.0.4 closed 100 1', '240.0.0.9 new 100 1'])
})

test('keys of the watch name events however their subject is written', async () => {
  const written: Detection[] = [
    detection({ kind: 'new', subject: { novelty: 'url', value: `http://x/\0${'y'.repeat(900)}` } }), detection({ subject: { victim: '2001:DB8::0:1', protocol: 'TCP' } }),
    detection({ kind: 'campaign', subject: { protocol: 'tcp', port: 23, signature: 'ttl 64' } }),
  ]
  await sink.store(1, written, context())
  await again(written)
  assert.deepEqual((await findings()).map((one) => one.split(' ')[1]), ['new', 'new', 'new'])
})

test('a long stretch is gone through part by part', async () => {
  const many = Array.from({ length: 1200 }, (_, i) => detection({ kind: 'scan', subject: { source: `240.4.${i >> 8}.${i & 255}` }, start: T0 + i, severity: 'record' }))
  await sink.store(1, many, context())
  await again(many.filter((_, i) => i % 2 === 0))
  assert.equal((await findings()).length, 600)
})

test('health says how many detectors and sensors are well, and up to where all of them looked', async () => {
  const detectors = [{ state: 'ok' as const, window_to: '2026-01-05T01:00:00Z' }, { state: 'late' as const, window_to: '2026-01-05T00:30:00Z' }, { state: 'learning' as const, window_to: '2026-01-05T01:00:00Z' }, { state: 'waiting' as const, window_to: null }]
  assert.deepEqual(await healthOf(here.tools, 1, detectors), {
    detectors_ok: 1, detectors_learning: 1, detectors_total: 4, watched_to: '2026-01-05T00:30:00Z', sensors_live: 0, sensors_total: 0, simulated: false,
  })
})
