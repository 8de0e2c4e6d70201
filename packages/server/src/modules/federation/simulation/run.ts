import { createHash } from 'node:crypto'
import { lanes, type Lane } from '../core/channel.ts'
import type { Carried } from '../core/entry.ts'
import { openIncoming } from '../core/incoming.ts'
import { sameBytes } from '../core/merkle.ts'
import { openOutgoing } from '../core/outgoing.ts'
import { checkAll } from './check.ts'
import { KeptLog } from './disk.ts'
import { randomDraft } from './drafts.ts'
import { firstChannel, identity, standIn } from './identity.ts'
import { Clock, messages_max, Network, noFaults, type Faults } from './network.ts'
import { SimulatedNode } from './node.ts'
import { laneKey, type Watch } from './parts.ts'
import { SeededRandom } from './random.ts'
import { objectOf } from './sender.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const YEAR_MS = 365 * 24 * HOUR_MS
/** Every eighth seed signs with Ed25519; in the others it would only take time. */
const real_signatures_every = 8
/** After the last fault, this long until everything must have arrived. */
const settle_ms = 3 * HOUR_MS

export interface Outcome {
  readonly seed: number
  /** What did not hold; empty when all did. */
  readonly faults: readonly string[]
  readonly counts: Counts
  /** Hash over everything that all nodes hold at the end: equal for two runs of one seed. */
  readonly digest: string
}

/** What happened, to see that the faults are not only on paper. */
export interface Counts {
  nodes: number
  messages: number
  entries: number
  crashes: number
  restores: number
  behind: number
  epochs: number
  peer_behind: number
  halted: number
  refused: number
  forks_planted: number
  forks_found: number
}

class Simulation {
  readonly #random: SeededRandom
  readonly #clock = new Clock()
  readonly #network: Network
  readonly #nodes = new Map<string, SimulatedNode>()
  readonly #faults: string[] = []
  readonly #restored = new Set<string>()
  /** Entries that senders knew to be receipted, by lane and epoch. */
  readonly #receipted = new Map<string, readonly Carried[]>()
  readonly counts: Counts = {
    nodes: 0, messages: 0, entries: 0, crashes: 0, restores: 0, behind: 0, epochs: 0, peer_behind: 0, halted: 0, refused: 0,
    forks_planted: 0, forks_found: 0,
  }
  readonly seed: number

  constructor(seed: number) {
    this.seed = seed
    this.#random = new SeededRandom(seed)
    this.#network = new Network(this.#clock, this.#random, (to, from, bytes) => this.#nodes.get(to)!.receive(from, bytes))
    this.#build(this.#random.between(3, 7))
  }

  #build(count: number): void {
    const isReal = this.seed % real_signatures_every === 0
    const identities = Array.from({ length: count }, (_, index) => (isReal ? identity(index) : standIn(identity(index))))
    const keys = identities.map((entry) => entry.key)
    const send = (from: string, to: string, bytes: Uint8Array) => this.#network.send(from, to, bytes)
    const around = { clock: this.#clock, random: this.#random, watch: this.#watch(), send }
    for (const entry of identities) this.#nodes.set(entry.signer.node, new SimulatedNode(entry, keys, around))
    this.counts.nodes = count
    for (const a of this.#nodes.values()) {
      for (const b of this.#nodes.values()) {
        if (a === b) continue
        for (const lane of lanes) {
          const channel = firstChannel(a.name, b.name, lane)
          a.disk.outgoing.set(laneKey(b.name, lane), [{ state: openOutgoing(channel), log: new KeptLog() }])
          b.disk.incoming.set(laneKey(a.name, lane), [{ state: openIncoming(channel), log: new KeptLog() }])
        }
      }
    }
  }

