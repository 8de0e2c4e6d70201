import { formatAddress, parseAddress, unwrap } from '@hirundo/base'
import type { Database } from '../client.ts'
import { UNIQ } from '../schema/tables.ts'
import { Bindings } from '../sql.ts'
import { StoreError } from '../store-error.ts'
import type { CommonValue, InteractionKey, InteractionQuestion, InteractionRow } from './model.ts'
import { asked, BOUNDED, MILLIS } from './question.ts'

/** How a key is made of a row. */
interface KeyOf {
  /** Array of (key, of): an interaction may have several keys, each counted once. */
  readonly items?: string
  readonly key?: string
  readonly of?: string
  readonly where?: string
  /** The second part is not part of the key: what stood beside it most is said. */
  readonly commonest_of?: true
}

const SEPARATOR = ' | '
const pairs = (array: string, of = ''): string => `arrayMap(x -> (x, '${of}'), arrayDistinct(${array}))`
/** Several values of one fact stand in one text (docs/answering-sensors.md); absent ones are empty. */
const valuesOf = (fact: string): string => `arrayFilter(x -> x != '', splitByString('${SEPARATOR}', facts['${fact}']))`
const ofFact = (fact: string): KeyOf => ({ items: pairs(valuesOf(fact)), where: `facts['${fact}'] != ''` })
const controlFacts = ['modbus.function', 's7.function', 'enip.command', 'dnp3.function', 'iec104.type', 'bacnet.service'] as const

const keys: Readonly<Record<InteractionKey, KeyOf>> = {
  sources: { key: 'src' },
  protocols: { key: 'protocol' },
  users: { items: pairs('logins.user') },
  passwords: { items: 'arrayMap(x -> (x, logins.user[indexOf(logins.password, x)]), arrayDistinct(logins.password))', commonest_of: true },
  credentials: { items: 'arrayMap(x -> (x.2, x.1), arrayDistinct(logins))' },
  urls: { items: pairs('urls') },
  paths: ofFact('http.path'),
  payloads: { key: 'payload_sha256', where: "payload_sha256 != ''" },
  tools: { key: 'guess_name', of: 'guess_rule', where: "guess_name != ''" },
  ja4: ofFact('tls.ja4'),
  functions: { items: `arrayConcat(${controlFacts.map((fact) => pairs(valuesOf(fact), fact.split('.')[0])).join()})` },
  amplifiers: { key: 'protocol', where: 'transport = 1' },
}

/** The key of a stored value as text. */
function keyText(what: InteractionKey): string {
  if (what === 'sources') return 'toString(key)'
  return what === 'payloads' ? 'lower(hex(key))' : 'key'
}

/** Rows with their key: `columns` of those that the question is about. */
function keyed(b: Bindings, what: InteractionKey, question: InteractionQuestion, columns: readonly string[], ...more: readonly string[]): string {
  const { items, key, of = "''", where } = keys[what]
  const list = columns.length > 0 ? `, ${columns.join()}` : ''
  const from = `FROM interaction WHERE ${asked(b, question, ...(where === undefined ? [] : [where]), ...more)}`
  if (items === undefined) return `SELECT ${key} AS key, ${of} AS of${list} ${from}`
  return `SELECT item.1 AS key, item.2 AS of${list} FROM (SELECT arrayJoin(${items}) AS item${list} ${from})`
}

const ROWS_MAX = 10_000
const checkLimit = (limit: number): void => {
  if (!Number.isInteger(limit) || limit < 1 || limit > ROWS_MAX) throw new StoreError('request/invalid', { what: 'limit', value: limit })
}

/**
 * Most interactions (amplifiers: requests) first. Keys are strangers' texts, so they are first counted by a hash of 8
 * bytes, and only the rows of the first `limit` hashes are added up by the keys themselves. Ties stand in the order
 * of their hashes: the same however many are asked for. Problem: `request/invalid`.
 */
