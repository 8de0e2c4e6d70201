import type { Module, Platform } from '../../platform/module.ts'
import { keyHandlers } from './keys/routes.ts'
import { keysOfTeam } from './keys/views.ts'
import { migrations } from './migrations/index.ts'
import { teamHandlers } from './teams/routes.ts'
import type { PartsOf } from './teams/views.ts'

/** Who is who: teams, how they are reached, whose keys are whose. */
export function directory(platform: Platform): Module {
  const parts: PartsOf = async (db, team, audience) => ({ keys: await keysOfTeam(db, team, audience, platform.world.now()) })
  return { name: 'directory', migrations, handlers: [...teamHandlers(platform, parts), ...keyHandlers(platform)] }
}
