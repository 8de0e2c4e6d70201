import { acknowledgementText, BATCHES_TYPE, SENSOR_HEADER } from '@hirundo/contract/sensor-texts'
import { batchBounds, frameBatches } from '@hirundo/formats'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SensorBounds } from './bounds.ts'
import type { Log } from './log.ts'
import type { NodeClient, Reply } from './node-client.ts'
import type { Spool } from './spool.ts'

const RETRY_MS_MIN = 250
const READ_BYTES_MAX = 1024 * 1024
const IDLE_MS = 5_000
/** How often a sensor that is not (or no longer) approved asks again. */
const REFUSED_RETRY_MS = 30_000

export type SenderState = 'idle' | 'sending' | 'node_away' | 'not_approved' | 'revoked'

export interface SenderStats {
  readonly state: SenderState
  readonly posts: number
  /** Batches that the node put into quarantine or refused. */
  readonly refused: number
  /** Replies whose acknowledgement was not signed by the pinned node. */
  readonly forged: number
  /** Times that the node asked for batches it had acknowledged before. */
  readonly rewinds: number
}

export interface SenderOptions {
  readonly spool: Spool
  readonly client: NodeClient
  readonly verify: (bytes: Uint8Array, signature: Uint8Array) => boolean
  readonly bounds: SensorBounds
  readonly random: (bytes: number) => Uint8Array
  readonly log: Log
}

/** Sends what the spool holds in order, one POST at a time, and believes only acknowledgements signed by the node. */
export class Sender {
  readonly #options: SenderOptions
  readonly #stop = new AbortController()
  #state: SenderState = 'idle'
  #posts = 0
  #refused = 0
  #forged = 0
  #rewinds = 0
  #failures = 0
  /** Shrinks when something on the way takes less at once than the node does. */
  #post_bytes_max: number
  #running: Promise<void> | undefined

  constructor(options: SenderOptions) {
    this.#options = options
    this.#post_bytes_max = options.bounds.post_bytes_max
  }

  get stats(): SenderStats {
    return {
      state: this.#state, posts: this.#posts, refused: this.#refused, forged: this.#forged, rewinds: this.#rewinds,
    }
  }

  start(onFatal: (error: unknown) => void): void {
    if (!this.#stop.signal.aborted) this.#running = this.#run().catch(onFatal)
  }

  /**
   * The node has heard a later state of this sensor. What the copy held is sent under its old numbers, which the node
   * either has or lacks; what came since goes into a new epoch, because its numbers may be used up.
   */
  continueOlderCopy(): Promise<void> {
    return this.#options.spool.noteOlderCopy()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#options.client.close()
    await this.#running
  }

  async #run(): Promise<void> {
    const { spool } = this.#options
    while (!this.#stop.signal.aborted) {
      if (spool.is_older_copy && spool.acked >= spool.opened_last) await this.#beginEpoch()
      if (spool.acked >= spool.last) {
        if (this.#state === 'sending') this.#become('idle')
        await spool.changed(IDLE_MS, this.#stop.signal)
        continue
      }
      await this.#pause(await this.#sendOnce())
    }
  }

  /** One POST from behind the node's mark; gives how long to wait before the next, in milliseconds. */
  async #sendOnce(): Promise<number> {
    const { spool, client } = this.#options
    const before = spool.acked
    const epoch = spool.epoch
    const { body, last } = await this.#nextPost(before + 1n)
    this.#posts++
    const reply = await client.post('/sensor/batches', body, {
      'content-type': BATCHES_TYPE, [SENSOR_HEADER]: spool.state.sensor,
    })
    if (this.#stop.signal.aborted) return 0
    if (reply.kind !== 'answer') return this.#refusal(reply)
    const acked = this.#checkedMark(reply.body, epoch)
    if (acked === undefined) return this.#backOff()
    this.#countRefused(reply.body)
    return this.#takeOver(acked, before, last)
  }

  async #nextPost(from: bigint): Promise<{ body: Uint8Array; last: bigint }> {
    const { spool } = this.#options
    const end = spool.is_older_copy ? spool.opened_last : spool.last
    const batches: Uint8Array[] = []
    let bytes = 0
    let next = from
    while (bytes < this.#post_bytes_max && batches.length < batchBounds.post_batches_max / 2 && next <= end) {
      const room = Math.min(this.#post_bytes_max - bytes, READ_BYTES_MAX)
      const read = await spool.read(next, room)
      // Gaps and records of one read are put in order of their numbers.
      const parts = [
        ...read.records.filter(({ sequence }) => sequence <= end).map(({ sequence, payload }) => ({ first: sequence, batch: payload })),
        ...read.gaps.map(({ first, last }) => ({ first, batch: spool.gapBatch(first, last) })),
      ].sort((a, b) => (a.first < b.first ? -1 : 1))
      for (const { batch } of parts) {
        batches.push(batch)
        bytes += batch.length + 4
      }
      next = read.next > end ? end + 1n : read.next
    }
    return { body: frameBatches(batches), last: next - 1n }
  }

  /** The acknowledged number of a reply that our node signed for us and this epoch; undefined for any other. */
  #checkedMark(reply: Readonly<Record<string, unknown>>, epoch: string): bigint | undefined {
    const { spool, verify, log } = this.#options
    const { sensor } = spool.state
    const { acked, signature } = reply
    const text = typeof acked === 'string' && /^\d{1,19}$/.test(acked) ? acked : undefined
    const signed = Buffer.from(acknowledgementText(sensor, epoch, text ?? ''))
    const valid =
      text !== undefined && reply['sensor'] === sensor && reply['epoch'] === epoch && typeof signature === 'string' &&
      verify(signed, Buffer.from(signature, 'base64'))
    if (valid) return BigInt(text)
    this.#forged++
    log.warn('an acknowledgement is not signed by the node that was enrolled with; nothing was erased')
    return undefined
  }

  #countRefused(reply: Readonly<Record<string, unknown>>): void {
    const refused = Array.isArray(reply['refused']) ? reply['refused'] as unknown[] : []
    if (refused.length === 0) return
    this.#refused += refused.length
    const codes = refused.map((one) => String((one as { code?: unknown } | null)?.code).slice(0, 64))
    this.#options.log.warn('the node refused batches', { batches: refused.length, codes: [...new Set(codes)].join(',') })
  }

