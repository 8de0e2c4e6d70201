import { parseAddress, type World } from '@hirundo/base'

const MINUTE_MS = 60_000
const keys_max = 10_000

/** Counts per key within a window; bounded, the key seen first is forgotten. */
export interface Counter {
  add(key: string): void
  /** Seconds until the key may go on, 0 when it may now. */
  wait(key: string): number
}

/** At most `max` per `window_ms` and key. Keeps keys in memory only. */
export function makeCounter(world: Pick<World, 'now'>, max: number, window_ms: number): Counter {
  const known = new Map<string, { count: number; until: number }>()
  return {
    add(key) {
      const entry = known.get(key)
      if (entry && entry.until > world.now()) {
        entry.count++
        return
      }
      known.delete(key)
      if (known.size >= keys_max) known.delete(known.keys().next().value!)
      known.set(key, { count: 1, until: world.now() + window_ms })
    },
    wait(key) {
      const entry = known.get(key)
      return entry && entry.count >= max ? Math.max(0, Math.ceil((entry.until - world.now()) / 1000)) : 0
    },
  }
}

/** Who a caller is to a limit: IPv6 callers own a /64. */
export function callerOf(address: string): string {
  const parsed = parseAddress(address.replace(/%.*$/, ''))
  if (!parsed.ok) return 'unknown'
  const { value } = parsed
  return Buffer.from(value[10] === 0xff && value[0] === 0 ? value : value.subarray(0, 8)).toString('hex')
}

/**
 * Bounds of signing in. Nobody can be locked out for good: windows end; a caller from whom this account signed in before
 * has limits of its own, which no stranger's failures fill; passkeys know no limit per account; and codes can be tried only
 * by who knows the password.
 */
export interface Limits {
  /** Seconds that a password of `account` (a sign-in name) from `address` must wait. */
  passwordWait(address: string, account: string): number
  passwordFailed(address: string, account: string): void
  codeWait(address: string, account: string): number
  codeFailed(address: string, account: string): void
  /** Signing in worked. */
  succeeded(address: string, account: string): void
  /** Counts a sign-in that is begun without naming anyone; seconds to wait instead, if too many. */
  open(address: string): number
  /** Whether a failure for a name that nobody has is to be audited now; the others since the last one are counted. */
  strangers(): { readonly more: number } | undefined
}

export function makeLimits(world: Pick<World, 'now'>): Limits {
  const callers = makeCounter(world, 20, MINUTE_MS)
  const passwords = makeCounter(world, 30, 15 * MINUTE_MS)
  const codes = makeCounter(world, 10, 15 * MINUTE_MS)
  const good_passwords = makeCounter(world, 20, MINUTE_MS)
  const good_codes = makeCounter(world, 10, 15 * MINUTE_MS)
  const opened = makeCounter(world, 60, MINUTE_MS)
  const good = new Set<string>()
  const pair = (address: string, account: string) => `${callerOf(address)} ${account}`
  const isGood = (address: string, account: string) => good.has(pair(address, account))
  let stranger_at = -Infinity
  let strangers_since = 0
  return {
    passwordWait: (address, account) => (isGood(address, account)
      ? good_passwords.wait(pair(address, account)) : Math.max(callers.wait(callerOf(address)), passwords.wait(account))),
    passwordFailed(address, account) {
      if (isGood(address, account)) return good_passwords.add(pair(address, account))
      callers.add(callerOf(address))
      passwords.add(account)
    },
    codeWait: (address, account) => (isGood(address, account) ? good_codes.wait(pair(address, account)) : codes.wait(account)),
    codeFailed(address, account) {
      if (isGood(address, account)) return good_codes.add(pair(address, account))
      codes.add(account)
    },
    succeeded(address, account) {
      if (good.size >= keys_max) good.clear()
      good.add(pair(address, account))
    },
    open(address) {
      const wait = opened.wait(callerOf(address))
      if (wait === 0) opened.add(callerOf(address))
      return wait
    },
    strangers() {
      if (world.now() - stranger_at < MINUTE_MS) {
        strangers_since++
        return undefined
      }
      const more = strangers_since
      stranger_at = world.now()
      strangers_since = 0
      return { more }
    },
  }
}
