import { seeded } from '../exam/world.ts'
import type { Store } from '../store.ts'
import type { Asked } from './questions.ts'

export interface Measured { readonly name: string; readonly p50_ms: number; readonly p95_ms: number; readonly max_ms: number; readonly failed: number }

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
const rounded = (ms: number): number => Math.round(ms * 10) / 10

/** Asks `count` times with parameters drawn from `seed`. */
export async function measure(store: Store, asked: Asked, count: number, seed: number): Promise<Measured> {
  const random = seeded(seed)
  const times: number[] = []
  let failed = 0
  for (let i = 0; i < count; i++) {
    const begin = performance.now()
    await asked.ask(store, random).catch((error: unknown) => {
      failed++
      if (failed === 1) process.stderr.write(`${asked.name}: ${String(error)}\n`)
    })
    times.push(performance.now() - begin)
  }
  times.sort((a, b) => a - b)
  return { name: asked.name, p50_ms: rounded(quantile(times, 0.5)), p95_ms: rounded(quantile(times, 0.95)), max_ms: rounded(times.at(-1)!), failed }
}
