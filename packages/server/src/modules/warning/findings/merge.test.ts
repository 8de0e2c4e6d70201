import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted, place, replaces, type Standing, type Telling } from './merge.ts'

const telling = (part: Partial<Telling> = {}): Telling => ({ version: 1, open: false, end: 100, packets: 10, severity: 1, ...part })

test('which telling of an event stands does not depend on which came last, but after a second look', () => {
  const cases: [string, Partial<Telling>, Partial<Telling>][] = [
    ['a newer detector', { version: 2, end: 1 }, { version: 1 }], ['closed after open', { end: 90 }, { open: true, end: 100 }], ['open again, but longer', { open: true, end: 101 }, {}],
    ['longer', { end: 101, packets: 1 }, {}], ['more packets', { packets: 11, severity: 0 }, {}], ['more severe', { severity: 2 }, {}],
    ['longer while open', { open: true, end: 120, packets: 1 }, { open: true, end: 110 }],
  ]
  for (const [why, later, before] of cases) {
    assert.ok(replaces(telling(later), telling(before)), why)
    // Between open and closed the end decides, but a foreseen end may come earlier.
    if ((later.open ?? false) === (before.open ?? false)) assert.ok(!replaces(telling(before), telling(later)), `not the other way: ${why}`)
  }
  assert.ok(replaces(telling({ end: 90, packets: 1 }), telling(), true))
  assert.ok(!replaces(telling({ open: true, end: 90 }), telling(), true))
  assert.ok(!replaces(telling({ open: true, end: 90 }), telling({ open: true }), true), 'another line is ahead')
  assert.ok(!replaces(telling({ version: 0, end: 900 }), telling(), true))
})

const GAP = 50
let order = 0
const finding = (start: number, end: number, part: Partial<Standing> = {}): Standing => ({ start, end, order: order++, touched: false, settled: undefined, ...part })
const placed = (start: number, end: number, all: readonly Standing[], more: { severity?: number; now?: Standing } = {}) => {
  const { into, absorbs } = place({ start, end, severity: more.severity ?? 1 }, more.now, all, GAP)
  return [into === undefined ? 'new' : all.indexOf(into), absorbs.map((one) => all.indexOf(one))]
}

test('within the gap on either side, to the second', () => {
  const all = [finding(1000, 1100)]
  assert.deepEqual(placed(1150, 1160, all), [0, []])
  assert.deepEqual(placed(1151, 1160, all), ['new', []])
  assert.deepEqual(placed(900, 950, all), [0, []])
  assert.deepEqual(placed(900, 949, all), ['new', []])
  assert.deepEqual(placed(1020, 1030, all), [0, []])
})

test('what closes a gap makes one of two: the one that people work with, else the one found first', () => {
  const [late, early] = [finding(1200, 1300), finding(1000, 1100)]
  assert.deepEqual(placed(1110, 1180, [late, early]), [0, [1]])
  const touched = { ...early, touched: true }
  assert.deepEqual(placed(1110, 1180, [late, touched]), [1, [0]])
  assert.deepEqual(placed(1140, 1180, [{ ...late, touched: true }, touched]), [0, []], 'two stay apart, and the nearer one takes it')
  assert.deepEqual(placed(1110, 1180, [{ ...late, touched: true }, touched], { now: touched }), [1, []], 'it stays where it is')
})

test('what people are done with takes in only what is no stronger, within the gap of where it ended then', () => {
  const done = finding(1000, 1400, { touched: true, settled: { severity: 1, end: 1100 } })
  assert.deepEqual(placed(1150, 1160, [done]), [0, []])
  assert.deepEqual(placed(1151, 1160, [done]), ['new', []])
  assert.deepEqual(placed(1150, 1160, [done], { severity: 2 }), ['new', []])
  assert.deepEqual(placed(1000, 1900, [done], { now: done }), [0, []], 'the event itself goes on')
  assert.deepEqual(placed(1000, 1900, [done], { now: done, severity: 2 }), ['new', []])
  const live = finding(1150, 1160)
  assert.deepEqual(placed(1155, 1160, [done, live]), [1, []], 'one that people still look at comes first')
  assert.deepEqual(placed(1000, 1900, [done, live], { now: done, severity: 2 }), [1, []])
  assert.deepEqual(placed(1010, 1020, [finding(1000, 1100, { settled: { severity: -1, end: 1100 } })], { severity: 0 }), ['new', []], 'what the node closed keeps nothing quiet')
})

test('windows within others are not counted, those that overlap are', () => {
  const windows = [[10, 20], [0, 100], [0, 100], [50, 101], [200, 201]].map(([start, end]) => ({ start: start!, end: end! }))
  assert.deepEqual(counted(windows), [{ start: 0, end: 100 }, { start: 50, end: 101 }, { start: 200, end: 201 }])
})
