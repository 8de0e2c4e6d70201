import { setTimeout as sleep } from 'node:timers/promises'
import { DAY_S, formatSeconds, parseCidr, type Cidr, type Uuid } from '@hirundo/base'
import { observatoryStatus, registerImport, sendBatches, topAnswer, type ApiClient } from '@hirundo/contract'
import { frameBatches, batchBounds } from '@hirundo/formats'
import type { Log } from '@hirundo/sensor'
import type { Command } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { common, connect, print, several, take, type Cli, type CommonOptions } from '../frame.ts'
import { ephemeralKey, epochOf, importDigest, importFile, type ImportedFile } from './import-file.ts'

const ASK_EVERY_MS = 200
/** A node that takes nothing for so long needs its operator. */
const STUCK_MS = 10 * 60_000
const worthWaiting = new Set(['node/full', 'node/unavailable', 'unreachable', 'request/rate-limited'])

interface ImportOptions extends CommonOptions {
  readonly sensor: string
  readonly dst?: readonly string[]
  readonly simulated?: boolean
}

function destinationsOf(texts: readonly string[]): Cidr[] {
  return texts.flatMap((text) => text.split(',')).filter((text) => text !== '').map((text) => {
    const cidr = parseCidr(text)
    if (!cidr.ok) throw new OperatorError(`"${text}" is no network.`, 'It looks like 192.0.2.0/24; host bits must be zero.')
    return cidr.value
  })
}

/** Sends until the node has everything up to `last`; what it has already is sent once more and costs nothing. */
async function sendAll(client: ApiClient, batches: readonly Uint8Array[], last: bigint): Promise<void> {
  for (let at = 0; at < batches.length; at += batchBounds.post_batches_max) {
    const part = batches.slice(at, at + batchBounds.post_batches_max)
    await sendPart(client, frameBatches(part), last - BigInt(batches.length - at - part.length))
  }
}

async function sendPart(client: ApiClient, body: Uint8Array, last: bigint): Promise<void> {
  for (let waited = 0; ; waited += ASK_EVERY_MS) {
    const reply = await client.call(sendBatches, { body })
    if (reply.ok && BigInt(reply.value.acked) >= last) return
    if (reply.ok && reply.value.refused.length > 0) {
      throw new OperatorError(`The node refused a batch: ${reply.value.refused[0]!.code}.`, 'Another import under the same name may be running; try again after it.')
    }
    if (!reply.ok && !worthWaiting.has(reply.problem.code)) take(reply)
    if (waited >= STUCK_MS) throw new OperatorError('The node has taken nothing for ten minutes.', '"hirundo status" says what it waits for.')
    await sleep(ASK_EVERY_MS)
  }
}

/** Waits until everything that the node has taken in by now can be asked about. */
async function untilQueryable(client: ApiClient): Promise<void> {
  const status = async () => take(await client.call(observatoryStatus, {}))
  const { appended } = await status()
  while (BigInt((await status()).projected ?? 0) < BigInt(appended ?? 0)) await sleep(ASK_EVERY_MS)
}

/** Packets of the sensor in the days that were imported. */
async function storedPackets(client: ApiClient, sensor: string, files: readonly ImportedFile[]): Promise<number> {
  const first = Math.min(...files.map(({ counters }) => counters.first_ms ?? Infinity)) / 1000
  const last = Math.max(...files.map(({ counters }) => counters.last_ms ?? -Infinity)) / 1000
  if (!Number.isFinite(first)) return 0
  const query = {
    from: formatSeconds(Math.floor(first / DAY_S) * DAY_S), to: formatSeconds((Math.floor(last / DAY_S) + 1) * DAY_S), sensor: [sensor],
  }
  const { data } = take(await client.call(topAnswer, { params: { dimension: 'sensors' }, query }))
  return data.reduce((sum, { packets }) => sum + packets, 0)
}

const sums = (files: readonly ImportedFile[]) => {
  const sum = (name: 'packets' | 'counted' | 'not_ip' | 'not_for_us' | 'malformed' | 'flows') =>
    files.reduce((total, { counters }) => total + counters[name], 0)
  return {
    files: files.length, packets: sum('packets'), counted: sum('counted'), not_ip: sum('not_ip'), not_for_us: sum('not_for_us'),
    malformed: sum('malformed'), flows: sum('flows'),
  }
}

async function importAll(cli: Cli, client: ApiClient, paths: readonly string[], options: ImportOptions): Promise<readonly ImportedFile[]> {
  const destinations = destinationsOf(options.dst ?? [])
  const key = ephemeralKey()
  const { id } = take(await client.call(registerImport, { body: { name: options.sensor, public_key: key.public_key, simulated: options.simulated ?? false } }))
  const note = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    cli.note(`${JSON.stringify({ message, ...fields })}\n`)
  const log: Log = { info: note, warn: note }
  const files: ImportedFile[] = []
  for (const path of paths) {
    const digest = await importDigest(path, destinations, options.sensor).catch((error: NodeJS.ErrnoException) => {
      note('a capture could not be read', { file: path, code: error.code })
      return undefined
    })
    if (!digest) {
      process.exitCode = 1
      continue
    }
    const file = await importFile({
      path, digest, destinations, log, sensor: id as Uuid, sign: key.sign, send: (batches, last) => sendAll(client, batches, last),
    })
    if (!file.whole) process.exitCode = 1
    files.push(file)
    note('imported', { file: path, counted: file.counters.counted, epoch: epochOf(digest) })
  }
  return files
}

/** import: exit code 1 when a file could not be read whole; the others are imported all the same. */
export function importCommand(program: Command, cli: Cli): void {
  common(program.command('import').description('load history from capture files, as if a sensor had sent it; the same file twice adds nothing'))
    .argument('<FILE...>', 'pcap or pcapng, plain, gzip or zstd')
    .requiredOption('--sensor <NAME>', 'under which it is asked about')
    .option('--dst <CIDR,...>', 'only packets to these networks count; without it all do', several)
    .option('--simulated', 'the traffic is made up, and every answer says so')
    .action(async (paths: string[], options: ImportOptions) => {
      const client = await connect(cli, options)
      const files = await importAll(cli, client, paths, options)
      await untilQueryable(client)
      const result = { ...sums(files), stored: await storedPackets(client, options.sensor, files) }
      print(cli, options, result, ({ files: count, counted, stored }) => `${count} files, ${counted} packets counted, ${stored} packets of ${options.sensor} stored on these days`)
    })
}
