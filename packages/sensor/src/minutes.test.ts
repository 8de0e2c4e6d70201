import { sensorMinuteLayout, type MinuteCounters } from '@hirundo/formats'
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { MinuteBook } from './minutes.ts'

const T = 1_767_225_600
let rows: { minute: number; observed_s: number; packets: number; dropped: number }[] = []
let book: MinuteBook

beforeEach(() => {
  rows = []
  book = new MinuteBook((row) => {
    const view = new DataView(row.buffer)
    const { offset } = sensorMinuteLayout
    rows.push({
      minute: (view.getUint32(offset['minute']!, true) - T) / 60, observed_s: view.getUint32(offset['observed_s']!, true),
      packets: Number(view.getBigUint64(offset['packets']!, true)), dropped: Number(view.getBigUint64(offset['dropped']!, true)),
    })
  })
})

const counters = (minute: number, packets: number): MinuteCounters => ({
  minute: T + 60 * minute, packets, counted: packets, not_ip: 0, not_for_us: 0, malformed: 0, flows: packets, partial: false,
})

/** Watches from `from` to `to` seconds after T in steps of one. */
const watch = (from: number, to: number): void => {
  for (let second = from; second < to; second++) book.watch((T + second + 1) * 1000, 1000, 0)
}

describe('minutes of a live sensor', () => {
  test('a silent minute has a row of zeros, an unwatched one has none', () => {
    watch(0, 120)
    watch(240, 300)
    book.closeBefore(T + 300)
    assert.deepEqual(rows, [0, 1, 4].map((minute) => ({ minute, observed_s: 60, packets: 0, dropped: 0 })))
  })

  test('seconds and drops stand in the first row of a minute only', () => {
    watch(0, 60)
    book.watch((T + 60) * 1000, 0, 9)
    book.watch((T + 60) * 1000 - 1, 0, 5)
    book.liveMinute(counters(0, 7))
    book.liveMinute(counters(0, 1))
    book.closeBefore(T + 60)
    assert.deepEqual(rows, [
      { minute: 0, observed_s: 60, packets: 7, dropped: 5 }, { minute: 0, observed_s: 0, packets: 1, dropped: 0 },
    ])
  })

  test('a step over the end of a minute is shared between both', () => {
    book.watch((T + 65) * 1000, 20_000, 0)
    book.closeBefore(T + 120)
    assert.deepEqual(rows.map((row) => [row.minute, row.observed_s]), [[0, 15], [1, 5]])
  })

  test('a clock set forward leaves a hole; set back, it counts no second twice', () => {
    watch(0, 60)
    book.watch((T + 7200) * 1000, 1000, 0)
    book.closeBefore(T + 7260)
    assert.deepEqual(rows.map((row) => [row.minute, row.observed_s]), [[0, 60], [120, 1]])
    rows = []
    watch(0, 60)
    book.liveMinute(counters(0, 3))
    book.closeBefore(T + 60)
    assert.deepEqual(rows, [{ minute: 0, observed_s: 0, packets: 3, dropped: 0 }])
  })
})

describe('minutes of files', () => {
  test('short silence lies inside the capture, a long one is a hole', () => {
    for (const minute of [0, 3, 64]) book.fileMinute(counters(minute, 1))
    assert.deepEqual(rows.map((row) => [row.minute, row.observed_s, row.packets]), [
      [0, 60, 1], [1, 60, 0], [2, 60, 0], [3, 60, 1], [64, 60, 1],
    ])
  })

  test('late packets of a minute add to it and watch nothing twice', () => {
    for (const [minute, packets] of [[0, 1], [2, 1], [1, 5], [0, 2]] as const) book.fileMinute(counters(minute, packets))
    assert.deepEqual(rows.map((row) => [row.minute, row.observed_s, row.packets]), [
      [0, 60, 1], [1, 60, 0], [2, 60, 1], [1, 0, 5], [0, 0, 2],
    ])
  })

  test('times from 1970 to 2105 do not fill a century with zeros', () => {
    book.fileMinute({ ...counters(0, 1), minute: 0 })
    book.fileMinute({ ...counters(0, 1), minute: 4_291_747_140 })
    assert.equal(rows.length, 2)
  })
})
