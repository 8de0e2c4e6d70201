import type { Kysely } from 'kysely'
import { directoryDb, type TeamRecord } from '../tables.ts'
import type { Sections } from './rfc2350.ts'

type Db = Kysely<unknown>
export type Said = Readonly<Record<string, string | null>>

/** The team that an import entered under this id before, and what it said then. */
export async function findSource(db: Db, organisation_id: number, source_id: string): Promise<{ readonly team: TeamRecord; readonly said: Said } | undefined> {
  const row = await directoryDb(db).selectFrom('directory_source').innerJoin('directory_team', 'directory_team.id', 'directory_source.team_id').selectAll('directory_team').select('said')
    .where('directory_source.organisation_id', '=', organisation_id).where('source', '=', 'first').where('source_id', '=', source_id).where('removed_at', 'is', null).executeTakeFirst()
  return row && { team: row, said: row.said }
}

export const putSource = async (t: Db, { id, organisation_id }: TeamRecord, source_id: string, said: Said): Promise<void> =>
  void await directoryDb(t).insertInto('directory_source').values({ team_id: id, organisation_id, source: 'first', source_id, said: JSON.stringify(said) })
    .onConflict((conflict) => conflict.column('team_id').doUpdateSet({ said: JSON.stringify(said) })).execute()

export const sectionsOf = async (db: Db, team_id: number): Promise<Sections> =>
  (await directoryDb(db).selectFrom('directory_profile').select('sections').where('team_id', '=', team_id).executeTakeFirst())?.sections ?? {}

export const putSections = async (t: Db, { id, organisation_id }: TeamRecord, sections: Sections, changed_at: Date): Promise<void> =>
  void await directoryDb(t).insertInto('directory_profile').values({ team_id: id, organisation_id, sections: JSON.stringify(sections), changed_at })
    .onConflict((conflict) => conflict.column('team_id').doUpdateSet({ sections: JSON.stringify(sections), changed_at })).execute()
