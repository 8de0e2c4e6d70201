import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  bars, captioned, eventSeries, fanChart, lineSeries, matrixHeat, rankBars, shareBars, slope, spans, sparkline, svgText, thresholdBars, tileGrid,
  type LineSeriesInput, type SvgChild, type SvgNode,
} from './index.ts'

const texts = { unit: 'packets', hatched: 'suppressed', value: 'packets', second: 'per sensor', third: 'sources', new: 'new', previous: (n: number) => `was ${n}`, before: 'before', now: 'now' }
const format = (value: number) => String(value)
const base = { id: 'f', title: 'A title', desc: 'What it shows' }

const wide = fc.integer({ min: -50, max: 3000 })
/** Whatever a store or a mistake may give: huge, tiny, negative, no number at all. */
const value = fc.oneof(fc.constant(null), fc.double(), fc.integer({ min: 0, max: 1e9 }), fc.constantFrom(0, -1, Number.NaN, Infinity, -Infinity, 5e-324, 1.7e308))
const number = value.map((one) => one ?? Number.NaN)
const label = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('<script>alert(1)</script>', '"&\'', '見張り役のポート', '\ud800'))
const at = fc.integer({ min: -1000, max: 10_000 })

const point = fc.record({ at_ms: at, value, low: value, high: value })
const points = fc.array(point, { maxLength: 40 }).map((all) => all.toSorted((a, b) => a.at_ms - b.at_ms))
const figures: Readonly<Record<string, fc.Arbitrary<SvgNode>>> = {
  lineSeries: fc.record({ width: wide, series: fc.array(fc.record({ key: label, label, points }), { maxLength: 8 }), scale: fc.constantFrom('linear' as const, 'log' as const), height: wide })
    .map((input) => lineSeries({ ...base, ...input, from_ms: 0, to_ms: 9000, locale: 'en', zone: 'UTC', format, texts })),
  bars: fc.record({ width: wide, points, height: wide }).map((input) =>
    bars({ ...base, ...input, from_ms: 0, to_ms: 9000, step_ms: 1000, locale: 'ja', zone: 'Asia/Tokyo', format, texts })),
  eventSeries: fc.record({
    width: wide, panels: fc.array(fc.record({ key: label, unit: label, points }), { maxLength: 5 }),
    event: fc.record({ from_ms: at, to_ms: at, label: fc.string({ maxLength: 20 }) }),
  }).map((input) => eventSeries({ ...base, ...input, from_ms: 0, to_ms: 9000, step_ms: 1000, locale: 'en', zone: 'UTC', format })),
  fanChart: fc.record({
    width: wide, height: wide, history: points,
    fan: fc.array(fc.record({ at_ms: at, mean: number, low_50: number, high_50: number, low_80: number, high_80: number, low_95: number, high_95: number }), { maxLength: 20 }),
  }).map((input) => fanChart({ ...base, ...input, step_ms: 1000, locale: 'en', zone: 'UTC', format, texts: { unit: 'packets', now: 'now', levels: ['50 %', '80 %', '95 %'] } })),
  thresholdBars: fc.record({ width: wide, rows: fc.array(fc.record({ key: label, label, value: number, threshold: number, value_text: label, threshold_text: label }), { maxLength: 25 }) })
    .map((input) => thresholdBars({ ...base, ...input })),
  sparkline: fc.record({ width: wide, points }).map((input) => sparkline({ ...base, ...input })),
  rankBars: fc.record({
    width: wide,
    rows: fc.array(fc.record({
      key: label, rank: fc.integer({ min: 1, max: 1000 }), previous_rank: fc.option(fc.integer({ min: 1, max: 1000 })),
      label, detail: label, value, value_text: label, second_text: label, third_text: label,
    }), { maxLength: 20 }),
  }).map((input) => rankBars({ ...base, ...input, texts })),
  tileGrid: fc.record({ width: wide, values: fc.array(fc.record({ code: fc.oneof(label, fc.constantFrom('XA', 'JP', 'KR', 'ZZ')), value, text: label }), { maxLength: 30 }) })
    .map((input) => tileGrid({ ...base, ...input, format, texts })),
  matrixHeat: fc.record({ width: wide, rows: fc.array(label, { maxLength: 6 }), columns: fc.array(label, { maxLength: 12 }), values: fc.array(fc.array(value, { maxLength: 12 }), { maxLength: 6 }) })
    .map((input) => matrixHeat({ ...base, ...input, format, texts, cellText: (r, c) => `${r} ${c}` })),
  shareBars: fc.record({ width: wide, whole: value.map((one) => one ?? undefined), rows: fc.array(fc.record({ key: label, label, value, value_text: label }), { maxLength: 8 }) })
    .map((input) => shareBars({ ...base, ...input })),
  spans: fc.record({
    width: wide,
    rows: fc.array(fc.record({
      key: label, label, detail: label, text: label, value_text: fc.option(label, { nil: undefined }),
      spans: fc.array(fc.record({ from_ms: at, to_ms: at, kind: fc.constantFrom('hole' as const, 'partly' as const, undefined) }), { maxLength: 6 }),
    }), { maxLength: 12 }),
  }).map((input) => spans({ ...base, ...input, from_ms: 0, to_ms: 9000, locale: 'en', zone: 'UTC', texts })),
  slope: fc.record({ width: wide, ranks: fc.integer({ min: -1, max: 80 }), items: fc.array(fc.record({ key: label, label, before: fc.option(fc.integer({ min: -1, max: 60 })), now: fc.option(fc.integer({ min: -1, max: 60 })) }), { maxLength: 30 }) })
    .map((input) => slope({ ...base, ...input, texts })),
}

