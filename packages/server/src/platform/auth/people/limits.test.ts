import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeCounter, makeLimits, type Guess } from './limits.ts'
import { testWorld } from './testing/people.ts'

const MINUTE = 60_000

/** Seconds that one would wait. */
const waits = ({ wait_s, forgive }: Guess): number => {
  forgive()
  return wait_s
}

test('a stranger’s failures make newcomers of an account wait, but not who signed in before, and not for good', () => {
  const world = testWorld()
  const limits = makeLimits(world)
  limits.succeeded('192.0.2.1', 'akiko@example.org')
  for (let i = 0; i < 40; i++) limits.password(`203.0.113.${i}`, 'akiko@example.org')
  assert.ok(waits(limits.password('198.51.100.1', 'akiko@example.org')) > 0)
  assert.equal(waits(limits.password('192.0.2.1', 'akiko@example.org')), 0)
  assert.equal(waits(limits.password('198.51.100.1', 'bao@example.org')), 0)
  world.pass(15 * MINUTE)
  assert.equal(waits(limits.password('198.51.100.1', 'akiko@example.org')), 0)
})

test('behind one address, who fails does not hold up who signed in from there; that account is not free to guess either', () => {
  const world = testWorld()
  const limits = makeLimits(world)
  limits.succeeded('192.0.2.1', 'akiko@example.org')
  for (let i = 0; i < 30; i++) limits.password('192.0.2.1', 'x@example.org')
  assert.ok(waits(limits.password('192.0.2.1', 'bao@example.org')) > 0)
  assert.equal(waits(limits.password('192.0.2.1', 'akiko@example.org')), 0)
  for (let i = 0; i < 20; i++) limits.password('192.0.2.1', 'akiko@example.org')
  assert.ok(waits(limits.password('192.0.2.1', 'akiko@example.org')) > 0)
  for (let i = 0; i < 10; i++) limits.code('192.0.2.1', 'akiko@example.org')
  assert.ok(waits(limits.code('192.0.2.1', 'akiko@example.org')) > 0)
  world.pass(15 * MINUTE)
  assert.equal(waits(limits.code('192.0.2.1', 'akiko@example.org')), 0)
})

test('one caller waits after 20 failures, whatever names it tries; all of an IPv6 /64 is one caller', () => {
  const world = testWorld()
  const limits = makeLimits(world)
  for (let i = 0; i < 20; i++) limits.password(`2001:db8:0:1::${i.toString(16)}`, `x${i}@example.org`)
  assert.ok(waits(limits.password('2001:db8:0:1:ffff::1', 'new@example.org')) > 0)
  assert.equal(waits(limits.password('2001:db8:0:2::1', 'new@example.org')), 0)
  world.pass(MINUTE)
  assert.equal(waits(limits.password('2001:db8:0:1::1', 'new@example.org')), 0)
})

test('codes of one person are tried ten times in a quarter of an hour, from wherever but where they signed in before', () => {
  const world = testWorld()
  const limits = makeLimits(world)
  limits.succeeded('192.0.2.1', 'a')
  for (let i = 0; i < 10; i++) limits.code(`203.0.113.${i}`, 'a')
  assert.ok(waits(limits.code('198.51.100.1', 'a')) > 0)
  assert.equal(waits(limits.code('198.51.100.1', 'b')), 0)
  assert.equal(waits(limits.code('192.0.2.1', 'a')), 0)
})

test('a sign-in that names nobody is begun 60 times a minute by one caller', () => {
  const world = testWorld()
  const limits = makeLimits(world)
  for (let i = 0; i < 60; i++) assert.equal(limits.open('192.0.2.1', undefined), 0)
  assert.ok(limits.open('192.0.2.1', undefined) > 0)
  assert.equal(limits.open('192.0.2.2', undefined), 0)
})

test('a browser that signed in before is not kept out by others behind its address, and has the same bound', () => {
  const limits = makeLimits(testWorld())
  limits.know('mine')
  for (let i = 0; i < 60; i++) limits.open('192.0.2.1', `made up ${i}`)
  assert.ok(limits.open('192.0.2.1', 'made up') > 0, 'a cookie that nobody gave is no cookie')
  for (let i = 0; i < 60; i++) assert.equal(limits.open('192.0.2.1', 'mine'), 0)
  assert.ok(limits.open('192.0.2.1', 'mine') > 0)
})

test('refusals of names that nobody has are audited once a minute, with the count of the others', () => {
  const world = testWorld()
  const limits = makeLimits(world)
  assert.deepEqual(limits.strangers(), { more: 0 })
  assert.equal(limits.strangers(), undefined)
  assert.equal(limits.strangers(), undefined)
  world.pass(MINUTE)
  assert.deepEqual(limits.strangers(), { more: 2 })
})

test('a counter holds a bounded number of keys', () => {
  const counter = makeCounter(testWorld(), 1, MINUTE)
  for (let i = 0; i < 10_001; i++) counter.add(String(i))
  assert.deepEqual([counter.wait('0'), counter.wait('10000') > 0], [0, true])
})
