import type { Module, Platform } from '../../platform/module.ts'
import { agreementHandlers } from './agreements/routes.ts'
import { agreementsOfTeam, restsOnAgreement } from './agreements/views.ts'
import { directoryChecks } from './checks.ts'
import { communityHandlers } from './communities/routes.ts'
import { membershipsOfTeam, restsOnMembership } from './communities/views.ts'
import { constituencyHandlers } from './constituencies/routes.ts'
import { constituenciesOfTeam } from './constituencies/views.ts'
import { exchangeHandlers } from './exchange/routes.ts'
import { keyHandlers } from './keys/routes.ts'
import { keysOfTeam } from './keys/views.ts'
import { migrations } from './migrations/index.ts'
import type { Rest } from './teams/commands.ts'
import { teamHandlers } from './teams/routes.ts'
import type { PartsOf } from './teams/views.ts'

export { agreementAt, lanesOpen, type AgreementFacts } from './agreements/model.ts'
export { openKinds } from './agreements/queries.ts'
export { economyName, passes, standingAt, type Event as MembershipEventFacts, type StandingFacts } from './communities/model.ts'
export { membershipsAt, type Membership } from './communities/queries.ts'
export { makeOwners, type Claim, type Owner, type Owners } from './constituencies/owners.ts'
export { ownersOf } from './constituencies/queries.ts'
export { verifiedNodeKeys, type NodeIdentity } from './keys/queries.ts'

/**
 * Who is who: teams, how they are reached, whose keys are whose, who answers for what, who is in which
 * forum, and what partners agreed.
 */
export function directory(platform: Platform): Module {
  const { db, world } = platform
  const parts: PartsOf = async (t, team, audience) => {
    const now = world.now()
    return {
      keys: await keysOfTeam(t, team, audience, now), constituencies: await constituenciesOfTeam(t, team, audience),
      memberships: audience === 'us' ? await membershipsOfTeam(t, team, now) : [], agreements: audience === 'us' ? await agreementsOfTeam(t, team, now) : [],
    }
  }
  const rests: readonly Rest[] = [(t, team) => restsOnMembership(t, team, world.now()), (t, team) => restsOnAgreement(t, team, world.now())]
  return {
    name: 'directory', migrations,
    handlers: [...teamHandlers(platform, parts, rests), ...keyHandlers(platform), ...constituencyHandlers(platform), ...communityHandlers(platform), ...agreementHandlers(platform), ...exchangeHandlers(platform)],
    checks: () => directoryChecks(db, world.now()),
  }
}
