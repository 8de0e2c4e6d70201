import { isSignedLane, sameChannel } from './channel.ts'
import { checkSignature, decodeEntry, isCommitted, standsAt } from './entry.ts'
import { appended, endOf, ownRoot, tailAsk, type OutgoingContext, type OutgoingState } from './outgoing.ts'
import { readHead, type Opening, type Receipt, type Signed } from './statement.ts'
import { step, type Fork, type Step, type Write } from './step.ts'
import type { Message } from './wire.ts'

type Out = Step<OutgoingState>
type Told = Signed<Receipt>

/** How often a tail that cannot be verified, or that the peer cannot give, is asked for again. */
export const bad_tails_max = 8

/** Two statements that cannot both be true: the receiver signed a log that this node never sent. */
function freeze(state: OutgoingState, receipt: Told): Out {
  const fork: Fork = { sequence: Math.min(receipt.size, state.range.size + 1), held: state.receipt, other: receipt.note, entry: '', signature: '' }
  return step({ ...state, phase: 'frozen', fork }, { writes: [{ write: 'alarm', alarm: 'fork', fork }] })
}

/** The peer holds more than this node: it was restored from a backup, and gets its tail back from the peer. */
function fallBehind(state: OutgoingState, receipt: Told): Out {
  const { size, root, entries_to, bytes_to } = receipt
  const next: OutgoingState = { ...state, phase: 'behind', behind: { size, root }, entries_to, bytes_to }
  const alarm: Write = { write: 'alarm', alarm: 'behind', own: state.range.size, peer: size }
  return step(next, { writes: [alarm], sends: tailAsk(next) })
}

/**
 * A receipt. `own_root`: root (base64) of the own log at the size that it names, null when the own log is shorter.
 * One that answers the greeting of now tells for sure what the peer holds, even when that is less than it acknowledged.
 * One of another session is passed over: it may be from before a restore of either side.
 */
export function onReceipt(state: OutgoingState, receipt: Told, own_root: string | null): Out {
  if (!sameChannel(receipt.channel, state.channel)) return step(state)
  const isFresh = state.hello !== null && receipt.answers === state.hello
  if (!isFresh && (state.session === null || receipt.session !== state.session || state.phase === 'frozen')) return step(state)
  const met: OutgoingState = isFresh ? { ...state, hello: null, session: receipt.session, checked: true } : state
  const told = judged(state, met, receipt, own_root, isFresh)
  if (!isFresh) return told
  const ready: Message = { type: 'ready', channel: state.channel, session: receipt.session }
  return { ...told, sends: [ready, ...told.sends] }
}

function judged(state: OutgoingState, met: OutgoingState, receipt: Told, own_root: string | null, isFresh: boolean): Out {
  if (receipt.size > endOf(state)) return isFresh ? beyond(met, receipt) : unsent(met, receipt)
  if (own_root === null) throw new Error('the own root was not given')
  if (own_root !== receipt.root) return isFresh && !state.checked ? diverge(met, receipt) : freeze(met, receipt)
  return isFresh ? greeted(met, receipt) : acknowledge(met, receipt)
}

/** A closed log is not mended any more: its epoch ended at what the peer held. */
const beyond = (state: OutgoingState, receipt: Told): Out =>
  state.phase === 'closed' ? step({ ...state, acknowledged: endOf(state), next: endOf(state) + 1 }) : fallBehind(state, receipt)

/**
 * Right after a start the peer holds another history: this node was restored for the second time, to a backup of a life
 * that the first restore had ended, and the peer has the numbers of the life between. Or the peer lies; its receipt stays
 * as proof. Either way only a new epoch goes on.
 */
function diverge(state: OutgoingState, receipt: Told): Out {
  const { size, root, note } = receipt
  const alarm: Write = { write: 'alarm', alarm: 'diverged', own: state.range.size, peer: size }
  const lost: OutgoingState = { ...state, phase: state.phase === 'closed' ? 'closed' : 'lost', behind: { size, root }, receipt: note }
  return step(lost, { writes: [alarm] })
}

/**
 * A receipt for what was never sent. While the tail is on its way, or after the log was closed behind what the peer holds,
 * such receipts are true.
 */
const unsent = (state: OutgoingState, receipt: Told): Out => (state.phase === 'open' ? freeze(state, receipt) : step(state))

