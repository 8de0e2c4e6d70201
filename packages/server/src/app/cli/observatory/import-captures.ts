import { DAY_S, formatSeconds } from '@hirundo/base'
import { topAnswer, type ApiClient } from '@hirundo/contract'
import { print, take } from '../frame.ts'
import { epochOf, importDigest, importFile, type ImportedFile } from './import-file.ts'
import type { ImportJob } from './import-job.ts'
import { sendAll, untilQueryable } from './import-send.ts'

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

async function importAll({ client, paths, options, own, sensor, key, log }: ImportJob): Promise<readonly ImportedFile[]> {
  const files: ImportedFile[] = []
  for (const path of paths) {
    const digest = await importDigest(path, own, options.sensor).catch((error: NodeJS.ErrnoException) => {
      log.warn('a capture could not be read', { file: path, code: error.code })
      return undefined
    })
    if (!digest) {
      process.exitCode = 1
      continue
    }
    const file = await importFile({
      path, digest, destinations: own, log, sensor, sign: key.sign, send: (batches, last) => sendAll(client, batches, last),
    })
    if (!file.whole) process.exitCode = 1
    files.push(file)
    log.info('imported', { file: path, counted: file.counters.counted, epoch: epochOf(digest) })
  }
  return files
}

/** Captures as if a sensor had sent them. Exit code 1 when one could not be read whole; the others are imported all the same. */
export async function importCaptures(job: ImportJob): Promise<void> {
  const { cli, client, options } = job
  const files = await importAll(job)
  await untilQueryable(client)
  const result = { ...sums(files), stored: await storedPackets(client, options.sensor, files) }
  print(cli, options, result, ({ files: count, counted, stored }) => `${count} files, ${counted} packets counted, ${stored} packets of ${options.sensor} stored on these days`)
}
