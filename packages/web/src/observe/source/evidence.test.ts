import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evidenceOf } from './evidence.ts'

const none = { mirai: 0, zmap: 0, masscan: 0 }

test('a lone packet with a fingerprint is a hint and never a likely tool', () => {
  assert.deepEqual(evidenceOf(1, { ...none, mirai: 1 }), { few: true, tool: { name: 'Mirai', packets: 1, sure: 'hint' } })
  assert.equal(evidenceOf(500, { ...none, zmap: 2 }).tool?.sure, 'hint')
})

test('as many matches as chance gives among many packets are a hint', () => {
  assert.equal(evidenceOf(10_000_000, { ...none, masscan: 160 }).tool?.sure, 'hint')
  assert.equal(evidenceOf(400, { ...none, masscan: 400 }).tool?.sure, 'likely')
})

test('without a match no tool is named', () => {
  assert.deepEqual(evidenceOf(10, none), { few: false, tool: undefined })
})