interface Box { readonly width: number, readonly height: number }
/** Walks a figure with the translations of its groups and gives every coordinate that it draws at. */
function coordinates(node: SvgChild, dx = 0, dy = 0): (readonly [number, number])[] {
  if (typeof node === 'string' || node.tag === 'pattern') return []
  const moved = /^translate\((-?[\d.]+) (-?[\d.]+)\)/.exec(String(node.attrs.transform ?? ''))
  const [ox, oy] = [dx + Number(moved?.[1] ?? 0), dy + Number(moved?.[2] ?? 0)]
  const a = node.attrs
  const own: (readonly [number, number])[] = []
  if (node.tag === 'rect') own.push([Number(a.x ?? 0), Number(a.y ?? 0)], [Number(a.x ?? 0) + Number(a.width), Number(a.y ?? 0) + Number(a.height)])
  if (node.tag === 'text' && moved === null) own.push([Number(a.x), Number(a.y)])
  if (node.tag === 'circle') own.push([Number(a.cx), Number(a.cy)])
  if (node.tag === 'path') for (const [, x, y] of String(a.d).matchAll(/[ML](-?[\d.e-]+)[ ,]?(-?[\d.e-]+)/g)) own.push([Number(x), Number(y)])
  return [...own.map(([x, y]) => [x + ox, y + oy] as const), ...(node.children ?? []).flatMap((child) => coordinates(child, ox, oy))]
}

function checkInside(figure: SvgNode): void {
  const box: Box = { width: Number(figure.attrs.width), height: Number(figure.attrs.height) }
  for (const [x, y] of coordinates(figure)) {
    assert.ok(Number.isFinite(x) && Number.isFinite(y), `(${x}, ${y}) is a place`)
    assert.ok(x >= -1 && x <= box.width + 1 && y >= -1 && y <= box.height + 1, `(${x}, ${y}) is inside ${box.width} × ${box.height}`)
  }
}

for (const [name, arbitrary] of Object.entries(figures)) {
  describe(`figure ${name}`, () => {
    it('draws any data inside its box and never writes what is not a number', () => {
      fc.assert(fc.property(arbitrary, (figure) => {
        const printed = svgText(captioned(figure, { head: ['<b>'], foot: ['x'.repeat(500), '模擬'.repeat(300)] }))
        assert.doesNotMatch(printed, /="[^"]*(NaN|Infinity|undefined)/)
        checkInside(figure)
      }), { numRuns: 60 })
    })

    it('escapes every text, has no inline style and no script', () => {
      fc.assert(fc.property(arbitrary, (figure) => {
        const printed = svgText(figure)
        assert.doesNotMatch(printed, /<script| style=|<[^>]* on\w+=/i)
        // What is left without the tags that figures make is text: no sign of markup may stand in it.
        assert.doesNotMatch(printed.replaceAll(/<\/?[a-z]+( [\w:-]+="[^"<>]*")*\/?>/gi, ''), /[<>]/)
        assert.ok(printed.isWellFormed())
      }), { numRuns: 40 })
    })

    it('has a title and a description', () => {
      const [figure] = fc.sample(arbitrary, 1)
      assert.match(svgText(figure!), /<svg [^>]*aria-labelledby="f-title" aria-describedby="f-desc"><title id="f-title">A title<\/title><desc id="f-desc">/)
    })
  })
}

const line = (values: readonly (number | null)[], step_ms?: number): LineSeriesInput => ({
  ...base, width: 600, from_ms: 0, to_ms: 9000, locale: 'en', zone: 'UTC', format, texts, step_ms,
  series: [{ key: 'a', label: 'a', points: values.map((value, i) => ({ at_ms: i * 1000, value })) }],
})
const paths = (node: SvgNode): string[] => [
  ...(node.attrs.class === 'line s1' ? [String(node.attrs.d)] : []),
  ...(node.children ?? []).flatMap((child) => (typeof child === 'string' ? [] : paths(child))),
]

describe('holes', () => {
  it('are never crossed by a line, for any run of values and nulls', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constant(null), fc.nat(1000)), { maxLength: 10 }), (values) => {
      const joins = paths(lineSeries(line(values))).reduce((sum, d) => sum + d.split('L').length - 1, 0)
      const wanted = values.filter((value, i) => i > 0 && value !== null && values[i - 1] !== null).length
      assert.equal(joins, wanted)
    }))
  })

  it('are seen where points are missing, not only where they are null', () => {
    const input = line([1, 2, 3, 4], 1000)
    const missing = { ...input, series: [{ ...input.series[0]!, points: input.series[0]!.points.filter((_, i) => i !== 1) }] }
    assert.deepEqual(paths(lineSeries(missing)).map((d) => d.split('L').length), [2])
  })

  it('are hatched in bars, where a zero would be an empty place', () => {
    const input = { ...base, width: 300, from_ms: 0, to_ms: 3000, step_ms: 1000, locale: 'en', zone: 'UTC', format, texts }
    assert.match(svgText(bars({ ...input, points: [{ at_ms: 0, value: null }] })), /url\(#f-hatch\)/)
    assert.doesNotMatch(svgText(bars({ ...input, points: [{ at_ms: 0, value: 0 }] })), /hatch\)/)
  })
})

