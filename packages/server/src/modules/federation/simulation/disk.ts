import type { Carried, Draft } from '../core/entry.ts'
import { costOf } from '../core/entry.ts'
import type { IncomingState } from '../core/incoming.ts'
import type { NodeReader } from '../core/merkle.ts'
import { rangeAt, rootAt } from '../core/merkle.ts'
import type { OutgoingState } from '../core/outgoing.ts'
import { rangeText, toBase64, type RangeText } from '../core/range-text.ts'
import type { NodeWrite, Write } from '../core/step.ts'

/** One log as a node keeps it: entries, their hashes and the finished subtrees. */
export class KeptLog {
  readonly items: Carried[] = []
  readonly leaves: Uint8Array[] = []
  /** Cost of the first n entries at n. */
  readonly costs: number[] = [0]
  readonly nodes: Uint8Array[][] = []
  /** Notes of heads by size (receiver). */
  readonly heads = new Map<number, string>()
  /** Sequences in the order in which their effects were applied (receiver). */
  readonly applied: number[] = []

  readonly read: NodeReader = (level, index) => {
    const hash = this.nodes[level]?.[index]
    if (hash === undefined) throw new Error(`no node ${level} ${index}`)
    return hash
  }

  root(size: number): string | null {
    return size <= this.leaves.length ? toBase64(rootAt(this.read, size)) : null
  }

  range(size: number): RangeText {
    return rangeText(rangeAt(this.read, size))
  }

  write(writes: readonly Write[], nodes: readonly NodeWrite[]): void {
    for (const entry of writes) {
      if (entry.write === 'head') this.heads.set(entry.size, entry.note)
      if (entry.write !== 'take' && entry.write !== 'own') continue
      // At its number, whatever that is: what a database would do, and what the check looks at.
      this.items[entry.sequence - 1] = entry.carried
      this.leaves[entry.sequence - 1] = entry.leaf
      this.costs[entry.sequence] = this.costs[entry.sequence - 1]! + costOf(entry.carried)
      if (entry.write === 'take' && entry.verdict === 'apply') this.applied.push(entry.sequence)
    }
    for (const { level, index, hash } of nodes) (this.nodes[level] ??= [])[index] = hash
  }

  copy(): KeptLog {
    const copy = new KeptLog()
    copy.items.push(...this.items)
    copy.leaves.push(...this.leaves)
    copy.costs.splice(0, 1, ...this.costs)
    copy.nodes.push(...this.nodes.map((level) => [...level]))
    for (const [size, note] of this.heads) copy.heads.set(size, note)
    copy.applied.push(...this.applied)
    return copy
  }
}

export interface Outgoing {
  state: OutgoingState
  readonly log: KeptLog
}

export interface Incoming {
  state: IncomingState
  readonly log: KeptLog
}

const plain = <T>(state: T): T => JSON.parse(JSON.stringify(state)) as T

/** All that survives a crash: per peer and lane the epochs of both directions, the oldest first, and what waits for a number. */
export class Disk {
  readonly outgoing = new Map<string, Outgoing[]>()
  readonly incoming = new Map<string, Incoming[]>()
  readonly outbox = new Map<string, Draft[]>()

  /** A backup: states pass through JSON, as they would through a database. */
  copy(): Disk {
    const copy = new Disk()
    for (const [key, epochs] of this.outgoing) copy.outgoing.set(key, epochs.map(({ state, log }) => ({ state: plain(state), log: log.copy() })))
    for (const [key, epochs] of this.incoming) copy.incoming.set(key, epochs.map(({ state, log }) => ({ state: plain(state), log: log.copy() })))
    for (const [key, drafts] of this.outbox) copy.outbox.set(key, [...drafts])
    return copy
  }
}
