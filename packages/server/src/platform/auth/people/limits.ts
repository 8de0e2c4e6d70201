import { parseAddress, type World } from '@hirundo/base'

const MINUTE_MS = 60_000
const keys_max = 10_000

/** Counts per key within a window; bounded, the key seen first is forgotten. */
export interface Counter {
  add(key: string): void
  /** Takes one back that did not count after all. */
  remove(key: string): void
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
    remove(key) {
      const entry = known.get(key)
      if (entry && entry.count > 0) entry.count--
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

/** One guess. It counts from the moment that it is asked for, so that guesses sent at once are no more than those sent in turn. */
export interface Guess {
  /** Seconds to wait; 0: go on. */
  readonly wait_s: number
  /** It was right, or could not be looked at: it does not count. */
  forgive(): void
}

/**
 * Bounds of signing in. Nobody can be locked out for good: windows end; a caller from whom this account signed in before
 * has limits of its own, which no stranger's failures fill; passkeys know no limit per account; and codes can be tried only
 * by who knows the password.
 */
export interface Limits {
  /** A password of `account` (a sign-in name) from `address`. */
  password(address: string, account: string): Guess
  code(address: string, account: string): Guess
  /** Signing in worked. */
  succeeded(address: string, account: string): void
  /**
   * Counts a sign-in that is begun without naming anyone; seconds to wait instead, if too many. A browser in which somebody
   * signed in before (`known`: its cookie) counts by itself, so that nobody behind the same address can keep it out.
   */
  open(address: string, known: string | undefined): number
  /** Whether a cookie is of a browser in which somebody signed in. */
  isKnown(known: string): boolean
  /** Somebody signed in in the browser that has this cookie. */
  know(known: string): void
  /** Whether a failure for a name that nobody has is to be audited now; the others since the last one are counted. */
  strangers(): { readonly more: number } | undefined
}

function guess(counters: readonly (readonly [Counter, string])[]): Guess {
  const wait_s = Math.max(...counters.map(([counter, key]) => counter.wait(key)))
  if (wait_s > 0) return { wait_s, forgive: () => undefined }
  for (const [counter, key] of counters) counter.add(key)
  return { wait_s, forgive: () => counters.forEach(([counter, key]) => counter.remove(key)) }
}

export function makeLimits(world: Pick<World, 'now'>): Limits {
  const callers = makeCounter(world, 20, MINUTE_MS)
  const passwords = makeCounter(world, 30, 15 * MINUTE_MS)
  const codes = makeCounter(world, 10, 15 * MINUTE_MS)
  const good_passwords = makeCounter(world, 20, MINUTE_MS)
  const good_codes = makeCounter(world, 10, 15 * MINUTE_MS)
  const opened = makeCounter(world, 60, MINUTE_MS)
  const good = new Set<string>()
  const browsers = new Set<string>()
  const pair = (address: string, account: string) => `${callerOf(address)} ${account}`
  const isGood = (address: string, account: string) => good.has(pair(address, account))
  let stranger_at = -Infinity
  let strangers_since = 0
  return {
    password: (address, account) => guess(isGood(address, account)
      ? [[good_passwords, pair(address, account)]] : [[callers, callerOf(address)], [passwords, account]]),
    code: (address, account) => guess([isGood(address, account) ? [good_codes, pair(address, account)] : [codes, account]]),
    succeeded(address, account) {
      if (good.size >= keys_max) good.clear()
      good.add(pair(address, account))
    },
    open(address, known) {
      const key = known !== undefined && browsers.has(known) ? known : callerOf(address)
      const wait = opened.wait(key)
      if (wait === 0) opened.add(key)
      return wait
    },
    isKnown: (known) => browsers.has(known),
    know(known) {
      if (browsers.size >= keys_max) browsers.delete(browsers.keys().next().value!)
      browsers.add(known)
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
