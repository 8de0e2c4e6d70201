import { DAY_S, formatAddress, HOUR_S, maskTo, parseAddress, unwrap } from '@hirundo/base'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cursorAfter, interactionKeys, type InteractionCursor, type InteractionKey, type InteractionQuestion, type StoredInteraction } from '../interactions/model.ts'
import type { StoreError } from '../store-error.ts'
import type { ExamRun } from './checks.ts'
import { askedHeard, distinct, groupHeard, naiveAttacks, naiveKeys, sum } from './heard-naive.ts'
import { heard, heardBlock, type Heard } from './heard-rows.ts'
import { EXAM_DAYS, EXAM_FROM, EXAM_TO, seeded } from './world.ts'

const ORGANISATION = 60
const pick = <T>(random: () => number, values: readonly T[]): T => values[Math.floor(random() ** 2 * values.length)]!

/** Rows across the end of a month, with few values that many send and many that few send. */
function randomHeard(random: () => number, count: number): Heard[] {
  return Array.from({ length: count }, () => {
    const udp = random() < 0.4
    const password = () => `pass ' ${Math.floor(random() ** 3 * 40)}`
    const facts: Record<string, string> = {
      ...(random() < 0.3 ? { 'http.path': random() < 0.5 ? '/a | /b' : `/${Math.floor(random() * 9)}` } : {}),
      ...(random() < 0.2 ? { 'modbus.function': pick(random, ['3', '3 | 16', '43']), 'dnp3.function': 'read' } : {}), ...(random() < 0.2 ? { 'tls.ja4': 't13d' } : {}),
    }
    return heard({
      organisation: random() < 0.9 ? ORGANISATION : ORGANISATION + 1, sensor: 1 + Math.floor(random() * 4),
      at_ms: EXAM_FROM * 1000 + Math.floor(random() * EXAM_DAYS * DAY_S * 1000),
      source: pick(random, [...Array.from({ length: 30 }, (_, n) => `240.0.${n % 3}.${n}`), '241.1.0.9', '2001:db8::7', '2001:db8:1::7']),
      src_port: Math.floor(random() * 65_536), dst_port: pick(random, [53, 23, 80]), transport: udp ? 'udp' : 'tcp',
      handshake: udp ? 'none' : pick(random, ['completed', 'dialogue']), protocol: udp ? pick(random, ['dns', 'ntp']) : pick(random, ['telnet', 'http']),
      requests: udp ? 1 + Math.floor(random() * 50) : 1, bytes_in: Math.floor(random() * 900), bytes_out: Math.floor(random() * 900),
      duration_ms: Math.floor(random() * 60_000), payload_sha256: random() < 0.5 ? '' : pick(random, ['aa', 'bb', 'cc']).repeat(32),
      logins: udp ? [] : Array.from({ length: Math.floor(random() * 4) }, () => ({ user: pick(random, ['root', 'admin', '']), password: password() })),
      urls: random() < 0.2 ? ['http://198.51.100.1/x', `http://198.51.100.1/${Math.floor(random() * 5)}`] : [], facts,
      ...(random() < 0.3 ? { guess_name: 'mirai', guess_rule: 'rule' } : {}),
    })
  })
}

const rows = randomHeard(seeded(60), 6_000)

async function* pagesOf(run: ExamRun, source: string, limit: number): AsyncGenerator<readonly StoredInteraction[]> {
  for (let after: InteractionCursor | undefined; ;) {
    const page = await run.store.interactions.of(source, whole, limit, after)
    if (page.length === 0) return
    yield page
    after = cursorAfter(page, after)
  }
}

const hiddenStarts = ['240.0.1.', '2001:db8::']
const hidden = ['240.0.1.0/24', '2001:db8::/48', '240.0.2.2']
const gone = [...hiddenStarts, '240.0.2.2']
const questions = fc.record({
  from: fc.integer({ min: 0, max: EXAM_DAYS * DAY_S - 1 }), length: fc.integer({ min: 1, max: EXAM_DAYS * DAY_S }), research: fc.constantFrom('include', 'exclude', 'only'),
  sensors: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), { nil: undefined }), hides: fc.boolean(),
}).map(({ from, length, research, sensors, hides }): InteractionQuestion => ({
  organisation: ORGANISATION, from: EXAM_FROM + from, to: Math.min(EXAM_TO, EXAM_FROM + from + length), research, ...(sensors ? { sensors } : {}), ...(hides ? { hidden } : {}),
}))
const whole: InteractionQuestion = { organisation: ORGANISATION, from: EXAM_FROM, to: EXAM_TO, research: 'include' }
/** `240.0.2.2` is hidden alone, its neighbours 240.0.2.20 and so on are not. */
const of = (question: InteractionQuestion): Heard[] =>
  askedHeard(rows, question, question.hidden ? hiddenStarts : []).filter(({ source }) => !question.hidden || source !== gone.at(-1))

