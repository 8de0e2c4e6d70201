import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isUuid, uuidFromBytes, type Uuid } from '@hirundo/base'
import { registerImport, sendBatches, type ApiClient } from '@hirundo/contract'
import { attachSignature, encodeBatch, frameBatches, signedBytes } from '@hirundo/formats'
import { answerOf } from '../constellation/node-process.ts'
import type { ScenarioSensor } from './sensors.ts'

/** Rows of a sensor are sent when so much of a kind waits, and at the end. */
const waiting_bytes_max = 512 * 1024
const batch_rows_max = 40_000
const RETRY_MS = 250
const TRIES_MAX = 2_400
const worthWaiting: ReadonlySet<string> = new Set(['node/full', 'node/unavailable', 'unreachable', 'request/rate-limited'])

/** Chosen by the seed and what was asked for: the same scenario sent twice adds nothing. */
export function epochOf(text: string): Uuid {
  const bytes = Uint8Array.from(createHash('sha256').update(text).digest().subarray(0, 16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const uuid = uuidFromBytes(bytes)
  if (!isUuid(uuid)) throw new Error('a digest makes a UUID')
  return uuid
}

interface Waiting { rows: number; bytes: number; readonly bodies: Uint8Array[] }

/** One simulated sensor to a node: its rows as signed, numbered batches, as an import sends them. */
export class ScenarioSender {
  readonly #client: ApiClient
  readonly #sensor: Uuid
  readonly #epoch: Uuid
  readonly #sign: (bytes: Uint8Array) => Uint8Array
  readonly #waiting = new Map<number, Waiting>()
  #ready: Uint8Array[] = []
  #number = 0n

  private constructor(client: ApiClient, sensor: Uuid, epoch: Uuid, signWith: (bytes: Uint8Array) => Uint8Array) {
    this.#client = client
    this.#sensor = sensor
    this.#epoch = epoch
    this.#sign = signWith
  }

  /** Lets the sensor in, marked as simulated. */
  static async register(client: ApiClient, sensor: ScenarioSensor, scenario: string): Promise<ScenarioSender> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const public_key = publicKey.export({ type: 'spki', format: 'der' }).subarray(12).toString('base64')
    const { id } = answerOf(await client.call(registerImport, { body: { name: sensor.name, public_key, simulated: true } }))
    return new ScenarioSender(client, id as Uuid, epochOf(`${scenario} ${sensor.name}`), (bytes) => sign(null, bytes, privateKey))
  }

  /** Copies the rows. */
  add(kind: number, rows: number, body: Uint8Array): void {
    let waiting = this.#waiting.get(kind)
    if (!waiting) this.#waiting.set(kind, (waiting = { rows: 0, bytes: 0, bodies: [] }))
    if (waiting.rows + rows > batch_rows_max) this.#seal(kind, waiting)
    waiting.rows += rows
    waiting.bytes += body.length
    waiting.bodies.push(body.slice())
    if (waiting.bytes >= waiting_bytes_max) this.#seal(kind, waiting)
  }

  /** Sends what is sealed; with `all` what waits too. Resolves when the node has it. */
  async drain(all: boolean): Promise<void> {
    if (all) for (const [kind, waiting] of this.#waiting) this.#seal(kind, waiting)
    if (this.#ready.length === 0) return
    const body = frameBatches(this.#ready)
    this.#ready = []
    for (let tries = 0; ; tries++) {
      const reply = await this.#client.call(sendBatches, { body })
      if (reply.ok && BigInt(reply.value.acked) >= this.#number) return
      if (reply.ok && reply.value.refused.length > 0) throw new Error(`the node refused a batch: ${reply.value.refused[0]!.code}`)
      if (!reply.ok && !worthWaiting.has(reply.problem.code)) answerOf(reply)
      if (tries === TRIES_MAX) throw new Error('the node has taken nothing for ten minutes')
      await sleep(RETRY_MS)
    }
  }

  #seal(kind: number, waiting: Waiting): void {
    if (waiting.rows === 0) return
    this.#number++
    const header = { kind, sensor: this.#sensor, epoch: this.#epoch, first: this.#number, last: this.#number, rows: waiting.rows, created_ms: 0 }
    const unsigned = encodeBatch(header, Buffer.concat(waiting.bodies), { compress: true })
    this.#ready.push(attachSignature(unsigned, this.#sign(signedBytes(unsigned))))
    waiting.rows = waiting.bytes = waiting.bodies.length = 0
  }
}
