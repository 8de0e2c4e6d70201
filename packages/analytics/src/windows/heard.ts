import { formatAddress, parseAddress, unwrap } from '@hirundo/base'
import type { Database } from '../client.ts'
import { BOUNDED, handshakes, MILLIS, transports } from '../interactions/question.ts'
import { Bindings } from '../sql.ts'
import type { HeardRow, WindowQuestion } from './model.ts'
import { minuteSql, within } from './where.ts'

interface Row extends Omit<HeardRow, 'transport' | 'handshake' | 'research'> {
  readonly transport: number
  readonly handshake: number
  readonly research: number
}

const COLUMNS = [
  `${MILLIS} AS at_ms`, `${minuteSql.interaction} AS minute`, 'sensor', 'toString(src) AS source', 'src_port', 'dst_port', 'transport', 'handshake',
  'toString(protocol) AS protocol', 'requests', 'bytes_in', 'bytes_out', 'lower(hex(payload_sha256)) AS payload_sha256',
  "splitByString(' | ', facts['tls.ja4'])[1] AS ja4",
  "arrayDistinct(arrayMap(one -> concat(one.1, '\\n', one.2), logins)) AS credentials", 'arrayDistinct(urls) AS urls', 'research',
  "if(economy = 'ZZ', '', replaceAll(toString(economy), '\\0', '')) AS economy", 'asn',
].join()
const ORDER = 'minute, at, src, sensor, src_port, dst_port, requests, bytes_in, bytes_out, payload_sha256, cityHash64(toString(logins), toString(urls))'

/** Interactions that were over in these minutes, the earliest first. */
export async function heard(db: Database, question: WindowQuestion, limit: number): Promise<readonly HeardRow[]> {
  const b = new Bindings()
  const rows = await db.rows<Row>(
    `SELECT ${COLUMNS} FROM interaction WHERE ${within(b, 'interaction', question)} ORDER BY ${ORDER} LIMIT ${b.bind(limit, 'UInt32')}${BOUNDED}`, b)
  return rows.map((row) => ({
    ...row, source: formatAddress(unwrap(parseAddress(row.source))), transport: transports[row.transport]!, handshake: handshakes[row.handshake]!, research: row.research === 1,
  }))
}
