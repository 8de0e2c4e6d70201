import { parseAddress, type World } from '@hirundo/base'

const failures_max = 20
const WINDOW_MS = 60_000
const callers_max = 10_000

export interface Failures {
  /** Counts a failure of the caller. */
  add(address: string): void
  /** Seconds to wait when the caller failed too often, else 0. */
  wait(address: string): number
}

/** IPv6 callers own a /64, so that is the one who failed. */
function callerOf(address: string): string {
  const parsed = parseAddress(address.replace(/%.*$/, ''))
  if (!parsed.ok) return 'unknown'
  const { value } = parsed
  return Buffer.from(value[10] === 0xff && value[0] === 0 ? value : value.subarray(0, 8)).toString('hex')
}

/**
 * Failed authentications per caller within a minute. Bounded: when too many callers are known, the one seen first is
 * forgotten. Keeps addresses in memory only.
 */
export function countFailures(world: World): Failures {
  const callers = new Map<string, { count: number; until: number }>()
  return {
    add(address) {
      const caller = callerOf(address)
      const known = callers.get(caller)
      if (known && known.until > world.now()) {
        known.count++
        return
      }
      callers.delete(caller)
      if (callers.size >= callers_max) callers.delete(callers.keys().next().value!)
      callers.set(caller, { count: 1, until: world.now() + WINDOW_MS })
    },
    wait(address) {
      const known = callers.get(callerOf(address))
      if (!known || known.count < failures_max) return 0
      return Math.max(0, Math.ceil((known.until - world.now()) / 1000))
    },
  }
}
