import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Random } from '../traffic/random.ts'

/** What the network does to a request with batches; shares of requests, the rest passes. */
export const chaosShares = {
  duplicated: 0.08, replayed: 0.08, reordered: 0.08, corrupted: 0.08, truncated: 0.05, reply_dropped: 0.06, reply_corrupted: 0.04,
} as const
export type Chaos = keyof typeof chaosShares

export interface ChaosCounts extends Record<Chaos, number> {
  passed: number
}

interface Held {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

const HELD_MAX = 24
const BODY_BYTES_MAX = 32 * 1024 * 1024
const BATCHES_PATH = '/sensor/batches'
const UPSTREAM_MS_MAX = 60_000

/** Between sensors and node: passes everything on and mistreats POSTs of batches by a seed. */
export class ChaosProxy {
  readonly counts: ChaosCounts = { passed: 0, duplicated: 0, replayed: 0, reordered: 0, corrupted: 0, truncated: 0, reply_dropped: 0, reply_corrupted: 0 }
  calm = false
  readonly #upstream_port: number
  readonly #random: Random
  readonly #server: Server
  #held: Held[] = []

  constructor(upstream_port: number, seed: number) {
    this.#upstream_port = upstream_port
    this.#random = new Random(seed, 0xc4a05)
    this.#server = createServer((request, response) => void this.#take(request, response).catch(() => response.destroy()))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #choose(): Chaos | undefined {
    let draw = this.#random.unit()
    for (const [chaos, share] of Object.entries(chaosShares) as [Chaos, number][]) {
      if (draw < share) return chaos
      draw -= share
    }
    return undefined
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    const { 'content-length': _, host: __, connection: ___, ...headers } = request.headers
    const one: Held = { path: request.url ?? '/', headers, body }
    const chaos = request.method === 'POST' && one.path.endsWith(BATCHES_PATH) && !this.calm ? this.#choose() : undefined
    const reply = await this.#mistreat(one, request.method ?? 'GET', chaos)
    if (one.path.endsWith(BATCHES_PATH)) this.#hold(one)
    if (reply === undefined) {
      response.destroy()
      return
    }
    response.writeHead(reply.status, reply.headers)
    response.end(reply.body)
  }

  #hold(one: Held): void {
    this.#held.push(one)
    if (this.#held.length > HELD_MAX) this.#held.splice(this.#random.below(HELD_MAX), 1)
  }

  async #mistreat(one: Held, method: string, chaos: Chaos | undefined): Promise<Reply | undefined> {
    const send = (what: Held) => this.#send(what, method)
    if (chaos === undefined) {
      this.counts.passed++
      return send(one)
    }
    this.counts[chaos]++
    switch (chaos) {
      case 'duplicated': {
        const both = await Promise.all([send(one), send(one)])
        return both[0] ?? both[1]
      }
      case 'replayed': {
        const old = this.#held[this.#random.below(Math.max(1, this.#held.length))]
        const [reply] = await Promise.all([send(one), old && send(old)])
        return reply
      }
      case 'reordered': return send({ ...one, body: reversed(one.body) })
      case 'corrupted': return send({ ...one, body: this.#flip(one.body) })
      case 'truncated': return send({ ...one, body: one.body.subarray(0, this.#random.below(one.body.length)) })
      case 'reply_dropped': {
        await send(one)
        return undefined
      }
      case 'reply_corrupted': {
        const reply = await send(one)
        return reply && { ...reply, body: this.#flip(reply.body) }
      }
    }
  }

  /** One to four bits another way round. */
  #flip(body: Buffer): Buffer {
    const flipped = Buffer.from(body)
    for (let i = this.#random.below(4); i >= 0 && flipped.length > 0; i--) {
      const at = this.#random.below(flipped.length)
      flipped[at] = flipped[at]! ^ (1 << this.#random.below(8))
    }
    return flipped
  }

  #send({ path, headers, body }: Held, method: string): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      const onward = forward({ host: '127.0.0.1', port: this.#upstream_port, method, path, headers: { ...headers, 'content-length': body.length }, timeout: UPSTREAM_MS_MAX, agent: false })
      onward.once('error', () => resolve(undefined))
      onward.once('timeout', () => onward.destroy())
      onward.once('response', (response) => {
        const { 'transfer-encoding': _, connection: __, 'content-length': ___, ...rest } = response.headers
        readBody(response).then((reply) => resolve({ status: response.statusCode ?? 502, headers: rest, body: reply }), () => resolve(undefined))
      })
      onward.end(body)
    })
  }
}

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) throw new RangeError('the body is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The framed batches of a POST (u32 length before each) in the opposite order. */
export function reversed(body: Buffer): Buffer {
  const frames: Buffer[] = []
  for (let at = 0; at + 4 <= body.length;) {
    const end = at + 4 + body.readUInt32LE(at)
    frames.unshift(body.subarray(at, end))
    at = end
  }
  return Buffer.concat(frames)
}
