import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fail, ok } from '@hirundo/base'
import { languages, type TopEntry } from '@hirundo/contract'
import { html } from './html/html.ts'
import { reportStyle } from './html/style.ts'
import { eachInTurns, inTurns } from './in-turns.ts'
import { Kept } from './kept.ts'
import { groupMemoryBytes } from './pdf/memory.ts'
import { findPrinter } from './pdf/find-browser.ts'
import { printPdf } from './pdf/print.ts'
import { quarterBefore, quarterOf, reportedAt } from './quarter.ts'
import { drawnOf, longestSilence, moversOf, pointsOf } from './rates.ts'
import { portName, wordsOf } from './texts.ts'
import { Turn } from './turn.ts'

describe('quarters', () => {
  it('go by the calendar of UTC, over the end of a year too', () => {
    assert.deepEqual(quarterOf(Date.UTC(2026, 0, 1) - 1), { year: 2025, quarter: 4 })
    assert.deepEqual(quarterOf(Date.UTC(2026, 0, 1)), { year: 2026, quarter: 1 })
    assert.deepEqual(quarterBefore({ year: 2026, quarter: 1 }), { year: 2025, quarter: 4 })
  })

  it('are whole when they have ended, and reach the last full hour while they run', () => {
    const at = (month: number, day: number, hour: number, minute: number) => reportedAt({ year: 2026, quarter: 1 }, Date.UTC(2026, month, day, hour, minute))
    const done = at(3, 1, 0, 0)
    assert.ok(done.ok && done.value.complete && done.value.now.to === Date.UTC(2026, 3, 1) / 1000)
    const runs = at(0, 3, 5, 59)
    assert.ok(runs.ok && !runs.value.complete && runs.value.now.to === Date.UTC(2026, 0, 3, 5) / 1000)
    const early = at(0, 1, 0, 59)
    assert.ok(!early.ok && early.problem.code === 'report/not-yet')
  })
})

const entry = (key: string, rank: number, packets: number) => ({ key, rank, packets, previous_rank: null, sources: 1, bytes: 1, packets_per_sensor: 1 }) as TopEntry

describe('rates', () => {
  it('call a climber by its mean and not by its count: a short quarter before is no rise', () => {
    const compared = { now: [entry('a', 1, 900)], before: [entry('a', 9, 300)], days: 90, days_before: 30 }
    assert.deepEqual(moversOf(compared), { climbers: [], newcomers: [] })
    assert.equal(moversOf({ ...compared, days_before: 90 }).climbers[0]!.ratio, 3)
  })

  it('call nothing new where nothing was observed before', () => {
    assert.deepEqual(moversOf({ now: [entry('a', 1, 900)], before: [], days: 90, days_before: 0 }).newcomers, [])
    assert.equal(moversOf({ now: [entry('a', 1, 900)], before: [], days: 90, days_before: 1 }).newcomers.length, 1)
  })

  it('find the longest silence, and none before a sensor’s first day', () => {
    const live = [false, false, true, false, true, false, false, true]
    assert.deepEqual(longestSilence(live, false), { first: 5, days: 2 })
    assert.deepEqual(longestSilence([false, false, false, true], true), { first: 0, days: 3 })
    assert.equal(longestSilence([true, true], true), undefined)
    assert.equal(longestSilence([false, false], false), undefined)
  })

  it('draw days, or hours where observation began less than eight days before the end', () => {
    const days = (...packets: (number | null)[]) => packets.map((one, i) => ({ at: new Date(i * 86_400_000).toISOString(), packets: one }))
    assert.deepEqual(drawnOf(days(1, 1, 1), { from: 0, to: 90 * 86_400 }), { from: 0, step_s: 86_400 })
    assert.deepEqual(drawnOf(days(null, null, 3), { from: 0, to: 9 * 86_400 }), { from: 2 * 86_400, step_s: 3600 })
    assert.deepEqual(drawnOf(days(null, null), { from: 0, to: 2 * 86_400 }), { from: 0, step_s: 86_400 })
  })

  it('put the cut last bin into proportion and keep a hole a hole', () => {
    const point = (at: string, packets_per_sensor: number | null) => ({ at, packets_per_sensor, packets: 0, sources: 0, bytes: 0, live_sensors: 1 })
    const points = pointsOf([point('2026-01-01T00:00:00Z', 240), point('2026-01-02T00:00:00Z', 60), point('2026-01-03T00:00:00Z', null)], Date.UTC(2026, 0, 2, 6) / 1000, 86_400)
    assert.deepEqual(points.map(({ packets_per_sensor }) => packets_per_sensor), [240, 240, null])
  })
})