export async function top(db: Database, what: InteractionKey, question: InteractionQuestion, limit: number): Promise<readonly InteractionRow[]> {
  checkLimit(limit)
  const b = new Bindings()
  const { commonest_of } = keys[what]
  const hash = commonest_of ? 'sipHash64(key)' : 'sipHash64(key, of)'
  const [measure, by] = what === 'amplifiers' ? ['sum(requests)', 'total_requests'] : ['count()', 'interactions']
  const most = b.bind(limit, 'UInt32')
  const first = `SELECT ${hash} AS h FROM (${keyed(b, what, question, what === 'amplifiers' ? ['requests'] : [])}) GROUP BY h ORDER BY ${measure} DESC, h LIMIT ${most}`
  const rows = await db.rows<InteractionRow>(
    `SELECT ${keyText(what)} AS key_text, ${commonest_of ? 'topK(1)(of)[1]' : 'of'} AS of_text, count() AS interactions, sum(requests) AS total_requests, ${UNIQ}(src) AS sources, ` +
      `uniqExact(sensor) AS sensors, sum(bytes_in) AS total_in, sum(bytes_out) AS total_out, min(${MILLIS}) AS first_ms, max(${MILLIS}) AS last_ms, ${hash} AS h ` +
      `FROM (${keyed(b, what, question, ['src', 'sensor', 'requests', 'bytes_in', 'bytes_out', 'at'])}) WHERE ${hash} IN (${first}) ` +
      `GROUP BY key${commonest_of ? '' : ', of'} ORDER BY ${by} DESC, h, key LIMIT ${most}${BOUNDED}`, b)
  return rows.map((row) => rowOf(what, row as unknown as Summed))
}

interface Summed {
  readonly key_text: string
  readonly of_text: string
  readonly interactions: number
  readonly total_requests: number
  readonly sources: number
  readonly sensors: number
  readonly total_in: number
  readonly total_out: number
  readonly first_ms: number
  readonly last_ms: number
}

const rowOf = (what: InteractionKey, row: Summed): InteractionRow => ({
  key: what === 'sources' ? formatAddress(unwrap(parseAddress(row.key_text))) : row.key_text, of: row.of_text, interactions: row.interactions, requests: row.total_requests,
  sources: row.sources, sensors: row.sensors, bytes_in: row.total_in, bytes_out: row.total_out, first_seen_ms: row.first_ms, last_seen_ms: row.last_ms,
})

/** Whoever sends from addresses that are not theirs makes as many sources as they like. */
const ANSWERED = 'handshake > 0'
/** One host may have every address of an IPv6 /64. */
const PLACE = "tupleElement(IPv6CIDRToRange(src, if(src BETWEEN toIPv6('::ffff:0.0.0.0') AND toIPv6('::ffff:255.255.255.255'), 128, 64)), 1)"

/**
 * Values that at least `sources_min` sources sent, the widest spread first. Only sources that answered a handshake count,
 * and those of one IPv6 /64 count as one. Problem: `request/invalid`.
 */
export async function common(
  db: Database, what: 'users' | 'passwords' | 'urls' | 'payloads', question: InteractionQuestion, sources_min: number, limit: number,
): Promise<readonly CommonValue[]> {
  checkLimit(limit)
  const b = new Bindings()
  const few = b.bind(sources_min, 'UInt32')
  // Whoever is sent by so many sources is sent at least so often: most keys go before their sources are counted.
  const often = `SELECT sipHash64(key) AS h FROM (${keyed(b, what, question, [], ANSWERED)}) GROUP BY h HAVING count() >= ${few}`
  return db.rows<CommonValue>(
    `SELECT ${keyText(what)} AS value, ${UNIQ}(${PLACE}) AS sources, uniqExact(sensor) AS sensors, min(${MILLIS}) AS first_seen_ms, max(${MILLIS}) AS last_seen_ms ` +
      `FROM (${keyed(b, what, question, ['src', 'sensor', 'at'], ANSWERED)}) WHERE sipHash64(key) IN (${often}) ` +
      `GROUP BY key HAVING sources >= ${few} ORDER BY sources DESC, sipHash64(key), key LIMIT ${b.bind(limit, 'UInt32')}${BOUNDED}`, b)
}
