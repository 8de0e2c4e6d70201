import type { Database } from '../client.ts'
import { Bindings } from '../sql.ts'

export interface AddressNetworks {
  readonly economy: string
  readonly asn: number
  readonly as_name: string
  /** Name of the research scanner; empty: none known. */
  readonly scanner: string
}

/** What the network tables say now of these addresses (location of address, not of actor). */
export async function networksOf(db: Database, addresses: readonly string[]): Promise<Map<string, AddressNetworks>> {
  if (addresses.length === 0) return new Map()
  const b = new Bindings()
  const rows = await db.rows<AddressNetworks & { address: string }>(
    `SELECT toString(src) AS address, dictGet('dict_economy', 'code', src) AS economy, dictGet('dict_asn', 'asn', src) AS asn, ` +
      `dictGet('dict_asn', 'as_name', src) AS as_name, dictGet('dict_research', 'scanner', src) AS scanner ` +
      `FROM (SELECT arrayJoin(${b.bind(addresses, 'Array(IPv6)')}) AS src)`, b)
  return new Map(rows.map((row) => [row.address, row]))
}
