import { DAY_S, formatAddress, HOUR_S, MINUTE_S } from '@hirundo/base'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BlockTable } from '../model.ts'
import type { StoreError } from '../store-error.ts'
import { windowLayouts } from '../windows/layouts.ts'
import type { BlockBounds, Recounted, RecountQuestion, VictimPoint, VictimQuestion, WindowQuestion } from '../windows/model.ts'
import type { ExamRun } from './checks.ts'
import { heard, heardBlock } from './heard-rows.ts'
import { blockOf, type Row } from './rows.ts'
import { backscatterOf, flowsOf, heardOf, heardRow, naiveBackscatter, naiveFlows, naiveHeard, overMinute, type ExamBackscatter, type ExamFlow, type ExamHeard } from './windows-naive.ts'
import { EXAM_FROM, seeded } from './world.ts'

const ORGANISATION = 70
/** Across the end of January. */
const FROM = EXAM_FROM + 2 * DAY_S - 90 * MINUTE_S
const MINUTES = 180
const TO = FROM + MINUTES * MINUTE_S
const FIRST_BLOCK = 700n
const sources = [...Array.from({ length: 12 }, (_, n) => `240.0.${n % 3}.${n}`), '241.1.0.9', '250.9.0.1', '2001:db8::7']
const ports = [[6, 23, -1, -1], [6, 22, -1, -1], [17, 53, -1, -1], [1, -1, 8, 0], [58, -1, 128, 0], [47, -1, -1, -1]] as const
const BIN_S = 300

/** Each bin counted for itself. */
const binned = (question: VictimQuestion, count: (part: RecountQuestion) => Recounted): VictimPoint[] =>
  Array.from({ length: Math.ceil((TO - FROM) / BIN_S) + 1 }, (_, i) => (Math.floor(FROM / BIN_S) + i) * BIN_S).flatMap((at) => {
    const { packets } = count({ ...question, from: Math.max(at, question.from), to: Math.min(at + BIN_S, question.to) })
    return packets > 0 ? [{ at, packets }] : []
  })

const monthOf = (second: number): number => new Date(second * 1000).getUTCMonth()
/** A block is of one month. */
const blockIn = (random: () => number, second: number): bigint => FIRST_BLOCK + BigInt(Math.floor(random() * 4) * 2 + monthOf(second))

function flows(random: () => number, count: number): ExamFlow[] {
  return Array.from({ length: count }, () => {
    const [protocol, dst_port, icmp_type, icmp_code] = ports[Math.floor(random() * ports.length)]!
    const minute = FROM + MINUTE_S * Math.floor(random() * MINUTES)
    const packets = 1 + Math.floor(random() ** 4 * 90)
    return {
      block: blockIn(random, minute), sensor: 1 + Math.floor(random() * 4), minute, src: sources[Math.floor(random() ** 2 * sources.length)]!, protocol, dst_port, icmp_type, icmp_code,
      packets, bytes: packets * 2 ** 33, scan: Math.floor(random() * 2) * packets, dsts: 1 + Math.floor(random() * 5), ttl_common: Math.floor(random() * 60) - 1,
      syn_window: random() < 0.5 ? -1 : 65_535, tool_mirai: Math.floor(random() * 2),
    }
  })
}
const backscatter = (random: () => number, count: number): ExamBackscatter[] => Array.from({ length: count }, () => {
  const bin = FROM + 10 * Math.floor(random() * MINUTES * 6)
  return { block: blockIn(random, bin), sensor: 1 + Math.floor(random() * 4), bin, victim: sources[Math.floor(random() * 3)]!, protocol: random() < 0.5 ? 6 : 17, packets: 1 + Math.floor(random() * 9) }
})
const heardRows = (random: () => number, count: number): ExamHeard[] => Array.from({ length: count }, () => {
  const at_ms = FROM * 1000 + Math.floor(random() * MINUTES * 60_000)
  const udp = random() < 0.5
  return {
    block: blockIn(random, at_ms / 1000),
    ...heard({
      organisation: ORGANISATION, sensor: 1 + Math.floor(random() * 4), at_ms, source: sources[Math.floor(random() * sources.length)]!, transport: udp ? 'udp' : 'tcp',
      handshake: udp ? 'none' : 'dialogue', protocol: udp ? 'ntp' : 'telnet', dst_port: udp ? 123 : 23, requests: 1 + Math.floor(random() * 5), src_port: Math.floor(random() * 65_536),
      duration_ms: random() < 0.1 ? 9_000_000 : Math.floor(random() ** 2 * 200_000), payload_sha256: random() < 0.5 ? '' : 'ab'.repeat(32),
      logins: udp ? [] : [{ user: 'root', password: "p'" }, { user: 'root', password: "p'" }, { user: '', password: 'q' }], urls: random() < 0.3 ? ['http://198.51.100.1/x'] : [],
      facts: random() < 0.3 ? { 'tls.ja4': 'one | two' } : {},
    }),
  }
})

