import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeOf, ordered, tallyOf, type CompareRow } from './compare-rows.ts'

const row = (key: string, rank: number | null, base_rank: number | null, now: number | null, before: number | null): CompareRow => ({
  key, rank, base_rank, packets: now, base_packets: before, sources: 1, base_sources: 1, packets_per_sensor: now, base_packets_per_sensor: before,
  ratio: now === null || !before ? null : now / before,
} as CompareRow)
const rows = [row('big', 1, 1, 1000, 990), row('up', 2, 5, 300, 100), row('down', 3, 2, 200, 400), row('new', 4, null, 90, null), row('gone', null, 4, null, 80)]

test('rows say what happened to them; a difference of a few percent is none', () => {
  assert.deepEqual(rows.map(changeOf), ['same', 'rose', 'fell', 'came', 'went'])
  assert.equal(changeOf(row('x', 1, 2, 5, 0)), 'unknown', 'nothing can be divided by zero')
})

test('by change, who came or went is first, then the farthest in either direction', () => {
  assert.deepEqual(ordered(rows, 'change').map(({ key }) => key), ['new', 'gone', 'up', 'down', 'big'])
  assert.deepEqual(ordered(rows, 'size'), rows)
})

test('the tally counts each row once and names what rose most', () => {
  const { most, newest, ...counts } = tallyOf(rows)
  assert.deepEqual(counts, { rose: 1, fell: 1, same: 1, came: 1, went: 1 })
  assert.equal(most?.key, 'up')
  assert.equal(newest, rows[3])
  assert.deepEqual([tallyOf([]).most, tallyOf([]).newest], [undefined, undefined])
})
