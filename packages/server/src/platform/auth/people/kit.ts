import type { World } from '@hirundo/base'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Limits } from './limits.ts'
import type { Passwords } from './password.ts'
import type { SessionBounds } from './session-rules.ts'

/** What everything about people works with. */
export interface Kit {
  readonly db: Kysely<unknown>
  readonly world: World
  readonly log: Logger
  readonly bounds: SessionBounds
  readonly limits: Limits
  readonly passwords: Passwords
}
