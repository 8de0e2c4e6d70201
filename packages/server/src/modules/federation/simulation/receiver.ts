import { isSignedLane } from '../core/channel.ts'
import { admitEpoch } from '../core/epoch.ts'
import { onBatch } from '../core/incoming-batch.ts'
import { onHello, onReady, onRestart, onResume, withReceipt, type IncomingContext, type IncomingState } from '../core/incoming.ts'
import { readOpening } from '../core/statement.ts'
import type { Step } from '../core/step.ts'
import type { Message } from '../core/wire.ts'
import { KeptLog, type Incoming } from './disk.ts'
import { laneKey, nothing, window, type Bench, type Planned } from './parts.ts'

const tail_entries_max = 5

/** The receiving ends of one node's lanes, and what they store. */
export class Receiver {
  readonly #bench: Bench

  constructor(bench: Bench) {
    this.#bench = bench
  }

  #context(): IncomingContext {
    const { signer, keys, upgraded } = this.#bench
    return { signer, keys, window, knows: (kind, version) => kind === 'sample' && (version === 1 || upgraded) }
  }

  #stored(end: Incoming, step: Step<IncomingState>): Planned {
    const bench = this.#bench
    return {
      sends: step.sends,
      commit: () => {
        end.state = step.state
        end.log.write(step.writes, step.nodes)
        for (const entry of step.writes) if (entry.write === 'alarm') bench.watch.alarm(bench.name, end.state.channel.lane, entry)
      },
    }
  }

  onMessage(message: Message): Planned {
    const epochs = this.#bench.disk.incoming.get(laneKey(message.channel.from, message.channel.lane))
    const current = epochs?.at(-1)
    if (!epochs || !current) return nothing
    const { epoch } = message.channel
    const own = current.state.channel.epoch
    if (message.type === 'hello') {
      if (epoch > own) return this.#newEpoch(epochs, current, message)
      if (epoch < own) return this.#tellEpoch(current, message.nonce)
      return this.#stored(current, onHello(current.state, message.nonce, this.#bench.random.nonce(), this.#context()))
    }
    // Of an epoch that this node does not know (any more): the greeting brings its opening.
    if (message.type === 'batch' && epoch > own) return { commit: () => {}, sends: [{ type: 'greet', channel: message.channel }] }
    if (message.type === 'batch' && epoch === own) return this.#batch(current, message)
    if (message.type === 'ready' && epoch === own) return this.#stored(current, onReady(current.state, message.session))
    if (message.type === 'tail-ask') return this.#tail(epochs.find((end) => end.state.channel.epoch === epoch), message.from)
    return nothing
  }

  /** The sender does not know the present epoch: the answer to its greeting names it. */
  #tellEpoch(current: Incoming, nonce: string): Planned {
    const answer = withReceipt(current.state, this.#context(), nonce)
    return this.#stored(current, { state: answer.state, writes: [], nodes: [], sends: [answer.receipt] })
  }

  #newEpoch(epochs: Incoming[], current: Incoming, { channel, nonce, opening: note }: Extract<Message, { type: 'hello' }>): Planned {
    const opening = readOpening(note, this.#bench.keys)
    if (!opening || opening.channel.epoch !== channel.epoch) return nothing
    const admitted = admitEpoch(current.state, opening, current.log.root(opening.after.size))
    if (admitted.verdict === 'stale') return this.#tellEpoch(current, nonce)
    if (admitted.verdict === 'behind') return { commit: () => {}, sends: [{ type: 'greet', channel: current.state.channel }] }
    if (admitted.verdict !== 'opened') return nothing
    const next: Incoming = { state: admitted.opened, log: new KeptLog() }
    const greeted = this.#stored(next, onHello(next.state, nonce, this.#bench.random.nonce(), this.#context()))
    return {
      sends: greeted.sends,
      commit: () => {
        current.state = admitted.closed
        epochs.push(next)
        greeted.commit()
      },
    }
  }

  #batch(end: Incoming, message: Extract<Message, { type: 'batch' }>): Planned {
    const { size } = end.state.range
    const isOverlap = message.from >= 1 && message.from <= size
    const overlap = isOverlap
      ? { base: end.log.range(message.from - 1), leaves: end.log.leaves.slice(message.from - 1, message.from - 1 + message.items.length) }
      : null
    return this.#stored(end, onBatch(end.state, message, overlap, this.#context()))
  }

  /** Gives a sender back what it sent: in `bulk` up to a head that the sender signed. */
  #tail(end: Incoming | undefined, from: number): Planned {
    if (end === undefined || from < 1 || from > end.log.items.length) return nothing
    const { channel } = end.state
    const heads = [...end.log.heads.keys()].filter((size) => size >= from).sort((a, b) => a - b)
    const to = isSignedLane(channel.lane) ? Math.min(end.log.items.length, from + tail_entries_max - 1) : heads[0]
    const items = to === undefined ? [] : end.log.items.slice(from - 1, to)
    return { commit: () => {}, sends: [{ type: 'tail', channel, from, head: end.log.heads.get(to ?? 0) ?? '', items }] }
  }

  #current(): Incoming[] {
    return [...this.#bench.disk.incoming.values()].flatMap((epochs) => epochs.slice(-1))
  }

  start(): void {
    for (const end of this.#current()) end.state = onRestart(end.state)
  }

  /** Lanes that nobody greeted, or perhaps only a greeting that came late, ask for it. */
  tick(): Planned {
    const sends = this.#current().filter((end) => end.state.greeting?.confirmed !== true)
    return { commit: () => {}, sends: sends.map((end): Message => ({ type: 'greet', channel: end.state.channel })) }
  }

  /** New kinds are known. */
  upgrade(): Planned[] {
    this.#bench.upgraded = true
    return this.#current().map((end) => this.#stored(end, onResume(end.state, this.#context())))
  }
}
