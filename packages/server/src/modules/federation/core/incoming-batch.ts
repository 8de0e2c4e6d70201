import { isSignedLane, sameChannel } from './channel.ts'
import { checkSignature, costOf, decodeEntry, isCommitted, standsAt, type Carried, type Entry } from './entry.ts'
import { onReady, refusing, withReceipt, type IncomingContext, type IncomingState, type Overlap } from './incoming.ts'
import { readJson } from './json-scan.ts'
import { appendLeaf, leafHash, sameBytes } from './merkle.ts'
import { rangeOf, rangeText, rootText, toBase64 } from './range-text.ts'
import { good, type Checked, type RefusalReason } from './refusal.ts'
import { readHead, type Head } from './statement.ts'
import { step, type Fork, type NodeWrite, type Step, type Write } from './step.ts'
import type { Message } from './wire.ts'

type In = Step<IncomingState>
type Batch = Extract<Message, { type: 'batch' }>

/** What becomes of one new entry. `stop`: damage on the way, or a peer that does what it must not; nothing is taken. */
type Verdict =
  | { readonly verdict: 'apply' | 'keep'; readonly entry: Entry; readonly content: unknown; readonly reason: null }
  | { readonly verdict: 'refused'; readonly entry: Entry | null; readonly content: null; readonly reason: RefusalReason }
  | { readonly verdict: 'halt'; readonly entry: Entry; readonly reason: 'kind-unknown' }
  | { readonly verdict: 'stop'; readonly reason: RefusalReason }

/** A batch that was read so far: its head, the hashes of its entries, and how it meets what is held. `fits`: its root is the head's. */
interface Weighed {
  readonly batch: Batch
  readonly head: Head
  readonly leaves: readonly Uint8Array[]
  /** How many of its entries are held already. */
  readonly known: number
  /** Index of the first of those that is another, or −1. */
  readonly differs: number
  readonly fits: boolean
}

const stop = (reason: RefusalReason): Verdict => ({ verdict: 'stop', reason })
const refuse = (reason: RefusalReason, entry: Entry | null): Verdict => ({ verdict: 'refused', entry, content: null, reason })

/** Whether the sender surely put these bytes at this place: by its signature, or in `bulk` by the head that fits. */
function isAuthentic(carried: Carried, sequence: number, state: IncomingState, context: IncomingContext): Checked<Entry> {
  const read = decodeEntry(carried.bytes)
  if (!read.ok) return read
  if (!standsAt(read.value, state.channel, sequence)) return { ok: false, reason: 'channel-wrong' }
  if (!isSignedLane(state.channel.lane)) return good(read.value)
  const signed = checkSignature(carried, { ...read.value, audience: state.channel.to }, context.keys)
  return signed.ok ? good(read.value) : signed
}

/** In `bulk` the bytes are the sender's whatever they say, since its head covers them: then the refusal is final. */
function unreadable(reason: RefusalReason, state: IncomingState): Verdict {
  if (isSignedLane(state.channel.lane) || reason === 'version-unsupported') return stop(reason)
  return refuse(reason === 'channel-wrong' ? 'entry-misplaced' : 'entry-malformed', null)
}

function judge(carried: Carried, sequence: number, state: IncomingState, context: IncomingContext): Verdict {
  const read = isAuthentic(carried, sequence, state, context)
  if (!read.ok) return unreadable(read.reason, state)
  const entry = read.value
  if (!isCommitted(carried, entry)) return stop('commitment-mismatch')
  if (entry.audience !== state.channel.to) return refuse('audience-wrong', entry)
  if (!context.knows(entry.kind, entry.kind_version)) {
    return entry.critical ? { verdict: 'halt', entry, reason: 'kind-unknown' } : { verdict: 'keep', entry, content: null, reason: null }
  }
  const content = readJson(carried.payload)
  return content === undefined ? refuse('payload-malformed', entry) : { verdict: 'apply', entry, content, reason: null }
}