const rects = (node: SvgNode, kind: string): SvgNode[] => [
  ...(node.tag === 'rect' && node.attrs.class === kind ? [node] : []),
  ...(node.children ?? []).flatMap((child) => (typeof child === 'string' ? [] : rects(child, kind))),
]

describe('spans', () => {
  const input = { ...base, width: 600, from_ms: 0, to_ms: 9000, locale: 'en', zone: 'UTC', texts: {} }
  const row = (from_ms: number, to_ms: number, kind?: 'hole') => ({ key: 'a', label: 'a', text: 'a', spans: [{ from_ms, to_ms, kind }] })

  it('show a moment at the very end, and a hole as hatching and not as a bar', () => {
    const [moment] = rects(spans({ ...input, rows: [row(9000, 9000)] }), 'bar')
    assert.ok(Number(moment!.attrs.width) >= 3 && Number(moment!.attrs.x) + Number(moment!.attrs.width) <= 600)
    const hole = spans({ ...input, rows: [row(1000, 2000, 'hole')] })
    assert.deepEqual([rects(hole, 'bar').length, rects(hole, 'hatched').length], [0, 1])
  })
})

describe('share bars', () => {
  it('fill by the whole and not by the largest part, and hatch what is unknown', () => {
    const parts = shareBars({ ...base, width: 600, whole: 100, rows: [{ key: 'a', label: 'a', value: 25, value_text: '' }, { key: 'b', label: 'b', value: null, value_text: '' }] })
    const [bar] = rects(parts, 'bar')
    const [ground] = rects(parts, 'empty').filter(({ attrs }) => Number(attrs.width) > 10)
    assert.ok(Math.abs(Number(bar!.attrs.width) / Number(ground!.attrs.width) - 0.25) < 0.01)
    assert.equal(rects(parts, 'hatched').length, 1)
  })
})

describe('event series', () => {
  const input = { ...base, width: 600, from_ms: 0, to_ms: 9000, step_ms: 1000, locale: 'en', zone: 'UTC', format }
  const panel = { key: 'a', unit: 'packets', points: Array.from({ length: 9 }, (_, i) => ({ at_ms: i * 1000, value: i === 8 ? null : 5 })) }

  it('mark the steps that the event touches, hatch holes, and draw no moment that lies outside', () => {
    const drawn = eventSeries({ ...input, panels: [panel], event: { from_ms: 2500, to_ms: 5000, label: 'began' } })
    assert.deepEqual([rects(drawn, 'hot').length, rects(drawn, 'bar').length, rects(drawn, 'hole').length], [3, 5, 1])
    assert.match(svgText(drawn), /class="moment"/)
    const earlier = svgText(eventSeries({ ...input, panels: [panel], event: { from_ms: -500, to_ms: 5000, label: 'began' } }))
    assert.doesNotMatch(earlier, /class="moment"|began/)
  })
})

describe('threshold bars', () => {
  const drawn = (value: number, threshold: number) => thresholdBars({ ...base, width: 400, rows: [{ key: 'a', label: 'a', value, threshold, value_text: '', threshold_text: '' }] })
  it('show how far beyond the threshold a value is, and how far below one that must not be fallen short of', () => {
    const [over] = rects(drawn(100, 25), 'hot')
    assert.ok(Math.abs(Number(over!.attrs.width) / 398 - 0.75) < 0.01)
    assert.equal(rects(drawn(0.5, 0.98), 'hot').length, 0)
    const [short] = rects(drawn(0.49, 0.98), 'event')
    assert.ok(Math.abs(Number(short!.attrs.width) / 398 - 0.5) < 0.01)
  })
})

describe('fans', () => {
  it('leave out a point with a number missing, and join no hole of the history', () => {
    const at = (at_ms: number, mean: number) => ({ at_ms, mean, low_50: 1, high_50: 3, low_80: 0, high_80: 4, low_95: 0, high_95: 6 })
    const drawn = fanChart({ ...base, width: 600, step_ms: 1000, history: [1, null, 2, 3].map((value, i) => ({ at_ms: i * 1000, value })), fan: [at(4000, 2), at(5000, Number.NaN), at(6000, 2)], locale: 'en', zone: 'UTC', format, texts: { unit: '', now: 'now', levels: ['a', 'b', 'c'] } })
    assert.deepEqual(paths(drawn).map((d) => d.split('L').length), [2, 2])
    assert.equal(svgText(drawn).match(/class="fan"/g)?.length, 3)
  })
})