  async #takeOver(acked: bigint, before: bigint, last: bigint): Promise<number> {
    const { spool, log } = this.#options
    if (acked > last && (acked > spool.last || (spool.is_older_copy && acked >= spool.opened_last))) {
      await this.#beginEpoch()
      return 0
    }
    if (acked < before) {
      this.#rewinds++
      log.warn('the node has gone back and asks again', { batches: Number(before - acked) })
    }
    if (acked !== before) await spool.acknowledge(acked)
    if (acked <= before) return acked < before ? RETRY_MS_MIN : this.#backOff()
    this.#failures = 0
    this.#become('sending')
    return 0
  }

  /** After the node has said that it has all that the copy held. */
  #beginEpoch(): Promise<void> {
    return this.#options.spool.beginEpoch(this.#options.spool.opened_last)
  }

  #refusal(reply: Exclude<Reply, { kind: 'answer' }>): number {
    if (reply.kind === 'unreachable') {
      this.#become('node_away', { why: reply.why })
      return this.#backOff()
    }
    if (reply.code === 'sensor/revoked' || reply.code === 'sensor/not-found') {
      this.#become('revoked', { code: reply.code })
      return REFUSED_RETRY_MS
    }
    if (reply.code === 'sensor/not-approved') {
      this.#become('not_approved')
      return Math.min(REFUSED_RETRY_MS, this.#backOff())
    }
    if (reply.status === 413) this.#post_bytes_max = Math.max(1, Math.floor(this.#post_bytes_max / 2))
    this.#become('node_away', { code: reply.code, status: reply.status })
    return Math.max(reply.retry_after_ms, this.#backOff())
  }

  /** Doubles up to `retry_ms_max`, with half of it random so that a thousand sensors do not come back as one. */
  #backOff(): number {
    const most = Math.min(RETRY_MS_MIN * 2 ** Math.min(this.#failures++, 20), this.#options.bounds.retry_ms_max)
    const [low, high] = this.#options.random(2)
    return most / 2 + (most / 2) * ((low! * 256 + high!) / 65_536)
  }

  #become(state: SenderState, fields: Readonly<Record<string, unknown>> = {}): void {
    if (state === this.#state) return
    const bad = state === 'revoked' || state === 'node_away' || state === 'not_approved'
    if (bad) this.#options.log.warn(messages[state], fields)
    else if (this.#state !== 'idle') this.#options.log.info(messages[state])
    this.#state = state
  }

  async #pause(wait_ms: number): Promise<void> {
    if (wait_ms > 0) await sleep(wait_ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }
}

const messages: Record<SenderState, string> = {
  idle: 'the node has everything',
  sending: 'the node takes batches',
  node_away: 'the node does not take batches; they stay in the spool',
  not_approved: 'the node has not approved this sensor yet; batches stay in the spool',
  revoked: 'the node has revoked this sensor; batches stay in the spool and are not sent',
}
