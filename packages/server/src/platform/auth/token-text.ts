import type { World } from '@hirundo/base'
import { hashSecret, makeSecret } from './secret.ts'

/** Recognisable, so that scanners of leaked secrets and our own log can find it. */
const PREFIX = 'hir_'

const shape = /^hir_[\w-]{43}$/

/** A new token: the prefix and 256 random bits in base64url. */
export const makeTokenText = (world: World): string =>
  `${PREFIX}${makeSecret(world)}`

/** SHA-256 of a token. */
export const hashToken = hashSecret

/** The token of an Authorization header, or undefined when there is none of ours. */
export function bearerToken(header: string | undefined): string | undefined {
  const match = header === undefined ? null : /^bearer +(\S+) *$/i.exec(header)
  return match && shape.test(match[1]!) ? match[1] : undefined
}
