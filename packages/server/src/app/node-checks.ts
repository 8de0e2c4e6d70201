import type { Check, Facts, Module } from '../platform/module.ts'

const ANSWER_WITHIN_MS = 2000
const FRESH_FOR_MS = 1000

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ANSWER_WITHIN_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A check that a store answers; says nothing of where it is. */
export async function answering(name: string, ping: () => Promise<void>): Promise<Check> {
  try {
    await within(ping())
    return { name, ok: true, detail: 'answers' }
  } catch {
    return { name, ok: false, detail: 'does not answer; see the node’s log' }
  }
}

const noSensors = { approved: 0, pending: 0, live: 0, simulated: 0, interactions: 0 }

async function sensorsOf(modules: readonly Module[]): Promise<Facts['sensors']> {
  const facts = await Promise.all(modules.map((module) => within(module.facts?.() ?? Promise.resolve(undefined)).catch(() => undefined)))
  return facts.reduce((sum, one) => (one ? {
    approved: sum.approved + one.sensors.approved,
    pending: sum.pending + one.sensors.pending,
    live: sum.live + one.sensors.live,
    simulated: sum.simulated + one.sensors.simulated,
    interactions: sum.interactions + one.sensors.interactions,
  } : sum), noSensors)
}

export interface Health {
  readonly ready: boolean
  readonly checks: readonly Check[]
  readonly sensors: Facts['sensors']
}

/** Asks all parts, at most once a second however often it is asked: anyone may ask. */
export function healthOf(stores: () => readonly Promise<Check>[], modules: readonly Module[]): () => Promise<Health> {
  const look = async (): Promise<Health> => {
    const own = async (module: Module) => {
      try {
        return (await within(module.checks?.() ?? Promise.resolve([])))
      } catch {
        return [{ name: module.name, ok: false, detail: 'does not answer' }]
      }
    }
    const [checks, sensors] = await Promise.all([
      Promise.all([...stores().map(async (check) => [await check]), ...modules.map(own)]), sensorsOf(modules),
    ])
    const all = checks.flat()
    return { ready: all.every(({ ok }) => ok), checks: all, sensors }
  }
  let last: { readonly at: number; readonly health: Promise<Health> } | undefined
  return () => {
    if (!last || performance.now() - last.at > FRESH_FOR_MS) last = { at: performance.now(), health: look() }
    return last.health
  }
}
