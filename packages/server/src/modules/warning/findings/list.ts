import { fail, formatAddress, formatCidr, isUuid, ok, parseAddress, parseCidr, parseInstant, protocolName, type Result } from '@hirundo/base'
import { findingStates, severities, type FindingState, type Input, type listFindings, type Output } from '@hirundo/contract'
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { isSettled, rankOf } from '../model.ts'
import { findingDb } from '../tables.ts'
import { readCursor, writeCursor, type Place } from './cursor.ts'
import { mutedSql, selectFindings } from './select.ts'
import { readsContent, rowOf } from './view.ts'

type Query = Input<typeof listFindings>['query']
type Condition = RawBuilder<boolean>

const rows_default = 100
/** Counting goes no further: with hundreds of thousands of records and many rules that mute, it takes seconds of the database. */
export const counted_max = 10_000
const alarms = severities.filter((one) => one !== 'record')
/** What people are not done with. */
const standing: readonly FindingState[] = findingStates.filter((state) => !isSettled(state))

const noSubject = fail('request/invalid', { what: 'subject', reason: 'subject' })

/** What a subject's text asks for: an address or network, or a port as `tcp/23`. Problem: `request/invalid`. */
function subjectCondition(text: string): Result<Condition> {
  const port = /^([a-z\d-]{1,20})\/(\d{1,5})$/i.exec(text)
  if (port && !parseCidr(text).ok) {
    const [, name, number] = port as unknown as [string, string, string]
    if (Number(number) > 65_535) return noSubject
    return ok(sql<boolean>`f.protocol = ${protocolName(name.toLowerCase())} and f.port = ${Number(number)}`)
  }
  const address = parseAddress(text)
  if (address.ok) {
    const one = formatAddress(address.value)
    return ok(sql<boolean>`(f.victim = ${one}::inet or f.source = ${one}::inet)`)
  }
  const network = parseCidr(text)
  if (!network.ok) return noSubject
  const cidr = formatCidr(network.value)
  return ok(sql<boolean>`(f.victim <<= ${cidr}::inet or f.source <<= ${cidr}::inet)`)
}

function ownerCondition(owner: string): Result<Condition> {
  if (owner === 'nobody') return ok(sql<boolean>`f.owner_id is null`)
  return isUuid(owner) ? ok(sql<boolean>`f.owner_id = ${owner}`) : fail('request/invalid', { what: 'owner' })
}

/** An instant of the query as a condition on the window. */
function timeCondition(text: string | undefined, condition: (at: Date) => Condition): Result<Condition | undefined> {
  if (text === undefined) return ok(undefined)
  const instant = parseInstant(text)
  return instant.ok ? ok(condition(new Date(instant.value))) : instant
}

function backwards({ from, to }: Query): boolean {
  if (from === undefined || to === undefined) return false
  const [start, end] = [parseInstant(from), parseInstant(to)]
  return start.ok && end.ok && start.value >= end.value
}

/** All that the findings asked for have in common. Problem: `request/invalid`. */
function conditionsOf(query: Query, now: Date): Result<readonly Condition[]> {
  const parts = [
    timeCondition(query.from, (at) => sql<boolean>`f.end_at > ${at}`), timeCondition(query.to, (at) => sql<boolean>`f.start_at < ${at}`),
    query.subject === undefined ? ok(undefined) : subjectCondition(query.subject), query.owner === undefined ? ok(undefined) : ownerCondition(query.owner),
  ]
  const wrong = parts.find((part) => !part.ok)
  if (wrong) return wrong as Extract<typeof wrong, { ok: false }>
  if (backwards(query)) return fail('request/invalid', { what: 'range', reason: 'range' })
  return ok([
    sql<boolean>`f.severity = any(${(query.severity ?? alarms).map(rankOf)}::smallint[])`, sql<boolean>`f.state = any(${query.state ?? standing}::text[])`,
    ...(query.kind ? [sql<boolean>`f.kind = any(${query.kind}::text[])`] : []), ...(query.own === undefined ? [] : [sql<boolean>`f.own = ${query.own}`]),
    ...(query.muted ? [] : [sql<boolean>`not ${mutedSql(now)}`]), ...parts.flatMap((part) => (part.ok && part.value ? [part.value] : [])),
  ])
}

const both = (conditions: readonly Condition[]): Condition => sql.join<boolean>([...conditions], sql` and `) as Condition

const beyond = (order: 'urgency' | 'newest', { severity, start_ms, uuid }: Place): Condition => {
  const start = new Date(start_ms)
  return order === 'urgency'
    ? sql<boolean>`(f.severity, f.start_at, f.uuid) < (${severity}::smallint, ${start}::timestamptz, ${uuid}::uuid)`
    : sql<boolean>`(f.start_at, f.uuid) < (${start}::timestamptz, ${uuid}::uuid)`
}

type Conditions = ReturnType<typeof conditionsOf>

/** How many a query asks for, or one more than is counted. Problem: `request/invalid`. */
export function countQuery(db: Kysely<unknown>, organisation_id: number, query: Query, now: Date, conditions: Conditions = conditionsOf(query, now)) {
  if (!conditions.ok) return conditions
  const some = findingDb(db).selectFrom('finding as f').select('f.id').where('f.organisation_id', '=', organisation_id).where('f.merged_into', 'is', null)
    .where(both(conditions.value)).limit(counted_max + 1)
  return ok(findingDb(db).selectFrom(some.as('some')).select((e) => e.fn.countAll<number>().as('count')))
}

/** The page that a query asks for, and one more row: whether there is another. Problem: `request/invalid`. */
export function pageQuery(db: Kysely<unknown>, organisation_id: number, query: Query, now: Date, conditions: Conditions = conditionsOf(query, now)) {
  const order = query.order ?? 'urgency'
  if (!conditions.ok) return conditions
  const after = query.after === undefined ? ok(undefined) : readCursor(order, query.after)
  if (!after.ok) return after
  const rows = selectFindings(db, organisation_id, now).where(both([...conditions.value, ...(after.value ? [beyond(order, after.value)] : [])])).limit((query.limit ?? rows_default) + 1)
  const by = order === 'urgency' ? rows.orderBy('f.severity', 'desc') : rows
  return ok(by.orderBy('f.start_at', 'desc').orderBy('f.uuid', 'desc'))
}

/** Findings by urgency or newest first, with how many there are as far as they are counted. Problem: `request/invalid` (an instant, subject, owner or cursor). */
export async function list({ db, world }: Pick<Platform, 'db' | 'world'>, actor: Actor, query: Query): Promise<Result<Output<typeof listFindings>>> {
  const now = new Date(world.now())
  const conditions = conditionsOf(query, now)
  const rows = pageQuery(db, actor.organisation_id, query, now, conditions)
  if (!rows.ok) return rows
  const counting = countQuery(db, actor.organisation_id, query, now, conditions)
  if (!counting.ok) return counting
  const [found, counted] = await Promise.all([rows.value.execute(), counting.value.executeTakeFirstOrThrow()])
  const count = Number(counted.count)
  const page = found.slice(0, query.limit ?? rows_default)
  const last = page.at(-1)
  return ok({
    findings: page.map((row) => rowOf(row, readsContent(actor))), total: Math.min(count, counted_max), total_is_more: count > counted_max,
    next: last && found.length > page.length ? writeCursor(query.order ?? 'urgency', { severity: last.severity, start_ms: last.start_at.getTime(), uuid: last.uuid }) : null,
  })
}
