import type { Module, Platform } from '../../platform/module.ts'
import { constituencyHandlers } from './constituencies/routes.ts'
import { constituenciesOfTeam } from './constituencies/views.ts'
import { keyHandlers } from './keys/routes.ts'
import { keysOfTeam } from './keys/views.ts'
import { migrations } from './migrations/index.ts'
import { teamHandlers } from './teams/routes.ts'
import type { PartsOf } from './teams/views.ts'

export { makeOwners, type Claim, type Owner, type Owners } from './constituencies/owners.ts'
export { ownersOf } from './constituencies/queries.ts'

/** Who is who: teams, how they are reached, whose keys are whose, who answers for what. */
export function directory(platform: Platform): Module {
  const parts: PartsOf = async (db, team, audience) => ({
    keys: await keysOfTeam(db, team, audience, platform.world.now()), constituencies: await constituenciesOfTeam(db, team, audience),
  })
  return { name: 'directory', migrations, handlers: [...teamHandlers(platform, parts), ...keyHandlers(platform), ...constituencyHandlers(platform)] }
}
