import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deserialize, serialize } from 'node:v8'
import { ManyPorts, type SavedManyPorts } from './many-ports.ts'

const DAY_S = 86_400

test('tells a source of many ports from one of few, also when it takes two days', () => {
  const many = new ManyPorts(16, 1_000)
  many.turn(0)
  let sweeps = 0
  for (let port = 1; port <= 100; port++) {
    if (many.see(7, port)) sweeps++
    assert.equal(many.see(8, 1 + (port % 8)), false)
  }
  assert.ok(sweeps > 70 && sweeps < 95, String(sweeps))
  many.turn(DAY_S)
  assert.ok(many.see(7, 1), 'of yesterday')
  many.turn(3 * DAY_S)
  assert.equal(many.see(7, 1), false, 'of long ago')
})

test('memory is bounded: sources beyond it are not told, and are counted', () => {
  const many = new ManyPorts(16, 5_000)
  many.turn(0)
  for (let source = 0; source < 20_000; source++) many.see(source * 65_537, 80)
  assert.equal(many.shed, 15_000)
})

test('goes on from what it saved', () => {
  const first = new ManyPorts(16, 5_000)
  first.turn(DAY_S)
  for (let i = 0; i < 4_000; i++) first.see(i % 300, i % 17)
  const second = new ManyPorts(16, 5_000, deserialize(serialize(first.save())) as SavedManyPorts)
  for (let i = 0; i < 4_000; i++) assert.equal(first.see(i % 400, i % 23), second.see(i % 400, i % 23))
})
