import { formatMillis, parseCidr, type Cidr } from '@hirundo/base'
import { listDecoys, listSensors } from '@hirundo/contract'
import type { LogKind, LogOptions } from '@hirundo/formats'
import { take } from '../frame.ts'
import { epochOf } from './import-file.ts'
import type { ImportJob } from './import-job.ts'
import { firstYear, importLog, logDigest, type ImportedLog, type LogCounts } from './import-log.ts'
import { sendAll, untilQueryable } from './import-send.ts'

const withoutRegister = new Set(['auth/forbidden', 'request/not-found'])

/** The register of own decoys; empty, with a note, where this token or this node does not give it. */
async function ownDecoys({ client, log }: ImportJob): Promise<readonly Cidr[]> {
  const reply = await client.call(listDecoys, {})
  if (!reply.ok && withoutRegister.has(reply.problem.code)) {
    log.warn('the register of own decoys was not given: nothing is left out', { code: reply.problem.code })
    return []
  }
  return take(reply).decoys.map(({ network }) => parseCidr(network)).filter((cidr) => cidr.ok).map(({ value }) => value)
}

/** How a file is to be read, and the epoch that follows from it and from its bytes. */
async function prepare({ own, options: { zone: zone_s = 0, year, sensor }, log }: ImportJob, path: string, kind: LogKind) {
  const guessed = kind === 'kernel' && year === undefined ? await firstYear(path, zone_s) : undefined
  if (guessed !== undefined) log.warn('lines name no year: taken by the time of the file; --year says it', { file: path, first_year: guessed })
  const options: LogOptions = { own, zone_s, first_year: kind === 'kernel' ? year ?? guessed : undefined }
  return { options, epoch: epochOf(await logDigest(path, kind, sensor, options)) }
}

async function importOne(job: ImportJob, path: string, kind: LogKind, decoys: readonly Cidr[]): Promise<ImportedLog | undefined> {
  const { client, sensor, key, log } = job
  const prepared = await prepare(job, path, kind).catch((error: NodeJS.ErrnoException) => {
    log.warn('a log could not be read', { file: path, code: error.code, what: error.message })
    return undefined
  })
  if (!prepared) return undefined
  const { options, epoch } = prepared
  const file = await importLog({
    path, kind, options, decoys, log, sensor, epoch, sign: key.sign, send: (batches, last) => sendAll(client, batches, last),
  })
  log.info('imported', { file: path, lines: file.lines, epoch })
  return file
}

/** Whether a file gave what it should; a log of another kind gives nothing but bad lines. */
function isGood({ whole, events, bad_lines, skipped }: ImportedLog, path: string, { log, options }: ImportJob): boolean {
  if (events === 0 && bad_lines > 0) log.warn(`no line could be read: is it really a log of kind ${options.kind}?`, { file: path })
  else if (events === 0 && skipped > 0) log.warn(`no line said anything to us: is it really a log of kind ${options.kind}?`, { file: path })
  return whole && (events > 0 || bad_lines === 0)
}

/** Interactions of the sensor that the node has; undefined where this token may not list sensors. */
async function storedInteractions({ client, sensor }: ImportJob): Promise<number | undefined> {
  const reply = await client.call(listSensors, {})
  return reply.ok ? reply.value.sensors.find(({ id }) => id === sensor)?.interactions ?? 0 : undefined
}

const news = (read: number, added: number | null): string =>
  added === null || read === 0 || added === read ? '' : added === 0 ? '; all of these interactions were here already' : `; ${added} of these interactions are new`

function summary(files: readonly ImportedLog[]) {
  const sum = (name: Exclude<keyof LogCounts, 'first_ms' | 'last_ms'>) => files.reduce((total, file) => total + file[name], 0)
  const first = Math.min(...files.map(({ first_ms }) => first_ms ?? Infinity))
  const last = Math.max(...files.map(({ last_ms }) => last_ms ?? -Infinity))
  return {
    files: files.length, lines: sum('lines'), events: sum('events'), interactions: sum('interactions'), flows: sum('flows'),
    bad_lines: sum('bad_lines'), own_decoy: sum('own_decoy'), not_for_us: sum('not_for_us'), skipped: sum('skipped'),
    first: Number.isFinite(first) ? formatMillis(first) : null, last: Number.isFinite(last) ? formatMillis(last) : null,
  }
}

/**
 * Logs of others' sensors; the last line is the sums as JSON. Exit code 1 when a file could not be read to its end, or
 * no line of it.
 */
export async function importLogs(job: ImportJob, kind: LogKind): Promise<void> {
  const { cli, client, paths, options } = job
  const [decoys, before] = [await ownDecoys(job), await storedInteractions(job)]
  const files: ImportedLog[] = []
  for (const path of paths) {
    const file = await importOne(job, path, kind, decoys)
    if (file) files.push(file)
    if (!file || !isGood(file, path, job)) process.exitCode = 1
  }
  await untilQueryable(client)
  const after = await storedInteractions(job)
  // The same file again gives the same batches, which the node has: it adds nothing.
  const result = { ...summary(files), added: before === undefined || after === undefined ? null : after - before }
  if (options.format === 'text') {
    cli.out(`${result.lines} lines: ${result.interactions} interactions and ${result.flows} rows of flows for ${options.sensor}, ${result.bad_lines} bad lines${news(result.interactions, result.added)}\n`)
  }
  cli.out(`${JSON.stringify(result)}\n`)
}
