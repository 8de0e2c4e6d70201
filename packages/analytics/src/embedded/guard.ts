import { scanSql, type SqlScan } from './sql-scan.ts'

/** A request that the child refuses before the engine sees it, with ClickHouse's own error code. */
export class Refused extends Error {
  readonly code: number
  readonly kind: string
  constructor(code: number, kind: string, message: string) {
    super(message)
    this.code = code
    this.kind = kind
  }
}

/**
 * Functions that reach files, processes, other hosts or other engines. The engine runs with our rights, so a
 * question must not read what our user can read. `input` is the one way in, and becomes `file()` of our own spool.
 */
const outside = new Set([
  'file', 'filecluster', 'url', 'urlcluster', 'urlwithheaders', 's3', 's3cluster', 'gcs', 'oss', 'cosn', 'hdfs', 'hdfscluster',
  'remote', 'remotesecure', 'cluster', 'clusterallreplicas', 'mysql', 'postgresql', 'mongodb', 'redis', 'sqlite', 'odbc', 'jdbc',
  'executable', 'executablepool', 'azureblobstorage', 'azureblobstoragecluster', 'deltalake', 'deltalakecluster', 'deltalakelocal',
  'deltalakes3', 'deltalakeazure', 'hudi', 'hudicluster', 'iceberg', 'iceberglocal', 'icebergs3', 'icebergazure', 'iceberghdfs',
  'icebergcluster', 'icebergs3cluster', 'icebergazurecluster', 'iceberghdfscluster', 'paimon', 'paimonlocal', 'paimons3', 'ytsaurus',
  'arrowflight', 'python', 'loop', 'mergetreeindex', 'prometheusquery', 'kafka', 'rabbitmq', 'nats', 'filelog', 'distributed', 'dictionaryfile',
])

const readVerbs = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN'])
const writeVerbs = new Set([
  'INSERT', 'CREATE', 'DROP', 'ALTER', 'TRUNCATE', 'OPTIMIZE', 'SYSTEM', 'RENAME', 'EXCHANGE', 'BACKUP', 'RESTORE', 'DETACH', 'ATTACH',
])

export interface Admitted {
  readonly scan: SqlScan
  readonly writer: boolean
}

/** Throws `Refused` for what is not in the subset; else says which session the statement belongs to. */
export function admit(sql: string, given: ReadonlySet<string>): Admitted {
  const scan = scanSql(sql)
  if (scan.statements !== 1) throw new Refused(62, 'SYNTAX_ERROR', 'exactly one statement per request')
  const writer = writeVerbs.has(scan.verb)
  if (!writer && !readVerbs.has(scan.verb)) throw new Refused(62, 'SYNTAX_ERROR', `statement ${scan.verb} is not in the subset`)
  if (scan.words.has('OUTFILE') || scan.words.has('INFILE')) throw new Refused(497, 'ACCESS_DENIED', 'files are refused')
  for (const call of scan.calls) {
    // BACKUP TO File('…') and RESTORE FROM File('…') are statements of the node itself.
    const backup = call.name === 'file' && (scan.verb === 'BACKUP' || scan.verb === 'RESTORE')
    if (outside.has(call.name) && !backup) throw new Refused(497, 'ACCESS_DENIED', `function ${call.name} is refused`)
  }
  const missing = scan.placeholders.find((name) => !given.has(name))
  if (missing !== undefined) throw new Refused(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${missing}\` is not set`)
  return { scan, writer }
}

/** A SQL string literal. */
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/**
 * `INSERT … SELECT … FROM input('structure') FORMAT X` with a body, as the embedded engine can run it: the body lies
 * in `path`, `input` becomes `file` of it, and the format moves into the call.
 */
export function withBodyFile(sql: string, scan: SqlScan, path: string): string {
  const input = scan.calls.find((call) => call.name === 'input')
  const format = /\bFORMAT\s+([A-Za-z0-9]+)\s*;?\s*$/i.exec(sql)
  if (scan.verb !== 'INSERT' || !input || !format) {
    throw new Refused(48, 'NOT_IMPLEMENTED', "a body needs INSERT … SELECT … FROM input('structure') … FORMAT name")
  }
  const head = `${sql.slice(0, input.start)}file(${literal(path)}, ${literal(format[1]!)}, `
  return head + sql.slice(input.open + 1, format.index)
}
