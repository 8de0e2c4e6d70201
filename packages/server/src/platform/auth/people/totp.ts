import type { World } from '@hirundo/base'
import { Secret, TOTP } from 'otpauth'

const SECRET_BYTES = 20
const PERIOD_S = 30
const digits = 6
/** Clocks of phones may be one step off. */
const window = 1

/** A new secret of 160 bits (RFC 4226 section 4). */
export const makeTotpSecret = (world: Pick<World, 'random'>): Buffer => Buffer.from(world.random(SECRET_BYTES))

const secretOf = (bytes: Uint8Array) => new Secret({ buffer: Uint8Array.from(bytes).buffer })

/** What an authenticator app takes in: the secret in base 32 and an otpauth URI. */
export function describeTotp(bytes: Uint8Array, host: string, label: string): { secret: string; uri: string } {
  const secret = secretOf(bytes)
  // The node's name too: one person may be at several.
  const issuer = `Hirundo ${host.replaceAll(':', '_')}`
  return { secret: secret.base32, uri: new TOTP({ issuer, label, secret, digits, period: PERIOD_S, algorithm: 'SHA1' }).toString() }
}

/**
 * The time step that `code` is of (RFC 6238, SHA-1, six digits, 30 s, one step either way), or undefined when it is
 * none or not after `step_last`: each code works once.
 */
export function totpStep(bytes: Uint8Array, code: string, now: number, step_last: number): number | undefined {
  const delta = TOTP.validate({ token: code, secret: secretOf(bytes), digits, period: PERIOD_S, algorithm: 'SHA1', timestamp: now, window })
  if (delta === null) return undefined
  const step = TOTP.counter({ period: PERIOD_S, timestamp: now }) + delta
  return step > step_last ? step : undefined
}

