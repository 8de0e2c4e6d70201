/** One table of prefixes and the trie that is looked up at insert. */
interface NetworkTable {
  readonly name: 'economy' | 'asn' | 'research'
  readonly columns: string
  /** Attributes of the dictionary with what an unknown address has. */
  readonly attributes: string
}

export const networkTables: readonly NetworkTable[] = [
  { name: 'economy', columns: 'prefix String, code String', attributes: "code String DEFAULT 'ZZ'" },
  { name: 'asn', columns: 'prefix String, asn UInt32, as_name String', attributes: "asn UInt32 DEFAULT 0, as_name String DEFAULT ''" },
  { name: 'research', columns: 'prefix String, scanner String', attributes: "scanner String DEFAULT ''" },
]

const table = (name: string, columns: string): string =>
  `CREATE TABLE IF NOT EXISTS ${name} (${columns}) ENGINE = MergeTree ORDER BY prefix SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`

const dictionary = ({ name, attributes }: NetworkTable): string =>
  `CREATE DICTIONARY IF NOT EXISTS dict_${name} (prefix String, ${attributes}) PRIMARY KEY prefix ` +
  `SOURCE(CLICKHOUSE(TABLE 'net_${name}')) LAYOUT(IP_TRIE()) LIFETIME(0)`

/** Tables of prefixes, their staging twins and dictionaries: they outlive a restart without a new load. */
export const networkDdl = (): string[] => [
  'CREATE TABLE IF NOT EXISTS net_as_of (at DateTime DEFAULT now(), as_of String) ENGINE = MergeTree ORDER BY at SETTINGS fsync_after_insert = 1, fsync_part_directory = 1',
  ...networkTables.flatMap((of) => [table(`net_${of.name}`, of.columns), table(`staging_net_${of.name}`, of.columns), dictionary(of)]),
]

/** Enrichment of a row of `flow` by its `src`, in the order of `enrichedColumns`. */
export const enrichSql =
  "toFixedString(dictGet('dict_economy', 'code', src), 2), dictGet('dict_asn', 'asn', src), toUInt8(dictGet('dict_research', 'scanner', src) != '')"
