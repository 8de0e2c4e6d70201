import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeptLog } from '../simulation/disk.ts'
import { lanes } from './channel.ts'
import { TwoEnds } from './ends.fixture.ts'
import { admitEpoch } from './epoch.ts'
import { append, canAppend, onAsk, onForgotten, onPassed, onRefusal, onRetry, onStart, openNext, planBatch, type OutgoingState } from './outgoing.ts'
import { bad_tails_max, laterEpoch, onReceipt, onTail } from './outgoing-receipt.ts'
import { readOpening, readReceipt, writeReceipt, writeRefusal, type Receipt, type Signed } from './statement.ts'
import type { Message } from './wire.ts'

type Tail = Extract<Message, { type: 'tail' }>

/** A receipt by the receiver for what its log has, with changes. */
function receiptOf(ends: TwoEnds, change: Partial<Receipt> = {}): Signed<Receipt> {
  const { channel, range, greeting } = ends.in.state
  const session = greeting?.session ?? '-'
  const said = { channel, size: range.size, root: ends.in.log.root(range.size)!, entries_to: 8, bytes_to: 20_000, answers: '-', session, ...change }
  return readReceipt(writeReceipt(said, ends.b.signer), ends.keys)!
}

const rootFor = (ends: TwoEnds, receipt: Receipt): string | null => ends.out.log.root(receipt.size)

/** The sender as it was at its first entry, restored and started, when the receiver holds three. */
function restored(lane: 'control' | 'case' | 'bulk'): { ends: TwoEnds; tail: (from: number) => Tail } {
  const ends = new TwoEnds(lane)
  ends.append(ends.draft())
  const backup = { state: JSON.parse(JSON.stringify(ends.out.state)) as OutgoingState, log: ends.out.log.copy() }
  ends.append(ends.draft(), ends.draft())
  ends.hear(ends.give(ends.batch()).sends)
  assert.equal(ends.out.state.acknowledged, 3)
  Object.assign(ends.out, backup)
  ends.greet()
  const { channel, head } = ends.in.state
  return { ends, tail: (from) => ({ type: 'tail', channel, from, head, items: ends.in.log.items.slice(from - 1) }) }
}

test('nothing gets a number before the peer said, since the start, what it holds', () => {
  const ends = new TwoEnds('control')
  assert.ok(canAppend(ends.out.state))
  const started = onStart(ends.out.state, '1'.repeat(32))
  assert.ok(!canAppend(started.state))
  assert.throws(() => append(started.state, ends.draft(), ends.a.signer))
  // A receipt that answers an earlier greeting, or none, does not count.
  for (const answers of ['-', '2'.repeat(32)]) {
    const receipt = receiptOf(ends, { answers })
    assert.ok(!canAppend(onReceipt(started.state, receipt, rootFor(ends, receipt)).state))
  }
  const fresh = receiptOf(ends, { answers: '1'.repeat(32) })
  assert.ok(canAppend(onReceipt(started.state, fresh, rootFor(ends, fresh)).state))
})

test('batches keep to the credit in entries and bytes, and what was not receipted is sent again', () => {
  const ends = new TwoEnds('bulk')
  ends.append(...Array.from({ length: 12 }, () => ends.draft()))
  const { state, log } = ends.out
  const costs = log.costs.slice(1).map((cost, index) => cost - log.costs[index]!)
  assert.deepEqual(planBatch(state, 0, costs), { from: 1, to: 8 })
  assert.deepEqual(planBatch({ ...state, bytes_to: log.costs[3]! }, 0, costs), { from: 1, to: 3 })
  assert.equal(planBatch({ ...state, bytes_to: log.costs[1]! - 1 }, 0, costs), null)
  assert.equal(planBatch({ ...state, session: null }, 0, costs), null)
  assert.deepEqual(planBatch({ ...state, refused: { sequence: 4, reason: 'commitment-mismatch', times: 1 } }, 0, costs), { from: 1, to: 3 })
  ends.batch()
  assert.equal(ends.out.state.next, 9)
  assert.equal(onRetry(ends.out.state).state.next, 1)
  assert.equal(onAsk(ends.out.state, 5).state.next, 5)
  for (const from of [0, 14, 2 ** 52]) assert.equal(onAsk(ends.out.state, from).state.next, 9)
})

test('receipts only move forward within a session, and one of another session says nothing', () => {
  const ends = new TwoEnds('case')
  ends.append(ends.draft(), ends.draft())
  const early = receiptOf(ends)
  const late = ends.give(ends.batch()).sends
  ends.hear(late)
  assert.deepEqual([ends.out.state.acknowledged, ends.out.state.entries_to], [2, 10])
  const back = onReceipt(ends.out.state, early, rootFor(ends, early))
  assert.deepEqual([back.state.acknowledged, back.state.entries_to], [2, 10])
  const foreign = receiptOf(ends, { size: 9, root: early.root, session: 'f'.repeat(32) })
  assert.deepEqual(onReceipt(ends.out.state, foreign, null).state, ends.out.state)
})

