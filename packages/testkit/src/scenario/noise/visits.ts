import type { Interaction } from '@hirundo/formats'
import { scripts, recordOf, type ScriptName, type Visit } from '../../traffic/interactions/scripts.ts'
import { addressBytes } from '../../traffic/interactions/senders.ts'
import { choiceTable, CHOICE_SLOTS, type Random } from '../../traffic/random.ts'
import { gamma, poisson } from '../draws.ts'
import { ECONOMIES, hostAddress, seasonOf } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, type Process, type ScenarioWorld } from '../process.ts'
import { researchHost, research_hosts } from './research.ts'

/** Visits a minute to each sensor that answers. */
const PER_MINUTE = 1.2
const mixOf: Readonly<Partial<Record<ScriptName, number>>> = { brute: 8, ssh: 4, http: 5, tls: 2, services: 3, ics: 1, reflectors: 2, knocks: 3 }
const names = Object.keys(mixOf) as ScriptName[]
const table = choiceTable(names.map((name) => mixOf[name]!))
/** Hosts that come again and again, by kind of visit. */
const HOSTS = 3_000
const researchers: ReadonlySet<ScriptName> = new Set(['tls', 'ics'])
/** Share of visits with something that nobody else says: a word of a list, a path with a random part, a client of one's own. */
const ODD_SHARE = 0.03

/** What sensors that answer hear without anything happening: known words, known paths, and now and then a word that comes once. */
export class Visits implements Process {
  readonly #world: ScenarioWorld
  readonly #random: Random

  constructor(world: ScenarioWorld) {
    this.#world = world
    this.#random = streamOf(world, parts.visits)
  }

  draw(minute_s: number, out: Minute): void {
    const random = this.#random
    for (const { index, answers } of this.#world.sensors) {
      if (!answers) continue
      for (let n = poisson(random, PER_MINUTE * seasonOf(2, minute_s, 0.25, 1) * gamma(random, 6)); n > 0; n--) out.addHeard(index, this.#visit(minute_s))
    }
  }

  #visit(minute_s: number): Interaction {
    const random = this.#random
    const { seed } = this.#world
    const kind = table[random.word() & (CHOICE_SLOTS - 1)]!
    const name = names[kind]!
    const slot = Math.floor(HOSTS * random.unit() ** 2)
    const source = researchers.has(name) ? researchHost(slot % research_hosts) : hostAddress(seed, 9000 + kind, slot % ECONOMIES, slot, Math.floor(minute_s / (6 * 86_400) + slot / HOSTS))
    const visit = scripts[name].act(random, seed)
    return recordOf(random.unit() < ODD_SHARE ? odd(visit, random) : visit, addressBytes(source), minute_s * 1000 + random.below(60_000), random)
  }
}

function odd(visit: Visit, random: Random): Visit {
  const word = random.word().toString(36)
  if (visit.logins) return { ...visit, logins: [{ user: 'root', password: `simulated-${word}` }] }
  if (visit.protocol === 'http') return { ...visit, facts: { ...visit.facts, 'http.path': `/simulated/${word}` }, payload: `GET /simulated/${word} HTTP/1.1\r\n\r\n` }
  if (visit.protocol === 'tls') return { ...visit, facts: { ...visit.facts, 'tls.ja4': `t13d1516h2_${word.padEnd(12, '0')}_000000000000` } }
  return visit
}
