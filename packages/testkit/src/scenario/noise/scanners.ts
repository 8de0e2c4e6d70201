import type { Label } from '@hirundo/contract'
import { formatSeconds, MINUTE_S } from '@hirundo/base'
import { mix, type Random } from '../../traffic/random.ts'
import { exponential, normal, pareto, pickOf, poisson } from '../draws.ts'
import { dotted, ECONOMIES, hostAddress, neighbourhood } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, visiblePerMinute, type Process, type ScenarioWorld } from '../process.ts'
import { shapeNumber } from '../shapes.ts'

const DAY_S = 86_400
const HOUR_S = 3600
/** Scanners that begin in a day; with their lives and rates they send about a sixth of the noise. */
const BORN_PER_DAY = 40
const life = { median_s: 9 * HOUR_S, sigma: 1.5, most_s: 25 * DAY_S } as const
/** Packets a second to all of IPv4: Pareto, most near the least. */
const rate = { least: 4_000, most: 2_500_000, exponent: 0.95 } as const
/** Heaviest scanners are done soon: nobody sweeps all of IPv4 a hundred times. */
const SWEEPS_MAX = 60
const IPV4_ADDRESSES = 2 ** 32
/** Packets that must have come for a scanner to be one that could be told. */
const KNOWN_PACKETS = 12
const busy = [22, 23, 80, 443, 445, 3389, 8080, 8443, 1433, 3306, 5432, 5900, 6379, 9200, 21, 25, 2222, 5555, 8291, 27_017, 2375, 5060, 8728, 1080, 3128] as const
const tools = ['masscan', 'masscan', 'zmap', 'zmap', 'stateless', 'linux_new'] as const

interface Scanner {
  readonly sources: readonly number[]
  /** Empty: all ports in turn. */
  readonly ports: readonly number[]
  readonly shape: number
  readonly from_s: number
  readonly to_s: number
  readonly per_minute: number
}

const anyPort = (random: Random): number => 1 + random.below(65_535)

function portsOf(random: Random): number[] {
  const drawn = random.unit()
  if (drawn < 0.5) return [pickOf(random, busy)]
  if (drawn < 0.7) return [anyPort(random)]
  if (drawn < 0.9) return Array.from({ length: 2 + random.below(7) }, () => (random.unit() < 0.6 ? pickOf(random, busy) : anyPort(random)))
  return []
}

/** One in nine is a rack of 4 to 32 neighbours that share the work; the others are single machines. */
function sourcesOf(random: Random, seed: number, number: number): number[] {
  const economy = random.below(ECONOMIES)
  if (random.unit() > 1 / 9) return [hostAddress(seed, 2000 + parts.scanner, economy, number, 0)]
  const base = neighbourhood(seed, 3000 + number, economy)
  const [first, count] = [1 + random.below(200), 4 + random.below(29)]
  return Array.from({ length: count }, (_, i) => base + first + i)
}

function drawScanner(random: Random, world: ScenarioWorld, from_s: number, number: number): Scanner {
  const pps = pareto(random, rate.least, rate.most, rate.exponent)
  const drawn_s = Math.min(life.most_s, life.median_s * Math.exp(life.sigma * normal(random)))
  const to_s = from_s + Math.max(600, Math.min(drawn_s, (SWEEPS_MAX * IPV4_ADDRESSES) / pps))
  return {
    sources: sourcesOf(random, world.seed, number), ports: portsOf(random), shape: shapeNumber[pickOf(random, tools)],
    from_s, to_s, per_minute: visiblePerMinute(world, pps),
  }
}

function labelOf(one: Scanner, number: number, world: ScenarioWorld): Label | undefined {
  const [from_s, to_s] = [Math.max(one.from_s, world.start_s), Math.min(one.to_s, world.end_s)]
  if ((one.per_minute * (to_s - from_s)) / MINUTE_S < KNOWN_PACKETS) return undefined
  const is_rack = one.sources.length > 1
  // A rack is one campaign whose sources move together; no outbreak: neither a worm nor a change on a port.
  return {
    id: `scanner-${number}`, event: is_rack ? 'rack' : one.ports.length === 0 ? 'sweeper' : 'scanner', kinds: is_rack ? ['scan', 'campaign', 'synchronised'] : ['scan'],
    subjects: [...one.sources.map((source) => ({ source: dotted(source) })), ...(is_rack ? one.ports.map((port) => ({ protocol: 'tcp', port })) : [])],
    start: formatSeconds(Math.floor(from_s)), end: formatSeconds(Math.ceil(to_s)), strength: 'background',
  }
}

/**
 * Fast scanners that are born and die: single machines and racks, one port, several, or all 65,535; the heaviest send what a
 * whole botnet does and are no outbreak. All that could be told are labelled as background: a finding about them is true.
 */
export class Scanners implements Process {
  readonly labels: readonly Label[]
  readonly #world: ScenarioWorld
  readonly #random: Random
  /** In order of their beginning. */
  readonly #all: readonly Scanner[]
  #next = 0
  #alive: Scanner[] = []

  constructor(world: ScenarioWorld) {
    this.#world = world
    const random = streamOf(world, parts.scanner)
    const all: Scanner[] = []
    // Those that were there before the beginning too.
    for (let at = world.start_s - 10 * DAY_S; at < world.end_s; at += exponential(random, DAY_S / BORN_PER_DAY)) all.push(drawScanner(random, world, at, all.length))
    this.#all = all
    this.#random = random
    this.labels = all.flatMap((one, i) => (one.to_s > world.start_s ? labelOf(one, i, world) ?? [] : []))
  }

  draw(minute_s: number, out: Minute): void {
    while (this.#next < this.#all.length && this.#all[this.#next]!.from_s < minute_s + MINUTE_S) this.#alive.push(this.#all[this.#next++]!)
    if (minute_s % 600 === 0) this.#alive = this.#alive.filter(({ to_s }) => to_s > minute_s)
    for (const one of this.#alive) {
      if (one.to_s <= minute_s) continue
      for (let n = poisson(this.#random, one.per_minute); n > 0; n--) this.#packet(one, out)
    }
  }

  #packet(one: Scanner, out: Minute): void {
    const random = this.#random
    const { sources, ports, shape } = one
    const source = sources.length === 1 ? sources[0]! : pickOf(random, sources)
    const port = ports.length === 0 ? 1 + (mix(random.word(), source, 1) % 65_535) : ports.length === 1 ? ports[0]! : pickOf(random, ports)
    out.add(shape, source, random.below(this.#world.addresses), port, 1, random.below(60))
  }
}
