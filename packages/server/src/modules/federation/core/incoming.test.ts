import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lanes } from './channel.ts'
import { TwoEnds, type Batch } from './ends.fixture.ts'
import { makeEntry, preAuthEncoding, ENTRY_TYPE, type Carried } from './entry.ts'
import { onHello, onReady, onRestart, onResume, takenAfter, type IncomingState } from './incoming.ts'
import { appended, openOutgoing, ownRoot } from './outgoing.ts'
import { rangeOf, rootText } from './range-text.ts'
import { readReceipt, readRefusal } from './statement.ts'
import type { Step } from './step.ts'

type In = Step<IncomingState>

const verdicts = (step: In): string[] => step.writes.flatMap((entry) => (entry.write === 'take' ? [`${entry.sequence} ${entry.verdict}`] : []))
const reasons = (step: In, ends: TwoEnds): string[] =>
  step.sends.flatMap((message) => {
    const refusal = message.type === 'refusal' ? readRefusal(message.note, ends.keys) : undefined
    return refusal ? [`${refusal.sequence} ${refusal.reason}`] : []
  })
const asks = (step: In): number[] => step.sends.flatMap((message) => (message.type === 'ask' ? [message.from] : []))
const held = (step: In): number => step.state.range.size

/** Root of a log with these entries. */
const rootOfItems = (items: readonly Carried[]): string => ownRoot(appended(openOutgoing(new TwoEnds('bulk').out.state.channel), items).state)

/** A batch as a sender would send it whose whole log are these entries. */
const whole = (ends: TwoEnds, items: readonly Carried[], from = 1): Batch => ends.batchOf(from, items.slice(from - 1), rootOfItems(items))

const entryOf = (ends: TwoEnds, sequence: number, change = {}): Carried => makeEntry(ends.draft(change), ends.in.state.channel, sequence, ends.a.signer)

/** Replaces members of an entry and signs it again. */
function forged(ends: TwoEnds, carried: Carried, change: object): Carried {
  const bytes = Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(carried.bytes).toString()) as object), ...change }))
  return { ...carried, bytes, signature: carried.signature.length === 0 ? carried.signature : ends.a.signer.sign(preAuthEncoding(ENTRY_TYPE, bytes)) }
}

