import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Logger } from 'pino'

const line_chars_max = 1000
const severe = /^(ERROR|FATAL|PANIC):/
/** Said to those who ask too early, ourselves among them, at each start. */
const usual = /^FATAL: +the database system is (starting up|shutting down|not yet accepting connections|in recovery mode)/

/** Copies PostgreSQL's lines into our log: what is severe as warnings, the rest for debugging. Resolves at the end. */
export function logPostgres(from: Readable, log: Logger): { readonly last: () => string } {
  const recent: string[] = []
  createInterface({ input: from }).on('line', (line) => {
    const text = line.slice(0, line_chars_max)
    recent.push(text)
    if (recent.length > 10) recent.shift()
    if (severe.test(text) && !usual.test(text)) log.warn({ part: 'postgres' }, text)
    else log.debug({ part: 'postgres' }, text)
  })
  return { last: () => recent.join('\n') }
}
