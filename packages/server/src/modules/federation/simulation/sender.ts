import { decodeEntry, type Carried, type Draft } from '../core/entry.ts'
import {
  append, canAppend, endOf, onAsk, onForgotten, onGreet, onPassed, onRefusal, onRetry, onStart, openNext, planBatch, sendBatch, type OutgoingContext, type OutgoingState,
} from '../core/outgoing.ts'
import { laterEpoch, onReceipt, onTail } from '../core/outgoing-receipt.ts'
import { readReceipt, type Opening } from '../core/statement.ts'
import type { Step } from '../core/step.ts'
import type { Message } from '../core/wire.ts'
import { KeptLog, type Outgoing } from './disk.ts'
import { laneKey, nothing, type Bench, type Planned } from './parts.ts'

/** How often a node gives up its tail and opens an epoch, as if the peer had purged what it held. */
const give_up_chance = 0.25

export const objectOf = (carried: Carried): string => {
  const read = decodeEntry(carried.bytes)
  if (!read.ok) throw new Error('an own entry cannot be read')
  return read.value.object
}

function draftOf(carried: Carried): Draft {
  const read = decodeEntry(carried.bytes)
  if (!read.ok) throw new Error('an own entry cannot be read')
  const { kind, kind_version, critical, object, object_version, previous, label, claimed } = read.value
  return { kind, kind_version, critical, object, object_version, previous, label, claimed, salt: carried.salt, payload: carried.payload }
}

/** The sending ends of one node's lanes, and what they store. */
export class Sender {
  readonly #bench: Bench

  constructor(bench: Bench) {
    this.#bench = bench
  }

  #context(): OutgoingContext {
    return { signer: this.#bench.signer, keys: this.#bench.keys }
  }

  stored(end: Outgoing, step: Step<OutgoingState>): Planned {
    const bench = this.#bench
    return {
      sends: step.sends,
      commit: () => {
        const before = end.state
        end.state = step.state
        end.log.write(step.writes, step.nodes)
        const { from, to, lane, epoch } = end.state.channel
        for (const entry of step.writes) if (entry.write === 'alarm') bench.watch.alarm(bench.name, lane, entry)
        if (end.state.acknowledged > before.acknowledged) bench.watch.acknowledged(from, to, lane, epoch, end.state.acknowledged)
      },
    }
  }