for (const lane of lanes) {
  test(`${lane}: entries are taken once, in order, and receipted; the same batch again changes nothing`, () => {
    const ends = new TwoEnds(lane)
    ends.append(ends.draft(), ends.draft(), ends.draft())
    const batch = ends.batch()
    const first = ends.give(batch)
    assert.deepEqual(verdicts(first), ['1 apply', '2 apply', '3 apply'])
    assert.equal(rootText(rangeOf(first.state.range)), ownRoot(ends.out.state))
    const again = ends.give(batch)
    assert.deepEqual([verdicts(again), again.nodes, again.state.range], [[], [], first.state.range])
    ends.hear(again.sends)
    assert.equal(ends.out.state.acknowledged, 3)
    ends.append(ends.draft())
    // A batch that begins before the end brings only what is new.
    assert.deepEqual(verdicts(ends.give(whole(ends, ends.out.log.items, 2))), ['4 apply'])
  })

  test(`${lane}: a gap is asked for, and nothing is taken`, () => {
    const ends = new TwoEnds(lane)
    ends.append(ends.draft(), ends.draft(), ends.draft())
    const step = ends.give(whole(ends, ends.out.log.items, 3))
    assert.deepEqual([verdicts(step), asks(step)], [[], [1]])
  })

  test(`${lane}: the same number with another hash freezes the lane, and both statements are kept`, () => {
    const ends = new TwoEnds(lane)
    const items = [1, 2, 3].map((sequence) => entryOf(ends, sequence))
    ends.give(whole(ends, items))
    const other = [items[0]!, entryOf(ends, 2), items[2]!]
    const step = ends.give(whole(ends, other, 2))
    assert.deepEqual([step.state.phase, verdicts(step), reasons(step, ends)], ['frozen', [], ['2 lane-frozen']])
    const { fork } = step.state
    assert.equal(fork!.sequence, 2)
    assert.equal(fork!.entry, Buffer.from(other[1]!.bytes).toString('base64'))
    assert.ok(fork!.held.startsWith('hirundo/v1/') && fork!.other !== fork!.held)
    const later = ends.give(whole(ends, [...items, entryOf(ends, 4)], 4))
    assert.deepEqual([later.state.phase, verdicts(later)], ['frozen', []])
  })

  test(`${lane}: a history that goes on from another past is found, and nothing of it is taken`, () => {
    const ends = new TwoEnds(lane)
    const items = [1, 2, 3].map((sequence) => entryOf(ends, sequence))
    ends.give(whole(ends, items))
    const other = [entryOf(ends, 1), items[1]!, items[2]!, entryOf(ends, 4)]
    let step = ends.give(whole(ends, other, 4))
    // In bulk the receiver goes back, twice as far each time, until the batch covers the place where they part.
    for (let tries = 0; step.state.phase === 'open' && tries < 4; tries++) step = ends.give(whole(ends, other, asks(step)[0]))
    assert.deepEqual([step.state.phase, held(step), ends.in.log.applied], ['frozen', 3, [1, 2, 3]])
  })

  test(`${lane}: a signed head that denies entries which are held freezes the lane`, () => {
    const ends = new TwoEnds(lane)
    const items = [1, 2].map((sequence) => entryOf(ends, sequence))
    ends.give(whole(ends, items))
    const step = ends.give(ends.batchOf(1, items, Buffer.alloc(32, 1).toString('base64')))
    assert.equal(step.state.phase, 'frozen')
  })

  test(`${lane}: damage to entry, payload, salt or head is refused by name, and the place is asked for again`, () => {
    const ends = new TwoEnds(lane)
    ends.append(ends.draft(), ends.draft())
    const batch = ends.batch()
    const damage = (change: Partial<Carried>): string[] => {
      const step = ends.give({ ...batch, items: [batch.items[0]!, { ...batch.items[1]!, ...change }] })
      assert.deepEqual([verdicts(step), held(step), step.state.phase], [[], 0, 'open'])
      return reasons(step, ends)
    }
    const isBulk = lane === 'bulk'
    const text = Buffer.from(batch.items[1]!.bytes).toString()
    assert.deepEqual(damage({ payload: Buffer.from('{"a":2}') }), ['2 commitment-mismatch'])
    assert.deepEqual(damage({ salt: Buffer.alloc(16) }), ['2 commitment-mismatch'])
    assert.deepEqual(damage({ bytes: Buffer.from(text.slice(1)) }), [isBulk ? '1 head-mismatch' : '2 malformed'])
    assert.deepEqual(damage({ bytes: Buffer.from(text.replace('green', 'clear')) }), [isBulk ? '1 head-mismatch' : '2 signature-invalid'])
    assert.deepEqual(reasons(ends.give({ ...batch, head: batch.head.replace('\n2\n', '\n3\n') }), ends), ['1 head-invalid'])
    assert.deepEqual(reasons(ends.give({ ...batch, from: 0 }), ends), ['0 head-invalid'])
    assert.equal(held(ends.give(batch)), 2)
  })

  test(`${lane}: what is truly the sender's but not for here keeps its number and is never applied`, () => {
    const ends = new TwoEnds(lane)
    const items = [forged(ends, entryOf(ends, 1), { audience: 'xc' }), entryOf(ends, 2, { payload: Buffer.from('{"a":1,"a":2}') }), entryOf(ends, 3)]
    const step = ends.give(whole(ends, items))
    assert.deepEqual(verdicts(step), ['1 refused', '2 refused', '3 apply'])
    assert.deepEqual(reasons(step, ends), ['1 audience-wrong', '2 payload-malformed'])
    assert.deepEqual(ends.in.log.applied, [3])
  })

  test(`${lane}: an unknown kind is kept; a critical one halts the lane before it until it is known`, () => {
    const ends = new TwoEnds(lane)
    ends.append(ends.draft({ kind: 'later', critical: false }), ends.draft(), ends.draft({ kind: 'later' }), ends.draft())
    const batch = ends.batch()
    const step = ends.give(batch)
    assert.deepEqual([verdicts(step), step.state.phase, reasons(step, ends)], [['1 keep', '2 apply'], 'halted', ['3 kind-unknown']])
    assert.deepEqual(step.state.halted, { sequence: 3, what: 'later 1' })
    assert.deepEqual(verdicts(ends.give(batch)), [])
    ends.context = { ...ends.context, knows: () => true }
    const resumed = onResume(ends.in.state, ends.context)
    ends.in.state = resumed.state
    assert.deepEqual(asks(resumed), [3])
    assert.deepEqual(verdicts(ends.give(whole(ends, ends.out.log.items, 3))), ['3 apply', '4 apply'])
  })

  test(`${lane}: more than was granted is refused, in entries and in bytes`, () => {
    const ends = new TwoEnds(lane)
    const items = Array.from({ length: 9 }, (_, index) => entryOf(ends, index + 1))
    assert.deepEqual(reasons(ends.give(whole(ends, items)), ends), ['1 credit-exceeded'])
    const large = entryOf(ends, 1, { payload: Buffer.from(JSON.stringify('x'.repeat(20_000))) })
    assert.deepEqual(reasons(ends.give(whole(ends, [large])), ends), ['1 credit-exceeded'])
    assert.equal(ends.in.state.range.size, 0)
    const granted = ends.give(whole(ends, items.slice(0, 8)))
    assert.equal(granted.state.entries_to, 16)
    assert.equal(held(ends.give(whole(ends, items))), 9)
  })

  test(`${lane}: a key is good up to the size at which it ended`, () => {
    const ends = new TwoEnds(lane)
    const items = [1, 2, 3].map((sequence) => entryOf(ends, sequence))
    const revocation = { edge: ends.in.state.channel.edge, from: 'xa', lane, epoch: 1, size: 2 }
    ends.give(whole(ends, items.slice(0, 1)))
    assert.equal(takenAfter(ends.in.state, revocation), null)
    ends.context = { ...ends.context, keys: [{ ...ends.a.key, revoked: [revocation] }] }
    assert.equal(held(ends.give(whole(ends, items.slice(0, 2)))), 2)
    const step = ends.give(whole(ends, items))
    assert.deepEqual([held(step), reasons(step, ends)], [2, ['1 head-invalid']])
    assert.deepEqual(takenAfter(ends.in.state, { ...revocation, size: 1 }), { from: 2, to: 2 })
  })
}

