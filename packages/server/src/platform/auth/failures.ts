import type { World } from '@hirundo/base'
import { callerOf, makeCounter } from './people/limits.ts'

const failures_max = 20
const WINDOW_MS = 60_000

export interface Failures {
  /** Counts a failure of the caller. */
  add(address: string): void
  /** Seconds to wait when the caller failed too often, else 0. */
  wait(address: string): number
}

/** Failed authentications per caller within a minute. */
export function countFailures(world: World): Failures {
  const callers = makeCounter(world, failures_max, WINDOW_MS)
  return { add: (address) => callers.add(callerOf(address)), wait: (address) => callers.wait(callerOf(address)) }
}