async function checkTop(run: ExamRun, what: InteractionKey, question: InteractionQuestion): Promise<void> {
  const groups = groupHeard(of(question), naiveKeys[what])
  const measure = (some: readonly Heard[]) => (what === 'amplifiers' ? sum(some, (row) => row.requests) : some.length)
  const answer = await run.store.interactions.top(what, question, 7)
  assert.deepEqual(answer.map((row) => (what === 'amplifiers' ? row.requests : row.interactions)), [...groups.values()].map(measure).sort((a, b) => b - a).slice(0, 7), what)
  for (const row of answer) {
    const some = groups.get([row.key, what === 'passwords' ? '' : row.of].join('\n'))
    assert.ok(some, `${what}: ${row.key} ${row.of}`)
    const times = some.map(({ at_ms }) => at_ms)
    assert.deepEqual(row, {
      key: row.key, of: row.of, interactions: some.length, requests: sum(some, (one) => one.requests), sources: distinct(some.map(({ source }) => source)),
      sensors: distinct(some.map(({ sensor }) => sensor)), bytes_in: sum(some, (one) => one.bytes_in), bytes_out: sum(some, (one) => one.bytes_out),
      first_seen_ms: Math.min(...times), last_seen_ms: Math.max(...times),
    }, what)
    if (what === 'passwords') assert.ok(some.some(({ logins }) => logins.some(({ user, password }) => user === row.of && password === row.key)))
  }
}

/** One host may have every address of an IPv6 /64. */
const placeOf = (source: string): string => (source.includes(':') ? formatAddress(maskTo(unwrap(parseAddress(source)), 64)) : source)

async function checkSums(run: ExamRun, question: InteractionQuestion): Promise<void> {
  const chosen = of(question)
  for (const point of await run.store.interactions.series(question, 6 * HOUR_S)) {
    const bin = chosen.filter(({ at_ms }) => Math.floor(at_ms / 1000 / (6 * HOUR_S)) * 6 * HOUR_S === point.at)
    const count = (handshake: string) => bin.filter((row) => row.handshake === handshake).length
    assert.deepEqual(point, { at: point.at, none: count('none'), completed: count('completed'), dialogue: count('dialogue'), requests: sum(bin, (row) => row.requests), sources: distinct(bin.map(({ source }) => source)) })
  }
  const points = await run.store.interactions.series(question, DAY_S)
  assert.equal(points.reduce((total, { none, completed, dialogue }) => total + none + completed + dialogue, 0), chosen.length)
  assert.deepEqual(await run.store.interactions.sensorsHeard(question), [...new Set(chosen.map(({ sensor }) => sensor))].sort((a, b) => a - b))
  const proven = groupHeard(chosen.filter(({ handshake }) => handshake !== 'none'), naiveKeys.users)
  const spread = new Map([...proven].map(([key, some]) => [key.slice(0, -1), [distinct(some.map(({ source }) => placeOf(source))), distinct(some.map(({ sensor }) => sensor))]] as const))
  const common = await run.store.interactions.common('users', question, 2, 10)
  for (const { value, sources, sensors } of common) assert.deepEqual([sources, sensors], spread.get(value))
  assert.equal(common.length, Math.min(10, [...spread.values()].filter(([sources]) => sources! >= 2).length))
}

/** Rows close enough to each other that gaps are just kept and just passed. */
const attackRows = fc.array(fc.record({
  after_ms: fc.oneof(fc.constantFrom(0, 60_000, 600_000, 600_001, 599_999, 660_000), fc.nat(700_000)), duration_ms: fc.constantFrom(0, 1, 30_000, 60_000, 599_999), requests: fc.integer({ min: 1, max: 60 }),
  source: fc.constantFrom('240.0.0.1', '240.0.0.2'), protocol: fc.constantFrom('dns', 'ntp'), sensor: fc.integer({ min: 1, max: 3 }), src_port: fc.constantFrom(80, 443, 53), transport: fc.constantFrom('udp', 'udp', 'udp', 'tcp'),
}), { maxLength: 40 })

function atTimes(organisation: number, given: readonly (Partial<Heard> & { readonly after_ms: number; readonly source: string; readonly sensor: number })[]): Heard[] {
  let at_ms = EXAM_FROM * 1000
  return given.map(({ after_ms, ...row }) => heard({ ...row, organisation, at_ms: (at_ms += after_ms), handshake: 'none' }))
}

