import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { merge_gap_s } from '../model.ts'
import { findingDb } from '../tables.ts'
import { subjectId, type KeptDetection } from './detection-row.ts'
import type { Place } from './place-of.ts'
import { addressOf } from './place-of.ts'
import type { Known, PlannedFinding, StoredDetection } from './plan.ts'
import { selectFindings, type SelectedFinding } from './select.ts'
import { addressIn } from './subject.ts'

type Db = Kysely<unknown>

const FINDINGS_LOCK = 0x48494644
/** The widest gap of any kind. */
const gap_s_max = Math.max(...Object.values(merge_gap_s))
const at = (seconds: number): Date => new Date(seconds * 1000)
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)

/** Until the transaction ends nobody else stores detections of the organisation. */
export const lockFindings = (t: Db, organisation_id: number): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(${FINDINGS_LOCK}, ${organisation_id}::int)`.execute(t)

/** What is stored of these events, by `eventId`. */
export async function storedOf(db: Db, organisation_id: number, detections: readonly KeptDetection[]): Promise<ReadonlyMap<string, StoredDetection>> {
  // One look into the index for each event, whatever the planner believes of a table that a flood has just filled.
  const { rows } = await sql<StoredDetection & { kind: KeptDetection['kind']; subject_key: Buffer; start_at: Date; end_at: Date }>`
    select d.* from unnest(${detections.map(({ kind }) => kind)}::text[], ${detections.map(({ subject_key }) => subject_key)}::bytea[], ${detections.map(({ start }) => at(start).toISOString())}::timestamptz[])
      as g(kind, subject_key, start_at)
    cross join lateral (select o.finding_id, o.hash, o.version, o.open, o.end_at, o.packets, o.severity, o.kind, o.subject_key, o.start_at from detection o
      where o.organisation_id = ${organisation_id} and o.kind = g.kind and o.subject_key = g.subject_key and o.start_at = g.start_at offset 0) d`.execute(db)
  return new Map(rows.map(({ kind, subject_key, start_at, end_at, ...row }) => [`${subjectId({ kind, subject_key })} ${seconds(start_at)}`, { ...row, end: seconds(end_at) }]))
}

/** Findings that these detections may belong to, locked: those that hold them, and those of the same subject that did not end long before. */
export async function knownOf(t: Db, organisation_id: number, detections: readonly KeptDetection[]): Promise<Known> {
  const stored = await storedOf(t, organisation_id, detections)
  const ids = [...new Set([...stored.values()].map(({ finding_id }) => finding_id))]
  const since = at(Math.max(0, detections.reduce((start, one) => Math.min(start, one.start), Infinity) - gap_s_max))
  const subjects = [...new Map(detections.map((one) => [subjectId(one), one])).values()]
  const { rows: near } = await sql<{ id: number }>`select o.id from unnest(${subjects.map(({ kind }) => kind)}::text[], ${subjects.map(({ subject_key }) => subject_key)}::bytea[]) as g(kind, subject_key)
    cross join lateral (select f.id from finding f where f.organisation_id = ${organisation_id} and f.kind = g.kind and f.subject_key = g.subject_key and f.end_at >= ${since} offset 0) o`.execute(t)
  const rows = await findingDb(t).selectFrom('finding')
    .select(['id', 'kind', 'subject_key', 'start_at', 'end_at', 'severity', 'touched', 'settled_severity', 'settled_end'])
    .where((e) => e('id', '=', e.fn.any(e.val([...new Set([...ids, ...near.map(({ id }) => id)])])))).where('merged_into', 'is', null).orderBy('id').forUpdate().execute()
  const findings = rows.map(({ settled_severity, settled_end, ...row }): [string, PlannedFinding] => [subjectId(row), {
    id: row.id, start: seconds(row.start_at), end: seconds(row.end_at), order: row.id, touched: row.touched, told: row.severity, into: undefined, first: undefined,
    settled: settled_severity === null ? undefined : { severity: settled_severity, end: seconds(settled_end!) },
  }])
  const by_subject = new Map<string, PlannedFinding[]>()
  for (const [subject, finding] of findings) by_subject.set(subject, [...(by_subject.get(subject) ?? []), finding])
  return { stored, findings: new Map(findings.map(([, finding]) => [finding.id!, finding])), by_subject }
}

/** So much later than an event's end it is found while it is watched: when all sensors have delivered, at the end of its hour at the latest. */
const LIVE_LAG_S = 3600

/** History counts where it lay when it was found there: else a first look at a month would be a month of alarms in a day. */
const countedAt = (end: number, found_at: Date): Date | null => (found_at.getTime() > (end + LIVE_LAG_S) * 1000 ? at(end + LIVE_LAG_S) : null)

/** New findings, each for the first of its detections; gives their numbers in the same order. */
export async function insertFindings(t: Db, organisation_id: number, firsts: readonly KeptDetection[], uuids: readonly string[], places: ReadonlyMap<string, Place>, found_at: Date): Promise<readonly number[]> {
  if (firsts.length === 0) return []
  const rows = firsts.map(({ kind, subject, subject_key, severity, start, end, open, packets, simulated }, i) => {
    const address = addressOf(subject)
    const place = (address === undefined ? undefined : places.get(address)) ?? { economy: null, asn: null, as_name: null, own: false }
    return {
      uuid: uuids[i]!, organisation_id, kind, subject_key, subject: JSON.stringify(subject), victim: addressIn(subject.victim), source: addressIn(subject.source),
      protocol: subject.protocol ?? null, port: subject.port ?? null, severity, start_at: at(start), end_at: at(end), open, found_at, counted_at: countedAt(end, found_at), packets, simulated, ...place,
      // That kind knows without tables.
      own: place.own || kind === 'own-network',
    }
  })
  const made = await findingDb(t).insertInto('finding').values(rows).returning(['id', 'uuid']).execute()
  const byUuid = new Map(made.map(({ id, uuid }) => [uuid, id]))
  return uuids.map((uuid) => byUuid.get(uuid)!)
}

/** Puts the detections of findings that turned out to be part of others there, also of those that were absorbed before. */
export async function absorbFindings(t: Db, pairs: readonly (readonly [from: number, into: number])[]): Promise<void> {
  if (pairs.length === 0) return
  const g = sql`unnest(${pairs.map(([from]) => from)}::bigint[], ${pairs.map(([, into]) => into)}::bigint[]) as g(from_id, into_id)`
  await sql`update detection d set finding_id = g.into_id from ${g} where d.finding_id = g.from_id`.execute(t)
  await sql`update finding f set merged_into = g.into_id from ${g} where f.id = g.from_id or f.merged_into = g.from_id`.execute(t)
}

/** Numbers of sets of parameters, by their JSON; each is kept once. */
export async function settingIds(t: Db, parameters: readonly object[]): Promise<ReadonlyMap<string, number>> {
  const texts = [...new Set(parameters.map((one) => JSON.stringify(one)))]
  const byHash = new Map(texts.map((text) => [createHash('sha256').update(text).digest('hex'), text]))
  const hashes = [...byHash.keys()].map((hex) => Buffer.from(hex, 'hex'))
  const select = () => findingDb(t).selectFrom('detection_setting').select(['id', 'hash']).where('hash', 'in', hashes).execute()
  const known = await select()
  const missing = hashes.filter((hash) => !known.some((row) => row.hash.equals(hash)))
  if (missing.length > 0) {
    await findingDb(t).insertInto('detection_setting').values(missing.map((hash) => ({ hash, parameters: byHash.get(hash.toString('hex'))! })))
      .onConflict((conflict) => conflict.doNothing()).execute()
  }
  const rows = missing.length > 0 ? await select() : known
  return new Map(rows.map(({ id, hash }) => [byHash.get(hash.toString('hex'))!, id]))
}

const told = [
  'finding_id', 'end_at', 'open', 'severity', 'packets', 'max_ppm', 'sources', 'sensors', 'figures', 'crossed', 'members', 'evidence', 'version', 'hash', 'setting_id', 'simulated',
] as const

export async function upsertDetections(t: Db, organisation_id: number, placed: readonly (readonly [KeptDetection, number])[], stored_at: Date): Promise<void> {
  if (placed.length === 0) return
  const settings = await settingIds(t, placed.map(([{ parameters }]) => parameters))
  await findingDb(t).insertInto('detection').values(placed.map(([d, finding_id]) => ({
    organisation_id, finding_id, kind: d.kind, subject_key: d.subject_key, start_at: at(d.start), end_at: at(d.end), open: d.open, severity: d.severity, packets: d.packets,
    max_ppm: d.max_ppm, sources: d.sources, sensors: d.sensors, figures: JSON.stringify(d.figures), crossed: JSON.stringify(d.crossed), members: JSON.stringify(d.members),
    evidence: JSON.stringify(d.evidence), version: d.version, hash: d.hash, setting_id: settings.get(JSON.stringify(d.parameters))!, simulated: d.simulated, stored_at,
  }))).onConflict((conflict) => conflict.columns(['organisation_id', 'kind', 'subject_key', 'start_at'])
    .doUpdateSet((e) => Object.fromEntries(told.map((column) => [column, e.ref(`excluded.${column}`)])))).execute()
}

/**
 * Makes findings again of their detections: window and packets over all, a detection that lies within another not counted
 * twice; numbers of the most severe, of these the last. One without detections stays as it was.
 */
export async function recompute(t: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`with part as (
      select finding_id, start_at, end_at, open, severity, packets, simulated, coalesce(end_at > max(end_at)
        over (partition by finding_id order by start_at, end_at desc rows between unbounded preceding and 1 preceding), true) as counts
      from detection where finding_id = any(${ids}::bigint[])
    ), sums as (
      select finding_id, min(start_at) as start_at, max(end_at) as end_at, bool_or(open) as open, max(severity) as severity, bool_or(simulated) as simulated,
        count(*) filter (where counts) as occurrences, least(sum(packets) filter (where counts), 9007199254740991)::bigint as packets
      from part group by finding_id
    ), lead as (
      select distinct on (finding_id) finding_id, id from detection where finding_id = any(${ids}::bigint[]) order by finding_id, severity desc, end_at desc, start_at desc
    )
    update finding f set start_at = s.start_at, end_at = s.end_at, open = s.open, severity = s.severity, simulated = s.simulated, occurrences = s.occurrences, packets = s.packets, lead = l.id
    from sums s join lead l on l.finding_id = s.finding_id where f.id = s.finding_id`.execute(t)
}

/** Fills in where findings are that were found while the tables of networks were away. */
export async function fillPlaces(t: Db, ids: readonly number[], places: ReadonlyMap<string, Place>): Promise<void> {
  const known = [...places].filter(([, { economy, asn }]) => economy !== null || asn !== null)
  if (ids.length === 0 || known.length === 0) return
  await sql`update finding f set economy = g.economy, asn = g.asn, as_name = g.as_name, own = f.own or g.own
    from unnest(${known.map(([address]) => address)}::inet[], ${known.map(([, p]) => p.economy)}::text[], ${known.map(([, p]) => p.asn)}::bigint[],
      ${known.map(([, p]) => p.as_name)}::text[], ${known.map(([, p]) => p.own)}::boolean[]) as g(address, economy, asn, as_name, own)
    where f.id = any(${ids}::bigint[]) and f.economy is null and f.asn is null and coalesce(f.victim, f.source) = g.address`.execute(t)
}

export const findingsById = (t: Db, organisation_id: number, ids: readonly number[], now: Date): Promise<SelectedFinding[]> =>
  ids.length === 0 ? Promise.resolve([]) : selectFindings(t, organisation_id, now).where('f.id', 'in', [...ids]).orderBy('f.id').execute()
