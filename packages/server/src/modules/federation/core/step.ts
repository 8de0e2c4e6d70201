import type { Carried, Entry } from './entry.ts'
import type { RefusalReason } from './refusal.ts'
import type { Message } from './wire.ts'

/** A complete subtree of the log that was finished: see `NodeWriter`. */
export interface NodeWrite {
  readonly level: number
  readonly index: number
  readonly hash: Uint8Array
}

/** Two signed statements of one node that cannot both be true. The entry that was held stays in the store. */
export interface Fork {
  /** First sequence at which they differ, as far as is known. */
  readonly sequence: number
  /** Signed notes (heads or receipts); empty where the signed entries alone contradict each other. */
  readonly held: string
  readonly other: string
  /** Base64 of the other entry and its signature, where there is one. */
  readonly entry: string
  readonly signature: string
}

/** What a person should see. */
export type Alarm =
  | { readonly alarm: 'fork'; readonly fork: Fork }
  | { readonly alarm: 'halted'; readonly sequence: number; readonly what: string }
  /** Own log ends before what the peer holds: this node was restored, or lost something. */
  | { readonly alarm: 'behind'; readonly own: number; readonly peer: number }
  /** The peer holds less than it acknowledged: it was restored, and gets it again. */
  | { readonly alarm: 'peer-behind'; readonly acknowledged: number; readonly peer: number }
  /** Right after a start: the peer holds another history of this node. */
  | { readonly alarm: 'diverged'; readonly own: number; readonly peer: number }
  | { readonly alarm: 'tail-lost'; readonly own: number; readonly peer: number }
  /** A new epoch begins; `from` … `to` of the one before were taken here but are not known to the sender any more. */
  | { readonly alarm: 'epoch-cut'; readonly epoch: number; readonly from: number; readonly to: number }
  | { readonly alarm: 'refused'; readonly sequence: number; readonly reason: RefusalReason; readonly times: number }

/**
 * What has to be stored. `take` with `apply` is to be applied in the same transaction; `keep` is stored as bytes (a kind
 * that is not known and not critical); `refused` keeps its number in the log and goes to quarantine.
 */
export type Write =
  | { readonly write: 'take'; readonly verdict: 'apply' | 'keep' | 'refused'; readonly reason: RefusalReason | null; readonly sequence: number
      readonly leaf: Uint8Array; readonly carried: Carried; readonly entry: Entry | null; readonly content: unknown }
  /** An entry of the own log that is new here: appended, or given back by the peer. */
  | { readonly write: 'own'; readonly sequence: number; readonly leaf: Uint8Array; readonly carried: Carried }
  | { readonly write: 'head'; readonly size: number; readonly note: string }
  | { readonly write: 'quarantine'; readonly sequence: number; readonly reason: RefusalReason; readonly bytes: Uint8Array }
  | ({ readonly write: 'alarm' } & Alarm)

/**
 * Outcome of an event. State, writes and nodes belong into one transaction; only when that is committed may the messages
 * be sent: a receipt is a promise.
 */
export interface Step<State> {
  readonly state: State
  readonly writes: readonly Write[]
  readonly nodes: readonly NodeWrite[]
  readonly sends: readonly Message[]
}

export const step = <State>(state: State, rest: Partial<Omit<Step<State>, 'state'>> = {}): Step<State> => ({
  state,
  writes: rest.writes ?? [],
  nodes: rest.nodes ?? [],
  sends: rest.sends ?? [],
})
