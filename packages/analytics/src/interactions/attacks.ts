import { formatAddress, parseAddress, unwrap } from '@hirundo/base'
import { networksOf } from '../answers/addresses.ts'
import type { Database } from '../client.ts'
import { Bindings } from '../sql.ts'
import { StoreError } from '../store-error.ts'
import type { Attack, AttackSettings, InteractionQuestion } from './model.ts'
import { asked, BOUNDED, instantMs, MILLIS } from './question.ts'

/** One attack as it is cut out of the rows. */
interface Session {
  readonly victim: string
  readonly protocol: string
  readonly start_ms: number
  readonly end_ms: number
  readonly total_requests: number
  /** Attacks over all. */
  readonly total: number
}

const UDP = 'transport = 1'
/** Each stands in the address of a request to a server. */
const LIMIT_MAX = 2_000

/**
 * Requests in one victim's name for one protocol, over all sensors, cut where nothing came for longer than the gap.
 * Rows that begin in the same stretch of one gap's length can never be cut apart, so they are put together first: what is
 * left is exact and a fraction of the rows.
 */
async function sessions(db: Database, question: InteractionQuestion, { packets_min, gap_s }: AttackSettings, limit: number): Promise<Session[]> {
  const b = new Bindings()
  const gap = b.bind(gap_s * 1000, 'Int64')
  const least = b.bind(packets_min, 'UInt64')
  const together =
    `SELECT src, protocol, min(${MILLIS}) AS first, max(${MILLIS} + duration_ms) AS last, sum(requests) AS sum_requests FROM interaction ` +
    `WHERE ${asked(b, question, UDP)} GROUP BY src, protocol, intDiv(${MILLIS}, ${gap})`
  const ofVictims = `SELECT src, protocol, arrayJoin(groupArray((first, last, sum_requests))) AS part FROM (${together}) GROUP BY src, protocol HAVING sum(sum_requests) >= ${least}`
  const before = 'max(part.2) OVER (PARTITION BY src, protocol ORDER BY part.1 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)'
  const begun = `SELECT src, protocol, part, part.1 - ${before} > ${gap} AS begins FROM (${ofVictims})`
  const numbered = `SELECT src, protocol, part, sum(begins) OVER (PARTITION BY src, protocol ORDER BY part.1 ROWS UNBOUNDED PRECEDING) AS number FROM (${begun})`
  return db.rows(
    'SELECT toString(src) AS victim, protocol, min(part.1) AS start_ms, max(part.2) AS end_ms, sum(part.3) AS total_requests, count() OVER () AS total ' +
      `FROM (${numbered}) GROUP BY src, protocol, number HAVING total_requests >= ${least} ORDER BY total_requests DESC, start_ms, src, protocol LIMIT ${b.bind(limit, 'UInt32')}${BOUNDED}`, b)
}

/** The attacks as a table of their number, sorted out by when they began. */
function attackTable(b: Bindings, found: readonly Session[]): string {
  const columns = [
    b.bind(found.map((_, number) => number), 'Array(UInt32)'), b.bind(found.map(({ victim }) => victim), 'Array(IPv6)'),
    b.bind(found.map(({ protocol }) => protocol), 'Array(String)'), b.bind(found.map(({ start_ms }) => start_ms), 'Array(Int64)'),
    b.bind(found.map(({ end_ms }) => end_ms), 'Array(Int64)'),
  ]
  return `SELECT one.1 AS attack, one.2 AS src, one.3 AS protocol, one.4 AS start_ms, one.5 AS end_ms FROM (SELECT arrayJoin(arrayZip(${columns.join()})) AS one)`
}

/** Rows of the attacks with the number of theirs: attacks of one victim and protocol do not overlap. */
function rowsOf(b: Bindings, question: InteractionQuestion, found: readonly Session[], columns: string): string {
  const victims = b.bind([...new Set(found.map(({ victim }) => victim))], 'Array(IPv6)')
  const [from, to] = [Math.min(...found.map(({ start_ms }) => start_ms)), Math.max(...found.map(({ end_ms }) => end_ms))]
  const where = asked(b, question, UDP, `src IN ${victims}`, `at >= ${instantMs(b, from)}`, `at <= ${instantMs(b, to)}`)
  return (
    `SELECT attack, ${columns} FROM (SELECT *, ${MILLIS} AS at_ms FROM interaction WHERE ${where}) AS i ` +
    `ASOF JOIN (${attackTable(b, found)}) AS a ON i.src = a.src AND i.protocol = a.protocol AND i.at_ms >= a.start_ms WHERE i.at_ms <= a.end_ms`
  )
}