describe('words', () => {
  it('have every sentence in every language, with the same arguments', async () => {
    const load = async (name: string) => ((await import(`@hirundo/contract/catalogues/report/${name.toLowerCase()}`)) as { texts: Record<string, string> }).texts
    const english = await load('en')
    const named = (text: string) => new Set([...text.matchAll(/\{([a-z_]+)/g)].map(([, name]) => name!))
    for (const language of languages) {
      const texts = await load(language)
      assert.deepEqual(Object.keys(texts), Object.keys(english), language)
      for (const [key, text] of Object.entries(texts)) {
        const allowed = key === 'report.months' ? new Set(['year', 'first', 'last', 'first_name', 'last_name']) : named(english[key]!)
        if (key !== 'report.months') assert.deepEqual(named(text), allowed, `${language} ${key}`)
        for (const name of named(text)) assert.ok(allowed.has(name), `${language} ${key} ${name}`)
        if (language !== 'en' && /[a-z]{4}/i.test(english[key]!)) assert.notEqual(text, english[key], `${language} ${key}`)
      }
    }
  })

  it('write numbers, months and ports as readers of the language do', () => {
    assert.equal(wordsOf('ja').months(2026, 3), '2026年7月～9月')
    assert.equal(wordsOf('en').months(2026, 4), 'October to December 2026')
    assert.equal(wordsOf('en').say('days', { days: 1 }), '1 day')
    assert.equal(wordsOf('en').mean(12.345), '12')
    assert.equal(wordsOf('en').mean(0.1234), '0.12')
    assert.equal(wordsOf('en').day('2026-07-01T00:00:00Z'), '01 Jul 2026')
    assert.equal(portName('tcp/23', 'telnet'), 'tcp/23 (telnet)')
    assert.equal(portName('icmp/8/0', null), 'icmp/8/0')
    assert.equal(portName('47/-', null), '47')
  })
})

describe('markup', () => {
  it('escapes what is put in and keeps what is markup', () => {
    assert.equal(html`<p title="${'"><i>'}">${'<b>&'}${html`<em>${1}</em>`}${[html`<i>x</i>`, '<']}${undefined}</p>`.text,
      '<p title="&quot;&gt;&lt;i&gt;">&lt;b&gt;&amp;<em>1</em><i>x</i>&lt;</p>')
  })

  it('lets no title end the style sheet or a string in it', () => {
    const sheet = reportStyle('en', { head: 'x"; } </style><script>\\', mark: '' })
    assert.doesNotMatch(sheet, /<|x"/)
  })
})

describe('order', () => {
  it('runs two at a time and stops at the first problem', async () => {
    let [running, most, begun] = [0, 0, 0]
    const job = (bad: boolean) => async () => {
      begun++
      most = Math.max(most, ++running)
      await new Promise((done) => setImmediate(done))
      running--
      return bad ? fail('query/timeout') : ok(1)
    }
    const good = await eachInTurns([1, 2, 3, 4, 5], 2, job(false))
    assert.ok(good.ok && good.value.length === 5 && most === 2)
    begun = 0
    const bad = await inTurns(Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, job(name === 'a')])), 1)
    assert.ok(!bad.ok && bad.problem.code === 'query/timeout' && begun === 1)
  })

  it('lets one report be written at a time and a bounded number wait', async () => {
    const turn = new Turn({ waiting_max: 2, waiting_of_one_max: 2 })
    let go = () => undefined as void
    const first = turn.run('a', () => new Promise<ReturnType<typeof ok<number>>>((done) => { go = () => done(ok(1)) }))
    const second = turn.run('a', async () => ok(2))
    const third = await turn.run('a', async () => ok(3))
    assert.ok(!third.ok && third.problem.code === 'report/busy')
    await new Promise((done) => setImmediate(done))
    go()
    assert.deepEqual([await first, await second], [ok(1), ok(2)])
    assert.deepEqual(await turn.run('a', async () => ok(4)), ok(4))
  })

  it('keeps nobody out for one who asks for many', async () => {
    const turn = new Turn({ waiting_max: 8, waiting_of_one_max: 3 })
    let go = () => undefined as void
    const held = new Promise<ReturnType<typeof ok<number>>>((done) => { go = () => done(ok(1)) })
    const many = Array.from({ length: 10 }, () => turn.run('a', () => held))
    const other = turn.run('b', async () => ok(2))
    go()
    assert.equal((await Promise.all(many)).filter(({ ok: done }) => done).length, 3)
    assert.deepEqual(await other, ok(2))
    assert.deepEqual(await turn.run('a', async () => ok(3)), ok(3))
  })

  it('goes on after a report that failed by a bug', async () => {
    const turn = new Turn({ waiting_max: 2, waiting_of_one_max: 2 })
    await assert.rejects(turn.run('a', async () => { throw new Error('bug') }), /bug/)
    assert.deepEqual(await turn.run('a', async () => ok(1)), ok(1))
  })

  it('keeps what was used last', () => {
    const kept = new Kept<number>(2)
    kept.set('a', 1)
    kept.set('b', 2)
    kept.get('a')
    kept.set('c', 3)
    assert.deepEqual(['a', 'b', 'c'].map((key) => kept.get(key)), [1, undefined, 3])
  })
})

describe('printing', () => {
  it('finds a configured browser alone, and only a program with a whole path', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hirundo-find-'))
    try {
      await writeFile(join(directory, 'chromium'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
      await writeFile(join(directory, 'google-chrome'), 'no program', { mode: 0o644 })
      assert.equal(findPrinter('', directory), join(directory, 'chromium'))
      assert.equal(findPrinter('chromium', directory), undefined)
      assert.equal(findPrinter(join(directory, 'google-chrome'), directory), undefined)
      const printed = await printPdf(join(directory, 'chromium'), '<p>x</p>')
      assert.ok(!printed.ok && printed.problem.code === 'report/print-failed')
      assert.doesNotMatch(JSON.stringify(printed), /hirundo-/)
      const gone = await printPdf(join(directory, 'nothing'), '<p>x</p>')
      assert.ok(!gone.ok && gone.problem.code === 'report/print-failed')
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('sees the memory of a group of processes', { skip: process.platform !== 'linux' && 'no /proc' }, async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { detached: true, stdio: 'ignore' })
    try {
      await once(child, 'spawn')
      assert.ok((await groupMemoryBytes(child.pid!)) > 1024 * 1024)
    } finally {
      process.kill(-child.pid!, 'SIGKILL')
    }
    assert.equal(await groupMemoryBytes(2 ** 30), 0)
  })
})