const random = seeded(70)
const all = { flow: flows(random, 4_000), backscatter: backscatter(random, 1_500), heard: heardRows(random, 600) }
const hidden = ['240.0.1.0/24', '2001:db8::/48']
const bounds = (below: bigint): BlockBounds => ({ flow: below, backscatter: below, syn_sample: below, sensor_minute: below, interaction: below })

const questions = fc.record({
  at: fc.integer({ min: 0, max: MINUTES - 1 }), minutes: fc.integer({ min: 1, max: MINUTES }), hides: fc.boolean(), below: fc.option(fc.integer({ min: 700, max: 708 }), { nil: undefined }),
}).map(({ at, minutes, hides, below }): WindowQuestion => ({
  organisation: ORGANISATION, from: FROM + at * MINUTE_S, to: FROM + (at + minutes) * MINUTE_S, ...(hides ? { hidden } : {}), ...(below ? { below: bounds(BigInt(below)) } : {}),
}))

/** Rows of an answer as text, to be compared as sets. */
function read(bytes: Uint8Array): string[] {
  const { row_bytes, offset } = windowLayouts.flow
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / row_bytes }, (_, i) => {
    const at = (name: string): number => i * row_bytes + offset[name]!
    const economy = String.fromCharCode(bytes[at('economy')]!, bytes[at('economy') + 1]!).replaceAll('\0', '')
    return [
      view.getUint32(at('minute'), true), view.getUint32(at('sensor'), true), formatAddress(bytes, at('src')), formatAddress(bytes, at('dst_net')), bytes[at('protocol')],
      view.getInt32(at('dst_port'), true), view.getInt16(at('icmp_type'), true), view.getInt16(at('icmp_code'), true), view.getUint32(at('packets'), true),
      view.getBigUint64(at('bytes'), true), view.getUint32(at('scan'), true), view.getUint32(at('dsts'), true), view.getInt16(at('ttl_common'), true), view.getInt32(at('syn_window'), true),
      view.getUint32(at('tool_mirai'), true), bytes[at('research')], economy, view.getUint32(at('asn'), true),
    ].join(' ')
  })
}
const written = (row: ExamFlow): string => {
  const known = heardRow(heard({ organisation: 0, sensor: 0, at_ms: 0, source: row.src }))
  return [
    row.minute, row.sensor, row.src, '192.0.2.0', row.protocol, row.dst_port, row.icmp_type, row.icmp_code, row.packets, row.bytes, row.scan, row.dsts, row.ttl_common,
    row.syn_window, row.tool_mirai, known.research ? 1 : 0, known.economy, known.asn,
  ].join(' ')
}

async function store(run: ExamRun): Promise<void> {
  const bySensor = <T extends { readonly sensor: number; readonly block: bigint }>(rows: readonly T[]) =>
    [...Map.groupBy(rows, ({ sensor }) => sensor)].map(([sensor, some]) => ({ organisation: ORGANISATION, sensor, rows: some.map((row): Row => ({ ...row, dst_net: '192.0.2.0', block: 0 })) }))
  for (const [id, some] of Map.groupBy(all.flow, ({ block }) => block)) {
    await run.store.insertBlock(blockOf(id, 'flow', bySensor(some)))
  }
  for (const [id, some] of Map.groupBy(all.backscatter, ({ block }) => block)) await run.store.insertBlock(blockOf(id, 'backscatter', bySensor(some)))
  for (const [id, some] of Map.groupBy(all.heard, ({ block }) => block)) await run.store.insertBlock(heardBlock(id, some))
  const minutes = [1, 2].map((sensor) => ({ organisation: ORGANISATION, sensor, rows: [{ minute: TO - 60, observed_s: 60 / sensor }] }))
  await run.store.insertBlock(blockOf(FIRST_BLOCK + 1n, 'sensor_minute', minutes))
  await run.store.insertBlock(blockOf(FIRST_BLOCK + 1n, 'syn_sample', [{ organisation: ORGANISATION, sensor: 2, rows: [{ second: TO - 1, src: '240.0.0.1', dst_port: 23, weight: 1_500 }] }]))
}

