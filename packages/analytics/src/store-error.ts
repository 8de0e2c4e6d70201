import type { Problem, ProblemCode, Result } from '@hirundo/base'

/**
 * A failure that the store expects and a caller may show: `query/timeout` (ClickHouse 159), `query/too-wide` (241
 * memory, 396 result size, or a range that the kept tiers cannot answer exactly), `node/unavailable` (the process is
 * not there or its queue is full: try again). Anything else is thrown as it came: a bug.
 */
export class StoreError extends Error {
  readonly problem: Problem
  constructor(code: ProblemCode, detail: Problem['detail'] = {}, cause?: unknown) {
    super(`${code} ${JSON.stringify(detail)}`, { cause })
    this.name = 'StoreError'
    this.problem = { code, detail }
  }
}

const problemOfCode: Record<string, ProblemCode> = {
  '159': 'query/timeout', '160': 'query/timeout', '241': 'query/too-wide', '396': 'query/too-wide', '307': 'query/too-wide', '158': 'query/too-wide',
  '202': 'node/unavailable', '252': 'node/unavailable', '394': 'node/unavailable',
}
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])

/** The error to throw for what `@clickhouse/client` threw. */
export function toStoreError(error: unknown): unknown {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  if (unreachable.has(code) || /socket hang up|Timeout error/.test(String(error))) return new StoreError('node/unavailable', { reason: code || 'connection' }, error)
  const problem = problemOfCode[code]
  return problem ? new StoreError(problem, { code: Number(code) }, error) : error
}

/** The value of what a caller asked for, or its problem as a StoreError. */
export function orStoreError<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new StoreError(result.problem.code, result.problem.detail)
}