/** Interactions are stored once and answered as a naive count says. */
export function hearing(run: ExamRun): void {
  test('interactions: rankings, time, common values and sensors equal a naive count', async () => {
    const before = await run.store.interactions.stored(whole)
    for (const [month, some] of Map.groupBy(rows, ({ at_ms }) => new Date(at_ms).getUTCMonth())) await run.store.insertBlock(heardBlock(300n + BigInt(month), some))
    const { rows: count, requests } = await run.store.interactions.stored(whole)
    assert.deepEqual([count - before.rows, requests - before.requests], [rows.length, sum(rows, (row) => row.requests)])
    let turn = 0
    await fc.assert(fc.asyncProperty(questions, async (question) => {
      for (let i = 0; i < 4; i++) await checkTop(run, interactionKeys[turn++ % interactionKeys.length]!, question)
      await checkSums(run, question)
    }), { numRuns: 15, seed: 4 })
  })

  test('interactions of one source come page by page, each once, newest first, as they were sent', async () => {
    for (const source of ['240.0.0.0', '2001:db8::7']) {
      const expected = of(whole).filter((row) => row.source === source).sort((a, b) => b.at_ms - a.at_ms)
      const got: Heard[] = []
      for await (const page of pagesOf(run, source, 60)) got.push(...page.map((row) => ({ ...row, organisation: ORGANISATION })))
      assert.deepEqual(got, expected.map((row) => ({ ...row, sample: Buffer.from(row.sample) })))
      const strength = await run.store.interactions.evidence(source, whole)
      const count = (handshake: string) => expected.filter((row) => row.handshake === handshake).length
      assert.deepEqual(strength, {
        none: count('none'), completed: count('completed'), dialogue: count('dialogue'), sensors: distinct(expected.map(({ sensor }) => sensor)),
        first_seen_ms: expected.at(-1)!.at_ms, last_seen_ms: expected[0]!.at_ms,
      })
    }
    const nothing = await run.store.interactions.evidence('240.9.9.9', whole)
    assert.deepEqual(nothing, { none: 0, completed: 0, dialogue: 0, sensors: 0, first_seen_ms: null, last_seen_ms: null })
  })

  test('rows that the cursor cannot tell apart each come once, over as many pages as they take', async () => {
    const source = '240.7.7.7'
    const alike = Array.from({ length: 11 }, (_, duration_ms) => heard({ organisation: ORGANISATION, sensor: 1, at_ms: EXAM_FROM * 1000, source, duration_ms }))
    const others = [-1000, 1000].map((ms) => heard({ organisation: ORGANISATION, sensor: 1, at_ms: EXAM_FROM * 1000 + 5000 + ms, source }))
    await run.store.insertBlock(heardBlock(900n, [...alike, ...others]))
    for (const limit of [1, 3, 5, 20]) {
      const found: number[] = []
      for await (const page of pagesOf(run, source, limit)) found.push(...page.map(({ duration_ms }) => duration_ms))
      assert.deepEqual(found.toSorted((a, b) => a - b), [0, 0, ...alike.map(({ duration_ms }) => duration_ms)])
    }
  })

  test('attacks are cut where a reference cuts them, whatever overlaps and however close a silence is to the gap', async () => {
    let organisation = 1_000
    await fc.assert(fc.asyncProperty(attackRows, fc.constantFrom(60, 600, 900), fc.constantFrom(1, 50, 100), async (given, gap_s, packets_min) => {
      const own = atTimes(++organisation, given)
      if (own.length > 0) await run.store.insertBlock(heardBlock(BigInt(10_000 + organisation), own))
      const expected = naiveAttacks(own, { packets_min, gap_s })
      const question = { ...whole, organisation, to: EXAM_FROM + 3 * DAY_S }
      const { attacks, total } = await run.store.interactions.attacks(question, { packets_min, gap_s }, 1_000)
      const order = (a: { victim: string; protocol: string; start_ms: number; requests: number }) => `${1e9 - a.requests} ${a.start_ms} ${a.victim} ${a.protocol}`
      const sorted = <T extends Parameters<typeof order>[0]>(list: readonly T[]) => list.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
      assert.deepEqual(
        sorted(attacks).map(({ economy: _e, asn: _a, as_name: _n, victim_ports: _p, max_ppm: _m, ...attack }) => attack),
        sorted(expected).map(({ ppm: _p, ports: _o, ...attack }) => attack))
      sorted(expected).forEach(({ ppm, ports, requests }, i) => {
        const { max_ppm, victim_ports, economy } = sorted(attacks)[i]!
        assert.ok(Math.abs(max_ppm - ppm) <= 0.51, `${max_ppm} instead of ${ppm} of ${requests}`)
        assert.deepEqual([victim_ports.toSorted(), economy], [ports.toSorted(), 'XA'])
      })
      assert.equal(total, expected.length)
      assert.ok(attacks.every((attack, i) => i === 0 || attack.requests <= attacks[i - 1]!.requests))
    }), { numRuns: 20, seed: 11 })
  })

  test('values are bound, limits are kept, and nonsense is refused', async () => {
    const { interactions } = run.store
    await assert.rejects(async () => interactions.of("240.0.0.1' --", whole, 1))
    await assert.rejects(interactions.top('users', whole, 100_000), (error: StoreError) => error.problem.code === 'request/invalid')
    await assert.rejects(interactions.series({ ...whole, from: 0 }, 60), (error: StoreError) => error.problem.code === 'query/too-wide')
    await assert.rejects(interactions.attacks(whole, { packets_min: 0, gap_s: 600 }, 1), (error: StoreError) => error.problem.code === 'request/invalid')
  })
}
