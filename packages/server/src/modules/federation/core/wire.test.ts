import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TwoEnds } from './ends.fixture.ts'
import { batch_entries_max, decodeMessage, encodeMessage, type Message } from './wire.ts'

const ends = new TwoEnds('case')
ends.append(ends.draft(), ends.draft(), ends.draft())
const batch = ends.batch()
const { channel, items, head } = batch
const nonce = '0123456789abcdef0123456789abcdef'

const messages: readonly Message[] = [
  { type: 'hello', channel, nonce, opening: '' },
  { type: 'hello', channel, nonce, opening: head },
  { type: 'greet', channel },
  { type: 'ready', channel, session: nonce },
  batch,
  { type: 'receipt', channel, note: head },
  { type: 'refusal', channel, note: head },
  { type: 'ask', channel, from: 2 ** 50 },
  { type: 'tail-ask', channel, from: 1 },
  { type: 'tail', channel, from: 1, head: '', items },
]

test('every message is read as it was written', () => {
  for (const message of messages) {
    const bytes = encodeMessage(message)
    const read = decodeMessage(bytes)
    assert.ok(read)
    assert.deepEqual({ ...read, items: [] }, { ...message, items: [] })
    assert.deepEqual(encodeMessage(read), bytes)
  }
})

test('a message that is cut, longer, or counts too much is none', () => {
  for (const message of messages) {
    const bytes = encodeMessage(message)
    for (let length = 0; length < bytes.length; length += 7) assert.equal(decodeMessage(bytes.subarray(0, length)), undefined)
    assert.equal(decodeMessage(Buffer.concat([bytes, Buffer.alloc(1)])), undefined)
  }
  const empty = encodeMessage({ ...batch, items: [] })
  assert.equal(decodeMessage(empty), undefined)
  const many = encodeMessage({ ...batch, items: Array.from({ length: batch_entries_max + 1 }, () => items[0]!) })
  assert.equal(decodeMessage(many), undefined)
  // A count of 2^53 entries is refused before anything is reserved for them.
  const claims = Buffer.from(empty)
  claims.writeBigUInt64BE(2n ** 53n - 1n, claims.length - 8)
  assert.equal(decodeMessage(claims), undefined)
})

test('damaged and random bytes are a message or none, and nothing is thrown', () => {
  const bytes = encodeMessage(batch)
  const mutations = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 })
  fc.assert(fc.property(mutations, (list) => {
    const copy = Uint8Array.from(bytes)
    for (const [at, value] of list) copy[at] = value
    const read = decodeMessage(copy)
    if (read?.type === 'batch') assert.ok(read.items.length >= 1 && read.items.length <= batch_entries_max)
  }), { numRuns: 3000 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (random) => assert.equal(decodeMessage(random), undefined)), { numRuns: 1000 })
})