test('a receipt for what was never sent is a fork: beyond the own log, or with another root', () => {
  const ends = new TwoEnds('case')
  ends.append(ends.draft(), ends.draft())
  ends.hear(ends.give(ends.batch()).sends)
  for (const lie of [receiptOf(ends, { size: 3 }), receiptOf(ends, { size: 1, root: Buffer.alloc(32, 1).toString('base64') })]) {
    const step = onReceipt(ends.out.state, lie, rootFor(ends, lie))
    assert.equal(step.state.phase, 'frozen')
    assert.deepEqual([step.state.fork?.held, step.state.fork?.other], [ends.out.state.receipt, lie.note])
    assert.ok(!canAppend(step.state))
    assert.equal(planBatch(step.state, 0, [1]), null)
  }
  assert.equal(readReceipt(writeReceipt(receiptOf(ends), ends.a.signer), ends.keys), undefined)
})

test('a peer that was restored gets again what it lost', () => {
  const ends = new TwoEnds('control')
  ends.append(ends.draft())
  ends.hear(ends.give(ends.batch()).sends)
  Object.assign(ends.in, { state: { ...new TwoEnds('control').in.state, greeting: null }, log: new KeptLog() })
  ends.greet()
  assert.deepEqual([ends.out.state.acknowledged, ends.out.state.next], [0, 1])
  assert.equal(ends.give(ends.batch()).state.range.size, 1)
})

test('refusals are counted, send the place again when it may be damage, and are believed only when signed', () => {
  const ends = new TwoEnds('case')
  ends.append(ends.draft(), ends.draft(), ends.draft())
  ends.batch()
  const refusal = { channel: ends.in.state.channel, sequence: 2, reason: 'commitment-mismatch' as const, digest: Buffer.alloc(32).toString('base64') }
  const note = writeRefusal(refusal, ends.b.signer)
  const once = onRefusal(ends.out.state, note, ends.outContext)
  const twice = onRefusal(once.state, note, ends.outContext)
  assert.deepEqual([twice.state.next, twice.state.refused], [2, { sequence: 2, reason: 'commitment-mismatch', times: 2 }])
  assert.deepEqual(onRefusal(ends.out.state, writeRefusal(refusal, ends.a.signer), ends.outContext).state, ends.out.state)
  // A true refusal, but of another lane.
  const elsewhere = writeRefusal({ ...refusal, channel: { ...refusal.channel, lane: 'bulk' } }, ends.b.signer)
  assert.deepEqual(onRefusal(ends.out.state, elsewhere, ends.outContext).state, ends.out.state)
  assert.equal(onRefusal({ ...ends.out.state, acknowledged: 3 }, note, ends.outContext).state.next, 4)
})

for (const lane of lanes) {
  test(`${lane}: a restored sender gets its tail back from the peer and goes on with its log`, () => {
    const { ends, tail } = restored(lane)
    assert.deepEqual([ends.out.state.phase, canAppend(ends.out.state)], ['behind', false])
    const step = onTail(ends.out.state, tail(2), ends.outContext)
    ends.out.state = step.state
    ends.out.log.write(step.writes, step.nodes)
    assert.deepEqual([step.state.phase, step.state.range.size, step.state.acknowledged], ['open', 3, 3])
    ends.append(ends.draft())
    assert.equal(ends.give(ends.batch()).state.range.size, 4)
  })

  test(`${lane}: a tail that this node did not sign is never taken, and ends in a new epoch`, () => {
    const { ends, tail } = restored(lane)
    const good = tail(2)
    const text = Buffer.from(good.items[0]!.bytes).toString()
    const forged = { ...good.items[0]!, bytes: Buffer.from(text.replace('green', 'clear')) }
    const unpaid = { ...good.items[0]!, payload: Buffer.from('{}') }
    for (const first of [forged, unpaid]) {
      const step = onTail(ends.out.state, { ...good, items: [first, good.items[1]!] }, ends.outContext)
      assert.deepEqual([step.writes, step.state.range.size, step.state.bad_tails], [[], 1, 1])
    }
    let state = ends.out.state
    for (let tries = 0; tries < bad_tails_max; tries++) state = onTail(state, { ...good, items: [forged] }, ends.outContext).state
    assert.equal(state.phase, 'lost')
    // All signed by this node, but not the log that the peer's receipt names.
    const elsewhere = { ...ends.out.state, behind: { size: 3, root: Buffer.alloc(32, 1).toString('base64') } }
    assert.deepEqual([onTail(elsewhere, good, ends.outContext).writes, onTail(elsewhere, good, ends.outContext).state.bad_tails], [[], 1])
    assert.equal(onTail(ends.out.state, { ...good, head: '', items: [] }, ends.outContext).state.bad_tails, 1)
  })
}