interface Details {
  readonly attack: number
  readonly total_in: number
  readonly total_out: number
  readonly sensors: number
  readonly ports: readonly number[]
  readonly last_economy: string
  readonly last_asn: number
}

const VICTIM_PORTS_MAX = 5

async function details(db: Database, question: InteractionQuestion, found: readonly Session[]): Promise<Map<number, Details>> {
  const b = new Bindings()
  const rows = await db.rows<Details>(
    'SELECT attack, sum(bytes_in) AS total_in, sum(bytes_out) AS total_out, uniqExact(sensor) AS sensors, ' +
      `topKWeighted(${VICTIM_PORTS_MAX})(src_port, requests) AS ports, argMax(economy, at_ms) AS last_economy, argMax(asn, at_ms) AS last_asn ` +
      `FROM (${rowsOf(b, question, found, 'bytes_in, bytes_out, sensor, src_port, requests, economy, asn, at_ms')}) GROUP BY attack${BOUNDED}`, b)
  return new Map(rows.map((row) => [row.attack, row]))
}

const MINUTE_MS = 60_000
/** Of a record that is longer, only so many minutes are looked at, each with its rate. */
const SPREAD_MINUTES_MAX = 60

/** Requests in each attack's densest clock minute, each record spread evenly over its duration. */
async function densest(db: Database, question: InteractionQuestion, found: readonly Session[]): Promise<Map<number, number>> {
  const b = new Bindings()
  const last = `least(at_ms + duration_ms, at_ms + ${SPREAD_MINUTES_MAX * MINUTE_MS})`
  const minute = `arrayJoin(range(toUInt64(intDiv(at_ms, ${MINUTE_MS})), toUInt64(intDiv(${last}, ${MINUTE_MS}) + 1)))`
  const overlap = `least(at_ms + duration_ms, (minute + 1) * ${MINUTE_MS}) - greatest(at_ms, minute * ${MINUTE_MS})`
  const rows = await db.rows<{ attack: number; most: number }>(
    'SELECT attack, toUInt64(round(max(ppm))) AS most FROM (' +
      `SELECT attack, minute, sum(if(duration_ms = 0, requests, requests * (${overlap}) / duration_ms)) AS ppm FROM (` +
      `SELECT attack, at_ms, duration_ms, requests, ${minute} AS minute FROM (${rowsOf(b, question, found, 'at_ms, duration_ms, requests')})` +
      `) GROUP BY attack, minute) GROUP BY attack${BOUNDED}`, b)
  return new Map(rows.map(({ attack, most }) => [attack, most]))
}

/**
 * Attacks by requests, most first. AmpPot (Krämer et al., RAID 2015): at least 100 packets, no gap above 600 s. Hopscotch
 * (Thomas et al., eCrime 2017): at least 5 packets, 900 s. Economy and AS number are those of the last row; the AS name
 * is today's and empty when the address has another number now. Problem: `request/invalid`.
 */
export async function attacks(
  db: Database, question: InteractionQuestion, settings: AttackSettings, limit: number,
): Promise<{ readonly attacks: readonly Attack[]; readonly total: number }> {
  for (const [what, value] of Object.entries({ ...settings, limit })) {
    if (!Number.isInteger(value) || value < 1) throw new StoreError('request/invalid', { what, value })
  }
  const found = await sessions(db, question, settings, Math.min(limit, LIMIT_MAX))
  if (found.length === 0) return { attacks: [], total: 0 }
  const [more, minutes, networks] = await Promise.all([
    details(db, question, found), densest(db, question, found), networksOf(db, [...new Set(found.map(({ victim }) => victim))]),
  ])
  return {
    total: found[0]!.total,
    attacks: found.map(({ victim, protocol, start_ms, end_ms, total_requests }, number) => {
      const { total_in, total_out, sensors, ports, last_economy, last_asn } = more.get(number)!
      const network = networks.get(victim)
      return {
        victim: formatAddress(unwrap(parseAddress(victim))), economy: last_economy, asn: last_asn, as_name: network?.asn === last_asn ? network.as_name : '',
        protocol, start_ms, end_ms, requests: total_requests, bytes_in: total_in, bytes_out: total_out, sensors, victim_ports: ports, max_ppm: minutes.get(number)!,
      }
    }),
  }
}