function greeted(state: OutgoingState, receipt: Told): Out {
  const { size, entries_to, bytes_to } = receipt
  const writes: Write[] = size < state.acknowledged ? [{ write: 'alarm', alarm: 'peer-behind', acknowledged: state.acknowledged, peer: size }] : []
  const phase = state.phase === 'closed' || state.phase === 'frozen' ? state.phase : 'open'
  return step({ ...state, phase, behind: null, acknowledged: size, receipt: receipt.note, next: size + 1, entries_to, bytes_to }, { writes })
}

function acknowledge(state: OutgoingState, receipt: Told): Out {
  const isNewer = receipt.size >= state.acknowledged
  const acknowledged = Math.max(state.acknowledged, receipt.size)
  const refused = state.refused !== null && state.refused.sequence <= acknowledged ? null : state.refused
  return step({
    ...state,
    acknowledged,
    refused,
    receipt: isNewer ? receipt.note : state.receipt,
    next: Math.max(state.next, acknowledged + 1),
    entries_to: Math.max(state.entries_to, receipt.entries_to),
    bytes_to: Math.max(state.bytes_to, receipt.bytes_to),
  })
}

/**
 * What a new epoch has to name when the peer answers the greeting with a receipt of a later epoch than this node knows
 * of (it was restored from before that epoch); null for any other receipt.
 */
export function laterEpoch(state: OutgoingState, receipt: Told): Opening['after'] | null {
  if (state.hello === null || receipt.answers !== state.hello) return null
  const { epoch } = receipt.channel
  const isSameLane = sameChannel({ ...receipt.channel, epoch: 1 }, { ...state.channel, epoch: 1 })
  return isSameLane && epoch > state.channel.epoch ? { epoch, size: receipt.size, root: receipt.root } : null
}

type Tail = Extract<Message, { type: 'tail' }>

/** Whether every entry of the tail is this node's own, at its place, with the payload that it commits to. */
function isOwn(state: OutgoingState, tail: Tail, context: OutgoingContext): boolean {
  return tail.items.every((carried, index) => {
    const read = decodeEntry(carried.bytes)
    if (!read.ok || !standsAt(read.value, state.channel, tail.from + index) || !isCommitted(carried, read.value)) return false
    return !isSignedLane(state.channel.lane) || checkSignature(carried, read.value, context.keys).ok
  })
}

/** In `bulk` the entries are unsigned: the head that this node signed in its earlier life must fit to them. */
function isSealed(grown: OutgoingState, tail: Tail, context: OutgoingContext): boolean {
  if (isSignedLane(grown.channel.lane)) return true
  const head = readHead(tail.head, context.keys)
  return head !== undefined && sameChannel(head.channel, grown.channel) && head.size === grown.range.size && head.root === ownRoot(grown)
}

function badTail(state: OutgoingState): Out {
  const bad_tails = state.bad_tails + 1
  if (bad_tails < bad_tails_max) return step({ ...state, bad_tails }, { sends: tailAsk(state) })
  const { size } = state.behind!
  return step({ ...state, bad_tails, phase: 'lost' }, { writes: [{ write: 'alarm', alarm: 'tail-lost', own: state.range.size, peer: size }] })
}

/**
 * The peer gives back entries of this node's own log. They are taken only when this node signed them; at the size of the
 * peer's receipt also the root must be that of the receipt. What never verifies ends in `lost`, and a new epoch.
 */
export function onTail(state: OutgoingState, tail: Tail, context: OutgoingContext): Out {
  if (state.phase !== 'behind' || state.behind === null || !sameChannel(tail.channel, state.channel)) return step(state)
  if (tail.from !== state.range.size + 1) return step(state)
  const { size, root } = state.behind
  if (tail.items.length === 0 || !isOwn(state, tail, context)) return badTail(state)
  const grown = appended(state, tail.items)
  const reached = grown.state.range.size
  if (reached > size || !isSealed(grown.state, tail, context)) return badTail(state)
  if (reached < size) return { ...grown, sends: tailAsk(grown.state) }
  if (ownRoot(grown.state) !== root) return badTail(state)
  return { ...grown, state: { ...grown.state, phase: 'open', behind: null, bad_tails: 0, acknowledged: size, next: size + 1 } }
}
