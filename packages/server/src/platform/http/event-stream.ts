import type { ServerResponse } from 'node:http'
import { fail, ok, type Result } from '@hirundo/base'
import type { FastifyReply } from 'fastify'
import type { EventFeed } from '../module.ts'
import { sendProblem } from './server.ts'

export interface StreamBounds {
  readonly streams_max: number
  /** Of one token or person. */
  readonly streams_per_actor_max: number
  /** A comment goes out this often, so that proxies keep the line and a dead one is noticed. */
  readonly heartbeat_ms: number
  /** Every so many heartbeats it is asked again whether the listener may still listen. */
  readonly recheck_beats: number
  /** A reader that took nothing for so many heartbeats is dropped. */
  readonly stalled_beats_max: number
  readonly retry_after_s: number
}

export const streamBounds: StreamBounds = {
  streams_max: 400, streams_per_actor_max: 16, heartbeat_ms: 20_000, recheck_beats: 3, stalled_beats_max: 3, retry_after_s: 30,
}

/** How long a browser waits before it connects again by itself. */
const RECONNECT_MS = 3000

/** One event as it stands on the wire; `json` is one line, as JSON.stringify gives it. */
export const eventFrame = (name: string, id: number, json: string): Uint8Array => Buffer.from(`event: ${name}\nid: ${id}\ndata: ${json}\n\n`)

const comment = Buffer.from(': \n\n')

/**
 * One reader. At most one frame waits: while the line is full each new one takes the place of the one that waits, so that
 * a reader holds no more than what the line took last and one frame.
 */
class Stream {
  readonly actor: string
  readonly #response: ServerResponse
  readonly #allowed: () => Promise<boolean>
  #waiting: Uint8Array | undefined
  #full = false
  #beats = 0
  #stalled = 0

  constructor(response: ServerResponse, actor: string, allowed: () => Promise<boolean>) {
    this.#response = response
    this.actor = actor
    this.#allowed = allowed
    response.on('drain', () => {
      this.#full = false
      this.#stalled = 0
      const frame = this.#waiting
      this.#waiting = undefined
      if (frame) this.send(frame)
    })
  }

  send(frame: Uint8Array): void {
    if (this.#full) this.#waiting = frame
    else this.#full = !this.#response.write(frame)
  }

  end(): void {
    if (this.#full) this.#response.destroy()
    else this.#response.end()
  }

  /** A comment, or the end when it reads nothing any more or may not. */
  async beat(bounds: StreamBounds): Promise<void> {
    if (this.#full && ++this.#stalled >= bounds.stalled_beats_max) return void this.#response.destroy()
    if (++this.#beats % bounds.recheck_beats === 0 && !(await this.#allowed().catch(() => false))) return this.end()
    if (!this.#full) this.send(comment)
  }
}

/** Who listens, what the stream carries, and whether the listener's session or token still stands. */
export interface Listening {
  readonly actor: string
  readonly feed: EventFeed
  readonly allowed: () => Promise<boolean>
}

/** All open streams of a node. */
export class EventStreams {
  readonly #bounds: StreamBounds
  readonly #open = new Set<Stream>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(bounds: StreamBounds = streamBounds) {
    this.#bounds = bounds
  }

  get count(): number {
    return this.#open.size
  }

  #room(actor: string): Result<null> {
    const { streams_max, streams_per_actor_max, retry_after_s } = this.#bounds
    if (this.#closed || this.#open.size >= streams_max) return fail('node/unavailable', { retry_after_s })
    const own = [...this.#open].filter((stream) => stream.actor === actor).length
    return own >= streams_per_actor_max ? fail('request/rate-limited', { retry_after_s }) : ok(null)
  }

  /**
   * Turns the answer into a stream that lives until its reader goes, may not listen any more, or the node stops. Problems:
   * `request/rate-limited` (too many of this token or person), `node/unavailable` (too many of the node).
   */
  open(reply: FastifyReply, { actor, feed, allowed }: Listening): FastifyReply {
    const room = this.#room(actor)
    if (!room.ok) return sendProblem(reply, room.problem)
    const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' }
    reply.hijack()
    const response = reply.raw
    // It went away while the feed was made ready; its `close` is over.
    if (response.destroyed) return reply
    response.writeHead(200, headers as Record<string, string>)
    response.write(`retry: ${RECONNECT_MS}\n\n`)
    const stream = new Stream(response, actor, allowed)
    this.#open.add(stream)
    const remove = feed.add((frame) => stream.send(frame))
    response.on('error', () => undefined)
    response.once('close', () => {
      remove()
      this.#open.delete(stream)
      if (this.#open.size === 0) this.#rest()
    })
    this.#timer ??= setInterval(() => void this.beat(), this.#bounds.heartbeat_ms)
    return reply
  }

  /** What the timer does; tests call it themselves. */
  async beat(): Promise<void> {
    await Promise.all([...this.#open].map((stream) => stream.beat(this.#bounds)))
  }

  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Ends all; none is opened any more. */
  close(): void {
    this.#closed = true
    for (const stream of this.#open) stream.end()
    this.#rest()
  }
}
