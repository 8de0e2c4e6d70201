import { sameChannel, type Channel } from './channel.ts'
import { costOf, makeEntry, type Carried, type Draft } from './entry.ts'
import type { PinnedKey, Signer } from './keys.ts'
import { appendLeaf, leafHash } from './merkle.ts'
import { emptyRangeText, rangeOf, rangeText, rootText, type RangeText } from './range-text.ts'
import { readRefusal, writeHead, writeOpening, type Opening } from './statement.ts'
import { step, type Fork, type NodeWrite, type Step, type Write } from './step.ts'
import { batch_entries_max, type Message } from './wire.ts'
import type { RefusalReason } from './refusal.ts'

/** Of one batch, unless a single entry is larger. */
export const batch_bytes_max = 8 * 2 ** 20

/** The sending end of one lane in one epoch; plain JSON. */
export interface OutgoingState {
  readonly channel: Channel
  readonly range: RangeText
  /** Cost of all entries so far: see `costOf`. */
  readonly bytes: number
  /** The note that began this epoch; empty for the first. */
  readonly opening: string
  /** Whether the peer said, since this node was started, what it holds. Before that no number may be given away. */
  readonly checked: boolean
  /** Nonce of the greeting that is not answered yet, or null. */
  readonly hello: string | null
  /** The receiver's nonce, or null before it greeted back. */
  readonly session: string | null
  /** What the peer receipted, and its note. */
  readonly acknowledged: number
  readonly receipt: string
  /** The sequence to be sent next. */
  readonly next: number
  readonly entries_to: number
  readonly bytes_to: number
  /** `behind`: the peer holds more than this node; `lost`: and cannot give it back. A closed log only sends its rest. */
  readonly phase: 'open' | 'behind' | 'lost' | 'frozen' | 'closed'
  /** Up to where a closed log is still sent; what it has beyond gets new numbers in the next epoch. */
  readonly closed_at: number | null
  readonly behind: { readonly size: number; readonly root: string } | null
  readonly bad_tails: number
  readonly fork: Fork | null
  /** The last refusal that was not final or followed by a receipt beyond it. */
  readonly refused: { readonly sequence: number; readonly reason: RefusalReason; readonly times: number } | null
}

/** What the sending end may know beside its state. */
export interface OutgoingContext {
  /** Signs as the sender. */
  readonly signer: Signer
  /** Pinned keys of the peer and of this node, which also reads its own signatures after a restore. */
  readonly keys: readonly PinnedKey[]
}

type Out = Step<OutgoingState>

export const openOutgoing = (channel: Channel): OutgoingState => ({
  channel,
  range: emptyRangeText,
  bytes: 0,
  opening: '',
  checked: false,
  hello: null,
  session: null,
  acknowledged: 0,
  receipt: '',
  next: 1,
  entries_to: 0,
  bytes_to: 0,
  phase: 'open',
  closed_at: null,
  behind: null,
  bad_tails: 0,
  fork: null,
  refused: null,
})

/** The last sequence that the peer is to hold in the end. */
export const endOf = (state: OutgoingState): number => state.closed_at ?? state.range.size

/** Whether an entry may get a number now; if not, it waits in the caller's outbox. */
export const canAppend = (state: OutgoingState): boolean => state.phase === 'open' && state.checked

/** The log with one more entry. Throws unless `canAppend`, or when the draft breaks a bound. */
export function append(state: OutgoingState, draft: Draft, signer: Signer): Out {
  if (!canAppend(state)) throw new Error('nothing may be appended now')
  return appended(state, [makeEntry(draft, state.channel, state.range.size + 1, signer)])
}

/** The log with entries that are known to be good. */
export function appended(state: OutgoingState, items: readonly Carried[]): Out {
  const writes: Write[] = []
  const nodes: NodeWrite[] = []
  let [range, bytes] = [rangeOf(state.range), state.bytes]
  for (const carried of items) {
    const leaf = leafHash(carried.bytes)
    range = appendLeaf(range, leaf, (level, index, hash) => nodes.push({ level, index, hash }))
    bytes += costOf(carried)
    writes.push({ write: 'own', sequence: range.size, leaf, carried })
  }
  return step({ ...state, range: rangeText(range), bytes }, { writes, nodes })
}

const helloOf = (state: OutgoingState): Message[] =>
  state.hello === null ? [] : [{ type: 'hello', channel: state.channel, nonce: state.hello, opening: state.opening }]

/** The node was started, perhaps from a backup: it asks what the peer holds. `nonce`: 16 fresh bytes in hex. */
export function onStart(state: OutgoingState, nonce: string): Out {
  return onGreet({ ...state, checked: false }, nonce)
}

/** The receiver wants to be greeted (it knows no session, or another). One greeting at a time. */
export function onGreet(state: OutgoingState, nonce: string): Out {
  const greeting = { ...state, hello: nonce, session: null }
  return step(greeting, { sends: helloOf(greeting) })
}

