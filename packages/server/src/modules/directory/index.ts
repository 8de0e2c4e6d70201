import type { Module, Platform } from '../../platform/module.ts'
import { communityHandlers } from './communities/routes.ts'
import { membershipsOfTeam, restsOnMembership } from './communities/views.ts'
import { constituencyHandlers } from './constituencies/routes.ts'
import { constituenciesOfTeam } from './constituencies/views.ts'
import { keyHandlers } from './keys/routes.ts'
import { keysOfTeam } from './keys/views.ts'
import { migrations } from './migrations/index.ts'
import { teamHandlers } from './teams/routes.ts'
import type { PartsOf } from './teams/views.ts'

export { economyName, passes, standingAt, type Event as MembershipEventFacts, type StandingFacts } from './communities/model.ts'
export { makeOwners, type Claim, type Owner, type Owners } from './constituencies/owners.ts'
export { ownersOf } from './constituencies/queries.ts'

/**
 * Who is who: teams, how they are reached, whose keys are whose, who answers for what, who is in which
 * forum.
 */
export function directory(platform: Platform): Module {
  const parts: PartsOf = async (db, team, audience) => ({
    keys: await keysOfTeam(db, team, audience, platform.world.now()), constituencies: await constituenciesOfTeam(db, team, audience),
    memberships: audience === 'us' ? await membershipsOfTeam(db, team, platform.world.now()) : [],
  })
  return { name: 'directory', migrations, handlers: [...teamHandlers(platform, parts, [(t, team) => restsOnMembership(t, team, platform.world.now())]), ...keyHandlers(platform), ...constituencyHandlers(platform), ...communityHandlers(platform)] }
}