test('a new epoch names the last head that is known, and is admitted by who holds just that', () => {
  const { ends } = restored('control')
  const behind = ends.out.state.behind!
  const { closed, opened } = openNext(ends.out.state, { epoch: 1, ...behind }, '3'.repeat(32), ends.a.signer)
  assert.deepEqual([closed.phase, opened.state.channel.epoch, canAppend(opened.state)], ['closed', 2, true])
  const opening = readOpening(opened.state.opening, ends.keys)!
  const admit = (change = {}, root = ends.in.log.root(3), by_person = false) => admitEpoch({ ...ends.in.state, ...change }, opening, root, by_person)
  const admitted = admit()
  assert.ok(admitted.verdict === 'opened' && admitted.cut === null && admitted.closed.phase === 'closed')
  assert.deepEqual([admitted.opened.channel.epoch, admitted.opened.range.size], [2, 0])
  assert.equal(admit({ range: ends.in.log.range(2) }, null).verdict, 'behind')
  assert.equal(admit({}, Buffer.alloc(32).toString('base64')).verdict, 'waiting')
  assert.equal(admit({ phase: 'frozen' }).verdict, 'waiting')
  assert.equal(admit({ phase: 'frozen' }, null, true).verdict, 'opened')
  assert.equal(admit({ channel: opening.channel }).verdict, 'stale')
  const short = openNext(ends.out.state, { epoch: 1, size: 1, root: ends.in.log.root(1)! }, '3'.repeat(32), ends.a.signer).opened.state
  const cut = admitEpoch(ends.in.state, readOpening(short.opening, ends.keys)!, ends.in.log.root(1))
  assert.deepEqual(cut.verdict === 'opened' && cut.cut, { from: 2, to: 3 })
})

test('an answer to the greeting is confirmed, and an epoch that the receiver forgot is greeted at the next retry', () => {
  const ends = new TwoEnds('case')
  const { channel } = ends.out.state
  const started = onStart(ends.out.state, '1'.repeat(32)).state
  const answer = receiptOf(ends, { answers: '1'.repeat(32) })
  const met = onReceipt(started, answer, rootFor(ends, answer))
  assert.deepEqual(met.sends, [{ type: 'ready', channel, session: answer.session }])
  assert.deepEqual(onReceipt(met.state, answer, rootFor(ends, answer)).sends, [])
  const forgotten = onForgotten(met.state, '2'.repeat(32))
  assert.deepEqual([forgotten.session, forgotten.hello], [null, '2'.repeat(32)])
  assert.deepEqual(onRetry(forgotten).sends.map((message) => message.type), ['hello'])
  // Asked again while it is on its way, it keeps its nonce: the answer to it still counts.
  assert.equal(onForgotten(forgotten, '3'.repeat(32)), forgotten)
  assert.deepEqual(onRetry({ ...onPassed(forgotten), phase: 'closed' }).sends, [])
})

test('a closed log is sent up to what the opening names, and accuses nobody who holds more', () => {
  const ends = new TwoEnds('case')
  ends.append(...Array.from({ length: 4 }, () => ends.draft()))
  const after = { epoch: 1, size: 3, root: ends.out.log.root(3)! }
  const { closed } = openNext(ends.out.state, after, '3'.repeat(32), ends.a.signer)
  assert.deepEqual(planBatch(closed, 0, [1, 1, 1, 1]), { from: 1, to: 3 })
  assert.ok(!canAppend(closed))
  const lost = openNext({ ...ends.out.state, phase: 'lost', acknowledged: 1 }, after, '3'.repeat(32), ends.a.signer).closed
  assert.equal(lost.closed_at, 1)
  const receipt = receiptOf(ends, { size: 4, root: Buffer.alloc(32, 1).toString('base64') })
  const told = onReceipt(closed, receipt, rootFor(ends, receipt)).state
  assert.deepEqual([told.phase, told.fork], ['closed', null])
})

test('a sender from before an epoch learns of it from the answer to its greeting, and of nothing else', () => {
  const ends = new TwoEnds('control')
  const started = onStart(ends.out.state, '4'.repeat(32)).state
  const channel = { ...ends.in.state.channel, epoch: 3 }
  const later = receiptOf(ends, { channel, answers: '4'.repeat(32) })
  assert.deepEqual(laterEpoch(started, later), { epoch: 3, size: 0, root: later.root })
  assert.equal(laterEpoch(started, receiptOf(ends, { channel })), null)
  assert.equal(laterEpoch(started, receiptOf(ends, { channel: { ...channel, lane: 'bulk' }, answers: '4'.repeat(32) })), null)
  assert.equal(openNext(started, laterEpoch(started, later)!, '5'.repeat(32), ends.a.signer).opened.state.channel.epoch, 4)
})

test('who is restored for the second time, to a life that the first restore ended, does not call the peer a liar', () => {
  const ends = new TwoEnds('case')
  ends.append(ends.draft(), ends.draft())
  const abandoned = { state: ends.out.state, log: ends.out.log.copy() }
  Object.assign(ends.out, { state: new TwoEnds('case').out.state, log: new KeptLog() })
  ends.greet()
  ends.append(ends.draft(), ends.draft())
  ends.give(ends.batch())
  Object.assign(ends.out, abandoned)
  ends.greet()
  assert.deepEqual([ends.out.state.phase, ends.out.state.fork], ['lost', null])
})
