import { randomDraft } from '../simulation/drafts.ts'
import { firstChannel, identity } from '../simulation/identity.ts'
import { SeededRandom } from '../simulation/random.ts'
import { KeptLog, type Incoming, type Outgoing } from '../simulation/disk.ts'
import type { Lane } from './channel.ts'
import type { Carried, Draft } from './entry.ts'
import { onBatch } from './incoming-batch.ts'
import { onHello, openIncoming, type IncomingContext, type IncomingState } from './incoming.ts'
import { append, onStart, openOutgoing, planBatch, sendBatch, type OutgoingContext } from './outgoing.ts'
import { onReceipt } from './outgoing-receipt.ts'
import { readReceipt, writeHead } from './statement.ts'
import type { Step } from './step.ts'
import type { Message } from './wire.ts'

export type Batch = Extract<Message, { type: 'batch' }>

/** Two ends of one lane in one process, with nothing between them: tests carry the messages. */
export class TwoEnds {
  readonly a = identity(0)
  readonly b = identity(1)
  readonly stranger = identity(2)
  readonly random = new SeededRandom(5)
  readonly keys = [this.a.key, this.b.key]
  outContext: OutgoingContext = { signer: this.a.signer, keys: this.keys }
  context: IncomingContext = {
    signer: this.b.signer, keys: this.keys, window: { entries_max: 8, bytes_max: 20_000 }, knows: (kind, version) => kind === 'sample' && version === 1,
  }
  readonly out: Outgoing
  readonly in: Incoming

  constructor(lane: Lane) {
    const channel = firstChannel('xa', 'xb', lane)
    this.out = { state: openOutgoing(channel), log: new KeptLog() }
    this.in = { state: openIncoming(channel), log: new KeptLog() }
    this.greet()
  }

  draft(change: Partial<Draft> = {}): Draft {
    return { ...randomDraft(this.random, 0, 1), kind: 'sample', critical: true, payload: Buffer.from('{"a":1}'), ...change }
  }

  /** A start of the sender, and what the receiver answers. */
  greet(): void {
    const started = onStart(this.out.state, this.random.nonce())
    this.out.state = started.state
    const hello = started.sends[0]
    if (hello?.type !== 'hello') throw new Error('no hello')
    const answer = onHello(this.in.state, hello.nonce, this.random.nonce(), this.context)
    this.in.state = answer.state
    this.hear(answer.sends)
  }

  /** The sender hears the receipts among the messages. */
  hear(messages: readonly Message[]): void {
    for (const message of messages) {
      const receipt = message.type === 'receipt' ? readReceipt(message.note, this.keys) : undefined
      if (!receipt) continue
      const step = onReceipt(this.out.state, receipt, this.out.log.root(receipt.size))
      this.out.state = step.state
    }
  }

  append(...drafts: Draft[]): void {
    for (const draft of drafts) {
      const step = append(this.out.state, draft, this.a.signer)
      this.out.state = step.state
      this.out.log.write(step.writes, step.nodes)
    }
  }

  /** The batch that the sender would send now. */
  batch(): Batch {
    const { state, log } = this.out
    const costs = log.costs.slice(state.next).map((cost, index) => cost - log.costs[state.next - 1 + index]!)
    const plan = planBatch(state, log.costs[state.next - 1]!, costs)
    if (!plan) throw new Error('nothing can be sent')
    const step = sendBatch(state, log.items.slice(plan.from - 1, plan.to), log.root(plan.to)!, this.a.signer)
    this.out.state = step.state
    return step.sends[0] as Batch
  }

  /** A batch with these items at this place, under a head for the given root. */
  batchOf(from: number, items: readonly Carried[], root: string): Batch {
    const { channel } = this.in.state
    const head = writeHead({ channel, size: from + items.length - 1, root }, this.a.signer)
    return { type: 'batch', channel, session: this.in.state.greeting!.session, from, head, items }
  }

  /** What the receiver makes of it; the outcome is stored. */
  give(batch: Batch): Step<IncomingState> {
    const { state, log } = this.in
    const isOverlap = batch.from >= 1 && batch.from <= state.range.size
    const leaves = log.leaves.slice(batch.from - 1, batch.from - 1 + batch.items.length)
    const step = onBatch(state, batch, isOverlap ? { base: log.range(batch.from - 1), leaves } : null, this.context)
    this.in.state = JSON.parse(JSON.stringify(step.state)) as IncomingState
    log.write(step.writes, step.nodes)
    return step
  }
}
