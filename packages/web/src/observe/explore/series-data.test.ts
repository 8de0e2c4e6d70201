import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gridOf, pointsLeftOut, pointsOf, rowsOf, summaryOf, wholePoints } from './series-data.ts'
import type { SeriesAnswer } from './use-series.ts'

const AT = Date.UTC(2026, 0, 1)
function answer(values: readonly (number | null)[], step_s = 60): SeriesAnswer {
  const points = values.map((value, i) => ({ at: new Date(AT + i * step_s * 1000).toISOString(), packets: value, sources: value, bytes: value, live_sensors: value === null ? 0 : 2, packets_per_sensor: value === null ? null : value / 2 }))
  return { from: points[0]?.at, to: new Date(AT + values.length * step_s * 1000).toISOString(), data: { dimension: 'port', key: 'k', step_s, points } } as unknown as SeriesAnswer
}
const of = (key: string, values: readonly (number | null)[], step_s = 60) => ({ key, label: key, answer: answer(values, step_s) })

test('a hole is no zero: not in the line, not in the mean, not in the file', () => {
  const given = of('tcp/23', [4, null, 0, 8])
  const grid = gridOf([given], 'packets')!
  assert.deepEqual([...grid.lines[0]!.values], [4, Number.NaN, 0, 8])
  const summary = summaryOf(grid.lines[0]!, grid)!
  assert.deepEqual([summary.mean, summary.low, summary.high, summary.holes, summary.high_at_s], [4, 0, 8, 1, AT / 1000 + 180])
  assert.deepEqual(pointsOf(grid.lines[0]!, grid).map(({ value }) => value), [4, null, 0, 8])
  assert.deepEqual(rowsOf([given])[1], { at: '2026-01-01T00:01:00.000Z', key: 'tcp/23', packets: null, packets_per_sensor: null, sources: null, live_sensors: 0, complete: true })
})

test('lines of another period or step are not laid over one another', () => {
  const grid = gridOf([of('a', [1, 2]), of('b', [1, 2], 300), of('c', [1, 2, 3]), of('d', [3, 4])], 'packets_per_sensor')!
  assert.deepEqual(grid.lines.map(({ key }) => key), ['a', 'd'])
})

test('nothing but holes has no summary, and no answer no grid', () => {
  const grid = gridOf([of('a', [null, null])], 'sources')!
  assert.equal(summaryOf(grid.lines[0]!, grid), undefined)
  assert.equal(gridOf([], 'sources'), undefined)
  assert.equal(gridOf([of('a', [])], 'sources'), undefined)
})

test('a long series keeps its extremes in the file', () => {
  const values = Array.from({ length: 20_000 }, (_, i) => (i === 7777 ? 1e6 : i % 50))
  const grid = gridOf([of('a', values)], 'packets')!
  const points = pointsOf(grid.lines[0]!, grid)
  assert.ok(points.length < 5000)
  assert.equal(Math.max(...points.map(({ value }) => value ?? 0)), 1e6)
})

test('a point that the period cuts is in the file and not in the line', () => {
  const given = of('a', [5, 5, 5, 1], 300)
  const cut = { ...given, answer: { ...given.answer, from: '2026-01-01T00:02:00Z', to: '2026-01-01T00:17:00Z' } as SeriesAnswer }
  const grid = gridOf([cut], 'packets')!
  assert.deepEqual([[...grid.lines[0]!.values], grid.from_s], [[5, 5], AT / 1000 + 300])
  assert.deepEqual(rowsOf([cut]).map(({ complete }) => complete), [false, true, true, false])
  const short = { ...given, answer: { ...given.answer, from: '2026-01-01T00:02:00Z', to: '2026-01-01T00:04:00Z' } as SeriesAnswer }
  assert.equal(gridOf([short], 'packets')!.lines[0]!.values.length, 4)
})

test('a point that sensors may still send is no fall', () => {
  const given = of('a', [5, 5, 5, 1])
  const arrived_ms = AT + 3 * 60_000
  assert.deepEqual([...gridOf([given], 'packets', arrived_ms)!.lines[0]!.values], [5, 5, 5])
  assert.deepEqual(rowsOf([given], arrived_ms).map(({ complete }) => complete), [true, true, true, false])
  assert.equal(wholePoints(given.answer, AT).length, 4, 'where none is complete all are drawn')
  assert.equal(pointsLeftOut(given.answer), 0, 'it was long ago')
})
