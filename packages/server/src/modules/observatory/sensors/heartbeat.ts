import { createHash } from 'node:crypto'
import { fail, isUuid, ok, type Result } from '@hirundo/base'
import {
  Heartbeat, heartbeatText, SENSOR_HEADER, SIGNATURE_HEADER, type Output, type sendHeartbeat,
} from '@hirundo/contract'
import { Value } from 'typebox/value'
import type { Platform, RequestContext } from '../../../platform/module.ts'
import { publicKeyOf, verifies } from './keys.ts'
import { findSensor, saveStatus, takeHeartbeatCounter, type SensorRow } from './store.ts'

const heartbeat_bytes_max = 16 * 1024

const header = (context: RequestContext, name: string): string => {
  const value = context.headers[name]
  return typeof value === 'string' ? value : ''
}

/** The sensor that a request names. Problems: `request/invalid`, `sensor/not-found`, `sensor/revoked`. */
export async function sensorNamed({ db }: Pick<Platform, 'db'>, uuid: unknown): Promise<Result<SensorRow>> {
  if (typeof uuid !== 'string' || !isUuid(uuid)) return fail('request/invalid', { what: SENSOR_HEADER })
  const sensor = await findSensor(db, uuid)
  if (!sensor) return fail('sensor/not-found')
  return sensor.state === 'revoked' ? fail('sensor/revoked') : ok(sensor)
}

function parse(body: Uint8Array): Heartbeat | undefined {
  if (body.length > heartbeat_bytes_max) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    return Value.Check(Heartbeat, value) ? value : undefined
  } catch {
    // The sender learns that it is no heartbeat; where exactly helps only those who guess.
    return undefined
  }
}

/** Counters by their names; other members are allowed and not kept, whatever they hold. */
const countersOf = (answer: object): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(answer).filter(([name, value]) => /^[a-z_]{1,48}$/.test(name) && Number.isSafeInteger(value)))

/**
 * Notes how a sensor is, and tells `heard` when that stands; a pending one is heard too, so that its operator sees it alive. Problems of `sensorNamed`, and
 * `batch/signature-invalid`, `batch/out-of-order` (the counter is not new).
 */
export async function hear({ db, world }: Platform, context: RequestContext, heard: (organisation_id: number) => void): Promise<Result<Output<typeof sendHeartbeat>>> {
  const sensor = await sensorNamed({ db }, context.headers[SENSOR_HEADER])
  if (!sensor.ok) return sensor
  const body = context.raw_body ?? new Uint8Array(0)
  const text = heartbeatText(createHash('sha256').update(body).digest('hex'))
  const signature = Buffer.from(header(context, SIGNATURE_HEADER), 'base64')
  if (!verifies(publicKeyOf(sensor.value.public_key), Buffer.from(text), signature)) return fail('batch/signature-invalid')
  const beat = parse(body)
  if (!beat || beat.sensor !== sensor.value.uuid) return fail('request/invalid', { what: 'heartbeat' })
  const seen = new Date(world.now())
  const answer = await db.transaction().execute(async (t): Promise<Result<Output<typeof sendHeartbeat>>> => {
    if (!(await takeHeartbeatCounter(t, sensor.value.id, beat.epoch, beat.counter, seen))) return fail('batch/out-of-order')
    await saveStatus(t, {
      sensor_id: sensor.value.id, last_seen_at: seen, version: beat.version, clock_offset_ms: beat.clock_offset_ms,
      packets_seen: beat.packets_seen, dropped_kernel: beat.dropped_kernel, malformed: beat.malformed,
      spool_batches: beat.spool_batches, spool_bytes: beat.spool_bytes, answer: beat.answer ? countersOf(beat.answer) : null,
    })
    return ok({ node_time_ms: seen.getTime(), state: sensor.value.state })
  })
  if (answer.ok) heard(sensor.value.organisation_id)
  return answer
}
