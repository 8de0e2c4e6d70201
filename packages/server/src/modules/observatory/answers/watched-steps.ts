import type { Store } from '@hirundo/analytics'
import { fail, ok, type Result } from '@hirundo/base'
import type { Scope } from './scope.ts'

/** An answer lists so many steps for each sensor. */
const STEPS_MAX = 400

/**
 * Seconds that a sensor watched in each step of the range, or undefined when no step is asked for. Steps begin on whole
 * steps of UTC. Problem: `request/invalid` (step).
 */
export async function watchedSteps(
  { analytics }: { readonly analytics: Pick<Store, 'watched'> }, { question }: Scope, step: number | undefined,
): Promise<Result<((sensor: number) => number[]) | undefined>> {
  if (step === undefined) return ok(undefined)
  const first = Math.floor(question.from / step)
  const count = Math.ceil(question.to / step) - first
  if (86_400 % step !== 0 || step % 60 !== 0 || count > STEPS_MAX) return fail('request/invalid', { what: 'step', value: step })
  const rows = new Map<number, number[]>()
  for (const { sensor, at, observed_s } of await analytics.watched(question, step)) {
    const row = rows.get(sensor) ?? Array<number>(count).fill(0)
    row[at / step - first] = observed_s
    rows.set(sensor, row)
  }
  return ok((sensor) => rows.get(sensor) ?? Array<number>(count).fill(0))
}
