import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { parseAddress, realWorld, unwrap, uuidV4, type Uuid } from '@hirundo/base'
import { BATCHES_TYPE, enrolmentText, HEARTBEAT_TYPE, heartbeatText } from '@hirundo/contract'
import {
  ABSENT, attachSignature, batchKinds, encodeBatch, encodeInteraction, flowLayout, frameBatches, sensorMinuteLayout, signedBytes, type Interaction,
} from '@hirundo/formats'

export interface FlowRow {
  readonly minute: number
  readonly src: string
  readonly dst_net?: string
  readonly dst_port: number
  readonly packets: number
  readonly protocol?: number
}

/** Rows of the flow layout; what is not given is plausible. */
export function flowRows(rows: readonly FlowRow[]): Uint8Array {
  const bytes = new Uint8Array(rows.length * flowLayout.row_bytes)
  const view = new DataView(bytes.buffer)
  const at = flowLayout.offset
  rows.forEach((row, i) => {
    const base = i * flowLayout.row_bytes
    view.setUint32(base + at['minute']!, row.minute, true)
    bytes.set(unwrap(parseAddress(row.src)), base + at['src']!)
    bytes.set(unwrap(parseAddress(row.dst_net ?? '198.51.100.0')), base + at['dst_net']!)
    view.setInt32(base + at['dst_port']!, row.dst_port, true)
    view.setInt16(base + at['icmp_type']!, ABSENT, true)
    view.setInt16(base + at['icmp_code']!, ABSENT, true)
    view.setUint8(base + at['protocol']!, row.protocol ?? 6)
    view.setUint32(base + at['packets']!, row.packets, true)
    view.setUint32(base + at['dsts']!, 1, true)
    view.setBigUint64(base + at['bytes']!, BigInt(row.packets * 40), true)
    view.setUint32(base + at['src_ports']!, 1, true)
    view.setUint32(base + at['scan']!, row.packets, true)
  })
  return bytes
}

export function minuteRows(minutes: readonly number[], packets = 0): Uint8Array {
  const bytes = new Uint8Array(minutes.length * sensorMinuteLayout.row_bytes)
  const view = new DataView(bytes.buffer)
  const at = sensorMinuteLayout.offset
  minutes.forEach((minute, i) => {
    const base = i * sensorMinuteLayout.row_bytes
    view.setUint32(base + at['minute']!, minute, true)
    view.setUint32(base + at['observed_s']!, 60, true)
    view.setBigUint64(base + at['packets']!, BigInt(packets), true)
    view.setBigUint64(base + at['counted']!, BigInt(packets), true)
  })
  return bytes
}

/** A telnet login; what is given stands in its place. */
export const interaction = (given: Partial<Interaction> & Pick<Interaction, 'at_ms'>): Interaction => ({
  clock_error_ms: -1, src: unwrap(parseAddress('240.1.2.3')), src_port: 40_000, dst_port: 23, transport: 'tcp', handshake: 'dialogue', protocol: 'telnet',
  bytes_in: 20, bytes_out: 30, requests: 1, duration_ms: 900, payload_sha256: undefined, sample: Buffer.from('root'), truncated: false,
  logins: [{ user: 'root', password: 'x' }], urls: [], facts: {}, guess: undefined, ...given,
})

/** A sensor's half of the protocol with a fresh key: makes batches and signs. */
export class FakeSensor {
  uuid: Uuid = uuidV4(realWorld)
  epoch: Uuid = uuidV4(realWorld)
  readonly public_key: Uint8Array
  readonly #key: KeyObject
  #next = 1n
  #beat = 0

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    this.#key = privateKey
    this.public_key = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(12))
  }

  sign(text: Uint8Array | string): Uint8Array {
    return sign(null, Buffer.from(text), this.#key)
  }

  enrolment(secret: string, name: string, simulated = false) {
    const public_key = Buffer.from(this.public_key).toString('base64')
    const signature = Buffer.from(this.sign(enrolmentText(secret, name, public_key))).toString('base64')
    return { token: secret, name, public_key, simulated, addresses: 256, version: 'test', signature }
  }

  heartbeat(more: object = {}): { body: Uint8Array; headers: Record<string, string> } {
    const body = Buffer.from(JSON.stringify({
      sensor: this.uuid, epoch: this.epoch, counter: ++this.#beat, at_ms: 1, version: 'test', started_ms: 1, clock_offset_ms: -3,
      addresses: 256, packets_seen: 9, counted: 9, dropped_kernel: 0, malformed: 0, not_ip: 0, not_for_us: 0,
      spool_batches: 0, spool_bytes: 0, gaps: 0, gap_batches: 0, ...more,
    }))
    const signature = this.sign(heartbeatText(createHash('sha256').update(body).digest('hex')))
    return { body, headers: { 'hirundo-sensor': this.uuid, 'hirundo-signature': Buffer.from(signature).toString('base64'), 'content-type': HEARTBEAT_TYPE } }
  }

  /** The next batch; `body` is rows of the kind's layout. */
  batch(kind: number, body: Uint8Array, rows: number, range: { first?: bigint; last?: bigint } = {}): Uint8Array {
    const first = range.first ?? this.#next
    const last = range.last ?? first
    if (last >= this.#next) this.#next = last + 1n
    const header = { kind, sensor: this.uuid, epoch: this.epoch, first, last, rows, created_ms: 1 }
    const unsigned = encodeBatch(header, body, { compress: true })
    return attachSignature(unsigned, this.sign(signedBytes(unsigned)))
  }

  flows(rows: readonly FlowRow[], range: { first?: bigint } = {}): Uint8Array {
    return this.batch(batchKinds.flow, flowRows(rows), rows.length, range)
  }

  minutes(minutes: readonly number[], packets = 0): Uint8Array {
    return this.batch(batchKinds.sensor_minute, minuteRows(minutes, packets), minutes.length)
  }

  interactions(all: readonly Interaction[]): Uint8Array {
    return this.batch(batchKinds.interaction, new Uint8Array(Buffer.concat(all.map(encodeInteraction))), all.length)
  }

  gap(first: bigint, last: bigint): Uint8Array {
    return this.batch(batchKinds.gap, new Uint8Array(0), 0, { first, last })
  }

  /** Headers of a POST of batches. */
  get headers(): Record<string, string> {
    return { 'hirundo-sensor': this.uuid, 'content-type': BATCHES_TYPE }
  }

  post(batches: readonly Uint8Array[]): { body: Uint8Array; headers: Record<string, string> } {
    return { body: frameBatches(batches), headers: this.headers }
  }
}