/** Raw rows by the minute are those that were stored, and counts of them equal a naive count. */
export function windows(run: ExamRun): void {
  test('windows: rows of minutes are those that were stored, whole or in parts, in one order', async () => {
    await store(run)
    await fc.assert(fc.asyncProperty(questions, fc.integer({ min: 1, max: 3 }), async (question, of) => {
      const whole = read(await run.store.windows.rows('flow', question))
      const expected = flowsOf(all.flow, question).map(written)
      assert.deepEqual(whole.toSorted(), expected.toSorted())
      const minutes = whole.map((row) => Number(row.split(' ')[0]))
      assert.deepEqual(minutes, minutes.toSorted((a, b) => a - b))
      const parts = await Promise.all(Array.from({ length: of }, (_, index) => run.store.windows.rows('flow', question, { index, of })))
      assert.deepEqual(parts.flatMap(read).toSorted(), expected.toSorted())
    }), { numRuns: 25, seed: 70 })
    const asked = { organisation: ORGANISATION, from: FROM, to: TO }
    const before = await run.store.windows.rows('flow', asked)
    await run.db.command('OPTIMIZE TABLE flow FINAL')
    assert.deepEqual(await run.store.windows.rows('flow', asked), before)
    const last = await run.store.windows.rows('sensor_minute', { ...asked, from: TO - 60 })
    assert.deepEqual([...new Uint32Array(new Uint8Array(last).buffer)], [TO - 60, 1, 60, TO - 60, 2, 30])
    assert.equal((await run.store.windows.rows('backscatter', asked)).length, all.backscatter.length * windowLayouts.backscatter.row_bytes)
    assert.equal((await run.store.windows.rows('syn_sample', asked)).length, windowLayouts.syn_sample.row_bytes)
    assert.equal((await run.store.windows.rows('flow', { ...asked, organisation: ORGANISATION + 1 })).length, 0)
  })

  test('windows: counts of minutes, interactions that were over in them, and the earliest of newer blocks equal a naive count', async () => {
    await fc.assert(fc.asyncProperty(questions, fc.integer({ min: 700, max: 709 }), async (question, since) => {
      const chosen: Readonly<Record<Exclude<BlockTable, 'sensor_minute' | 'syn_sample'>, readonly (readonly [number, bigint])[]>> = {
        flow: flowsOf(all.flow, question).map(({ minute, block }) => [minute, block]),
        backscatter: backscatterOf(all.backscatter, question).map(({ bin, block }) => [bin - (bin % 60), block]),
        interaction: heardOf(all.heard, question).map((row) => [overMinute(row), row.block]),
      }
      const counted = await run.store.windows.counts(question)
      for (const [table, rows] of Object.entries(chosen)) {
        const expected = Map.groupBy(rows, ([minute]) => minute)
        assert.deepEqual(counted.filter((one) => one[table as BlockTable] > 0).map((one) => [one.minute, one[table as BlockTable]]), [...expected].map(([minute, some]) => [minute, some.length]).toSorted((a, b) => a[0]! - b[0]!), table)
      }
      const key = (row: object): string => JSON.stringify(Object.entries(row).toSorted())
      assert.deepEqual((await run.store.windows.heard(question, 1_000)).map(key).toSorted(), heardOf(all.heard, question).map(heardRow).map(key).toSorted())
      const newer = Object.values(chosen).flat().filter(([, block]) => block >= BigInt(since)).map(([minute]) => minute)
      const more = since <= 701 && question.to >= TO && (question.below === undefined || question.below.flow > 701n) ? [TO - 60] : []
      assert.equal(await run.store.windows.earliest(question, bounds(BigInt(since))), newer.length + more.length === 0 ? null : Math.min(...newer, ...more))
    }), { numRuns: 25, seed: 71 })
    const asked = { organisation: ORGANISATION, from: FROM - HOUR_S, to: TO + 2 * HOUR_S }
    assert.deepEqual((await run.store.windows.counts(asked)).find(({ minute }) => minute === TO - 60)?.sensors, [1, 2])
    assert.equal(await run.store.windows.first(asked), FROM)
    assert.equal(await run.store.windows.first({ ...asked, organisation: ORGANISATION + 1 }), null)
    const limited = await run.store.windows.heard(asked, 7)
    assert.deepEqual(limited, (await run.store.windows.heard(asked, 1_000)).slice(0, 7))
    await assert.rejects(run.store.windows.counts({ ...asked, from: 0 }), (error: StoreError) => error.problem.code === 'request/invalid')
  })
  recounting(run)
}

