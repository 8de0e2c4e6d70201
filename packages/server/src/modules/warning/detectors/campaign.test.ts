import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EvidenceQuery } from '@hirundo/contract'
import * as fc from 'fast-check'
import { campaign, type CampaignParameters } from './campaign.ts'
import { joinedLook, lookOf, lookText, withoutWindow, type Look } from './campaign/looks.ts'
import type { Slice } from './core/slice.ts'
import type { Detection } from './model.ts'
import { lastTold, runOver } from './testing/runs.ts'
import { sliceOf, type TestFlow } from './testing/slices.ts'

const DAY = Date.UTC(2026, 0, 10) / 86_400_000
const TOOL_MIRAI = 1

interface Row extends TestFlow {
  /** Minute since the first day's midnight. */
  readonly minute: number
}

function slices(rows: readonly Row[], days: number): Slice[] {
  const byMinute = Map.groupBy(rows, ({ minute }) => minute)
  // Every hour has a minute, so that days are watched.
  const minutes = [...new Set([...byMinute.keys(), ...Array.from({ length: 24 * days }, (_, i) => 60 * i)])].toSorted((a, b) => a - b)
  return minutes.map((minute) => sliceOf(DAY * 86_400 + 60 * minute, byMinute.get(minute) ?? []))
}

/** So many bots of a kind come once in each of some hours of a day, the n-th to a sensor of its own. */
function bots(day: number, from_hour: number, hours: number, count: number, more: Partial<TestFlow> & { readonly first?: number } = {}): Row[] {
  const { first = 0, ...flow } = more
  return Array.from({ length: hours }, (_, h) => Array.from({ length: count }, (_, i): Row => ({
    minute: 1440 * day + 60 * (from_hour + h) + (i % 5), source: 0xf0000000 + first + i, port: 5555, sensor: 1 + (i % 5), network: i % 5, ttl: 52, window: 29_200, ...flow,
  }))).flat()
}
/** A day is known when half of it was watched; tests watch a minute an hour. */
const watched = { history_days_min: 0 } as const
const detect = (rows: readonly Row[], days: number, parameters: Partial<CampaignParameters> = watched) => runOver(campaign, slices(rows, days), { parameters }).detections
const alarms = (detections: readonly Detection[]) => lastTold(detections).filter(({ severity }) => severity !== 'record')
const minutes = (second: number): number => (second - DAY * 86_400) / 60
const hour = (second: number): number => minutes(second) / 60

test('many sources that look alike on one port are a campaign, with the question that gives its numbers again', () => {
  const strangers = bots(0, 5, 1, 7, { first: 1000, ttl: 120, window: 8192 })
  const [found, ...others] = alarms(detect([...bots(0, 4, 6, 40), ...strangers], 1))
  assert.deepEqual(others, [])
  assert.deepEqual({ ...found!, members: found!.members!.length }, {
    kind: 'campaign', subject: { protocol: 'tcp', port: 5555, signature: 'ttl=64 window=29200' }, start: DAY * 86_400 + 4 * 3600, end: DAY * 86_400 + (9 * 60 + 5) * 60, open: false, severity: 'notice',
    packets: 240, members: 40,
    figures: { members: 40, sensors: 5, ports: 1, synchronised_sources: 40, duration_s: (5 * 60 + 5) * 60, days_known: 0 },
    crossed: [{ figure: 'members', value: 40, threshold: 28, rule: 'at_least' }, { figure: 'sensors', value: 5, threshold: 3, rule: 'at_least' }],
    evidence: [
      { query: { of: 'scans', protocol: 'tcp', port: 5555, signature: 'ttl=64 window=29200', from: '2026-01-10T00:00:00Z', to: '2026-01-10T23:01:00Z', research: 'exclude' }, packets: 240, sources: 40, sensors: null },
      { query: { of: 'scans', protocol: 'tcp', port: 5555, from: '2026-01-10T04:00:00Z', to: '2026-01-10T23:01:00Z', research: 'exclude' }, packets: 247, sources: 47, sensors: null },
    ],
  })
})

