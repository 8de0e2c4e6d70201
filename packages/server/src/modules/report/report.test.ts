import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { realWorld } from '@hirundo/base'
import { createOrganisation, createToken, languages, quarterReport, quarterReportHtml, quarterReportPdf, type QuarterReport } from '@hirundo/contract'
import { run } from '../../app/cli/run.ts'
import { RealNode, testDirectory, value } from '../observatory/testing/real-node.ts'
import { findPrinter } from './pdf/find-browser.ts'
import { PLAYED, playTwoQuarters } from './testing/two-quarters.ts'

const FROM_S = Date.UTC(2026, 0, 1) / 1000
/** Just after the last day that is played, so that the quarter still runs. */
const begin_ms = (FROM_S + PLAYED.now * 86_400) * 1000
const started_ms = Date.now()
const world = { ...realWorld, now: () => begin_ms + (Date.now() - started_ms) }

const real = new RealNode(world)
let directory: Awaited<ReturnType<typeof testDirectory>>
before(async () => {
  directory = await testDirectory()
  // Nothing is rolled up: what is tested is the report, and the answers are the same from the rows.
  await real.start(directory.path, { networks: true, rollup_every_ms: 3_600_000 })
  await playTwoQuarters(real, FROM_S)
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const params = { year: 2026, quarter: 1 }
const model = (language: QuarterReport['language'] = 'en') => value(real.client().call(quarterReport, { params, query: { language } }))
const htmlOf = async (language: QuarterReport['language']) => new TextDecoder().decode(await value(real.client().call(quarterReportHtml, { params, query: { language } })))

describe('a quarterly report', () => {
  it('counts, ranks and compares with the quarter before', async () => {
    const report = await model()
    assert.equal(report.complete, false)
    assert.equal(report.to, '2026-02-01T00:00:00Z')
    assert.equal(report.simulated, true)
    assert.deepEqual(report.services.map(({ key }) => key).slice(0, 3), ['tcp/23', 'tcp/445', 'tcp/22'])
    assert.deepEqual(report.services.map(({ rank }) => rank), [1, 2, 3, 4, 5])
    assert.equal(report.services[0]!.previous_rank, 1)
    const total = report.services[0]!.series.reduce((sum, { packets_per_sensor }) => sum + packets_per_sensor!, 0)
    // The mean over sensors of each day, summed over the days, is near the mean per sensor and day times the days.
    assert.ok(Math.abs(total / (report.services[0]!.packets_per_sensor_day! * PLAYED.now) - 1) < 0.05)
    assert.ok(report.packets_per_sensor_day! > 0 && report.previous_packets_per_sensor_day! > 0)
    assert.equal(report.economy_packets.reduce((sum, { packets }) => sum + packets, 0), report.packets)
    assert.ok(report.economies.every(({ key }) => /^X[A-H]$/.test(key)))
    assert.ok(report.research_share! > 0 && report.research_share! < 0.1)
  })

  it('finds what climbed, what is new, and who was silent for how long', async () => {
    const report = await model()
    assert.ok(report.climbers.some(({ key, previous_rank, rank, ratio }) => key === 'tcp/5555' && previous_rank! > rank && ratio! > 10))
    assert.deepEqual(report.newcomers.map(({ key }) => key), ['udp/11211'])
    assert.deepEqual(report.silences, [{ sensor: 'south-ixp', from: '2026-01-11T00:00:00Z', to: '2026-01-15T00:00:00Z', days: 4 }])
    assert.equal(report.coverage.dropped, PLAYED.now * 12)
  })

  it('lists each sensor for itself', async () => {
    const { sensors } = await model()
    assert.deepEqual(sensors.map(({ sensor }) => sensor), ['<west> & "isp"', 'east-university', 'north-1', 'south-ixp'])
    assert.ok(!sensors[0]!.top_ports.some(({ key }) => key === 'tcp/22'))
    assert.equal(sensors[0]!.previous_packets_per_day, null)
    assert.ok(sensors[2]!.previous_packets_per_day! > 0)
    assert.ok(sensors.every(({ top_ports }) => top_ports.length === 10))
  })

  it('is written once while nothing more is observed', async () => {
    const [first, second] = [await model(), await model('ja')]
    assert.equal(first.written_at, second.written_at)
    assert.notEqual(first.summary, second.summary)
  })

  it('has no quarter that has not begun', async () => {
    const asked = await real.client().call(quarterReport, { params: { year: 2026, quarter: 2 }, query: {} })
    assert.ok(!asked.ok && asked.problem.code === 'report/not-yet')
  })
})

for (const language of languages) {
  describe(`the page in ${language}`, () => {
    it('is whole, escaped, numbered and says what a reader must know', async () => {
      const page = await htmlOf(language)
      assert.match(page, new RegExp(`^<!doctype html>\n<html lang="${language}">`))
      assert.ok(page.includes('&lt;west&gt; &amp; &quot;isp&quot;') && !page.includes('<west>'))
      assert.doesNotMatch(page, /<script|<link|<img| style=| on\w+=|https?:\/\/(?!www\.w3\.org\/)/)
      assert.doesNotMatch(page, /undefined|NaN|\[object|\{[a-z_]+\}/)
      for (const number of [1, 2, 3, 4, 5]) assert.ok(page.includes(`<h2><span class="number">${number}</span>`), String(number))
      assert.equal(page.match(/<figcaption>/g)?.length, 4)
      assert.equal(page.match(/<caption>/g)?.length, 4)
      assert.equal(page.match(/class="simulated"/g)?.length, 1)
      // The ranking by economy, its lines and its tiles each say what a location is not.
      assert.equal(page.match(/<p class="note">/g)?.length, 3)
    })
  })
}

it('tells an organisation of its own sensors only, also when another’s report was just written', async () => {
  await model()
  const { id } = await value(real.client().call(createOrganisation, { body: { name: 'Other <team>' } }))
  const { token } = await value(real.client().call(createToken, { body: { name: 'other', scopes: ['observatory:read'], organisation: id } }))
  const theirs = await value(real.client(token).call(quarterReport, { params, query: {} }))
  assert.deepEqual([theirs.packets, theirs.services, theirs.sensors, theirs.simulated, theirs.organisation], [0, [], [], false, 'Other <team>'])
  const page = new TextDecoder().decode(await value(real.client(token).call(quarterReportHtml, { params, query: {} })))
  assert.ok(page.includes('Other &lt;team&gt;') && !page.includes('north-1') && !page.includes('class="simulated"'))
  assert.doesNotMatch(page, /NaN|undefined|\[object/)
})

it('shows nothing of what sensors stand on, in no form and no log line', async () => {
  const texts = [...await Promise.all(languages.map(htmlOf)), JSON.stringify(await model()), ...real.logged]
  for (const text of texts) for (const secret of ['198.51.100', 'dst_net', 'ffff:c633']) assert.ok(!text.includes(secret), secret)
})

it('lets its own style through and nothing else, in a frame of the node alone', async () => {
  const response = await fetch(`${real.node.url}/api/v1/reports/quarter/2026/1.html?language=ko`, { headers: { authorization: `Bearer ${real.token}` } })
  const policy = response.headers.get('content-security-policy')!
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'self'/)
  assert.equal(response.headers.get('x-frame-options'), 'SAMEORIGIN')
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  assert.match(response.headers.get('content-disposition')!, /filename="hirundo-2026-q1-ko.html"/)
  const refused = await fetch(`${real.node.url}/api/v1/reports/quarter/2026/1.html`)
  assert.equal(refused.status, 401)
})

it('becomes a PDF where there is a browser', async (t: TestContext) => {
  if (findPrinter('', process.env['PATH']) === undefined) return t.skip('no Chromium or Chrome on this machine')
  const bytes = Buffer.from(await value(real.client().call(quarterReportPdf, { params, query: { language: 'ja' } })))
  assert.equal(bytes.subarray(0, 5).toString('latin1'), '%PDF-')
  assert.match(bytes.subarray(-1024).toString('latin1'), /%%EOF\s*$/)
  const has = (what: RegExp) => bytes.toString('latin1').match(what)?.length ?? 0
  assert.ok(has(/\/Type\s*\/Page\b(?!s)/g) >= 3, 'several pages')
  // Fonts travel with the file: as they are, or drawn glyph by glyph, as Chromium does with the large ones of CJK.
  assert.ok(has(/\/FontFile|\/Type3/g) > 0, 'fonts are in the file')
})

describe('hirundo report quarter', () => {
  const command = async (...args: string[]) => {
    const said = { out: '', note: '' }
    const cli = {
      environment: { HIRUNDO_URL: real.node.url, HIRUNDO_TOKEN: real.token },
      out: (text: string) => { said.out += text },
      note: (text: string) => { said.note += text },
    }
    return { code: await run(cli, ['report', 'quarter', ...args]), ...said }
  }
  const quarter = ['--year', '2026', '--quarter', '1']

  it('prints the data and writes the page', async () => {
    const data = await command(...quarter, '--format', 'json', '--lang', 'zh-Hant')
    assert.deepEqual([data.code, (JSON.parse(data.out) as QuarterReport).language], [0, 'zh-Hant'])
    const file = join(directory.path, 'report.html')
    assert.equal((await command(...quarter, '--lang', 'ja', '--output', file)).code, 0)
    assert.match(await readFile(file, 'utf8'), /<html lang="ja">/)
  })

  it('says what is missing: a file for a PDF, a quarter for a year', async () => {
    assert.deepEqual([(await command('--format', 'pdf')).code, (await command('--year', '2026')).code, (await command('--quarter', '5')).code], [1, 1, 2])
    const early = await command('--year', '2026', '--quarter', '4')
    assert.equal(early.code, 1)
    assert.match(early.note, /This quarter has not begun/)
  })
})
