import { fail, formatMillis, ok, type Result } from '@hirundo/base'
import type { Change, Evidences, FindingView } from '@hirundo/contract'
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { findingDb } from '../tables.ts'
import { precisionOf } from './precision.ts'
import { mutesOf, selectFindings, type SelectedFinding } from './select.ts'
import { readsContent, rowOf } from './view.ts'

type Db = Kysely<unknown>
export type BulletinRef = FindingView['bulletins'][number]

export interface ViewTools extends Pick<Platform, 'db' | 'world'> {
  /** Bulletins about a finding (UUID), newest first. */
  bulletinsOf(organisation_id: number, finding: string): Promise<readonly BulletinRef[]>
}

/** Questions that are shown and asked again; of more events the newest. */
export const evidence_shown_max = 20
const changes_shown_max = 500
const merged_shown_max = 100
const similar_max = 10

/** The finding of an id of the organisation, or the one that it turned out to be part of. */
export async function findFinding(db: Db, organisation_id: number, uuid: string, now: Date): Promise<SelectedFinding | undefined> {
  const direct = await selectFindings(db, organisation_id, now).where('f.uuid', '=', uuid).executeTakeFirst()
  if (direct) return direct
  const merged = await findingDb(db).selectFrom('finding').select('merged_into').where('uuid', '=', uuid).where('organisation_id', '=', organisation_id).executeTakeFirst()
  return merged?.merged_into ? selectFindings(db, organisation_id, now).where('f.id', '=', merged.merged_into).executeTakeFirst() : undefined
}

/** Evidence of the leading detection, then of the other events, newest first. */
export async function evidenceOf(db: Db, { id, lead }: Pick<SelectedFinding, 'id' | 'lead'>): Promise<readonly Evidences[]> {
  const rows = await findingDb(db).selectFrom('detection').select('evidence').where((e) => e.or([e('finding_id', '=', id), e('id', '=', lead)]))
    .orderBy(sql`id = ${lead} desc`).orderBy('start_at', 'desc').limit(evidence_shown_max).execute()
  return rows.flatMap(({ evidence }) => evidence).slice(0, evidence_shown_max)
}

const change = (at: Date, by: string, what: Change['what'], more: Partial<Pick<Change, 'from' | 'to' | 'text'>> = {}): Change =>
  ({ at: formatMillis(at.getTime()), by, what, from: null, to: null, text: null, ...more })

/** What happened to it, oldest first: found, events that were merged into it, what people did, rules that mute it. */
async function changesOf(db: Db, finding: SelectedFinding, now: Date): Promise<Change[]> {
  const [made, merged, mutes] = await Promise.all([
    findingDb(db).selectFrom('finding_change').selectAll().where('finding_id', '=', finding.id).orderBy('id', 'desc').limit(changes_shown_max).execute(),
    findingDb(db).selectFrom('detection').select(['stored_at', 'start_at', 'end_at']).where('finding_id', '=', finding.id)
      .orderBy('stored_at', 'desc').orderBy('start_at', 'desc').limit(merged_shown_max + 1).execute(),
    finding.muted ? mutesOf(db, finding, now) : [],
  ])
  // All but the event that it was found by.
  const others = merged.length > merged_shown_max ? merged.slice(0, merged_shown_max) : merged.slice(0, -1)
  return [
    change(finding.found_at, 'system', 'found'),
    ...others.map((one) => change(one.stored_at, 'system', 'merged', { from: formatMillis(one.start_at.getTime()), to: formatMillis(one.end_at.getTime()) })),
    ...made.toReversed().map((one) => change(one.at, one.by, one.what, { from: one.from_value, to: one.to_value, text: one.text })),
    ...mutes.map((one) => change(one.created_at, one.created_by, 'muted', { to: formatMillis(one.until_at.getTime()), text: one.why })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** Others of the same kind about the same victim, source or port. */
async function similarTo(db: Db, finding: SelectedFinding, now: Date): Promise<SelectedFinding[]> {
  const { organisation_id, id, kind, subject_key, victim, source, protocol, port } = finding
  const same: RawBuilder<boolean>[] = [
    sql<boolean>`f.subject_key = ${subject_key}`,
    ...(victim === null ? [] : [sql<boolean>`f.victim = ${victim}::inet`]), ...(source === null ? [] : [sql<boolean>`f.source = ${source}::inet`]),
    ...(victim === null && source === null && port !== null ? [sql<boolean>`(f.port = ${port} and f.protocol = ${protocol})`] : []),
  ]
  return selectFindings(db, organisation_id, now).where('f.kind', '=', kind).where('f.id', '<>', id).where(sql<boolean>`(${sql.join(same, sql` or `)})`)
    .orderBy('f.start_at', 'desc').orderBy('f.uuid', 'desc').limit(similar_max).execute()
}

const leadOf = (db: Db, { lead }: Pick<SelectedFinding, 'lead'>) =>
  findingDb(db).selectFrom('detection as d').innerJoin('detection_setting as s', 's.id', 'd.setting_id').select(['d.members', 'd.version', 's.parameters']).where('d.id', '=', lead).executeTakeFirst()

/** A finding with all that stands beside it. Problem: `finding/not-found`, also for one of another organisation. */
export async function viewOf({ db, world, bulletinsOf }: ViewTools, actor: Actor, uuid: string): Promise<Result<FindingView>> {
  const now = new Date(world.now())
  const row = await findFinding(db, actor.organisation_id, uuid, now)
  if (!row) return fail('finding/not-found')
  const content = readsContent(actor)
  const [lead, evidence, changes, similar, precision, bulletins] = await Promise.all([
    leadOf(db, row), evidenceOf(db, row), changesOf(db, row, now), similarTo(db, row, now), precisionOf(db, row.organisation_id, row.kind), bulletinsOf(row.organisation_id, row.uuid),
  ])
  return ok({
    ...rowOf(row, content), dismissal: row.dismissal, tlp: row.tlp, figures: { ...row.figures }, crossed: [...row.crossed], members: [...lead?.members ?? []], evidence: [...evidence],
    detector: { version: lead?.version ?? 0, parameters: { ...lead?.parameters } as Record<string, unknown>, precision }, changes,
    similar: similar.map((one) => rowOf(one, content)), bulletins: [...bulletins],
  })
}
