import type { Kysely } from 'kysely'
import { ownTeam } from '../teams/store.ts'
import { bounds } from '../tools.ts'
import { lanesOpen } from './model.ts'
import { pageOfAgreements } from './store.ts'
import { factsOf } from './views.ts'

/** Kinds of record for which lanes between us and a team (UUID) are open at an instant, by all agreements that both are parties of. */
export async function openKinds(db: Kysely<unknown>, organisation_id: number, team: string, at_ms: number): Promise<ReadonlySet<string>> {
  const us = await ownTeam(db, organisation_id)
  if (!us || us.uuid === team) return new Set()
  const both = (await pageOfAgreements(db, organisation_id, { team, limit: bounds.agreements_max })).filter(({ parties }) => parties.some(({ team_id }) => team_id === us.id))
  return new Set(both.flatMap((row) => [...lanesOpen(factsOf(row), at_ms)]))
}
