import { parseAddress, parseCidr, unwrap } from '@hirundo/base'
import { maskOwn } from '@hirundo/formats'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerBounds, type AnswerBounds } from './bounds.ts'
import { FairCaps, type Refusal } from './caps.ts'
import { isNeverAnswered, peerOf, wireBytes } from './peer.ts'

/** What the last of `count` sessions is told; the n-th comes from `sourceOf(n)` at `n` times `pause_ms`. */
function last(count: number, bounds: Partial<AnswerBounds>, sourceOf: (n: number) => string, pause_ms = 0, stays = true): Refusal | undefined {
  const caps = new FairCaps({ ...answerBounds, ...bounds })
  let told: Refusal | undefined
  for (let n = 1; n <= count; n++) {
    const source = sourceOf(n)
    const net = source.slice(0, source.lastIndexOf('.'))
    told = caps.enter(source, net, n * pause_ms)
    if (told === undefined && !stays) caps.leave(source, net)
  }
  return told
}

test('a source, a net and the node have an end, and from half of it on shares shrink', () => {
  const one = (): string => '192.0.2.1'
  const neighbours = (n: number): string => `192.0.2.${n}`
  const strangers = (n: number): string => `192.0.${n}.1`
  assert.equal(last(4, { answer_sessions_per_source_max: 4 }, one), undefined)
  assert.equal(last(5, { answer_sessions_per_source_max: 4 }, one), 'source')
  assert.equal(last(5, { answer_sessions_per_net_max: 4 }, neighbours), 'net')
  assert.equal(last(9, { answer_sessions_max: 8 }, strangers), 'node')
  assert.equal(last(4, { answer_sessions_max: 8, answer_sessions_per_source_max: 4 }, (n) => (n < 3 ? strangers(n) : '198.51.100.1')), undefined)
  assert.equal(last(5, { answer_sessions_max: 8, answer_sessions_per_source_max: 4 }, (n) => (n < 4 ? strangers(n) : '198.51.100.1')), 'source')
})

test('new sessions per minute are counted also when they are short, and the minute ends', () => {
  const bounds = { answer_new_per_source_minute_max: 5, answer_new_per_net_minute_max: 8 }
  assert.equal(last(5, bounds, () => '192.0.2.1', 1, false), undefined)
  assert.equal(last(6, bounds, () => '192.0.2.1', 1, false), 'rate')
  assert.equal(last(9, bounds, (n) => `192.0.2.${n}`, 1, false), 'rate')
  assert.equal(last(100, bounds, () => '192.0.2.1', 20_000, false), undefined)
})

test('a peer is its address; its net a /24 or /48; its packets have headers', () => {
  assert.equal(peerOf('::ffff:192.0.2.7')!.source, peerOf('192.0.2.7')!.source)
  assert.equal(peerOf('192.0.2.7')!.net, peerOf('192.0.2.200')!.net)
  assert.notEqual(peerOf('192.0.2.7')!.net, peerOf('192.0.3.7')!.net)
  assert.equal(peerOf('2001:db8:1:2::3%eth0')!.net, peerOf('2001:db8:1:ffff::')!.net)
  assert.notEqual(peerOf('2001:db8:1::3')!.net, peerOf('2001:db8:2::3')!.net)
  assert.equal(peerOf(undefined), undefined)
  assert.deepEqual([wireBytes(peerOf('192.0.2.7')!.address, 8), wireBytes(peerOf('::1')!.address, 8)], [36, 56])
  for (const address of ['224.0.0.1', '255.255.255.255', '0.0.0.0', '0.1.2.3', 'ff02::1', '::']) assert.ok(isNeverAnswered(peerOf(address)!.address), address)
  for (const address of ['192.0.2.1', '240.0.0.1', '2001:db8::1']) assert.ok(!isNeverAnswered(peerOf(address)!.address), address)
})

test('own addresses are hidden wherever they stand as text, others are not', () => {
  const own = [unwrap(parseCidr('192.0.2.0/24')), unwrap(parseCidr('2001:db8::/32'))]
  const local = unwrap(parseAddress('198.51.100.3'))
  assert.equal(maskOwn('Host: 192.0.2.77:80, [2001:db8::5] 198.51.100.3 198.51.100.4 1.2.3 12:34:56', own, local), 'Host: xxxxxxxxxx:80, [xxxxxxxxxxx] xxxxxxxxxxxx 198.51.100.4 1.2.3 12:34:56')
})
