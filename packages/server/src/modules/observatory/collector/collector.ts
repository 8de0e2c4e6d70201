import { setImmediate as turn } from 'node:timers/promises'
import { fail, ok, type Result } from '@hirundo/base'
import { acknowledgementText, SENSOR_HEADER, type Output, type sendBatches } from '@hirundo/contract'
import { decodeBatchBody, decodeBatchHeader, parseFrames, signedBytes, type DecodedBatch } from '@hirundo/formats'
import type { Journal } from '@hirundo/journal'
import type { Platform, RequestContext } from '../../../platform/module.ts'
import type { ObservatoryConfig } from '../config.ts'
import { isWritable } from '../projector/rows.ts'
import { sensorNamed } from '../sensors/heartbeat.ts'
import { publicKeyOf, verifies } from '../sensors/keys.ts'
import type { SensorRow } from '../sensors/store.ts'
import type { Backlog } from './backlog.ts'
import { inboxKinds } from './inbox.ts'
import type { Marks } from './marks.ts'
import type { RefusedBatches } from './refused.ts'

type Answer = Output<typeof sendBatches>
type Refusal = Answer['refused'][number]

/** A batch that may be appended, and the mark that it moves to. */
interface Accepted {
  readonly kind: number
  readonly payload: Uint8Array
  readonly last: bigint
}

/** What one POST came to before anything was written. */
interface Sorted {
  readonly epoch: string
  readonly accepted: readonly Accepted[]
  readonly refused: readonly Refusal[]
}

export interface CollectorParts {
  readonly journal: Journal
  readonly marks: Marks
  readonly backlog: Backlog
  readonly refused: RefusedBatches
}

/** Takes batches in: checks them, puts them on disk, and only then acknowledges. */
export class Collector {
  readonly #platform: Pick<Platform, 'db' | 'world' | 'node_key' | 'metrics'>
  readonly #config: ObservatoryConfig
  readonly #parts: CollectorParts
  /** The last request of each sensor: two at once must not both find the same number new. */
  readonly #lanes = new Map<string, Promise<unknown>>()

  constructor(platform: Pick<Platform, 'db' | 'world' | 'node_key' | 'metrics'>, config: ObservatoryConfig, parts: CollectorParts) {
    this.#platform = platform
    this.#config = config
    this.#parts = parts
  }

  /**
   * Problems: those of `sensorNamed`, `sensor/not-approved`, `batch/malformed` (no batch of the body can be told),
   * `request/too-large`, `node/full` (nothing was kept). Batches that are refused one by one stand in the answer.
   */
  async receive(context: RequestContext): Promise<Result<Answer>> {
    const frames = parseFrames(context.raw_body ?? new Uint8Array(0))
    if (!frames.ok) return frames
    const named = context.headers[SENSOR_HEADER] ?? senderOf(frames.value)
    return this.#inLane(String(named), async () => {
      // Read here and not before the wait: a key that was revoked meanwhile ends now.
      const sensor = await sensorNamed(this.#platform, named)
      if (!sensor.ok) return sensor
      if (sensor.value.state !== 'approved') return fail('sensor/not-approved')
      const sorted = await this.#sort(sensor.value, frames.value)
      return sorted ? this.#keep(sensor.value.uuid, sorted) : fail('batch/malformed', { why: 'no readable batch' })
    })
  }

  async #inLane<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lanes.get(lane) ?? Promise.resolve()
    const mine = before.then(work)
    const settled = mine.catch(() => undefined)
    this.#lanes.set(lane, settled)
    try {
      return await mine
    } finally {
      if (this.#lanes.get(lane) === settled) this.#lanes.delete(lane)
    }
  }

  async #sort(sensor: SensorRow, frames: readonly Uint8Array[]): Promise<Sorted | undefined> {
    const key = publicKeyOf(sensor.public_key)
    const accepted: Accepted[] = []
    const refused: Refusal[] = []
    let epoch: string | undefined
    let mark = 0n
    for (const frame of frames) {
      await turn()
      const batch = decodeBatchHeader(frame)
      if (!batch.ok || batch.value.header.sensor !== sensor.uuid || !verifies(key, signedBytes(batch.value.unsigned), batch.value.signature)) {
        await this.#parts.refused.keep(frame)
        refused.push(batch.ok ? { first: String(batch.value.header.first), code: 'batch/signature-invalid' } : { first: '0', code: 'batch/malformed' })
        continue
      }
      const { header } = batch.value
      if (epoch === undefined) {
        epoch = header.epoch
        mark = this.#parts.marks.get(sensor.uuid, epoch)
      }
      // Said once and kept: numbers that are there already are acknowledged again, and those after a hole must wait.
      if (header.epoch !== epoch || header.first > mark + 1n || header.last <= mark) continue
      accepted.push(await acceptedOf(batch.value, frame))
      mark = header.last
    }
    return epoch === undefined ? undefined : { epoch, accepted, refused }
  }

  async #keep(sensor: string, { epoch, accepted, refused }: Sorted): Promise<Result<Answer>> {
    const { marks } = this.#parts
    const isNew = marks.get(sensor, epoch) === 0n
    const crowded = isNew && marks.epochs(sensor) >= this.#config.sensor_epochs_max
    const full = crowded || this.#parts.backlog.bytes > this.#config.backlog_bytes_max
    const kept = full ? 0 : await this.#append(sensor, epoch, accepted)
    if (accepted.length > 0 && kept === 0) return fail('node/full', { retry_after_s: this.#config.retry_after_s })
    const acked = String(marks.get(sensor, epoch))
    const signature = this.#platform.node_key.sign(Buffer.from(acknowledgementText(sensor, epoch, acked)))
    return ok({
      sensor, epoch, acked, refused: [...refused], node_time_ms: this.#platform.world.now(),
      signature: Buffer.from(signature).toString('base64'),
    })
  }

  /** Appends in order, run by run of one kind, and moves the mark behind each run; gives how many batches were kept. */
  async #append(sensor: string, epoch: string, accepted: readonly Accepted[]): Promise<number> {
    const { journal, marks, backlog } = this.#parts
    let kept = 0
    while (kept < accepted.length) {
      const kind = accepted[kept]!.kind
      const after = accepted.findIndex((one, i) => i > kept && one.kind !== kind)
      const run = accepted.slice(kept, after < 0 ? accepted.length : after)
      const appended = await journal.append(kind, run.map(({ payload }) => payload))
      if (!appended.ok) break
      marks.raise(sensor, epoch, run.at(-1)!.last)
      backlog.add(run.length, run.reduce((sum, { payload }) => sum + payload.length, 0), appended.value.last)
      kept += run.length
    }
    return kept
  }
}

/** Who sends, when no header says it; each batch is checked against that sensor's key all the same. */
function senderOf(frames: readonly Uint8Array[]): string | undefined {
  const first = frames[0] && decodeBatchHeader(frames[0])
  return first?.ok ? first.value.header.sensor : undefined
}

/** A signed batch whose body cannot be used is kept apart, and acknowledged: sending it again would not mend it. */
async function acceptedOf(batch: DecodedBatch, payload: Uint8Array): Promise<Accepted> {
  const body = decodeBatchBody(batch)
  const usable = body.ok && (await isWritable(batch.header.kind, body.value, batch.header.rows))
  return { kind: usable ? inboxKinds.batch : inboxKinds.unreadable, payload, last: batch.header.last }
}
