import type { Database } from '../client.ts'
import { addressToKey, numberAddress, parsePort, portNumber } from '../keys.ts'
import type { Key, Question } from '../model.ts'
import { planTiers, type Plan } from '../plan.ts'
import { Bindings } from '../sql.ts'
import { orStoreError } from '../store-error.ts'
import type { PortAnswer } from '../store.ts'
import { MERGE, unionRows, type Filter } from '../union.ts'
import { networksOf } from './addresses.ts'
import { tiersFor } from './tiers.ts'
import { sums } from './totals.ts'

const LIST_ROWS = 20
const LOUDEST = `HAVING packets > 0 ORDER BY packets DESC, key LIMIT ${LIST_ROWS}`

interface Totals { readonly key: string; readonly packets: number; readonly sources: number }

/** The first sources of one port, by packets. */
async function topSources(db: Database, filter: Filter): Promise<readonly Totals[]> {
  const b = new Bindings()
  const union = unionRows(b, planOf(filter), filter, { groups: ['key'], measures: ['packets'] })
  return union ? db.rows(`SELECT key, sum(packets_) AS packets, 1 AS sources FROM (${union}) GROUP BY key ${LOUDEST}`, b) : []
}

/** The first economies of one port. They are few: their sources are counted in the same statement, not for the first alone. */
async function topEconomies(db: Database, filter: Filter): Promise<readonly Totals[]> {
  const b = new Bindings()
  const union = unionRows(b, planOf(filter), filter, { groups: ['key'], measures: ['packets', 'sources'] })
  return union ? db.rows(`SELECT key, sum(packets_) AS packets, ${MERGE}(sources) AS sources FROM (${union}) GROUP BY key ${LOUDEST}`, b) : []
}

const planOf = (filter: Filter): Plan => planTiers(filter.question, filter.question.fresh, tiersFor(filter))

/** Sensors that saw the port, the first to see it first. */
async function portSensors(db: Database, question: Question, address: string): Promise<PortAnswer['sensors']> {
  const b = new Bindings()
  const filter: Filter = { question, dimension: 'port', keys: [address], each_sensor: true }
  const union = unionRows(b, planOf(filter), filter, { groups: ['sensor'], measures: ['packets', 'sources', 'first_minute'] })
  if (!union) return []
  return db.rows(
    `SELECT of_sensor AS sensor, sum(packets_) AS packets, ${MERGE}(sources) AS sources, toUInt32(min(first_minute)) AS first_seen ` +
      `FROM (${union}) GROUP BY of_sensor HAVING packets > 0 ORDER BY first_seen, packets DESC, sensor`, b)
}

/** Who knocks at a port, since when, with which tools, and which sensors saw it first. */
export async function port(db: Database, key: Key, question: Question): Promise<PortAnswer> {
  const scope = portNumber(orStoreError(parsePort(key)))
  const address = numberAddress(scope)
  const of = { question, dimension: 'port', keys: [address] } as const
  // The longest first: a node asks three at a time.
  const [sensors, total, sources, economies] = await Promise.all([
    portSensors(db, question, address),
    sums(db, of, ['packets', 'sources', 'first_minute', 'last_minute', 'scan', 'backscatter', 'other', 'tool_mirai', 'tool_zmap', 'tool_masscan']),
    topSources(db, { question, dimension: 'port_source', scope }),
    topEconomies(db, { question, dimension: 'port_economy', scope }),
  ])
  const networks = await networksOf(db, sources.map((row) => row.key))
  return {
    packets: total.packets, sources: total.sources,
    first_seen: total.packets > 0 ? total.first_minute : null, last_seen: total.packets > 0 ? total.last_minute : null,
    tools: { mirai: total.tool_mirai, zmap: total.tool_zmap, masscan: total.tool_masscan },
    classes: { scan: total.scan, backscatter: total.backscatter, other: total.other },
    top_sources: sources.map((row) => ({
      source: addressToKey('source', row.key), packets: row.packets, sources: row.sources,
      economy: networks.get(row.key)?.economy ?? 'ZZ', asn: networks.get(row.key)?.asn ?? 0,
    })),
    top_economies: economies.map((row) => ({ economy: addressToKey('economy', row.key), packets: row.packets, sources: row.sources })),
    sensors,
  }
}
