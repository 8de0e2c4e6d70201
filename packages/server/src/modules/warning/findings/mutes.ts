import { fail, formatAddress, formatCidr, formatMillis, isMapped, ok, parseCidr, parseInstant, protocolName, protocolNumber, uuidV4, type Cidr, type Result } from '@hirundo/base'
import type { addMute, Input, Mute } from '@hirundo/contract'
import { sql, type Kysely } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { findingDb, type FindingTables } from '../tables.ts'
import { keptText } from './subject.ts'

type Tools = Pick<Platform, 'db' | 'world' | 'audit'>
type Body = Input<typeof addMute>['body']
type Row = Pick<FindingTables['finding_mute'], 'id' | 'kind' | 'victim' | 'source' | 'protocol' | 'port' | 'why' | 'until_at' | 'created_at' | 'created_by'>

/** Rules of one organisation that hold at a time. */
export const mutes_max = 200
const YEAR_MS = 366 * 86_400_000
const MUTES_LOCK = 0x4849464d
const why_chars_max = 500
/** A wider network would mute everything by another name. */
export const network_bits_min = { ipv4: 8, ipv6: 16 } as const
const MAPPED_BITS = 96

const columns = ['m.id', 'm.kind', 'm.victim', 'm.source', 'm.protocol', 'm.port', 'm.why', 'm.until_at', 'm.created_at', 'm.created_by'] as const

const view = ({ victim, source, protocol, port, until_at, created_at, ...row }: Row, muted: number): Mute => ({
  ...row, until: formatMillis(until_at.getTime()), created_at: formatMillis(created_at.getTime()), muted_findings: muted,
  subject: {
    ...(victim === null ? {} : { victim }), ...(source === null ? {} : { source }), ...(protocol === null ? {} : { protocol }), ...(port === null ? {} : { port }),
  },
})

const holding = (db: Kysely<unknown>, organisation_id: number, now: Date) =>
  findingDb(db).selectFrom('finding_mute as m').where('m.organisation_id', '=', organisation_id).where('m.until_at', '>', now)

/** Alarms that a rule is about and that people are not done with: records are on no board. Only what it names is asked, so that an index is used. */
const countSql = (organisation_id: number, { id, kind, victim, source, protocol, port }: Row) => sql`select ${id}::uuid as id, count(*) as count from finding f
  where ${sql.join([
    sql`f.organisation_id = ${organisation_id} and f.merged_into is null and f.severity > 0 and f.state not in ('dismissed', 'closed')`, ...(kind === null ? [] : [sql`f.kind = ${kind}`]),
    ...(victim === null ? [] : [sql`f.victim <<= ${victim}::inet`]), ...(source === null ? [] : [sql`f.source <<= ${source}::inet`]),
    ...(protocol === null ? [] : [sql`f.protocol = ${protocol}`]), ...(port === null ? [] : [sql`f.port = ${port}`]),
  ], sql` and `)}`

/** Rules with how many findings each keeps off the board. */
async function views(db: Kysely<unknown>, organisation_id: number, rows: readonly Row[]): Promise<Mute[]> {
  if (rows.length === 0) return []
  const { rows: counts } = await sql<{ id: string; count: number }>`${sql.join(rows.map((row) => countSql(organisation_id, row)), sql` union all `)}`.execute(db)
  const byId = new Map(counts.map(({ id, count }) => [id, count]))
  return rows.map((row) => view(row, byId.get(row.id) ?? 0))
}

/** Rules that hold now; those that end first come first. */
export async function listMutes({ db, world }: Pick<Tools, 'db' | 'world'>, organisation_id: number): Promise<Mute[]> {
  return views(db, organisation_id, await holding(db, organisation_id, new Date(world.now())).select(columns).orderBy('m.until_at').orderBy('m.id').execute())
}

/** As PostgreSQL writes it: an address alone without its length. */
function networkText(cidr: Cidr): string {
  return cidr.bits === 128 ? formatAddress(cidr.bytes) : formatCidr(cidr)
}

