import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { pino } from 'pino'
import { removeDirectory, temporaryDirectory } from '../../../platform/testing/postgres.ts'
import { readConfig } from '../../../app/config.ts'
import { startNode, type Node, type NodeOptions } from '../../../app/node.ts'
import type { ObservatoryConfig } from '../config.ts'
import { FakeSensor } from './sensor.ts'

export const value = async <T>(result: Promise<contract.ApiResult<T>>): Promise<T> => {
  const got = await result
  assert.ok(got.ok, JSON.stringify(got))
  return got.value
}

/** Waits until `ready` gives true. */
export async function until(ready: () => Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (await ready()) return
    await sleep(50)
  }
  throw new Error(`${what} does not come`)
}

export const quick: Partial<ObservatoryConfig> = {
  networks: false, flush_after_ms: 50, rollup_every_ms: 200, rollup_quiet_ms: 0, retry_ms_min: 20, retry_ms_max: 100,
}

/** A whole node on both embedded stores, in this process, and what tests do with it. */
export class RealNode {
  node!: Node
  token = ''
  readonly logged: string[] = []
  readonly #world: World | undefined
  readonly #modules: NodeOptions['modules']

  /** `modules`: instead of all that a node has. */
  constructor(world?: World, modules?: NodeOptions['modules']) {
    this.#world = world
    this.#modules = modules
  }

  /** Starts on `data_dir`; the administrator's token of a first start is kept. */
  async start(data_dir: string, config: Partial<ObservatoryConfig> = {}): Promise<this> {
    this.node = await startNode({
      config: readConfig({ flags: { data_dir, listen: '127.0.0.1:0', observatory: { ...quick, ...config } } }),
      log: pino({ level: 'debug' }, { write: (line: string) => void this.logged.push(line) }),
      ...(this.#world ? { world: this.#world } : {}), ...(this.#modules ? { modules: this.#modules } : {}),
    })
    this.token = this.node.token ?? this.token
    return this
  }

  stop(): Promise<void> {
    return this.node?.stop() ?? Promise.resolve()
  }

  client(token = this.token): contract.ApiClient {
    return contract.apiClient({ url: this.node.url, token })
  }

  /** A sensor that is enrolled and approved. */
  async enrolled(name: string, client = this.client(), simulated = true): Promise<FakeSensor> {
    const sensor = new FakeSensor()
    const { token } = await value(client.call(contract.createEnrolmentToken, { body: {} }))
    const anybody = contract.apiClient({ url: this.node.url })
    const { sensor: uuid } = await value(anybody.call(contract.enrolSensor, { body: sensor.enrolment(token.split('.')[0]!, name, simulated) }))
    sensor.uuid = uuid as never
    const { sensors } = await value(client.call(contract.listSensors, {}))
    const { fingerprint } = sensors.find(({ id }) => id === uuid)!
    await value(client.call(contract.approveSensor, { params: { id: uuid }, body: { fingerprint } }))
    return sensor
  }

  async post(path: string, { body, headers }: { body: Uint8Array; headers: Record<string, string> }): Promise<{ acked?: string }> {
    const response = await fetch(`${this.node.url}/api/v1${path}`, { method: 'POST', headers, body: body as never })
    const text = await response.text()
    assert.equal(response.status, 200, text)
    return JSON.parse(text) as { acked?: string }
  }

  /** Sends batches; gives the number up to which the node has everything. */
  async send(sensor: FakeSensor, batches: readonly Uint8Array[]): Promise<string> {
    return (await this.post('/sensor/batches', sensor.post(batches))).acked!
  }

  status(client = this.client()): Promise<contract.CallOutput<typeof contract.observatoryStatus>> {
    return value(client.call(contract.observatoryStatus, {}))
  }

  /** Waits until everything that was received is queryable. */
  async projected(client = this.client()): Promise<contract.CallOutput<typeof contract.observatoryStatus>> {
    await until(async () => (await this.status(client)).backlog_batches === 0, 'the end of the backlog')
    return this.status(client)
  }

  set(key: string, setting: unknown): Promise<unknown> {
    return value(this.client().call(contract.putSetting, { params: { key }, body: { value: setting } as never }))
  }

  async backup(to: string): Promise<void> {
    let view = await value(this.client().call(contract.startBackup, { body: { directory: to } }))
    for (; view.state === 'running'; await sleep(50)) view = await value(this.client().call(contract.getBackup, { params: { id: view.id } }))
    assert.deepEqual([view.state, view.reason], ['done', null])
  }
}

/** A directory for data directories; `remove` it after the nodes stopped. */
export async function testDirectory(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await temporaryDirectory()
  return { path, remove: () => removeDirectory(path) }
}
