import type { Database } from '../client.ts'
import { addressToKey, keyToAddress } from '../keys.ts'
import { Bindings } from '../sql.ts'
import { orStoreError } from '../store-error.ts'
import type { EvidenceSums, InteractionCursor, InteractionQuestion, StoredInteraction } from './model.ts'
import { asked, BOUNDED, handshakes, instantMs, MILLIS, transports } from './question.ts'

type Row = Omit<StoredInteraction, 'source' | 'transport' | 'handshake' | 'truncated' | 'sample'> & {
  readonly transport: number
  readonly handshake: number
  readonly truncated: number
  readonly sample: string
}

const COLUMNS = [
  `${MILLIS} AS at_ms`, 'clock_error_ms', 'sensor', 'src_port', 'dst_port', 'transport', 'handshake', 'protocol', 'requests', 'bytes_in', 'bytes_out',
  'duration_ms', 'truncated', 'lower(hex(payload_sha256)) AS payload_sha256', 'base64Encode(sample) AS sample', 'logins', 'urls', 'facts', 'guess_name', 'guess_rule',
].join()
/** Rows that the cursor cannot tell apart come in the same order each time. */
const NEWEST_FIRST = 'at DESC, sensor DESC, src_port DESC, dst_port DESC, block, ' +
  'cityHash64(protocol, requests, bytes_in, bytes_out, duration_ms, sample, toString(logins), toString(urls), toString(facts))'

const sourceIs = (b: Bindings, stored: string): string => `src = ${b.bind(stored, 'IPv6')}`
const storedAddress = (text: string): string => orStoreError(keyToAddress('source', text))

const from = (b: Bindings, { at_ms, sensor, src_port, dst_port }: InteractionCursor): string => {
  const at = instantMs(b, at_ms)
  const numbers = `${b.bind(sensor, 'UInt32')}, ${b.bind(src_port, 'UInt16')}, ${b.bind(dst_port, 'UInt16')}`
  return `at <= ${at} AND (at, sensor, src_port, dst_port) <= (${at}, ${numbers})`
}

/**
 * Interactions of one source, newest first. The time of the last one is looked up before, so that samples and logins are
 * read of about as many rows as are asked for, not of all that the source ever sent. Problem: `request/invalid`.
 */
export async function ofSource(
  db: Database, address: string, question: InteractionQuestion, limit: number, after?: InteractionCursor,
): Promise<readonly StoredInteraction[]> {
  const b = new Bindings()
  const stored = storedAddress(address)
  const source = addressToKey('source', stored)
  const where = asked(b, question, sourceIs(b, stored), ...(after ? [from(b, after)] : []))
  const given = after?.given ?? 0
  const [most, offset, reach] = [limit, given, limit + given].map((rows) => b.bind(rows, 'UInt32'))
  const rows = await db.rows<Row>(
    `SELECT ${COLUMNS} FROM interaction WHERE ${where} ` +
      `AND at >= (SELECT min(at) FROM (SELECT at FROM interaction WHERE ${where} ORDER BY at DESC LIMIT ${reach})) ORDER BY ${NEWEST_FIRST} LIMIT ${most} OFFSET ${offset}${BOUNDED}`, b)
  return rows.map((row) => ({
    ...row, source, transport: transports[row.transport]!, handshake: handshakes[row.handshake]!, truncated: row.truncated === 1,
    sample: Buffer.from(row.sample, 'base64'),
  }))
}

/** How strong the evidence against one source is. Problem: `request/invalid`. */
export async function evidence(db: Database, address: string, question: InteractionQuestion): Promise<EvidenceSums> {
  const b = new Bindings()
  const counts = handshakes.map((name, number) => `countIf(handshake = ${number}) AS ${name}`).join()
  const [row] = await db.rows<EvidenceSums & { first_seen_ms: number; last_seen_ms: number; rows: number }>(
    `SELECT ${counts}, count() AS rows, min(${MILLIS}) AS first_seen_ms, max(${MILLIS}) AS last_seen_ms, uniqExact(sensor) AS sensors ` +
      `FROM interaction WHERE ${asked(b, question, sourceIs(b, storedAddress(address)))}${BOUNDED}`, b)
  const { rows, first_seen_ms, last_seen_ms, ...sums } = row!
  return { ...sums, first_seen_ms: rows > 0 ? first_seen_ms : null, last_seen_ms: rows > 0 ? last_seen_ms : null }
}
