import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { realWorld, uuidV4, type Uuid } from '@hirundo/base'
import { approveSensor, createEnrolmentToken, enrolmentText, enrolSensor, HEARTBEAT_TYPE, heartbeatText, listSensors, sendBatches, type ApiClient } from '@hirundo/contract'
import { attachSignature, encodeBatch, frameBatches, signedBytes } from '@hirundo/formats'
import { answerOf, type NodeProcess } from '../constellation/node-process.ts'

export interface Rows {
  readonly kind: number
  readonly rows: number
  readonly body: Uint8Array
}

/** A sensor's half of the protocol, for benchmarks that choose what rows are sent when. It says that it is simulated. */
export class SendingSensor {
  readonly #node: NodeProcess
  readonly #key: KeyObject
  readonly #id: Uuid
  readonly #epoch: Uuid = uuidV4(realWorld)
  #next = 1n
  #beats = 0

  private constructor(node: NodeProcess, key: KeyObject, id: Uuid) {
    this.#node = node
    this.#key = key
    this.#id = id
  }

  /** Enrolled and approved. */
  static async enrol(node: NodeProcess, name: string, addresses: number): Promise<SendingSensor> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const public_key = publicKey.export({ type: 'spki', format: 'der' }).subarray(12).toString('base64')
    const client: ApiClient = node.client
    const { token } = answerOf(await client.call(createEnrolmentToken, { body: {} }))
    const secret = token.split('.')[0]!
    const signature = sign(null, Buffer.from(enrolmentText(secret, name, public_key)), privateKey).toString('base64')
    const { sensor } = answerOf(await client.call(enrolSensor, { body: { token: secret, name, public_key, simulated: true, addresses, version: 'bench', signature } }))
    const { sensors } = answerOf(await client.call(listSensors, {}))
    answerOf(await client.call(approveSensor, { params: { id: sensor }, body: { fingerprint: sensors.find(({ id }) => id === sensor)!.fingerprint } }))
    return new SendingSensor(node, privateKey, sensor as Uuid)
  }

  /** Resolves when the node has them on its disk. */
  async send(all: readonly Rows[]): Promise<void> {
    const frames = all.map(({ kind, rows, body }) => {
      const number = this.#next++
      const unsigned = encodeBatch({ kind, sensor: this.#id, epoch: this.#epoch, first: number, last: number, rows, created_ms: realWorld.now() }, body, { compress: true })
      return attachSignature(unsigned, new Uint8Array(sign(null, signedBytes(unsigned), this.#key)))
    })
    const { acked } = answerOf(await this.#node.client.call(sendBatches, { body: frameBatches(frames) }))
    if (BigInt(acked) !== this.#next - 1n) throw new Error('the node did not take a batch')
  }

  async heartbeat(): Promise<void> {
    const body = Buffer.from(JSON.stringify({
      sensor: this.#id, epoch: this.#epoch, counter: ++this.#beats, at_ms: realWorld.now(), version: 'bench', started_ms: 1, clock_offset_ms: 0, addresses: 1,
      packets_seen: 0, counted: 0, dropped_kernel: 0, malformed: 0, not_ip: 0, not_for_us: 0, spool_batches: 0, spool_bytes: 0, gaps: 0, gap_batches: 0,
    }))
    const signature = sign(null, Buffer.from(heartbeatText(createHash('sha256').update(body).digest('hex'))), this.#key).toString('base64')
    const headers = { 'hirundo-sensor': this.#id, 'hirundo-signature': signature, 'content-type': HEARTBEAT_TYPE }
    const response = await fetch(`${this.#node.url}/api/v1/sensor/heartbeats`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`a heartbeat was refused with ${response.status}`)
  }
}
