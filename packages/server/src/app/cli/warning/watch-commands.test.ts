import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { removeDirectory, temporaryDirectory } from '../../../platform/testing/postgres.ts'
import type { Cli } from '../frame.ts'
import { run } from '../run.ts'

/** A node that answers what a test says, in turn, and what it was asked. */
let server: Server
let directory: string
let answers: unknown[] = []
let asked: { method: string; path: string; body: string }[] = []

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString()
}

before(async () => {
  directory = await temporaryDirectory()
  server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      asked.push({ method: request.method!, path: request.url!.replace('/api/v1', ''), body: await bodyOf(request) })
      const [next] = answers.length > 1 ? answers.splice(0, 1) : answers
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(next))
    }
    void answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await removeDirectory(directory)
})
beforeEach(() => {
  asked = []
  process.exitCode = 0
})

async function hirundo(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const { port } = server.address() as { port: number }
  const cli: Cli = {
    environment: { HIRUNDO_URL: `http://127.0.0.1:${port}`, HIRUNDO_TOKEN: 't' },
    out: (text) => void (said.out += text), note: (text) => void (said.err += text),
  }
  const code = await run(cli, args)
  process.exitCode = 0
  return { code, ...said }
}

const label = { id: 'a', event: 'worm', kinds: ['worm'], subjects: [{ protocol: 'tcp', port: 23 }], start: '2026-03-02T00:00:00Z', end: '2026-03-03T00:00:00Z', strength: 'medium' }
const result = {
  from: '2026-03-01T00:00:00Z', to: '2026-03-08T00:00:00Z', days: 7, observed: true, labelled: true, synthetic: true, detections: 12, alarms: 4, true_alarms: 3, false_alarms: 1, false_alarms_per_day: 1 / 7, precision: 0.75,
  recall: 0.5, found: 1, labels: 2, median_lead_s: null,
  by_kind: [{ kind: 'worm', alarms: 4, records: 8, true_alarms: 3, false_alarms: 1, precision: 0.75 }],
  by_event: [{ event: 'worm', strength: 'medium', labels: 2, found: 1, recall: 0.5, median_delay_s: 7_200, median_lead_s: null }],
  missed: [label], false_list: [{ kind: 'worm', subject: 'tcp/80\u001b[2J', start: '2026-03-04T00:00:00Z', end: '2026-03-04T01:00:00Z' }], unlabelled_alarms: 0, unlabelled_list: [], shed: { 'scan.sources': 3 },
}
const backtest = (more: object) => ({ state: 'running', done_share: 0, reason: null, result: null, ...more })
const ID = '4b1c6f0e-2f0d-4d59-9d0b-3c1f6f1f2a77'