/** The receiver is in an earlier epoch, so it was restored: this one is greeted anew, at the next retry and not before it. */
export const onForgotten = (state: OutgoingState, nonce: string): OutgoingState =>
  state.session === null ? state : { ...state, hello: nonce, session: null }

/** The receiver answers with a later epoch: this one is behind it, and needs no greeting. */
export const onPassed = (state: OutgoingState): OutgoingState => ({ ...state, hello: null })

/** Nothing came for a while: greet again, ask for the tail again, or send again what is not acknowledged. */
export function onRetry(state: OutgoingState): Out {
  if (state.session === null) return step(state, { sends: helloOf(state) })
  if (state.phase === 'behind') return step(state, { sends: tailAsk(state) })
  return step({ ...state, next: state.acknowledged + 1 })
}

export const tailAsk = (state: OutgoingState): Message[] => [{ type: 'tail-ask', channel: state.channel, from: state.range.size + 1 }]

/** The receiver misses what begins at `from`. A wrong or forged wish costs at most the credit that it granted. */
export function onAsk(state: OutgoingState, from: number): Out {
  const isPlace = from >= 1 && from <= state.range.size + 1
  return step(isPlace ? { ...state, next: from } : state)
}

/** A signed refusal. What is damaged on the way is sent again; the count shows what is refused again and again. */
export function onRefusal(state: OutgoingState, note: string, context: OutgoingContext): Out {
  const refusal = readRefusal(note, context.keys)
  if (!refusal || !sameChannel(refusal.channel, state.channel) || refusal.sequence > state.range.size) return step(state)
  const { sequence, reason } = refusal
  const times = state.refused?.sequence === sequence ? state.refused.times + 1 : 1
  // What is below a receipt stays refused and keeps its number: the peer has gone on.
  const isFinal = sequence <= state.acknowledged
  const next = isFinal ? state.next : Math.max(1, Math.min(state.next, sequence))
  return step({ ...state, next, refused: { sequence, reason, times } }, { writes: [{ write: 'alarm', alarm: 'refused', sequence, reason, times }] })
}

/**
 * How much can be sent now: the last sequence of the next batch, or null for nothing. `costs`: of the entries from
 * `state.next` on; `before`: cost of all entries before `state.next`.
 */
export function planBatch(state: OutgoingState, before: number, costs: readonly number[]): { from: number; to: number } | null {
  if (state.session === null || (state.phase !== 'open' && state.phase !== 'closed')) return null
  const { next: from, refused } = state
  // What stands before an entry that was refused goes by itself: a batch is taken as a whole or not at all.
  const wall = refused !== null && refused.sequence > from ? refused.sequence - 1 : Number.MAX_SAFE_INTEGER
  const last = Math.min(endOf(state), state.entries_to, from + batch_entries_max - 1, wall)
  let [to, total] = [from - 1, 0]
  for (const cost of costs) {
    total += cost
    if (to >= last || before + total > state.bytes_to || (to >= from && total > batch_bytes_max)) break
    to += 1
  }
  return to < from ? null : { from, to }
}

/** The batch with its signed head, and the state after it was handed over. `root`: of the own log at the last entry. */
export function sendBatch(state: OutgoingState, items: readonly Carried[], root: string, signer: Signer): Out {
  const [from, size] = [state.next, state.next + items.length - 1]
  if (items.length === 0 || size > state.range.size || state.session === null) throw new Error('this batch cannot be sent')
  const head = writeHead({ channel: state.channel, size, root }, signer)
  const message: Message = { type: 'batch', channel: state.channel, session: state.session, from, head, items }
  return step({ ...state, next: size + 1 }, { sends: [message] })
}

/**
 * A new epoch after the last that is known of the one before: what the peer holds when this node lost its own log, or
 * what a person chose. Entries of the old log that stand after that have to be appended again.
 */
export function openNext(state: OutgoingState, after: Opening['after'], nonce: string, signer: Signer): { closed: OutgoingState; opened: Out } {
  const channel = { ...state.channel, epoch: Math.max(after.epoch, state.channel.epoch) + 1 }
  const opening = writeOpening({ channel, after }, signer)
  // Nobody ever used a number of this epoch, so numbers may be given at once.
  const opened = onGreet({ ...openOutgoing(channel), opening, checked: true }, nonce)
  // Only what is surely in the log that the peer holds, too: not what a lost history may have instead.
  const isCommon = after.epoch === state.channel.epoch && state.phase !== 'lost'
  const closed_at = Math.min(state.range.size, isCommon ? after.size : state.acknowledged)
  return { closed: { ...state, phase: 'closed', closed_at }, opened }
}

/** Root of the own log as it is now. */
export const ownRoot = (state: OutgoingState): string => rootText(rangeOf(state.range))
