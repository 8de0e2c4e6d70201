import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore, startEmbedded, StoreError, type Embedded, type EmbeddedEvent, type Store } from '@hirundo/analytics'
import { backscatterLayout, flowLayout, interactionStructure, rowStructure, sensorMinuteLayout, synSampleLayout } from '@hirundo/formats'
import type { Logger } from 'pino'
import { RESTORED_SNAPSHOT } from '../platform/data-directory.ts'
import { keepTrying } from '../platform/db/keep-trying.ts'
import type { Metrics } from '../platform/module.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { removeTemporary, socketDir } from '../platform/socket-dir.ts'
import type { NodeConfig } from './config.ts'

const SOCKET_FILE = 'clickhouse.sock'

const exists = (path: string) => access(path).then(() => true, () => false)

export interface AnalyticsStore {
  readonly store: Store
  /** False: the operator's own. */
  readonly embedded: boolean
  /** Of the embedded child. */
  pid(): number | undefined
  close(): Promise<void>
}

/** Structure texts of what sensors send, by table. */
export const layouts = {
  flow: rowStructure(flowLayout),
  backscatter: rowStructure(backscatterLayout),
  syn_sample: rowStructure(synSampleLayout),
  sensor_minute: rowStructure(sensorMinuteLayout),
  interaction: interactionStructure,
}

function reporter(log: Logger, metrics: Metrics): (event: EmbeddedEvent) => void {
  const ends = metrics.counter('hirundo_clickhouse_restarts_total', 'How often the embedded ClickHouse ended unasked')
  return (event) => {
    if (event.kind === 'ended') {
      ends.inc()
      log.error({ part: 'clickhouse', code: event.code, signal: event.signal, reason: event.stderr }, 'ClickHouse ended; starting it again')
    } else if (event.kind === 'silent') {
      log.error({ part: 'clickhouse', silence_ms: event.silence_ms }, 'ClickHouse runs and does not answer; killing it')
    } else if (event.broken_parts.length > 0) {
      log.error({ part: 'clickhouse', broken_parts: event.broken_parts.length }, 'ClickHouse has put broken parts aside')
    } else log.debug({ part: 'clickhouse', version: event.version }, 'ClickHouse answers')
  }
}

const notYet = (log: Logger) => (error: unknown) => log.warn({ part: 'clickhouse', reason: (error as Error).message }, 'ClickHouse does not start yet; trying again')

async function startChild(config: NodeConfig, data_dir: string, log: Logger, metrics: Metrics): Promise<Embedded> {
  const directory = join(data_dir, 'clickhouse')
  const socket_dir = await socketDir(directory, SOCKET_FILE, undefined)
  try {
    const options = { ...config.clickhouse, directory, socket_path: join(socket_dir, SOCKET_FILE), report: reporter(log, metrics) }
    const child = await keepTrying(() => startEmbedded(options), { again: () => true, onFailure: notYet(log) })
    return { ...child, stop: async () => {
      await child.stop()
      await removeTemporary(socket_dir, data_dir)
    } }
  } catch (error) {
    await removeTemporary(socket_dir, data_dir)
    throw new OperatorError(`The embedded ClickHouse does not start: ${(error as Error).message}`, 'See the reason above, or set CLICKHOUSE_URL to a ClickHouse of your own.')
  }
}

async function migrateOwn(store: Store): Promise<void> {
  try {
    await store.migrate()
  } catch (error) {
    await store.close()
    throw new OperatorError(`The ClickHouse of CLICKHOUSE_URL cannot be used: ${(error as Error).message}`, 'Check the address, the password and that it runs.')
  }
}

/** Starts or reaches ClickHouse, its tables up to date; a snapshot that `restore` left is put in. Throws OperatorError when that fails. */
export async function openAnalytics(config: NodeConfig, data_dir: string, log: Logger, metrics: Metrics): Promise<AnalyticsStore> {
  const { query_seconds_max, query_memory_bytes_max } = config.clickhouse
  const bounds = { layouts, query_seconds_max, query_memory_bytes_max }
  if (config.clickhouse_url !== undefined) {
    const store = openStore({ ...bounds, url: config.clickhouse_url })
    await migrateOwn(store)
    return { store, embedded: false, pid: () => undefined, close: () => store.close() }
  }
  const restored = join(data_dir, RESTORED_SNAPSHOT)
  const restoring = await exists(restored)
  // Begun and not finished: what is there is a part of the snapshot, and only the snapshot is whole.
  if (restoring) await rm(join(data_dir, 'clickhouse'), { recursive: true, force: true })
  const child = await startChild(config, data_dir, log, metrics)
  const store = openStore({ ...bounds, url: child.url, agent: child.agent })
  const close = async () => {
    await store.close()
    await child.stop()
  }
  try {
    // Migrations may be run again after they were cut off; the child comes back by itself.
    await keepTrying(() => store.migrate(), { again: (error) => error instanceof StoreError && error.problem.code === 'node/unavailable', onFailure: notYet(log) })
    if (restoring) await finishRestore(store, restored)
  } catch (error) {
    await close()
    throw error
  }
  return { store, embedded: true, pid: child.pid, close }
}

async function finishRestore(store: Store, restored: string): Promise<void> {
  await store.restoreSnapshot(restored)
  await rm(restored, { recursive: true })
}
