import type { Crossed } from '@hirundo/contract'
import { sql, type Kysely } from 'kysely'
import { findingDb } from '../tables.ts'

type Db = Kysely<unknown>

/** Whether rule `m` is about finding `f`. */
const mutesSql = sql<boolean>`(m.organisation_id = f.organisation_id and (m.kind is null or m.kind = f.kind) and (m.victim is null or f.victim <<= m.victim)
  and (m.source is null or f.source <<= m.source) and (m.protocol is null or m.protocol = f.protocol) and (m.port is null or m.port = f.port))`

/**
 * Whether a rule keeps finding `f` off the board at this time. Asked at every reading, so that what a rule hid is back
 * when it expires or is removed.
 */
export const mutedSql = (now: Date) => sql<boolean>`exists (select 1 from finding_mute m where m.until_at > ${now} and ${mutesSql})`

/** Rules that are about a finding at this time. */
export const mutesOf = (db: Db, { id }: { readonly id: number }, now: Date) =>
  findingDb(db).selectFrom('finding_mute as m').innerJoin('finding as f', (join) => join.on(mutesSql)).select(['m.created_at', 'm.created_by', 'm.until_at', 'm.why'])
    .where('f.id', '=', id).where('m.until_at', '>', now).orderBy('m.created_at').limit(20).execute()

/** Findings with the numbers of the detection that leads them, which may have moved to another since, and the name of their owner. */
export const selectFindings = (db: Db, organisation_id: number, now: Date) =>
  findingDb(db).selectFrom('finding as f').leftJoin('detection as d', 'd.id', 'f.lead')
    .leftJoin('person as p', 'p.id', 'f.owner_id')
    .where('f.organisation_id', '=', organisation_id).where('f.merged_into', 'is', null)
    .select([
      'f.id', 'f.uuid', 'f.organisation_id', 'f.kind', 'f.subject', 'f.subject_key', 'f.severity', 'f.state', 'f.verdict', 'f.dismissal', 'f.settled_severity', 'f.open', 'f.start_at', 'f.end_at', 'f.found_at',
      'f.occurrences', 'f.packets', 'f.economy', 'f.asn', 'f.as_name', 'f.own', 'f.simulated', 'f.tlp', 'f.owner_id', 'f.victim', 'f.source', 'f.protocol', 'f.port', 'f.lead',
      'd.max_ppm', 'd.sources', 'd.sensors', 'p.name as owner_name', mutedSql(now).as('muted'),
      sql<Readonly<Record<string, number>>>`coalesce(d.figures, '{}')`.as('figures'), sql<readonly Crossed[]>`coalesce(d.crossed, '[]')`.as('crossed'),
    ])

export type SelectedFinding = Awaited<ReturnType<ReturnType<typeof selectFindings>['executeTakeFirstOrThrow']>>