function recounting(run: ExamRun): void {
  test('windows: evidence asked again equals a naive count', async () => {
    const asked = fc.record({
      question: questions, research: fc.constantFrom('include', 'exclude', 'only'), source: fc.option(fc.constantFrom(...sources), { nil: undefined }),
      protocol: fc.option(fc.constantFrom('tcp', 'udp', 'icmp', 'icmp6', 'gre'), { nil: undefined }), port: fc.option(fc.constantFrom(23, 53, 8 * 256, 128 * 256), { nil: undefined }),
      spoken: fc.option(fc.constantFrom('ntp', 'telnet', 'tcp', 'udp'), { nil: undefined }), service: fc.option(fc.constantFrom(23, 123), { nil: undefined }),
      alike: fc.record({ mirai: fc.boolean(), ttl: fc.constantFrom(null, 32, 64, 64), window: fc.constantFrom(undefined, undefined, 65_535) }),
    })
    await fc.assert(fc.asyncProperty(asked, async ({ question, research, source, protocol, port, spoken, service, alike }) => {
      // Type and code of ICMP go with its name.
      const isIcmp = port !== undefined && port > 255
      const ofPort = isIcmp ? { protocol: 'icmp', port } : { ...(protocol === undefined ? {} : { protocol }), ...(port === undefined || protocol?.startsWith('icmp') ? {} : { port }) }
      const base = { ...question, research, ...(source === undefined ? {} : { source }) } satisfies Omit<RecountQuestion, 'of'>
      for (const counted of ['flows', 'scans'] as const) {
        const one = { ...base, ...ofPort, of: counted }
        assert.deepEqual(await run.store.windows.recount(one), naiveFlows(all.flow, one))
      }
      const group = { ...base, ...ofPort, of: 'scans' as const, alike: { tools: alike.mirai ? ['mirai'] as const : [], ttl: alike.ttl, ...(alike.window === undefined ? {} : { window: alike.window }) } }
      assert.deepEqual(await run.store.windows.recount(group), naiveFlows(all.flow, group))
      const { source: _, ...rest } = base
      const attack = { ...rest, of: 'backscatter' as const, ...(source === undefined ? {} : { victim: source }), ...(protocol === undefined ? {} : { protocol }) }
      assert.deepEqual(await run.store.windows.recount(attack), naiveBackscatter(all.backscatter, attack))
      assert.deepEqual(await run.store.windows.victimSeries(attack, BIN_S), binned(attack, (part) => naiveBackscatter(all.backscatter, part)))
      for (const counted of ['requests', 'interactions'] as const) {
        const one = { ...base, of: counted, ...(spoken === undefined ? {} : { protocol: spoken }), ...(service === undefined ? {} : { port: service }) }
        assert.deepEqual(await run.store.windows.recount(one), naiveHeard(all.heard, one))
        assert.deepEqual(await run.store.windows.victimSeries(one, BIN_S), binned(one, (part) => naiveHeard(all.heard, part)))
      }
    }), { numRuns: 40, seed: 72 })
    const bad = { of: 'flows', organisation: ORGANISATION, from: FROM, to: TO, research: 'include' } as const
    for (const one of [{ ...bad, source: "1' OR 1" }, { ...bad, protocol: 'no such' }]) {
      await assert.rejects(run.store.windows.recount(one), (error: StoreError) => error.problem.code === 'request/invalid')
    }
  })
}
