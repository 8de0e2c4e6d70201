import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { apiClient, nodeStatus, type ApiClient } from '@hirundo/contract'
import { startNodeProcess } from '../constellation/node-process.ts'
import { enrolAndApprove } from '../constellation/sensor-state.ts'
import { Child } from '../process/child.ts'
import { programs } from '../process/programs.ts'
import { descendants, type ProcessRow } from '../process/tree.ts'
import { ChaosProxy } from './chaos-proxy.ts'
import type { SmallDisk } from './disk.ts'
import { mountSmallDisk } from './disk.ts'
import type { NumberedMinutes } from './numbered-minutes.ts'
import { Supervisor } from './supervisor.ts'

export interface StageOptions {
  readonly directory: string
  readonly seed: number
  readonly sensors: number
  /** Real time of one simulated minute. */
  readonly minute_ms: number
  readonly full_disk: boolean
  readonly disk_bytes: number
  readonly start_s: number
}

export interface StageSensor extends NumberedMinutes {
  readonly name: string
  readonly state_directory: string
}

const destinations = [['198.18.10.0/26'], ['203.0.113.0/28', '2001:db8:77::/48'], ['192.0.2.64/27'], ['198.51.100.128/25']]
const NODE_ENV = { HIRUNDO_LOG_LEVEL: 'warn' }

export const storeNames = ['clickhouse', 'postgres'] as const

/** The process of an embedded store below the node, by its command. */
export function storeProcess(node_pid: number, store: (typeof storeNames)[number]): ProcessRow | undefined {
  const below = descendants(node_pid)
  const pattern = store === 'postgres' ? /postgres\b.* -D / : /analytics\/src\/embedded\//
  return below.find(({ command, parent }) => pattern.test(command) && (store === 'clickhouse' || parent === node_pid))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Everything that is played with: node, sensors, the network between them, a disk. */
export class Stage {
  readonly options: StageOptions
  readonly client: ApiClient
  readonly proxy: ChaosProxy
  readonly node: Supervisor
  readonly sensors: readonly { readonly sensor: StageSensor; readonly process: Supervisor }[]
  readonly disk: SmallDisk | undefined

  private constructor(stage: Pick<Stage, 'options' | 'client' | 'proxy' | 'node' | 'sensors' | 'disk'>) {
    this.options = stage.options
    this.client = stage.client
    this.proxy = stage.proxy
    this.node = stage.node
    this.sensors = stage.sensors
    this.disk = stage.disk
  }

  static async build(options: StageOptions, say: (text: string) => void): Promise<Stage> {
    const data_dir = join(options.directory, 'node')
    const disk = options.full_disk ? await mountSmallDisk(data_dir, options.disk_bytes) : undefined
    if (options.full_disk && !disk) say('a disk to fill takes root: that phase is left out here')
    const port = await freePort()
    const first = await startNodeProcess({ data_dir, port, env: NODE_ENV })
    const sensors = Array.from({ length: options.sensors }, (_, stream): StageSensor => ({
      name: `faults-${stream}`, state_directory: join(options.directory, `sensor-${stream}`), seed: options.seed, stream,
      destinations: destinations[stream % destinations.length]!, start_s: options.start_s,
    }))
    for (const sensor of sensors) {
      await mkdir(sensor.state_directory, { recursive: true })
      await enrolAndApprove({ ...sensor, simulated: true }, first.url, first.client)
    }
    await first.child.stop(20_000)
    const proxy = new ChaosProxy(port, options.seed)
    const node_url = await proxy.listen()
    const node = new Supervisor('node', () => new Child({
      name: 'node', command: process.execPath, env: NODE_ENV,
      args: [programs.node, 'start', '--data', data_dir, '--listen', `127.0.0.1:${port}`, '--json'],
    }))
    const program = fileURLToPath(new URL('sensor-child.ts', import.meta.url))
    const processes = sensors.map((sensor) => ({
      sensor,
      process: new Supervisor(sensor.name, () => new Child({
        name: sensor.name, command: process.execPath, stdin: 'pipe',
        args: [program, JSON.stringify({ ...sensor, node_url, minute_ms: options.minute_ms })],
      })),
    }))
    return new Stage({ options, proxy, node, disk, sensors: processes, client: apiClient({ url: `http://127.0.0.1:${port}`, token: first.token, timeout_ms: 20_000 }) })
  }

  /** Waits until the node answers that all its parts do. */
  async waitReady(wait_ms: number): Promise<void> {
    const end = performance.now() + wait_ms
    for (;;) {
      const status = await this.client.call(nodeStatus, {})
      if (status.ok && status.value.ready) return
      if (performance.now() > end) {
        const why = status.ok ? status.value.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`).join('; ') : status.problem.code
        throw new Error(`the node is not ready after ${wait_ms / 1000} s (${why}):\n${this.node.child.tail}`)
      }
      await sleep(100)
    }
  }

  async clear(): Promise<void> {
    const children = [...this.sensors.map(({ process }) => process.letGo()), this.node.letGo()]
    await Promise.all(children.map((child) => (child.isRunning ? child.stop(20_000) : undefined)))
    await this.proxy.close()
    this.disk?.unmount()
    await rm(this.options.directory, { recursive: true, force: true, maxRetries: 5 })
  }
}
