import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deserialize, serialize } from 'node:v8'
import { UsualLevel, type SavedLevels } from './usual-level.ts'

const slot = (sources: number): Uint32Array => new Uint32Array(1 << 16).fill(sources, 9, 10)

test('nothing is unusual before a day is known; then a steady port has its level and an event of an hour hardly moves it', () => {
  const usual = new UsualLevel(144)
  for (let i = 0; i < 143; i++) usual.add(slot(40))
  assert.equal(usual.of(9, 144), Infinity)
  usual.add(slot(40))
  assert.ok(Math.abs(usual.of(9, 144) - 40) < 0.01)
  assert.equal(usual.of(10, 144), 0)
  for (let i = 0; i < 6; i++) usual.add(slot(400))
  assert.ok(usual.of(9, 144) < 65)
  const second = new UsualLevel(144, deserialize(serialize(usual.save())) as SavedLevels)
  usual.add(slot(1))
  second.add(slot(1))
  assert.equal(second.of(9, 144), usual.of(9, 144))
})
