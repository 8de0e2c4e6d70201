import { randomDraft } from './drafts.ts'
import { append, onAsk, openOutgoing, sendBatch, appended, type OutgoingState } from '../core/outgoing.ts'
import { readReceipt } from '../core/statement.ts'
import type { Message } from '../core/wire.ts'
import { KeptLog, type Outgoing } from './disk.ts'
import type { SimulatedNode } from './node.ts'

interface Lie {
  readonly end: Outgoing
  /** How many entries the two histories have in common. */
  readonly common: number
  readonly state: OutgoingState
  readonly log: KeptLog
}

/** A dishonest sender: from some entry on it tells its peer another history, properly signed. */
export class Liar {
  readonly #node: SimulatedNode
  #lie: Lie | undefined

  constructor(node: SimulatedNode) {
    this.#node = node
  }

  /** Begins to tell another history from entry `common` + 1 on; it is longer than the true one. */
  begin(end: Outgoing, common: number): void {
    const log = new KeptLog()
    const { signer, random } = this.#node
    const start = { ...openOutgoing(end.state.channel), checked: true }
    let step = appended(start, end.log.items.slice(0, common))
    log.write(step.writes, step.nodes)
    for (const longer = end.state.range.size + 3; step.state.range.size < longer; ) {
      step = append(step.state, randomDraft(random, 0, 1), signer)
      log.write(step.writes, step.nodes)
    }
    const { session, entries_to, bytes_to, acknowledged } = end.state
    const next = random.chance(0.5) ? common + 1 : acknowledged + 1
    this.#lie = { end, common, log, state: { ...step.state, session, entries_to, bytes_to, acknowledged, next } }
  }

  holds(end: Outgoing): boolean {
    return this.#lie?.end === end
  }

  /** Whether a message is about the lane of the lie, and was answered with it. */
  takes(message: Message): boolean {
    const lie = this.#lie
    const { channel } = message
    if (!lie || lie.state.channel.to !== channel.to || lie.state.channel.lane !== channel.lane) return false
    if (message.type === 'receipt') this.#hear(lie, message.note)
    if (message.type === 'ask') this.#tell({ ...lie, state: onAsk(lie.state, message.from).state })
    if (message.type === 'greet') this.#greet(lie)
    return true
  }

  tick(): void {
    const lie = this.#lie
    if (!lie) return
    if (lie.state.session === null) return this.#greet(lie)
    // A number that the peer holds already, or the next: sooner or later the two histories meet.
    const next = this.#node.random.chance(0.5) ? lie.common + 1 : lie.state.acknowledged + 1
    this.#tell({ ...lie, state: { ...lie.state, next } })
  }

  #greet(lie: Lie): void {
    const nonce = this.#node.random.nonce()
    this.#lie = { ...lie, state: { ...lie.state, hello: nonce, session: null } }
    this.#node.lie({ commit: () => {}, sends: [{ type: 'hello', channel: lie.state.channel, nonce, opening: lie.state.opening }] })
  }

  /** The root is not compared: the liar knows why it differs. */
  #hear(lie: Lie, note: string): void {
    const receipt = readReceipt(note, this.#node.keys)
    if (!receipt || receipt.session === '-') return
    const { session, entries_to, bytes_to, size } = receipt
    this.#lie = { ...lie, state: { ...lie.state, hello: null, session, entries_to, bytes_to, acknowledged: size } }
  }

  #tell(lie: Lie): void {
    const { state, log } = lie
    const to = Math.min(state.range.size, state.entries_to, state.next + 2)
    if (state.session === null || to < state.next) return
    const told = sendBatch(state, log.items.slice(state.next - 1, to), log.root(to)!, this.#node.signer)
    this.#lie = { ...lie, state: told.state }
    this.#node.lie({ commit: () => {}, sends: told.sends })
  }
}