test('backtest sends the labels of its period, says how far it is, and prints figures with what they are of', async () => {
  const path = join(directory, 'labels.json')
  const old = { ...label, id: 'old', start: '2025-01-01T00:00:00Z', end: '2025-01-02T00:00:00Z' }
  await writeFile(path, JSON.stringify({ note: 'SYNTHETIC', from: '2026-03-01T00:00:00Z', to: '2026-03-08T00:00:00Z', labels: [label, old] }))
  answers = [{ id: ID }, backtest({ done_share: 0.4 }), backtest({ state: 'done', done_share: 1, result })]
  const ran = await hirundo('backtest', '--labels', path, '--warm-up-days', '7')
  assert.equal(ran.code, 0, ran.err)
  assert.deepEqual(JSON.parse(asked[0]!.body), { from: '2026-03-01T00:00:00Z', to: '2026-03-08T00:00:00Z', warm_up_days: 7, labels: [label] })
  assert.deepEqual(asked.map(({ method, path: to }) => `${method} ${to}`), ['POST /backtests', `GET /backtests/${ID}`, `GET /backtests/${ID}`])
  assert.match(ran.err, /40 % looked at/)
  assert.ok(ran.err.includes(`hirundo backtest --cancel ${ID} ends the backtest`))
  for (const said of [/SYNTHETIC/, /recall +50\.0 % \(1 of 2/, /precision +75\.0 % \(3 of 4/, /false +1 alarms, 0\.14 a day/, /2\.0 h/, /scan\.sources: 3/]) assert.match(ran.out, said)
  assert.ok(!ran.out.includes('\u001b'), 'nothing in a finding controls the terminal')
  const json = await hirundo('backtest', '--from', '2026-03-01', '--to', '2026-03-08', '--format', 'json')
  assert.deepEqual(JSON.parse(json.out), result)
})

test('backtest without anything that is known of the period calls no alarm false, and nothing stored is no quiet period', async () => {
  const unlabelled = { ...result, labelled: false, precision: null, recall: null, true_alarms: 0, false_alarms: 0, false_alarms_per_day: 0, unlabelled_alarms: 4, false_list: [], unlabelled_list: result.false_list }
  answers = [{ id: ID }, backtest({ state: 'done', done_share: 1, result: unlabelled })]
  const { out } = await hirundo('backtest', '--from', '2026-03-01', '--to', '2026-03-08')
  assert.equal('labels' in JSON.parse(asked[0]!.body), false)
  for (const said of [/alarms +4, 0\.57 a day/, /cannot be measured: no labels were given and nothing of the period was judged/, /Alarms, unlabelled:\n  worm {2}tcp\/80/, /and 3 more/]) assert.match(out, said)
  assert.doesNotMatch(out, /false {2}|0\.0 %/)
  answers = [{ id: ID }, backtest({ state: 'done', done_share: 1, result: { ...unlabelled, observed: false, synthetic: false, alarms: 0, unlabelled_alarms: 0, unlabelled_list: [] } })]
  const none = await hirundo('backtest', '--from', '2026-03-01', '--to', '2026-03-08')
  assert.match(none.out, /^2026-03-01T00:00:00Z to 2026-03-08T00:00:00Z: no observations are stored there/)
  assert.doesNotMatch(none.out, /SYNTHETIC|alarms/)
})

test('the label file that the documentation shows is one', async () => {
  const [, example] = /```json\n([\s\S]*?)```/.exec(await readFile(new URL('../../../../../../docs/backtest.md', import.meta.url), 'utf8'))!
  const path = join(directory, 'documented.json')
  await writeFile(path, example!)
  answers = [{ id: ID }, backtest({ state: 'done', done_share: 1, result })]
  const ran = await hirundo('backtest', '--labels', path)
  assert.deepEqual([ran.code, JSON.parse(asked[0]!.body).labels.length], [0, 2], ran.err)
})

test('backtest says what is wrong with labels, period or the node’s attempt, and ends with 1; wrong usage with 2', async () => {
  const path = join(directory, 'bad.json')
  for (const [text, said] of [['{', /is not JSON/], ['[{"id": 1}]', /does not hold labels[\s\S]*docs\/backtest\.md/], ['{"labels": 1}', /does not hold labels/]] as const) {
    await writeFile(path, text)
    const ran = await hirundo('backtest', '--from', '-1d', '--labels', path)
    assert.equal(ran.code, 1)
    assert.match(ran.err, said)
  }
  assert.match((await hirundo('backtest', '--from', '-1d', '--labels', join(directory, 'none.json'))).err, /cannot be read/)
  const missing = await hirundo('backtest')
  assert.deepEqual([missing.code, /--from is missing/.test(missing.err)], [2, true])
  const backwards = await hirundo('backtest', '--from', '-1h', '--to', '-5h')
  assert.deepEqual([backwards.code, /ends .* before it begins/.test(backwards.err)], [2, true])
  assert.equal(asked.length, 0)
  answers = [{ id: ID }, backtest({ state: 'failed', reason: 'a store does not answer' })]
  const failed = await hirundo('backtest', '--from', '-1d')
  assert.deepEqual([failed.code, failed.out], [1, ''])
  assert.match(failed.err, /a store does not answer/)
  answers = [{ id: ID }, backtest({ state: 'cancelled' })]
  assert.match((await hirundo('backtest', '--from', '-1d')).err, /was cancelled/)
  asked = []
  answers = [{}]
  assert.deepEqual([(await hirundo('backtest', '--cancel', ID)).out.trim(), asked.map(({ method, path: to }) => `${method} ${to}`)], [`${ID} is ended`, [`DELETE /backtests/${ID}`]])
  assert.equal((await hirundo('backtest', '--warm-up-days', '61', '--from', '-1d')).code, 2)
})

test('a forecast of what is no port is wrong usage, and too little history is said of the port', async () => {
  for (const target of ['23', 'tcp/99999', 'icmp/8']) assert.equal((await hirundo('forecast', target)).code, 2, target)
  assert.equal(asked.length, 0)
  answers = [{ enough: false, simulated: false, points: [], models: [] }]
  assert.match((await hirundo('forecast', 'tcp/0')).out, /^Too little came on tcp\/0 for a forecast: .*"hirundo port tcp\/0" says what came\./)
})

test('precursors whose signals never came are left out, and none at all is said in words', async () => {
  const signal = { signal: 'spike', outcome: 'worm', signals: 0, followed: 0, rate: null, chance: 0, lift: null, lift_low: null, lift_high: null, median_lead_s: null }
  const answer = { from: 'a', to: 'b', horizon_days: 21, signals: [signal] }
  answers = [answer]
  assert.match((await hirundo('precursors')).out, /^No signal was followed for its 21 days yet/)
  answers = [{ ...answer, signals: [signal, { ...signal, signal: 'new', signals: 4, followed: 1, rate: 0.25 }] }]
  const { out } = await hirundo('precursors')
  assert.deepEqual([/^new +worm +4 +1/m.test(out), out.includes('spike')], [true, false])
})

test('detectors shows when each ran over what and what it left out, and fails when one does not keep up', async () => {
  const detector = {
    kind: 'rsdos', version: 2, source: 's', parameters: {}, state: 'ok', learning: null, reason: null, last_run_at: '2026-03-08T00:00:09.000Z', window_from: '2026-03-07T23:59:00Z', window_to: '2026-03-08T00:00:00Z',
    shed: { victims: 4 }, findings_30_days: 9, alarms_per_day: 0.3, precision: { confirmed: 3, dismissed: 1, precision: 0.75 },
  }
  answers = [{ detectors: [detector], addresses: 512, late_replays: 2 }]
  const ran = await hirundo('detectors')
  assert.equal(ran.code, 0)
  for (const said of [/2026-03-08T00:00:09Z +2026-03-07T23:59:00Z to 2026-03-08T00:00:00Z/, /75 % of 4/, /victims 4/, /512 addresses observe/, /looked at again 2 times/]) assert.match(ran.out, said)
  answers = [{ detectors: [{ ...detector, kind: 'worm', state: 'learning', learning: { days: 1, days_needed: 2 } }], addresses: 512, late_replays: 0 }]
  const young = await hirundo('detectors')
  assert.equal(young.code, 0)
  assert.match(young.out, /worm +learning, 1 of 2 days/)
  answers = [{ detectors: [{ ...detector, state: 'failed', reason: 'the detectors ended: cannot' }], addresses: null, late_replays: 0 }]
  const failed = await hirundo('detectors')
  assert.equal(failed.code, 1)
  assert.match(failed.out, /rsdos: the detectors ended: cannot/)
})