  #watch(): Watch {
    return {
      acknowledged: (from, to, lane, epoch, size) => this.#acknowledged(from, to, lane, epoch, size),
      alarm: (_node, _lane, alarm) => {
        if (alarm.alarm === 'behind') this.counts.behind += 1
        if (alarm.alarm === 'peer-behind') this.counts.peer_behind += 1
        if (alarm.alarm === 'halted') this.counts.halted += 1
        if (alarm.alarm === 'refused') this.counts.refused += 1
        if (alarm.alarm === 'fork') this.counts.forks_found += 1
      },
    }
  }

  /** A receipt is a promise: at this moment the receiver has stored what the sender takes for acknowledged. */
  #acknowledged(from: string, to: string, lane: Lane, epoch: number, size: number): void {
    const sent = this.#nodes.get(from)!.disk.outgoing.get(laneKey(to, lane))!.find((end) => end.state.channel.epoch === epoch)!
    const held = this.#nodes.get(to)!.disk.incoming.get(laneKey(from, lane))!.find((end) => end.state.channel.epoch === epoch)
    const key = `${from}>${to}/${lane}/${epoch}`
    if (size > (this.#receipted.get(key)?.length ?? 0)) this.#receipted.set(key, sent.log.items.slice(0, size))
    if (!this.#restored.has(to) && (held?.log.leaves.length ?? 0) < size) this.#faults.push(`${key}: ${size} were acknowledged before they were stored`)
  }

  /** Nothing that was acknowledged is lost: it is at its place, or, when a restore and a new epoch met, in a later epoch. */
  #checkReceipted(): void {
    for (const [key, items] of this.#receipted) {
      const [from = '', to = '', lane = '', epoch = ''] = key.split(/[>/]/)
      const held = this.#nodes.get(to)!.disk.incoming.get(`${from}/${lane}`)!
      const log = held.find((end) => end.state.channel.epoch === Number(epoch))?.log
      const later = new Set(held.filter((end) => end.state.channel.epoch > Number(epoch)).flatMap((end) => end.log.items.map(objectOf)))
      const isHeld = ({ bytes }: Carried, index: number): boolean => log !== undefined && index < log.items.length && sameBytes(bytes, log.items[index]!.bytes)
      if (!items.every((item, index) => isHeld(item, index) || later.has(objectOf(item)))) this.#faults.push(`${key}: an acknowledged entry is lost`)
    }
  }

  #plan(end_ms: number): void {
    const random = this.#random
    const list = [...this.#nodes.values()]
    const when = (): number => this.#clock.now + random.below(end_ms - this.#clock.now)
    for (const node of list) {
      const clock_error_ms = random.between(-1, 1) * YEAR_MS
      const drafts = random.between(8, 40)
      for (let i = 0; i < drafts; i++) this.#clock.at(when(), () => this.#issue(node, clock_error_ms))
      for (let i = random.below(3); i > 0; i--) this.#clock.at(when(), () => this.#crash(node))
      for (let i = random.below(4); i > 0; i--) this.#clock.at(when(), () => node.renew())
    }
    for (let i = random.between(1, 4); i > 0; i--) this.#partition(when(), random.between(20, 200) * MINUTE_MS, end_ms)
    // One node at most: what two nodes lose at the same time, nobody can give back.
    if (random.chance(0.7)) this.#planRestores(random.pick(list), when)
  }

  #issue(node: SimulatedNode, clock_error_ms: number): void {
    const random = this.#random
    const peers = [...this.#nodes.keys()].filter((name) => name !== node.name)
    const [peer, lane] = [random.pick(peers), random.pick(lanes)]
    const count = random.chance(0.2) ? random.between(5, 30) : 1
    for (let i = 0; i < count; i++) {
      this.counts.entries += 1
      node.issue(peer, lane, randomDraft(random, clock_error_ms, random.chance(0.005) ? 2 : 1))
    }
  }

  #crash(node: SimulatedNode): void {
    if (node.alive) this.counts.crashes += 1
    node.crash()
  }

  #partition(start_ms: number, length_ms: number, end_ms: number): void {
    const names = [...this.#nodes.keys()]
    const side = new Set(names.filter(() => this.#random.chance(0.5)))
    const pairs = names.flatMap((a) => names.filter((b) => side.has(a) && !side.has(b)).map((b) => [a, b] as const))
    this.#clock.at(start_ms, () => pairs.forEach(([a, b]) => this.#network.cut(a, b)))
    this.#clock.at(Math.min(start_ms + length_ms, end_ms), () => pairs.forEach(([a, b]) => this.#network.mend(a, b)))
  }

  #planRestores(node: SimulatedNode, when: () => number): void {
    for (let i = this.#random.between(1, 3); i > 0; i--) this.#clock.at(when(), () => node.backUp())
    for (let i = this.#random.between(1, 3); i > 0; i--) {
      this.#clock.at(when(), () => {
        if (node.backups.length === 0) return
        this.counts.restores += 1
        this.#restored.add(node.name)
        node.restore()
      })
    }
  }

  #heal(): void {
    this.#network.faults = noFaults
    this.#network.mendAll()
    for (const node of this.#nodes.values()) {
      node.crash_chance = 0
      if (!node.alive) node.start()
      node.upgrade()
    }
  }

  #disturb(scale: number): void {
    const random = this.#random
    const upTo = (most: number): number => (random.below(1000) / 1000) * most * scale
    const faults: Faults = { drop: upTo(0.3), duplicate: upTo(0.3), flip: upTo(0.05), late: upTo(0.1) }
    this.#network.faults = faults
  }

  /** One node begins to tell one peer another history; only where the peer holds some of the true one. */
  #plantFork(): (() => void) | undefined {
    const ends = [...this.#nodes.values()].flatMap((node) => node.sender.ends().filter((end) => end.state.acknowledged > 0).map((end) => ({ node, end })))
    if (ends.length === 0) return undefined
    const { node, end } = this.#random.pick(ends)
    const { to, from, lane } = end.state.channel
    node.liar.begin(end, this.#random.below(end.state.acknowledged))
    this.counts.forks_planted += 1
    const truth = end.log.leaves.slice()
    return () => {
      const held = this.#nodes.get(to)!.disk.incoming.get(laneKey(from, lane))!.at(-1)!
      if (held.state.phase !== 'frozen' || held.state.fork === null) this.#faults.push(`${from} → ${to} ${lane}: a second history was not found (${held.state.phase})`)
      const isTrue = held.log.leaves.length === truth.length && held.log.leaves.every((leaf, index) => sameBytes(leaf, truth[index]!))
      if (!isTrue) this.#faults.push(`${from} → ${to} ${lane}: something of the second history was taken`)
    }
  }

  run(): Outcome {
    const end_ms = this.#random.between(1, 5) * HOUR_MS
    this.#disturb(1)
    for (const node of this.#nodes.values()) {
      node.start()
      node.crash_chance = this.#random.chance(0.5) ? 0.004 : 0
    }
    this.#plan(end_ms)
    this.#clock.runTo(end_ms)
    this.#heal()
    this.#clock.runTo(end_ms + settle_ms)
    this.#faults.push(...checkAll(this.#nodes))
    this.#checkReceipted()
    if (this.counts.forks_found > 0) this.#faults.push(`${this.counts.forks_found} forks were seen where all were honest`)
    if (this.#faults.length === 0 && this.#random.chance(0.5)) this.#lie()
    if (this.#network.messages > messages_max) this.#faults.push(`more than ${messages_max} messages`)
    for (const node of this.#nodes.values()) this.counts.epochs += node.sender.all().length - node.sender.ends().length
    this.counts.messages = this.#network.messages
    return { seed: this.seed, faults: this.#faults, counts: this.counts, digest: this.#digest() }
  }

  #lie(): void {
    this.#disturb(0.5)
    const check = this.#plantFork()
    this.#clock.runTo(this.#clock.now + HOUR_MS)
    this.#heal()
    this.#clock.runTo(this.#clock.now + HOUR_MS)
    check?.()
  }

  #digest(): string {
    const hash = createHash('sha256')
    for (const node of this.#nodes.values()) {
      for (const end of [...node.disk.incoming.values()].flat()) hash.update(JSON.stringify(end.state.range)).update(JSON.stringify(end.log.applied))
    }
    return hash.update(String(this.counts.messages)).digest('hex')
  }
}

/** Runs one seed: hours of faults, healing, and the checks. */
export const simulate = (seed: number): Outcome => new Simulation(seed).run()
