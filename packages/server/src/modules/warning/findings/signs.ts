import type { Kysely } from 'kysely'
import { outcomeKinds, signalKinds, type Sign } from '../forecast/precursors.ts'
import { counts_against } from '../model.ts'
import { findingDb } from '../tables.ts'

/** Rows that precursors are counted over. */
const signs_max = 50_000

/** What may be a precursor or what follows one, of ports, since a second; without what people dismissed as nothing. */
export async function signsOf(db: Kysely<unknown>, organisation_id: number, since_s: number): Promise<readonly Sign[]> {
  const rows = await findingDb(db).selectFrom('finding').select(['kind', 'protocol', 'port', 'start_at'])
    .where('organisation_id', '=', organisation_id).where('merged_into', 'is', null).where('kind', 'in', [...signalKinds, ...outcomeKinds])
    .where('port', 'is not', null).where('protocol', 'is not', null).where('start_at', '>=', new Date(since_s * 1000))
    .where((e) => e.or([e('dismissal', 'is', null), e('dismissal', 'not in', [...counts_against])]))
    .orderBy('start_at', 'desc').limit(signs_max).execute()
  return rows.map(({ kind, protocol, port, start_at }) => ({ kind, port: `${protocol}/${port}`, start: Math.floor(start_at.getTime() / 1000) }))
}
