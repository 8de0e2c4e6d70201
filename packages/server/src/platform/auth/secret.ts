import { createHash } from 'node:crypto'
import type { World } from '@hirundo/base'

const SECRET_BYTES = 32

/** 256 random bits in base64url: tokens, sessions, links and attempts are of this kind. */
export const makeSecret = (world: Pick<World, 'random'>): string => Buffer.from(world.random(SECRET_BYTES)).toString('base64url')

/**
 * SHA-256 of a secret of 256 random bits. One round is right for these: there is nothing to guess. Finding a row by it
 * leaks at most where two hashes begin to differ, which says nothing of the secret.
 */
export const hashSecret = (text: string): Buffer => createHash('sha256').update(text).digest()
