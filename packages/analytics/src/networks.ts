import type { Database } from './client.ts'
import { networkTables } from './schema/networks.ts'
import { Bindings } from './sql.ts'
import type { NetworkTables } from './store.ts'

type Rows = AsyncIterable<readonly (string | number)[]> | Iterable<readonly (string | number)[]>

const CHUNK_CHARACTERS = 256 * 1024
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }

/** Tab-separated text with ClickHouse's escapes. */
async function* tabSeparated(rows: Rows): AsyncGenerator<Uint8Array> {
  let text = ''
  for await (const row of rows) {
    // oxlint-disable-next-line no-control-regex
    text += `${row.map((value) => String(value).replaceAll(/[\\\t\n\r\0]/g, (c) => escapes[c]!)).join('\t')}\n`
    if (text.length < CHUNK_CHARACTERS) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

/** Replaces the three tables of networks; each is swapped in whole, and a failure leaves the old one. */
export async function loadNetworks(db: Database, tables: NetworkTables): Promise<void> {
  const rows: Record<string, Rows> = { economy: tables.economies, asn: tables.asns, research: tables.research }
  for (const { name, columns } of networkTables) {
    await db.command(`TRUNCATE TABLE staging_net_${name}`)
    await db.insert(`INSERT INTO staging_net_${name} SELECT * FROM input('${columns}') FORMAT TabSeparated`, tabSeparated(rows[name]!))
    await db.command(`EXCHANGE TABLES net_${name} AND staging_net_${name}`)
    await db.command(`SYSTEM RELOAD DICTIONARY dict_${name}`)
    await db.command(`TRUNCATE TABLE staging_net_${name}`)
  }
  const bindings = new Bindings()
  await db.command(`INSERT INTO net_as_of (as_of) SELECT ${bindings.bind(tables.as_of, 'String')}`, bindings)
}

/** What the loader said of the tables' date; null: none were ever loaded. */
export async function networksAsOf(db: Database): Promise<string | null> {
  const [row] = await db.rows<{ as_of: string; loads: number }>('SELECT argMax(as_of, at) AS as_of, count() AS loads FROM net_as_of')
  return row && row.loads > 0 ? row.as_of : null
}