test('signed lanes: an entry by an ended or unknown key under a good head is refused by name', () => {
  const ends = new TwoEnds('control')
  const items = [entryOf(ends, 1)]
  const stranger = forged(ends, items[0]!, { key: '00000000' })
  assert.deepEqual(reasons(ends.give(whole(ends, [stranger])), ends), ['1 key-unknown'])
  const elsewhere = forged(ends, items[0]!, { epoch: 2 })
  assert.deepEqual(reasons(ends.give(whole(ends, [elsewhere])), ends), ['1 channel-wrong'])
})

test('bulk: what the head covers but nobody can read keeps its number and is never applied', () => {
  const ends = new TwoEnds('bulk')
  const items = [{ ...entryOf(ends, 1), bytes: Buffer.from('{}') }, forged(ends, entryOf(ends, 2), { sequence: 9 }), entryOf(ends, 3)]
  const step = ends.give(whole(ends, items))
  assert.deepEqual(verdicts(step), ['1 refused', '2 refused', '3 apply'])
  assert.deepEqual(reasons(step, ends), ['1 entry-malformed', '2 entry-misplaced'])
})

test('a batch from before the last greeting is not read, and a restart forgets the greeting', () => {
  const ends = new TwoEnds('case')
  ends.append(ends.draft())
  const old = ends.batch()
  ends.greet()
  const step = ends.give(old)
  assert.deepEqual([held(step), step.sends.map((message) => message.type)], [0, ['greet']])
  const good = ends.batch()
  ends.in.state = onRestart(ends.in.state)
  assert.deepEqual(ends.give(good).sends.map((message) => message.type), ['greet'])
})

test('a greeting is confirmed when the sender uses its session, so that one which came late does not silence the lane', () => {
  const ends = new TwoEnds('case')
  const session = ends.in.state.greeting!.session
  assert.equal(ends.in.state.greeting!.confirmed, false)
  assert.equal(onReady(ends.in.state, 'f'.repeat(32)).state.greeting!.confirmed, false)
  assert.equal(onReady(ends.in.state, session).state.greeting!.confirmed, true)
  ends.append(ends.draft())
  assert.equal(ends.give(ends.batch()).state.greeting!.confirmed, true)
  assert.equal(onHello(ends.in.state, '1'.repeat(32), 'a'.repeat(32), ends.context).state.greeting!.confirmed, false)
})

test('a greeting that comes twice keeps its session; another makes a new one', () => {
  const ends = new TwoEnds('case')
  const [one, two] = ['1'.repeat(32), '2'.repeat(32)]
  const first = onHello(ends.in.state, one, 'a'.repeat(32), ends.context)
  const twice = onHello(first.state, one, 'b'.repeat(32), ends.context)
  assert.deepEqual(twice.state.greeting, first.state.greeting)
  const note = twice.sends[0]?.type === 'receipt' ? twice.sends[0].note : ''
  assert.equal(readReceipt(note, ends.keys)?.answers, one)
  assert.notEqual(onHello(first.state, two, 'b'.repeat(32), ends.context).state.greeting?.session, 'a'.repeat(32))
})
