import type { Kysely } from 'kysely'
import type { Check } from '../../platform/module.ts'
import { WARN_MS } from './agreements/model.ts'
import { countEnding } from './agreements/store.ts'
import { reviewsDue } from './communities/queries.ts'
import { organisationsWithTeams } from './teams/store.ts'

type Db = Kysely<unknown>

const agreements = (n: number): string => `${n} ${n === 1 ? 'agreement' : 'agreements'}`

/** Agreements that end soon, or ended lately and closed their lanes. Names nobody: anyone may ask how a node is. */
async function agreementsCheck(db: Db, now_ms: number): Promise<Check> {
  const [soon, lately] = [await countEnding(db, new Date(now_ms), new Date(now_ms + WARN_MS)), await countEnding(db, new Date(now_ms - WARN_MS), new Date(now_ms))]
  if (soon + lately === 0) return { name: 'agreements', ok: true, detail: 'None ends within 30 days.' }
  const parts = [...(soon === 0 ? [] : [`${agreements(soon)} will expire within 30 days`]), ...(lately === 0 ? [] : [`${agreements(lately)} expired within the last 30, and what they opened is closed`])]
  return { name: 'agreements', ok: true, attention: true, detail: `${parts.join('; ')}: see "hirundo agreements".` }
}

/** Whether it is known who we are (without it nothing that is agreed is ours), and suspensions that somebody has to look at again. */
async function ownCheck(db: Db, now_ms: number): Promise<Check> {
  const rows = await organisationsWithTeams(db)
  const without = rows.filter(({ knows_us }) => !knows_us).length
  const due = await reviewsDue(db, now_ms)
  if (without === 0 && due > 0) return { name: 'directory', ok: true, attention: true, detail: `${due} ${due === 1 ? 'suspension is' : 'suspensions are'} due for review: see "hirundo communities".` }
  if (without === 0) return { name: 'directory', ok: true, detail: rows.length === 0 ? 'No team is entered yet.' : 'It says which team is us.' }
  return { name: 'directory', ok: true, attention: true, detail: 'Teams are entered, and none is marked as us: "hirundo team change TEAM --us".' }
}

export const directoryChecks = async (db: Db, now_ms: number): Promise<readonly Check[]> => [await ownCheck(db, now_ms), await agreementsCheck(db, now_ms)]
