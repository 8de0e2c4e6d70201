// A node for tests: takes enrolments, batches and heartbeats over real HTTP, checks every signature, and can be told
// to be away, forged, forgetful or full.
import { fingerprintText, realWorld, unwrap, uuidV4, type Uuid } from '@hirundo/base'
import { acknowledgementText, enrolmentText, heartbeatText } from '@hirundo/contract/sensor-texts'
import { batchKinds, decodeBatchBody, decodeBatchHeader, parseFrames, signedBytes, type BatchHeader } from '@hirundo/formats'
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifierOf } from './keys.ts'

export const SECRET = 'secret-of-sixteen-characters'

export interface TakenBatch {
  readonly header: BatchHeader
  readonly body: Uint8Array
}

/** What the fake does to the next requests; each is asked at every POST of batches. */
export interface Behaviour {
  /** Answered instead of taking anything. */
  refuse?: { readonly status: number; readonly code: string; readonly retry_after?: number } | undefined
  /** Takes the batches but breaks the connection instead of answering. */
  loseReply?: boolean
  /** Larger bodies are refused as a proxy would, with a page that is no problem+json. */
  body_bytes_max?: number
  /** Signs with another key. */
  forge?: boolean
  /** Puts these numbers into quarantine (acknowledged, refused by name). */
  quarantine?: readonly bigint[]
}

export class FakeNode {
  readonly behaviour: Behaviour = {}
  readonly taken = new Map<string, TakenBatch>()
  readonly heartbeats: Record<string, unknown>[] = []
  readonly marks = new Map<string, bigint>()
  posts = 0
  sensor = uuidV4(realWorld)
  node_time_ms = (): number => Date.now()
  #verify: ((bytes: Uint8Array, signature: Uint8Array) => boolean) | undefined
  readonly #keys = generateKeyPairSync('ed25519')
  readonly #other = generateKeyPairSync('ed25519')
  readonly #counters = new Map<string, number>()
  #server: Server | undefined
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get public_key(): Buffer {
    return this.#keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(12)
  }

  get token(): string {
    return `${SECRET}.${fingerprintText(createHash('sha256').update(this.public_key).digest())}`
  }

  /** Taken batches of an epoch in order of their numbers. */
  batches(epoch?: string): TakenBatch[] {
    return [...this.taken.values()].filter((one) => epoch === undefined || one.header.epoch === epoch)
      .sort((a, b) => (a.header.first < b.header.first ? -1 : 1))
  }

  /** Sum of a column of 32 bits over all rows of a kind. */
  rows(kind: keyof typeof batchKinds): TakenBatch[] {
    return this.batches().filter((one) => one.header.kind === batchKinds[kind])
  }

  async listen(): Promise<void> {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response)
    }).listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections()
    this.#server?.close()
    if (this.#server) await once(this.#server, 'close')
    this.#server = undefined
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    } catch {
      return
    }
    const body = Buffer.concat(chunks)
    if (request.url === '/api/v1/sensor/enrolments') return this.#enrol(body, response)
    if (request.url === '/api/v1/sensor/heartbeats') return this.#heartbeat(request, body, response)
    assert.equal(request.url, '/api/v1/sensor/batches')
    this.#batches(body, response)
  }

  #enrol(body: Buffer, response: ServerResponse): void {
    const { token, name, public_key, signature } = JSON.parse(body.toString()) as Record<string, string>
    if (token !== SECRET) return problem(response, 403, 'enrolment/token-invalid')
    this.#verify = verifierOf(Buffer.from(public_key!, 'base64'))
    assert.ok(this.#verify(Buffer.from(enrolmentText(token, name!, public_key!)), Buffer.from(signature!, 'base64')))
    json(response, { sensor: this.sensor, state: 'pending', node_public_key: this.public_key.toString('base64'), node_fingerprint: 'x' })
  }

  #heartbeat(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const signature = Buffer.from(String(request.headers['hirundo-signature']), 'base64')
    const digest = createHash('sha256').update(body).digest('hex')
    assert.ok(this.#verify!(Buffer.from(heartbeatText(digest)), signature), 'the heartbeat is signed')
    const { epoch, counter } = JSON.parse(body.toString()) as { epoch: string; counter: number }
    if (counter <= (this.#counters.get(epoch) ?? 0)) return problem(response, 409, 'batch/out-of-order')
    this.#counters.set(epoch, counter)
    this.heartbeats.push(JSON.parse(body.toString()) as Record<string, unknown>)
    json(response, { node_time_ms: this.node_time_ms(), state: 'approved' })
  }

  #batches(body: Buffer, response: ServerResponse): void {
    this.posts++
    const { refuse, loseReply, forge, quarantine } = this.behaviour
    if (body.length > (this.behaviour.body_bytes_max ?? Number.POSITIVE_INFINITY)) return void response.writeHead(413).end('<html>')
    if (refuse) return problem(response, refuse.status, refuse.code, refuse.retry_after)
    const refused: { first: string; code: string }[] = []
    let epoch = ''
    for (const frame of unwrap(parseFrames(body))) {
      const batch = unwrap(decodeBatchHeader(frame))
      assert.ok(this.#verify!(signedBytes(batch.unsigned), batch.signature), 'the batch is signed')
      assert.equal(batch.header.sensor, this.sensor)
      epoch = batch.header.epoch
      if (!this.#isNext(batch.header)) {
        refused.push({ first: String(batch.header.first), code: 'batch/out-of-order' })
        continue
      }
      if (quarantine?.includes(batch.header.first)) refused.push({ first: String(batch.header.first), code: 'batch/malformed' })
      this.#take({ header: batch.header, body: Uint8Array.from(unwrap(decodeBatchBody(batch))) })
    }
    if (loseReply) return void response.destroy()
    this.acknowledge(response, epoch, refused, forge === true ? this.#other.privateKey : this.#keys.privateKey)
  }

  #isNext = (header: BatchHeader): boolean => header.first <= (this.marks.get(header.epoch) ?? 0n) + 1n

  #take(batch: TakenBatch): void {
    const { epoch, first, last } = batch.header
    const mark = this.marks.get(epoch) ?? 0n
    if (last <= mark) return
    this.taken.set(`${epoch}/${first}`, batch)
    this.marks.set(epoch, last)
  }

  acknowledge(response: ServerResponse, epoch: string, refused: readonly unknown[], key: KeyObject): void {
    const acked = String(this.marks.get(epoch) ?? 0n)
    const signature = sign(null, Buffer.from(acknowledgementText(this.sensor, epoch, acked)), key).toString('base64')
    json(response, { sensor: this.sensor, epoch, acked, refused, node_time_ms: this.node_time_ms(), signature })
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function problem(response: ServerResponse, status: number, code: string, retry_after?: number): void {
  response.writeHead(status, {
    'content-type': 'application/problem+json', ...(retry_after === undefined ? {} : { 'retry-after': String(retry_after) }),
  }).end(JSON.stringify({ type: `urn:hirundo:problem:${code}`, status }))
}

export type { Uuid }
