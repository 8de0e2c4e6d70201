import type { World } from '@hirundo/base'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Kit } from './kit.ts'
import { makeLimits } from './limits.ts'
import { makePasswords, type HashCost } from './password.ts'
import type { SessionBounds } from './session-rules.ts'

export interface KitOptions {
  readonly db: Kysely<unknown>
  readonly world: World
  readonly log: Logger
  readonly bounds: SessionBounds
  /** Absent: what is right for people; tests pay less. */
  readonly hash_cost?: HashCost
}

/** One per node: it holds the limits on sign-ins and the bound on password hashes. */
export const makeKit = ({ hash_cost, ...options }: KitOptions): Kit =>
  ({ ...options, limits: makeLimits(options.world), passwords: makePasswords(options.world, hash_cost) })
