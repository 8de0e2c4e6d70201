import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { World } from '@hirundo/base'
import type { Interaction } from '@hirundo/formats'
import { choiceTable, Random } from '../random.ts'
import { rhythm } from '../traffic.ts'
import { wormHosts } from '../population.ts'
import { attackRecords } from './attacks.ts'
import { recordOf, scripts, type ScriptName } from './scripts.ts'
import { addressBytes, drawHost } from './senders.ts'

const MINUTE_S = 60
const WAIT_MS_MAX = 1_000

/** What a simulated sensor answers as: how often each kind of visitor comes. */
export const answerFaces = {
  things: { brute: 9, ssh: 2, http: 4, tls: 1, services: 1, reflectors: 1, knocks: 3, worm: 2 },
  servers: { brute: 2, ssh: 5, http: 5, tls: 4, services: 5, reflectors: 2, knocks: 4, worm: 1 },
  controls: { ics: 8, http: 2, tls: 2, knocks: 3, brute: 1, reflectors: 1 },
} as const satisfies Readonly<Record<string, Partial<Record<ScriptName, number>>>>
export type AnswerFace = keyof typeof answerFaces

export interface InteractionOptions {
  readonly seed: number
  /** Sensor number: the same visitors, other visits. */
  readonly stream: number
  readonly face: AnswerFace
  readonly per_minute: number
  readonly worm_began_s: number
}

/**
 * SIMULATED: what an answering sensor hears in one minute, in order of time. The senders are those of the packets
 * (population.ts), their passwords and URLs say nothing about anybody. The same options and minute, the same records.
 */
export function interactionsOfMinute(options: InteractionOptions, minute_s: number): Interaction[] {
  const { seed, stream, face } = options
  const random = new Random(seed ^ 0x696e7465, stream, minute_s / MINUTE_S)
  const weights: Partial<Record<ScriptName, number>> = answerFaces[face]
  const names = Object.keys(weights) as ScriptName[]
  const table = choiceTable(names.map((name) => weights[name]!))
  const count = Math.floor(options.per_minute * rhythm(seed, minute_s) + random.unit())
  const infected = wormHosts(minute_s - options.worm_began_s)
  const visits = Array.from({ length: count }, (): Interaction[] => {
    const name = names[table[random.word() & 0xfff]!]!
    const { who, act } = scripts[name]
    if (name === 'worm' && infected === 0) return []
    const host = name === 'worm' ? drawHost(seed, who, random, infected) : drawHost(seed, who, random)
    return [recordOf(act(random, seed), addressBytes(host), minute_s * 1000 + random.below(60_000), random)]
  })
  return [...visits.flat(), ...attackRecords(seed, stream, minute_s)].toSorted((a, b) => a.at_ms - b.at_ms)
}

/** Whole minutes of the past, as fast as they are taken. */
export async function* pastInteractions(options: InteractionOptions, from_s: number, minutes: number, signal: AbortSignal): AsyncGenerator<Interaction> {
  for (let i = 0; i < minutes && !signal.aborted; i++) {
    yield* interactionsOfMinute(options, from_s + i * MINUTE_S)
    await nextTurn()
  }
}

/** Those of the present, each when its time has come, until `signal` is aborted. */
export async function* presentInteractions(options: InteractionOptions, world: Pick<World, 'now'>, signal: AbortSignal): AsyncGenerator<Interaction> {
  for (let reached_ms = world.now(); !signal.aborted; ) {
    const minute_s = Math.floor(reached_ms / 60_000) * MINUTE_S
    for (const one of interactionsOfMinute(options, minute_s)) {
      if (one.at_ms < reached_ms) continue
      while (!signal.aborted && world.now() < one.at_ms) await sleep(Math.min(WAIT_MS_MAX, one.at_ms - world.now()), undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      yield one
    }
    reached_ms = (minute_s + MINUTE_S) * 1000
    while (!signal.aborted && world.now() < reached_ms) await sleep(Math.min(WAIT_MS_MAX, reached_ms - world.now()), undefined, { signal }).catch(() => undefined)
  }
}
