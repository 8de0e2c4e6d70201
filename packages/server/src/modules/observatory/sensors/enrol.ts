import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import { enrolmentText, type enrolSensor, type Input, type Output } from '@hirundo/contract'
import type { Transaction } from 'kysely'
import type { Platform } from '../../../platform/module.ts'
import type { ObservatoryConfig } from '../config.ts'
import { fingerprintOfKey, hashSecret, publicKeyOf, verifies } from './keys.ts'
import {
  countPending, findByName, insertSensor, lockEnrolmentToken, spendEnrolmentToken, type EnrolmentTokenRow, type SensorRow,
} from './store.ts'

type Body = Input<typeof enrolSensor>['body']
type Answer = Output<typeof enrolSensor>

/** Whether the body was signed by the key that it names: nobody enrols a key of another. */
function isSigned(body: Body): boolean {
  try {
    const key = publicKeyOf(Buffer.from(body.public_key, 'base64'))
    const text = enrolmentText(body.token, body.name, body.public_key)
    return verifies(key, Buffer.from(text), Buffer.from(body.signature, 'base64'))
  } catch {
    // Bytes that are no point of the curve make no key.
    return false
  }
}

/**
 * Takes a sensor in as pending. The same token with the same key gives the same sensor again, so that a lost answer
 * costs nothing. Problems: `enrolment/token-invalid`, `batch/signature-invalid`, `enrolment/too-many-pending`,
 * `sensor/name-taken`.
 */
export async function enrol({ db, world, audit, node_key }: Platform, config: ObservatoryConfig, body: Body): Promise<Result<Answer>> {
  if (!isSigned(body)) return fail('batch/signature-invalid')
  const key = Buffer.from(body.public_key, 'base64')
  const answer = (sensor: SensorRow): Result<Answer> => ok({
    sensor: sensor.uuid,
    state: sensor.state,
    node_public_key: Buffer.from(node_key.public_key_raw).toString('base64'),
    node_fingerprint: fingerprintOfKey(node_key.public_key_raw),
  })
  return db.transaction().execute(async (t) => {
    const token = await lockEnrolmentToken(t, hashSecret(body.token))
    if (!token || token.expires_at.getTime() <= world.now()) return fail('enrolment/token-invalid')
    if (token.sensor_id !== null) {
      const before = await findByName(t, token.organisation_id, body.name)
      const same = before?.id === token.sensor_id && before.public_key.equals(key)
      return same ? answer(before) : fail('enrolment/token-invalid')
    }
    if ((await countPending(t, token.organisation_id)) >= config.pending_sensors_max) return fail('enrolment/too-many-pending', { retry_after_s: 60 })
    if (await findByName(t, token.organisation_id, body.name)) return fail('sensor/name-taken')
    const sensor = await addPending(t, { world, audit }, token, body, key)
    return sensor ? answer(sensor) : fail('sensor/name-taken')
  })
}

/** The new sensor, or undefined when its name was taken at the same moment. */
async function addPending(
  t: Transaction<unknown>, { world, audit }: Pick<Platform, 'world' | 'audit'>, token: EnrolmentTokenRow, from: Body, public_key: Buffer,
): Promise<SensorRow | undefined> {
  const sensor = await insertSensor(t, {
    uuid: uuidV4(world), organisation_id: token.organisation_id, name: from.name, state: 'pending', kind: 'live',
    public_key, fingerprint: fingerprintOfKey(public_key), simulated: from.simulated, addresses: from.addresses,
    version: from.version, note: token.note, created_at: new Date(world.now()), approved_at: null,
  })
  if (!sensor) return undefined
  await spendEnrolmentToken(t, token.id, sensor.id, new Date(world.now()))
  await audit({
    organisation_id: sensor.organisation_id, actor: `sensor:${sensor.uuid}`, action: 'sensor.enrol', subject: sensor.uuid,
    detail: { name: sensor.name, fingerprint: sensor.fingerprint, simulated: sensor.simulated },
  }, t)
  return sensor
}
