import { createHash } from 'node:crypto'
import type { World } from '@hirundo/base'

/** Recognisable, so that scanners of leaked secrets and our own log can find it. */
const PREFIX = 'hir_'
const SECRET_BYTES = 32

const shape = /^hir_[\w-]{43}$/

/** A new token: the prefix and 256 random bits in base64url. */
export const makeTokenText = (world: World): string =>
  `${PREFIX}${Buffer.from(world.random(SECRET_BYTES)).toString('base64url')}`

/**
 * SHA-256 of a token. One round is right here: there are 256 bits to guess. Finding a row by it leaks at most where
 * two hashes begin to differ, which says nothing of a token.
 */
export const hashToken = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The token of an Authorization header, or undefined when there is none of ours. */
export function bearerToken(header: string | undefined): string | undefined {
  const match = header === undefined ? null : /^bearer +(\S+) *$/i.exec(header)
  return match && shape.test(match[1]!) ? match[1] : undefined
}
