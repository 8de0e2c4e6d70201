import { DAY_S } from '@hirundo/base'
import type { Database } from '../client.ts'
import { addressToKey, keyToAddress, keySql } from '../keys.ts'
import type { Question } from '../model.ts'
import { planTiers } from '../plan.ts'
import { Bindings } from '../sql.ts'
import { orStoreError } from '../store-error.ts'
import type { SourceAnswer } from '../store.ts'
import { rawWhere, unionRows, type Filter } from '../union.ts'
import { networksOf } from './addresses.ts'
import { tiersFor } from './tiers.ts'
import { sums } from './totals.ts'

const PORTS_MAX = 200

/** Ports of a source, from raw rows only: no rollup keeps pairs in a source's order. */
async function sourcePorts(db: Database, filter: Filter): Promise<SourceAnswer['ports']> {
  const { question } = filter
  const from = Math.max(question.from, question.fresh.raw_from)
  if (from >= question.to) return []
  const b = new Bindings()
  const rows = await db.rows<{ key: string; packets: number; first_seen: number; last_seen: number }>(
    `SELECT ${keySql.port} AS key, sum(packets) AS total, toUInt32(min(minute)) AS first_seen, toUInt32(max(minute)) AS last_seen, total AS packets ` +
      `FROM flow_by_source WHERE ${rawWhere(b, filter, [{ tier: 'raw', from, to: question.to }])} ` +
      `GROUP BY key ORDER BY total DESC, key LIMIT ${PORTS_MAX}`, b)
  return rows.map((row) => ({ key: addressToKey('port', row.key), packets: row.packets, first_seen: row.first_seen, last_seen: row.last_seen }))
}

async function sourceSensors(db: Database, filter: Filter): Promise<SourceAnswer['sensors']> {
  const b = new Bindings()
  const each = { ...filter, each_sensor: true }
  const union = unionRows(b, planTiers(filter.question, filter.question.fresh, tiersFor(each)), each, {
    groups: ['sensor'], measures: ['packets', 'first_minute', 'last_minute'],
  })
  if (!union) return []
  return db.rows(
    `SELECT of_sensor AS sensor, sum(packets_) AS packets, toUInt32(min(first_minute)) AS first_seen, toUInt32(max(last_minute)) AS last_seen ` +
      `FROM (${union}) GROUP BY of_sensor HAVING packets > 0 ORDER BY first_seen, sensor`, b)
}

/** Packets per UTC day; days without are left out. */
async function sourceDays(db: Database, filter: Filter): Promise<SourceAnswer['days']> {
  const b = new Bindings()
  const allowed = tiersFor(filter).filter((tier) => tier !== 'month')
  const union = unionRows(b, planTiers(filter.question, filter.question.fresh, allowed), filter, { groups: ['at'], measures: ['packets'], step: DAY_S })
  return union ? db.rows(`SELECT at, sum(packets_) AS packets FROM (${union}) GROUP BY at ORDER BY at`, b) : []
}

/** Everything one address did: the networks are those of today's tables. */
export async function source(db: Database, text: string, question: Question): Promise<SourceAnswer> {
  const address = orStoreError(keyToAddress('source', text))
  const filter: Filter = { question, dimension: 'source', keys: [address] }
  const [networks, total, ports, sensors, days] = await Promise.all([
    networksOf(db, [address]),
    sums(db, filter, ['packets', 'bytes', 'first_minute', 'last_minute', 'tool_mirai', 'tool_zmap', 'tool_masscan']),
    sourcePorts(db, filter), sourceSensors(db, filter), sourceDays(db, filter),
  ])
  const network = networks.get(address)
  return {
    source: addressToKey('source', address), economy: network?.economy ?? 'ZZ', asn: network?.asn ?? 0, as_name: network?.as_name ?? '',
    research: network?.scanner ? network.scanner : null, packets: total.packets, bytes: total.bytes,
    first_seen: total.packets > 0 ? total.first_minute : null, last_seen: total.packets > 0 ? total.last_minute : null,
    tools: { mirai: total.tool_mirai, zmap: total.tool_zmap, masscan: total.tool_masscan }, ports, sensors, days,
  }
}
