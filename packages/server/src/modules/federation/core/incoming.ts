import type { Channel } from './channel.ts'
import type { PinnedKey, Revocation, Signer } from './keys.ts'
import { sha256 } from './merkle.ts'
import { emptyRangeText, rangeOf, rootText, toBase64, type RangeText } from './range-text.ts'
import type { RefusalReason } from './refusal.ts'
import { writeReceipt, writeRefusal } from './statement.ts'
import { step, type Fork, type Step, type Write } from './step.ts'
import type { Message } from './wire.ts'

/** The receiving end of one lane in one epoch; plain JSON. */
export interface IncomingState {
  readonly channel: Channel
  readonly range: RangeText
  /** Cost of all entries so far: see `costOf`. */
  readonly bytes: number
  /** The last head by the sender that was verified, and its size (≤ size of the range). */
  readonly head: string
  readonly head_size: number
  /**
   * The sender's nonce of its last greeting, and ours: only batches that carry ours are read. `confirmed`: the sender used
   * ours, so the greeting was not an old one that came late. Until then the caller sends `greet` from time to time.
   */
  readonly greeting: { readonly hello: string; readonly session: string; readonly confirmed: boolean } | null
  /** `halted` by an entry that must be understood and is not; `frozen` by a fork, until a person decides. */
  readonly phase: 'open' | 'halted' | 'frozen' | 'closed'
  readonly halted: { readonly sequence: number; readonly what: string } | null
  readonly fork: Fork | null
  /** Batches in a row that did not fit to their head: damage, or a sender with another history. */
  readonly mismatches: number
  /** Credit that receipts granted. */
  readonly entries_to: number
  readonly bytes_to: number
}

/** What the receiving end may know beside its state. */
export interface IncomingContext {
  /** Signs as the receiver. */
  readonly signer: Signer
  /** The sender's pinned keys. */
  readonly keys: readonly PinnedKey[]
  readonly knows: (kind: string, kind_version: number) => boolean
  /** How much a sender may send beyond what was taken; the bytes must hold one entry of the largest size. */
  readonly window: { readonly entries_max: number; readonly bytes_max: number }
}

/** Of a batch that begins before the end of the log: what is held from its begin on. */
export interface Overlap {
  /** Compact range of the log before the batch. */
  readonly base: RangeText
  /** Leaf hashes that are held at the places of the batch. */
  readonly leaves: readonly Uint8Array[]
}

export const openIncoming = (channel: Channel): IncomingState => ({
  channel,
  range: emptyRangeText,
  bytes: 0,
  head: '',
  head_size: 0,
  greeting: null,
  phase: 'open',
  halted: null,
  fork: null,
  mismatches: 0,
  entries_to: 0,
  bytes_to: 0,
})

type In = Step<IncomingState>

/** The state after a receipt that says what is held, with new credit while the lane is open, and the message. */
export function withReceipt(state: IncomingState, context: IncomingContext, answers = '-'): { state: IncomingState; receipt: Message } {
  const { entries_max, bytes_max } = context.window
  const granted = state.phase === 'open' && state.greeting !== null
  const entries_to = granted ? Math.max(state.entries_to, state.range.size + entries_max) : state.entries_to
  const bytes_to = granted ? Math.max(state.bytes_to, state.bytes + bytes_max) : state.bytes_to
  const next = { ...state, entries_to, bytes_to }
  const { channel, range, greeting } = next
  const head = { channel, size: range.size, root: rootText(rangeOf(range)) }
  const note = writeReceipt({ ...head, entries_to, bytes_to, answers, session: greeting?.session ?? '-' }, context.signer)
  return { state: next, receipt: { type: 'receipt', channel, note } }
}

/** The signed refusal of `bytes` and what is stored of it. The state stays as it was. */
export function refusing(state: IncomingState, context: IncomingContext, sequence: number, reason: RefusalReason, bytes: Uint8Array): In {
  const digest = toBase64(sha256(bytes))
  const note = writeRefusal({ channel: state.channel, sequence, reason, digest }, context.signer)
  const writes: Write[] = [{ write: 'quarantine', sequence, reason, bytes }]
  return step(state, { writes, sends: [{ type: 'refusal', channel: state.channel, note }] })
}

/**
 * The sender greets: it was started, or lost the thread. `session` is a fresh nonce; a greeting that comes twice keeps
 * the first. Batches that a sender sent before its greeting are not read any more: a sender that was restored from a
 * backup may have begun to write another history since.
 */
export function onHello(state: IncomingState, hello: string, session: string, context: IncomingContext): In {
  const greeting = state.greeting?.hello === hello ? state.greeting : { hello, session, confirmed: false }
  const answer = withReceipt({ ...state, greeting }, context, hello)
  return step(answer.state, { sends: [answer.receipt] })
}

/** The sender heard our answer. */
export function onReady(state: IncomingState, session: string): In {
  const { greeting } = state
  return step(greeting?.session === session ? { ...state, greeting: { ...greeting, confirmed: true } } : state)
}

/** This node was started, perhaps from a backup: no batch is read before the sender greets. */
export const onRestart = (state: IncomingState): IncomingState => ({ ...state, greeting: null })

/** New kinds are known: a halted lane tries again. */
export function onResume(state: IncomingState, context: IncomingContext): In {
  if (state.phase !== 'halted') return step(state)
  const answer = withReceipt({ ...state, phase: 'open', halted: null }, context)
  const ask: Message = { type: 'ask', channel: state.channel, from: state.range.size + 1 }
  return step(answer.state, { sends: [answer.receipt, ask] })
}

/** What was taken in this lane after the size at which a key ended: a person has to look at it. */
export function takenAfter(state: IncomingState, revocation: Revocation): { from: number; to: number } | null {
  const { channel, range } = state
  const { edge, from, lane, epoch, size } = revocation
  if (edge !== channel.edge || from !== channel.from || lane !== channel.lane || epoch > channel.epoch) return null
  const start = epoch === channel.epoch ? size + 1 : 1
  return start <= range.size ? { from: start, to: range.size } : null
}