function network(what: 'victim' | 'source', text: string | undefined): Result<string | null> {
  if (text === undefined) return ok(null)
  const cidr = parseCidr(text.trim())
  if (!cidr.ok) return fail('request/invalid', { what, reason: 'neither an address nor a CIDR whose host bits are zero' })
  // IPv4 within ::ffff:0:0/96 is kept as IPv4: a wider network of IPv6 form would match none of it.
  const bits_min = isMapped(cidr.value.bytes) ? MAPPED_BITS + network_bits_min.ipv4 : network_bits_min.ipv6
  return cidr.value.bits < bits_min ? fail('request/invalid', { what, reason: 'too-wide' }) : ok(networkText(cidr.value))
}

/** The rule as it is kept. Problem: `request/invalid`: it would mute all or a network that is too wide, ends in the past or in more than a year, or names no network or port. */
function keptRule({ kind, subject, until, why }: Body, now: number): Result<Omit<Row, 'id' | 'created_at' | 'created_by'>> {
  const victim = network('victim', subject.victim)
  if (!victim.ok) return victim
  const source = network('source', subject.source)
  if (!source.ok) return source
  const { port = null } = subject
  if (port !== null && (port < 0 || port > 65_535)) return fail('request/invalid', { what: 'port' })
  const protocol = subject.protocol === undefined ? null : protocolName(protocolNumber(keptText(subject.protocol.trim().toLowerCase(), 40)))
  if (kind === null && [victim.value, source.value, protocol, port].every((part) => part === null)) return fail('request/invalid', { what: 'subject', reason: 'it would mute everything' })
  const end = parseInstant(until)
  if (!end.ok) return end
  if (end.value <= now || end.value > now + YEAR_MS) return fail('request/invalid', { what: 'until', reason: 'it must lie ahead, at most a year' })
  return ok({ kind, victim: victim.value, source: source.value, protocol, port, why: keptText(why, why_chars_max), until_at: new Date(end.value) })
}

/** What the audit says: no address, since entries are never removed. */
const detailOf = ({ kind, until_at, protocol, port, victim, source }: Omit<Row, 'id' | 'why' | 'created_at' | 'created_by'>) =>
  ({ kind, until: formatMillis(until_at.getTime()), protocol, port, by_victim: victim !== null, by_source: source !== null })

/** Problems: `request/invalid`, `mute/too-many`. */
export async function muteFindings({ db, world, audit }: Tools, actor: Actor, body: Body): Promise<Result<Mute>> {
  const now = world.now()
  const rule = keptRule(body, now)
  if (!rule.ok) return rule
  const { organisation_id } = actor
  return db.transaction().execute(async (t) => {
    await sql`select pg_advisory_xact_lock(${MUTES_LOCK}, ${organisation_id}::int)`.execute(t)
    await findingDb(t).deleteFrom('finding_mute').where('organisation_id', '=', organisation_id).where('until_at', '<=', new Date(now)).execute()
    const { count } = await holding(t, organisation_id, new Date(now)).select((e) => e.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    if (Number(count) >= mutes_max) return fail('mute/too-many', { max: mutes_max })
    const row = { ...rule.value, id: uuidV4(world), created_at: new Date(now), created_by: actor.name }
    await findingDb(t).insertInto('finding_mute').values({ ...row, organisation_id }).execute()
    await audit({ organisation_id, actor: actor.actor_id, action: 'mute.add', subject: row.id, detail: detailOf(row) }, t)
    return ok((await views(t, organisation_id, [row]))[0]!)
  })
}

/** Problem: `mute/not-found`, also for a rule that has expired or is another organisation's. */
export function unmute({ db, world, audit }: Tools, actor: Actor, id: string): Promise<Result<Record<never, never>>> {
  return db.transaction().execute(async (t) => {
    const row = await findingDb(t).deleteFrom('finding_mute').where('id', '=', id).where('organisation_id', '=', actor.organisation_id).where('until_at', '>', new Date(world.now()))
      .returning(['kind', 'victim', 'source', 'protocol', 'port', 'until_at']).executeTakeFirst()
    if (!row) return fail('mute/not-found')
    await audit({ organisation_id: actor.organisation_id, actor: actor.actor_id, action: 'mute.remove', subject: id, detail: detailOf(row) }, t)
    return ok({})
  })
}