/** Base, hashes and comparison with what is held. The caller of `onBatch` owes `overlap` when the batch begins before the end. */
function weigh(batch: Batch, head: Head, overlap: Overlap | null, state: IncomingState): Weighed {
  const leaves = batch.items.map((item) => leafHash(item.bytes))
  const known = Math.max(0, Math.min(leaves.length, state.range.size - batch.from + 1))
  if (known > 0 && (overlap?.base.size !== batch.from - 1 || overlap.leaves.length < known)) {
    throw new Error('the held part of a batch was not given')
  }
  const base = rangeOf(known > 0 ? overlap!.base : state.range)
  const differs = leaves.findIndex((leaf, index) => index < known && !sameBytes(leaf, overlap!.leaves[index]!))
  const grown = leaves.reduce((range, leaf) => appendLeaf(range, leaf), base)
  return { batch, head, leaves, known, differs, fits: rootText(grown) === head.root }
}

/** Both statements stay; nothing of the lane is read until a person decides. */
function freeze(state: IncomingState, { batch, differs }: Weighed, context: IncomingContext): In {
  const item = differs < 0 ? undefined : batch.items[differs]
  const fork: Fork = {
    sequence: differs < 0 ? batch.from : batch.from + differs,
    held: state.head,
    other: batch.head,
    entry: item ? toBase64(item.bytes) : '',
    signature: item ? toBase64(item.signature) : '',
  }
  const frozen: IncomingState = { ...state, phase: 'frozen', fork }
  const refusal = refusing(frozen, context, fork.sequence, 'lane-frozen', item?.bytes ?? Buffer.from(batch.head))
  return { ...refusal, writes: [...refusal.writes, { write: 'alarm', alarm: 'fork', fork }] }
}

/**
 * The entries do not give the head's root: damage, or the sender's history is another one. To tell which, the next batch
 * is asked for from further back, twice as far each time, until it covers the place where the two part.
 */
function mismatch(state: IncomingState, { batch }: Weighed, context: IncomingContext): In {
  const mismatches = state.mismatches + 1
  const refusal = refusing({ ...state, mismatches }, context, batch.from, 'head-mismatch', Buffer.from(batch.head))
  const from = Math.max(1, state.range.size + 2 - 2 ** Math.min(mismatches, 50))
  return { ...refusal, sends: [...refusal.sends, { type: 'ask', channel: state.channel, from }] }
}

/** The outcome of what contradicts something that is held, or undefined. */
function contradiction(state: IncomingState, weighed: Weighed, context: IncomingContext): In | undefined {
  const { batch, differs, fits, known } = weighed
  if (isSignedLane(state.channel.lane)) {
    if (differs < 0) return undefined
    const [item, sequence] = [batch.items[differs]!, batch.from + differs]
    const authentic = isAuthentic(item, sequence, state, context)
    return authentic.ok ? freeze(state, weighed, context) : refusing(state, context, sequence, authentic.reason, item.bytes)
  }
  if (fits) return differs < 0 ? undefined : freeze(state, weighed, context)
  // The same entries as those held, and a signed head that denies them.
  if (differs < 0 && known === batch.items.length) return freeze(state, weighed, context)
  return mismatch(state, weighed, context)
}

/**
 * Takes the new entries. One with damage leaves the whole batch untaken, so that the log always ends at a head by the
 * sender; the sender then cuts its next batch before that entry. Only a halt keeps what stands before it.
 */
function take(state: IncomingState, weighed: Weighed, context: IncomingContext): In {
  const { batch, known } = weighed
  const verdicts = batch.items.slice(known).map((item, index) => judge(item, batch.from + known + index, state, context))
  const damaged = verdicts.findIndex((verdict) => verdict.verdict === 'stop')
  if (damaged >= 0) {
    const refusal = refusing(state, context, batch.from + known + damaged, verdicts[damaged]!.reason!, batch.items[known + damaged]!.bytes)
    const answer = withReceipt(refusal.state, context)
    return { ...refusal, state: answer.state, sends: [answer.receipt, ...refusal.sends] }
  }
  // Every entry is the sender's, and its head denies them.
  if (!weighed.fits) return freeze(state, weighed, context)
  const halt = verdicts.findIndex((verdict) => verdict.verdict === 'halt')
  const taken = append(state, weighed, halt < 0 ? verdicts : verdicts.slice(0, halt), context)
  return halt < 0 ? complete(taken, weighed, context) : halted(taken, verdicts[halt]!, weighed, context)
}

