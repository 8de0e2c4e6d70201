import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deserialize, serialize } from 'node:v8'
import * as fc from 'fast-check'
import { EventTable, rank, type SavedEvents } from './event-table.ts'
import { KeyIndex } from './key-index.ts'

const spec = { sum: [Float64Array, 1], pair: [Uint32Array, 2] } as const
const make = (max: number, seed = 1, saved?: SavedEvents) => new EventTable(spec, max, seed, saved)

/** Keys of both halves of a number, few of them, so that they meet again. */
const key = fc.tuple(fc.nat(30), fc.nat(3)).map(([low, high]) => high * 2 ** 40 + low * 65_537)
const step = fc.tuple(fc.constantFrom<What[]>('seldom', 'often', 'told', 'close'), key)

type What = keyof typeof rank | 'close'

/** The same with arrays: keys of each rank in order of the last sample. */
class Naive {
  lists: number[][] = [[], [], []]
  sums = new Map<number, number>()
  shed = 0
  readonly max: number

  constructor(max: number) {
    this.max = max
  }

  do(what: What, key: number): void {
    const known = this.lists.findIndex((list) => list.includes(key))
    if (what === 'close') return this.drop(key)
    if (known < 0) {
      if (this.lists.flat().length >= this.max) {
        this.shed++
        const least = this.lists[0]![0] ?? this.lists[1]![0]
        if (least === undefined) return
        this.drop(least)
      }
      this.sums.set(key, 0)
    }
    const at = Math.max(rank[what], known)
    this.lists = this.lists.map((list) => list.filter((one) => one !== key))
    this.lists[at]!.push(key)
    this.sums.set(key, this.sums.get(key)! + 1)
  }

  drop(key: number): void {
    this.lists = this.lists.map((list) => list.filter((one) => one !== key))
    this.sums.delete(key)
  }
}

function apply(table: EventTable<typeof spec>, what: What, key: number): void {
  table.reserve(1)
  let slot = table.find(key)
  if (what === 'close') return slot < 0 ? undefined : table.close(slot)
  if (slot < 0) slot = table.open(key)
  if (slot < 0) return
  table.touch(slot, rank[what])
  table.columns.sum[slot]!++
  table.columns.pair[2 * slot + 1]!++
}

test('keeps the same events in the same order as plain lists do, also when saved and restored in between', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), fc.nat(300), fc.integer(), (steps, max, cut, seed) => {
    const naive = new Naive(max)
    let table = make(max, seed)
    steps.forEach(([what, key], i) => {
      if (i === cut) table = make(max, seed + 1, deserialize(serialize(table.save())))
      naive.do(what, key)
      apply(table, what, key)
    })
    const { keys, ranks, columns } = table.save()
    assert.deepEqual([...keys], naive.lists.flat())
    assert.deepEqual([...ranks], naive.lists.flatMap((list, i) => list.map(() => i)))
    assert.equal(table.shed, naive.shed)
    assert.deepEqual([...columns['sum']!], naive.lists.flat().map((key) => naive.sums.get(key)))
    assert.deepEqual([...columns['pair']!].filter((_, i) => i % 2 === 1), [...columns['sum']!])
    for (const [key, sum] of naive.sums) assert.equal(table.columns.sum[table.find(key)], sum)
    assert.deepEqual(Array.from(table.drain(), (slot) => table.keys[slot]), naive.lists.flat())
    assert.deepEqual([table.size, table.save().keys.length], [0, 0])
  }), { numRuns: 300 })
})

test('a flood of new keys drives out only what is seldom seen, and the table does not grow beyond its bound', () => {
  const table = make(1_000)
  for (const key of [1, 2, 3]) apply(table, 'often', key)
  for (let key = 10; key < 200_000; key++) apply(table, 'seldom', key)
  assert.equal(table.size, 1_000)
  assert.equal(table.keys.length <= 1_024, true)
  assert.equal(table.shed, 199_990 - 997)
  for (const key of [1, 2, 3, 199_999]) assert.ok(table.find(key) >= 0)
})

test('many keys that differ in few bits are found in few steps', () => {
  const keys = new Float64Array(200_000)
  const index = new KeyIndex(7)
  for (let i = 0; i < keys.length; i++) {
    // One source to many ports, and many sources to one port.
    keys[i] = i < 100_000 ? 3_232_235_777 * 2 ** 18 + i : (i - 100_000) * 2 ** 18 + 23
    index.add(keys[i]!, i, keys)
  }
  keys.forEach((key, i) => assert.equal(index.find(key, keys), i))
  keys.forEach((key, i) => void (i % 2 === 0 && index.remove(key, keys)))
  keys.forEach((key, i) => assert.equal(index.find(key, keys), i % 2 === 0 ? -1 : i))
})