test('it is told within ten minutes of what decides, each hour while its day lasts, and when that is over', () => {
  const rows = bots(0, 4, 4, 40)
  const given = Array.from({ length: 600 }, (_, minute) => sliceOf(DAY * 86_400 + 60 * minute, rows.filter((row) => row.minute === minute)))
  const told = runOver(campaign, given, { parameters: watched }).detections.map(({ start, end, open }) => [hour(start), minutes(end), open])
  assert.deepEqual(told, [...[245, 305, 365, 425, 425, 425].map((minute) => [4, minute, true]), [4, 425, false]], 'each ends when a member came last')
})

test('too few, on too few sensors, or never together is no campaign', () => {
  assert.deepEqual(alarms(detect(bots(0, 4, 6, 27), 1)), [])
  assert.deepEqual(alarms(detect(bots(0, 4, 6, 60, { sensor: 2 }), 1)), [], 'one sensor whose address somebody was given')
  const spread = Array.from({ length: 23 }, (_, h) => bots(0, h, 1, 3, { first: 3 * h })).flat()
  assert.deepEqual(alarms(detect(spread, 1)), [], '69 in a day and never five in an hour')
  assert.deepEqual(alarms(detect(bots(0, 4, 6, 60, { research: true }), 1)), [])
  assert.deepEqual(alarms(detect(bots(0, 4, 6, 60, { scan: 0, packets: 5 }), 1)), [])
})

test('a group without a past is a record; one that is there every day too; one that grows strongly is new', () => {
  const each = Array.from({ length: 6 }, (_, day) => bots(day, 0, 24, 60)).flat()
  const strict = { history_days_min: 0 }
  assert.deepEqual(alarms(detect(each, 6, strict)).map(({ start }) => hour(start)), [0], 'the first day knows no other')
  const slow = Array.from({ length: 6 }, (_, day) => bots(day, 0, 24, 60 + 20 * day)).flat()
  assert.deepEqual(alarms(detect(slow, 6, strict)).length, 1)
  const grown = [...each, ...bots(6, 6, 10, 160)]
  assert.deepEqual(alarms(detect(grown, 7, strict)).map(({ start }) => hour(start)), [0, 6 * 24 + 6])
  const records = lastTold(detect(each, 6, strict)).filter(({ severity }) => severity === 'record')
  assert.deepEqual(records.map(({ start, figures }) => [hour(start), figures.members]), [1, 2, 3, 4, 5].map((day) => [24 * day, 60]))
  assert.deepEqual(alarms(detect(grown, 7, {})), [], 'minutes that were not watched teach nothing')
})

test('a group is held against its fullest day, not against the last one', () => {
  const days = [...bots(0, 0, 24, 60), ...bots(1, 0, 24, 10), ...bots(2, 0, 24, 100)]
  assert.deepEqual(alarms(detect(days, 3)).map(({ start }) => hour(start)), [0])
})

test('a run that goes on after a pause looks at a port when it would have been looked at anyway', () => {
  const strangers = (from_hour: number, first: number, count: number) => bots(0, from_hour, 1, count, { first, ttl: 120, window: 8192 })
  // Seven looks of 27 sources each: none of them is enough.
  const few = Array.from({ length: 7 }, (_, i) => strangers(1, 2000 + 27 * i, 27).map((row) => ({ ...row, tools: 1 + i }))).flat()
  // One more packet of a source that is known: by then all 27 bots have been looked at.
  const later: Row = { ...few[0]!, minute: 150 }
  const given = slices([...few, ...bots(0, 2, 1, 27), later, ...bots(0, 3, 1, 1, { first: 27 }), ...strangers(6, 5000, 12)], 1)
  const straight = runOver(campaign, given, { parameters: watched }).detections
  assert.deepEqual(straight.map(({ end, open }) => [Math.floor(hour(end)), open]).slice(0, 1), [[3, true]])
  for (let cut = 1; cut < given.length; cut++) assert.deepEqual(runOver(campaign, given, { parameters: watched, cuts: [cut] }).detections, straight)
})

test('more sensors than before see more of the same group', () => {
  const watch = (sensors: number) => Array.from({ length: sensors }, (_, i) => ({ sensor: i + 1, observed_s: 60 }))
  const all = [...bots(0, 0, 24, 60), ...bots(1, 0, 24, 170)]
  const given = slices(all, 2)
  const more = given.map((slice, i) => ({ ...slice, watched: watch(slice.minute < (DAY + 1) * 86_400 ? 5 : i > 0 ? 15 : 5) }))
  assert.equal(alarms(runOver(campaign, given, { parameters: watched }).detections).length, 2)
  assert.equal(alarms(runOver(campaign, more, { parameters: watched }).detections).length, 1)
})