  onMessage(message: Message): Planned {
    const { channel } = message
    const epochs = this.#bench.disk.outgoing.get(laneKey(channel.to, channel.lane))
    const current = epochs?.at(-1)
    if (!epochs || !current) return nothing
    if (message.type === 'receipt') return this.#receipt(epochs, current, message.note)
    const end = epochs.find((entry) => entry.state.channel.epoch === channel.epoch)
    if (end === undefined) return nothing
    if (message.type === 'greet') return this.#greet(epochs, end)
    if (message.type === 'ask') return this.stored(end, onAsk(end.state, message.from))
    if (message.type === 'refusal') return this.stored(end, onRefusal(end.state, message.note, this.#context()))
    return message.type === 'tail' ? this.#tail(epochs, end, message) : nothing
  }

  #greet(epochs: Outgoing[], end: Outgoing): Planned {
    const greeting = this.stored(end, onGreet(end.state, this.#bench.random.nonce()))
    const later = epochs.slice(epochs.indexOf(end) + 1).map((entry) => ({ entry, state: onForgotten(entry.state, this.#bench.random.nonce()) }))
    return {
      sends: greeting.sends,
      commit: () => {
        greeting.commit()
        for (const { entry, state } of later) entry.state = state
      },
    }
  }

  #receipt(epochs: Outgoing[], current: Outgoing, note: string): Planned {
    const receipt = readReceipt(note, this.#bench.keys)
    if (!receipt) return nothing
    const later = laterEpoch(current.state, receipt)
    if (later) return this.#open(epochs, current, later)
    const end = epochs.find((entry) => entry.state.channel.epoch === receipt.channel.epoch)
    if (!end) return nothing
    for (const passed of epochs.slice(0, epochs.indexOf(end))) if (passed.state.hello === receipt.answers) passed.state = onPassed(passed.state)
    const step = onReceipt(end.state, receipt, end.log.root(receipt.size))
    const { phase } = step.state
    const gives_up = phase === 'behind' && end.state.phase !== 'behind' && this.#bench.random.chance(give_up_chance)
    if (end !== current || (!gives_up && phase !== 'lost')) return this.stored(end, step)
    return this.#open(epochs, { ...end, state: step.state }, afterBehind(step.state))
  }

  #tail(epochs: Outgoing[], end: Outgoing, message: Extract<Message, { type: 'tail' }>): Planned {
    const step = onTail(end.state, message, this.#context())
    if (step.state.phase === 'lost') return this.#open(epochs, { ...end, state: step.state }, afterBehind(step.state))
    const key = laneKey(end.state.channel.to, end.state.channel.lane)
    const back = new Set(step.writes.flatMap((entry) => (entry.write === 'own' ? [objectOf(entry.carried)] : [])))
    const stored = this.stored(end, step)
    const { outbox } = this.#bench.disk
    return {
      sends: stored.sends,
      commit: () => {
        stored.commit()
        // What the backup still held as waiting was sent in the life after it.
        outbox.set(key, (outbox.get(key) ?? []).filter((draft) => !back.has(draft.object)))
      },
    }
  }

  #open(epochs: Outgoing[], last: Outgoing, after: Opening['after']): Planned {
    const { closed, opened } = openNext(last.state, after, this.#bench.random.nonce(), this.#bench.signer)
    const unsent = last.log.items.slice(last.state.acknowledged).map(draftOf)
    const { outbox } = this.#bench.disk
    const key = laneKey(closed.channel.to, closed.channel.lane)
    return {
      sends: opened.sends,
      commit: () => {
        epochs.at(-1)!.state = closed
        epochs.push({ state: opened.state, log: new KeptLog() })
        // Some of it the peer may hold: the object's version tells it so.
        outbox.set(key, [...unsent, ...(outbox.get(key) ?? [])])
      },
    }
  }

  /** A new epoch by choice, after what the peer receipted. */
  openByChoice(epochs: Outgoing[]): Planned {
    const last = epochs.at(-1)!
    if (!canAppend(last.state)) return nothing
    const size = last.state.acknowledged
    return this.#open(epochs, last, { epoch: last.state.channel.epoch, size, root: last.log.root(size)! })
  }

  start(): Planned[] {
    return this.ends().map((end) => this.stored(end, onStart(end.state, this.#bench.random.nonce())))
  }

  /** The newest epoch of each lane: closed ones speak only when they are greeted. */
  ends(): Outgoing[] {
    return [...this.#bench.disk.outgoing.values()].flatMap((epochs) => epochs.slice(-1))
  }

  all(): Outgoing[] {
    return [...this.#bench.disk.outgoing.values()].flat()
  }

  isWaiting(end: Outgoing): boolean {
    const { session, hello, acknowledged, phase } = end.state
    const isMissing = acknowledged < endOf(end.state)
    if (phase === 'closed') return hello !== null || (session !== null && isMissing)
    return session === null || phase === 'behind' || isMissing
  }

  retry(end: Outgoing): Planned {
    return this.stored(end, onRetry(end.state))
  }

  /** Gives the next waiting draft its number, or nothing. */
  number(end: Outgoing): Planned | undefined {
    const { outbox } = this.#bench.disk
    const key = laneKey(end.state.channel.to, end.state.channel.lane)
    const [draft, ...rest] = outbox.get(key) ?? []
    if (draft === undefined || !canAppend(end.state)) return undefined
    const stored = this.stored(end, append(end.state, draft, this.#bench.signer))
    return {
      sends: stored.sends,
      commit: () => {
        stored.commit()
        outbox.set(key, rest)
      },
    }
  }

  /** The next batch, or nothing. */
  batch(end: Outgoing): Planned | undefined {
    const { state, log } = end
    const costs = log.costs.slice(state.next).map((cost, index) => cost - log.costs[state.next - 1 + index]!)
    const plan = planBatch(state, log.costs[state.next - 1]!, costs)
    if (plan === null) return undefined
    const to = Math.min(plan.to, plan.from + this.#bench.random.below(4))
    const items = log.items.slice(plan.from - 1, to)
    return this.stored(end, sendBatch(state, items, log.root(to)!, this.#bench.signer))
  }
}

const afterBehind = (state: OutgoingState): Opening['after'] => ({ epoch: state.channel.epoch, size: state.behind!.size, root: state.behind!.root })
