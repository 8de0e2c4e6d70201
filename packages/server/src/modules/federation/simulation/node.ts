import type { Lane } from '../core/channel.ts'
import type { Draft } from '../core/entry.ts'
import type { PinnedKey } from '../core/keys.ts'
import { decodeMessage, encodeMessage, type Message, type MessageType } from '../core/wire.ts'
import { Disk, type Outgoing } from './disk.ts'
import { firstChannel, type Identity } from './identity.ts'
import { Liar } from './liar.ts'
import type { Clock } from './network.ts'
import { laneKey, type Bench, type Planned, type Watch } from './parts.ts'
import type { SeededRandom } from './random.ts'
import { Receiver } from './receiver.ts'
import { Sender } from './sender.ts'

const tick_ms = 20_000
const wait_ms_max = 600_000
const batches_max = 6
const forSender: readonly MessageType[] = ['greet', 'receipt', 'refusal', 'ask', 'tail']

export interface Surroundings {
  readonly clock: Clock
  readonly random: SeededRandom
  readonly watch: Watch
  send(from: string, to: string, bytes: Uint8Array): void
}

/** One node: a disk that survives crashes, a memory that does not, and a transaction per event. */
export class SimulatedNode implements Bench {
  readonly name: string
  readonly signer: Identity['signer']
  readonly keys: readonly PinnedKey[]
  readonly random: SeededRandom
  readonly watch: Watch
  readonly sender: Sender
  readonly receiver: Receiver
  disk = new Disk()
  upgraded = false
  alive = false
  /** Chance per transaction to crash in the middle of it. */
  crash_chance = 0
  readonly backups: Disk[] = []
  readonly liar: Liar
  readonly #around: Surroundings
  #waits = new Map<Outgoing, { wait_ms: number; due_ms: number }>()

  constructor({ signer }: Identity, keys: readonly PinnedKey[], around: Surroundings) {
    this.name = signer.node
    this.signer = signer
    this.keys = keys
    this.random = around.random
    this.watch = around.watch
    this.#around = around
    this.sender = new Sender(this)
    this.receiver = new Receiver(this)
    this.liar = new Liar(this)
  }

  /** Commits, then sends; or crashes before, between or after. False when it crashed. */
  run(planned: Planned): boolean {
    const isCrash = this.random.chance(this.crash_chance)
    const commits = !isCrash || this.random.chance(0.5)
    if (commits) planned.commit()
    if (isCrash) {
      this.crash()
      return false
    }
    for (const message of planned.sends) this.#post(message)
    return true
  }

  #post(message: Message): void {
    const { from, to } = message.channel
    this.#around.send(this.name, from === this.name ? to : from, encodeMessage(message))
  }

  receive(from: string, bytes: Uint8Array): void {
    const message = this.alive ? decodeMessage(bytes) : undefined
    if (message === undefined) return
    const { channel } = message
    const isSender = forSender.includes(message.type)
    // The channel of the connection names the peer; what a message says of it must agree.
    if ((isSender ? channel.from : channel.to) !== this.name || (isSender ? channel.to : channel.from) !== from) return
    if (channel.edge !== firstChannel(channel.from, channel.to, channel.lane).edge) return
    if (!isSender) {
      this.run(this.receiver.onMessage(message))
      return
    }
    if (this.liar.takes(message)) return
    if (this.run(this.sender.onMessage(message))) this.#pump(laneKey(channel.to, channel.lane), message.type === 'receipt')
  }

  /** Numbers what waits and sends what credit allows, on all epochs of a lane. */
  #pump(key: string, answered: boolean): void {
    for (const end of this.disk.outgoing.get(key) ?? []) {
      if (answered) this.#waits.delete(end)
      for (let planned = this.sender.number(end); planned !== undefined; planned = this.sender.number(end)) if (!this.run(planned)) return
      for (let count = 0; count < batches_max; count++) {
        const planned = this.sender.batch(end)
        if (planned === undefined) break
        if (!this.run(planned)) return
      }
    }
  }

  /** Something is to be said to a peer. */
  issue(peer: string, lane: Lane, draft: Draft): void {
    const key = laneKey(peer, lane)
    this.disk.outbox.set(key, [...(this.disk.outbox.get(key) ?? []), draft])
    if (this.alive) this.#pump(key, false)
  }

  #tick(life: object): void {
    if (life !== this.#waits) return
    this.#around.clock.at(this.#around.clock.now + tick_ms + this.random.below(tick_ms), () => this.#tick(life))
    if (this.random.chance(0.1) && !this.run(this.receiver.tick())) return
    const now = this.#around.clock.now
    for (const end of this.sender.all()) {
      if (!this.sender.isWaiting(end) || this.liar.holds(end)) continue
      const wait = this.#waits.get(end) ?? { wait_ms: tick_ms, due_ms: now }
      if (now < wait.due_ms) continue
      this.#waits.set(end, { wait_ms: Math.min(wait.wait_ms * 2, wait_ms_max), due_ms: now + wait.wait_ms })
      if (!this.run(this.sender.retry(end))) return
      this.#pump(laneKey(end.state.channel.to, end.state.channel.lane), false)
    }
    this.liar.tick()
  }

  start(): void {
    this.alive = true
    this.#waits = new Map()
    const life = this.#waits
    this.disk = this.disk.copy()
    this.receiver.start()
    this.#around.clock.at(this.#around.clock.now + this.random.below(tick_ms), () => this.#tick(life))
    for (const planned of this.sender.start()) if (!this.run(planned)) return
  }

  crash(): void {
    if (!this.alive) return
    this.alive = false
    this.#waits = new Map()
    this.#around.clock.at(this.#around.clock.now + this.random.between(1000, 600_000), () => {
      if (!this.alive) this.start()
    })
  }

  backUp(): void {
    this.backups.push(this.disk.copy())
  }

  /** The disk is lost; an older copy takes its place. */
  restore(): void {
    if (this.backups.length === 0) return
    this.disk = this.random.pick(this.backups).copy()
    this.alive = true
    this.crash()
  }

  /** Somebody begins a new epoch of some lane. */
  renew(): void {
    if (this.alive) this.run(this.sender.openByChoice(this.random.pick([...this.disk.outgoing.values()])))
  }

  upgrade(): void {
    for (const planned of this.receiver.upgrade()) if (!this.run(planned)) return
  }

  lie(planned: Planned): void {
    this.run(planned)
  }
}