test('bots of several ports are one campaign; a window that each draws for itself is no mark', () => {
  const several = [...bots(0, 4, 6, 60, { port: 23, tools: TOOL_MIRAI }), ...bots(0, 4, 6, 50, { port: 2323, tools: TOOL_MIRAI })].map((row) => ({ ...row, window: row.source % 60_000 }))
  const found = alarms(detect(several, 1))
  assert.deepEqual(found.map(({ subject, figures }) => [subject.signature, subject.port, figures.members, figures.ports]), [['tool=mirai ttl=64 ports=23,2323', 23, 60, 2]])
})

test('a botnet that turns to another port is a warning that names where it came from', () => {
  const before = Array.from({ length: 4 }, (_, day) => bots(day, 0, 24, 60, { port: 7547 })).flat()
  const turn = [...bots(4, 0, 12, 60, { port: 7547 }), ...bots(4, 12, 10, 60, { port: 9530 })]
  const found = alarms(detect([...before, ...turn], 5)).filter(({ start }) => hour(start) > 24)
  assert.deepEqual(found.map(({ subject, severity, figures, evidence, start }) => [subject.port, severity, figures.moved_sources, hour(start), evidence[2]?.query.port, evidence[2]?.packets]), [
    [9530, 'warning', 60, 4 * 24 + 12, 7547, 24 * 60],
  ])
  // Sources that were there before and stay there moved nowhere.
  const both = [...bots(4, 0, 24, 60, { port: 7547 }), ...bots(4, 12, 10, 60, { port: 9530 })]
  assert.deepEqual(alarms(detect([...before, ...both], 5)).filter(({ start }) => hour(start) > 24).map(({ severity, figures }) => [severity, figures.moved_sources]), [['notice', undefined]])
})

test('who sweeps ports is no member, and one source to all ports does not fill memory', () => {
  const sweeps = Array.from({ length: 40 }, (_, i) => Array.from({ length: 65 }, (_, p): Row => ({ minute: 60, source: 0xf1000000 + i, port: 1000 + p, sensor: 1 + (i % 5) }))).flat()
  assert.deepEqual(alarms(detect(sweeps, 1)), [])
  assert.ok(alarms(detect(sweeps, 1, { ...watched, source_ports_max: 65 })).length > 0)
  const everything = Array.from({ length: 65_536 }, (_, port): Row => ({ minute: 90, source: 7, port }))
  const { shed, detections } = runOver(campaign, slices([...everything, ...bots(0, 4, 6, 40)], 1), { parameters: { ...watched, pairs_max: 2_000 } })
  assert.equal(alarms(detections).length, 1)
  assert.equal(shed['pairs'], 0)
})

test('on a busy port, of which some sources stand for many, a few alike are no group', () => {
  const draw = (i: number) => Math.imul(i, 0x9e3779b1) >>> 0
  const bots = Array.from({ length: 40_000 }, (_, i): Row => ({ minute: 70, source: draw(i), port: 23, sensor: 1 + (i % 5), tools: TOOL_MIRAI, window: draw(i + 7) % 3_000 }))
  assert.deepEqual(alarms(detect(bots, 1, { ...watched, port_sources_max: 1_000 })).map(({ subject }) => subject.signature), ['tool=mirai ttl=64'])
  const days = Array.from({ length: 4 }, (_, day) => bots.map((row, i) => ({ ...row, minute: row.minute + 1440 * day, source: draw(i + 50_000 * day), window: draw(i + day) % 3_000 }))).flat()
  assert.equal(alarms(detect(days, 4, { ...watched, port_sources_max: 1_000 })).length, 1)
})