/** The log with the new entries that have these verdicts, and refusals of those that are not applied. */
function append(state: IncomingState, weighed: Weighed, verdicts: readonly Verdict[], context: IncomingContext): In {
  const { batch, leaves, known } = weighed
  const writes: Write[] = []
  const nodes: NodeWrite[] = []
  const sends: Message[] = []
  let [range, bytes] = [rangeOf(state.range), state.bytes]
  verdicts.forEach((verdict, at) => {
    const [carried, leaf, sequence] = [batch.items[known + at]!, leaves[known + at]!, batch.from + known + at]
    range = appendLeaf(range, leaf, (level, index, hash) => nodes.push({ level, index, hash }))
    bytes += costOf(carried)
    if (verdict.verdict === 'stop' || verdict.verdict === 'halt') throw new Error('an entry that stops is not taken')
    writes.push({ write: 'take', ...verdict, sequence, leaf, carried })
    if (verdict.reason !== null) sends.push(...refusing(state, context, sequence, verdict.reason, carried.bytes).sends)
  })
  return step({ ...state, range: rangeText(range), bytes, mismatches: 0 }, { writes, nodes, sends })
}

function complete(taken: In, { batch, head }: Weighed, context: IncomingContext): In {
  const isNewer = head.size > taken.state.head_size
  const answer = withReceipt(isNewer ? { ...taken.state, head: batch.head, head_size: head.size } : taken.state, context)
  const writes: Write[] = isNewer ? [...taken.writes, { write: 'head', size: head.size, note: batch.head }] : [...taken.writes]
  return { ...taken, state: answer.state, writes, sends: [answer.receipt, ...taken.sends] }
}

/** The lane stands still before an entry that must be understood: what follows may depend on it. */
function halted(taken: In, verdict: Verdict, { batch }: Weighed, context: IncomingContext): In {
  if (verdict.verdict !== 'halt') throw new Error('only a halt halts')
  const sequence = taken.state.range.size + 1
  const what = `${verdict.entry.kind} ${verdict.entry.kind_version}`
  const refusal = refusing({ ...taken.state, phase: 'halted', halted: { sequence, what } }, context, sequence, verdict.reason, batch.items[sequence - batch.from]!.bytes)
  const answer = withReceipt(refusal.state, context)
  return {
    state: answer.state,
    writes: [...taken.writes, { write: 'alarm', alarm: 'halted', sequence, what }],
    nodes: taken.nodes,
    sends: [answer.receipt, ...taken.sends, ...refusal.sends],
  }
}

function isBeyondCredit(state: IncomingState, batch: Batch, head: Head): boolean {
  if (head.size > state.entries_to) return true
  const news = batch.items.slice(Math.max(0, state.range.size - batch.from + 1))
  return state.bytes + news.reduce((sum, item) => sum + costOf(item), 0) > state.bytes_to
}

/**
 * A batch that the sender sent. Taken once are only entries that follow without a gap on what is held; what is held
 * already is compared by hash. `overlap` must be given when the batch begins before the end of the log.
 */
export function onBatch(state: IncomingState, batch: Batch, overlap: Overlap | null, context: IncomingContext): In {
  const { channel } = state
  if (!sameChannel(channel, batch.channel)) throw new Error('a batch was given to the end of another lane')
  if (batch.session !== state.greeting?.session) return step(state, { sends: [{ type: 'greet', channel }] })
  return read(onReady(state, batch.session).state, batch, overlap, context)
}

function read(state: IncomingState, batch: Batch, overlap: Overlap | null, context: IncomingContext): In {
  const { channel } = state
  const headBytes = Buffer.from(batch.head)
  if (state.phase === 'frozen') return refusing(state, context, batch.from, 'lane-frozen', headBytes)
  if (state.phase !== 'open') return step(state)
  const head = readHead(batch.head, context.keys)
  if (!head || !sameChannel(head.channel, channel) || batch.from < 1 || head.size !== batch.from + batch.items.length - 1) {
    return refusing(state, context, batch.from, 'head-invalid', headBytes)
  }
  if (batch.from > state.range.size + 1) return step(state, { sends: [{ type: 'ask', channel, from: state.range.size + 1 }] })
  if (isBeyondCredit(state, batch, head)) return refusing(state, context, batch.from, 'credit-exceeded', headBytes)
  const weighed = weigh(batch, head, overlap, state)
  return contradiction(state, weighed, context) ?? take(state, weighed, context)
}
