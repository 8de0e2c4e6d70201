import { argon2, timingSafeEqual } from 'node:crypto'
import { fail, ok, type Result, type World } from '@hirundo/base'

/** What one hash costs; it stands in each hash, so that it can be raised and old hashes still be read. */
export interface HashCost {
  readonly memory_kib: number
  readonly passes: number
}
/** RFC 9106 section 4, second recommendation (64 MiB, t = 3), with one lane: a node has few cores. */
const cost_default: HashCost = { memory_kib: 64 * 1024, passes: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Together they take 128 MiB; more wait, and beyond that are turned away. */
const hashes_at_once_max = 2
const hashes_waiting_max = 64

const length_min = 12
const length_max = 256

/**
 * What guessing begins with, as they stand inside longer passwords: a password that is nothing but these, repeated or
 * with a few characters around, is refused.
 */
const common = [
  'password', 'passwort', 'passw0rd', 'p@ssword', 'p@ssw0rd', 'letmein', 'welcome', 'iloveyou', 'qwerty', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1q2w3e4r',
  'q1w2e3r4', '1qaz2wsx', 'abcdef', 'abcdefgh', 'abcdefghijkl', 'admin', 'administrator', 'changeme', 'secret', 'monkey', 'dragon', 'football', 'baseball', 'sunshine',
  'princess', 'master', 'superman', 'batman', 'trustno1', 'hirundo', 'swallow', 'tsubame', 'sakura', 'correcthorsebatterystaple', 'login', 'hello', 'freedom',
  '0123456789', '1234567890', '123456', '12345', '1234', '123', '654321', '987654321', '9876543210', '0987654321', 'summer', 'winter', 'spring', 'autumn',
].toSorted((a, b) => b.length - a.length)
/** Characters that must remain when the common parts are taken out. */
const own_characters_min = 6

/** Characters as a person counts them; NFKC so that the same keys give the same password on every system (NIST SP 800-63B 3.1.1.2). */
const normal = (text: string): string => text.normalize('NFKC')

/** Whether a password is good enough. Problem: `factor/password-weak`. */
export function checkPassword(text: string, sign_in_name: string): Result<null> {
  const weak = (reason: string) => fail('factor/password-weak', { reason })
  const password = normal(text)
  const characters = [...password].length
  if (characters < length_min || characters > length_max) return weak('length')
  const lower = password.toLowerCase()
  const [local = ''] = sign_in_name.split('@')
  if (lower.includes(sign_in_name) || (local.length >= 4 && lower.includes(local) && characters - local.length < length_min)) return weak('sign-in name')
  const rest = common.reduce((left, part) => left.replaceAll(part, ''), lower)
  if (new Set(rest).size < own_characters_min) return weak('common')
  return ok(null)
}

const derive = (text: string, salt: Uint8Array, cost: HashCost): Promise<Buffer> => new Promise((resolve, reject) => {
  const parameters = { message: normal(text), nonce: salt, parallelism: 1, tagLength: HASH_BYTES, memory: cost.memory_kib, passes: cost.passes }
  argon2('argon2id', parameters, (error, hash) => (error ? reject(error) : resolve(hash)))
})

/** The form of the reference implementation. */
const encode = (salt: Uint8Array, hash: Uint8Array, cost: HashCost): string =>
  `$argon2id$v=19$m=${cost.memory_kib},t=${cost.passes},p=1$${Buffer.from(salt).toString('base64url')}$${Buffer.from(hash).toString('base64url')}`

function decode(stored: string): { salt: Buffer; hash: Buffer; cost: HashCost } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([\w-]+)\$([\w-]+)$/.exec(stored)
  if (!match) throw new Error('a stored password has another form than we write')
  const [, memory, passes, salt, hash] = match
  return { salt: Buffer.from(salt!, 'base64url'), hash: Buffer.from(hash!, 'base64url'), cost: { memory_kib: Number(memory), passes: Number(passes) } }
}

export interface Passwords {
  /** Problem: `node/unavailable` when too many wait already. */
  hash(text: string): Promise<Result<string>>
  /** Whether `text` gives `stored`; without `stored` it takes as long and gives false. Problem: `node/unavailable`. */
  verify(text: string, stored: string | null | undefined): Promise<Result<boolean>>
}

/** Argon2id with bounds on how many run and wait, so that a flood of sign-ins cannot take all memory. */
export function makePasswords(world: Pick<World, 'random'>, cost: HashCost = cost_default): Passwords {
  let running = 0
  const waiting: (() => void)[] = []
  async function bounded<T>(work: () => Promise<T>): Promise<Result<T>> {
    if (waiting.length >= hashes_waiting_max) return fail('node/unavailable', { retry_after_s: 2 })
    if (running >= hashes_at_once_max) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return ok(await work())
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
  return {
    hash: (text) => bounded(async () => {
      const salt = world.random(SALT_BYTES)
      return encode(salt, await derive(text, salt, cost), cost)
    }),
    verify: (text, stored) => bounded(async () => {
      if (stored == null) {
        await derive(text, new Uint8Array(SALT_BYTES), cost)
        return false
      }
      const { salt, hash, cost: paid } = decode(stored)
      return timingSafeEqual(hash, await derive(text, salt, paid))
    }),
  }
}