test('a flood of made-up sources stays within its bounds: busy ports are thinned out, and sums stay near', () => {
  const flood = Array.from({ length: 60_000 }, (_, i): Row => ({ minute: 70 + (i % 20), source: Math.imul(i, 0x9e3779b1) >>> 0, port: 445, sensor: 1 + (i % 5), ttl: 100, window: 8192 }))
  const { shed, detections } = runOver(campaign, slices([...flood, ...bots(0, 4, 6, 40)], 1), { parameters: { ...watched, pairs_max: 4_000, port_sources_max: 1_000 } })
  const [many, few] = alarms(detections).toSorted((a, b) => b.packets - a.packets)
  assert.equal(shed['pairs'], 0)
  assert.ok(Math.abs(many!.figures.members! / 60_000 - 1) < 0.15, `${many!.figures.members} of 60,000`)
  assert.ok(Math.abs(many!.packets / 60_000 - 1) < 0.15, `${many!.packets} of 60,000`)
  assert.deepEqual([many!.evidence[0]!.counted, many!.evidence[1]!.packets, many!.evidence[1]!.sources], ['sample', 60_000, null])
  assert.deepEqual([few!.figures.members, few!.packets, few!.evidence[0]!.counted], [40, 240, undefined])
  const random = Array.from({ length: 50_000 }, (_, i): Row => ({ minute: 70 + (i % 20), source: Math.imul(i, 0x9e3779b1) >>> 0, port: i % 65_536, sensor: 1 }))
  assert.equal(runOver(campaign, slices(random, 1), { parameters: { ...watched, pairs_max: 4_000 } }).shed['pairs'], 46_000)
})

/** Few hours, looks and ports, so that groups come together. */
const anyRow = fc.record({
  minute: fc.tuple(fc.nat(2), fc.integer({ min: 6, max: 9 }), fc.nat(59)).map(([day, hour, minute]) => 1440 * day + 60 * hour + minute),
  source: fc.integer({ min: 1, max: 60 }), port: fc.constantFrom(23, 23, 23, 5555), sensor: fc.integer({ min: 1, max: 4 }), scan: fc.constantFrom(0, 1, 1, 1, 2),
  ttl: fc.constantFrom(50, 50, 50, 120), window: fc.constantFrom(1024, 8192), tools: fc.constantFrom(0, 0, 0, 1), research: fc.constantFrom(false, false, false, false, true),
})

/** Packets and sources by the question, row by row. */
function recounted(rows: readonly Row[], { port, from, to, signature }: EvidenceQuery): readonly [packets: number, sources: number] {
  const bySource = new Map<number, { packets: number; look: Look }>()
  for (const { minute, source, scan = 1, ttl = -1, window = -1, tools = 0, ...row } of rows) {
    const at = (DAY * 86_400 + 60 * minute) * 1000
    if (row.port !== port || scan === 0 || row.research || at < Date.parse(from) || at >= Date.parse(to)) continue
    const look = lookOf(tools, ttl, window)
    const before = bySource.get(source)
    bySource.set(source, { packets: (before?.packets ?? 0) + scan, look: before ? joinedLook(before.look, look) : look })
  }
  const alike = [...bySource.values()].filter(({ look }) => signature === undefined || [lookText(look), lookText(withoutWindow(look))].includes(signature))
  return [alike.reduce((sum, { packets }) => sum + packets, 0), alike.length]
}

test('numbers are those of a recount, whatever the order of sensors, cut and resumed anywhere', () => {
  const parameters = { ...watched, members_min: 3, hour_members_min: 1, growth: 1, sensors_min: 1, port_sources_max: 1_000 }
  let found = 0
  fc.assert(fc.property(fc.array(anyRow, { minLength: 100, maxLength: 250 }), fc.array(fc.nat(200), { maxLength: 3 }), (rows, cuts) => {
    const given = slices(rows, 3)
    const straight = runOver(campaign, given, { parameters })
    found += straight.detections.length
    assert.deepEqual(runOver(campaign, given, { parameters, cuts }).detections, straight.detections)
    assert.deepEqual(lastTold(runOver(campaign, slices(rows.toReversed(), 3), { parameters }).detections), lastTold(straight.detections))
    for (const { packets, evidence: [group, port], figures } of straight.detections) {
      assert.deepEqual(recounted(rows, group!.query), [packets, figures.members])
      assert.deepEqual([packets, figures.members], [group!.packets, group!.sources])
      assert.deepEqual(recounted(rows, port!.query), [port!.packets, port!.sources])
    }
  }), { numRuns: 25 })
  assert.ok(found > 25, `${found} detections were looked at`)
})
