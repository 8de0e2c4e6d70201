import { fail, formatMillis, ok, uuidV4, type Result } from '@hirundo/base'
import type { approveSensor, createEnrolmentToken, Input, Output, registerImport } from '@hirundo/contract'
import type { Transaction } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { fingerprintOfKey, hashSecret, publicKeyOf, sameFingerprint } from './keys.ts'
import { findByName, insertEnrolmentToken, insertSensor, lockSensor, updateSensor, type SensorRow } from './store.ts'

type Tools = Pick<Platform, 'db' | 'world' | 'audit' | 'node_key'>
const SECRET_BYTES = 24
const VALID_HOURS_DEFAULT = 24
const HOUR_MS = 3_600_000

/** A one-time token; only its hash is kept. */
export async function makeEnrolmentToken(
  { db, world, audit, node_key }: Tools, actor: Actor, body: Input<typeof createEnrolmentToken>['body'],
): Promise<Result<Output<typeof createEnrolmentToken>>> {
  const secret = Buffer.from(world.random(SECRET_BYTES)).toString('base64url')
  const expires_ms = world.now() + (body.valid_hours ?? VALID_HOURS_DEFAULT) * HOUR_MS
  const node_fingerprint = fingerprintOfKey(node_key.public_key_raw)
  const note = body.note ?? ''
  await db.transaction().execute(async (t) => {
    await insertEnrolmentToken(t, {
      organisation_id: actor.organisation_id, hash: hashSecret(secret), note, created_by: actor.actor_id,
      created_at: new Date(world.now()), expires_at: new Date(expires_ms),
    })
    await audit({
      organisation_id: actor.organisation_id, actor: actor.actor_id, action: 'sensor.token', subject: 'enrolment',
      detail: { note, expires_at: formatMillis(expires_ms) },
    }, t)
  })
  return ok({ token: `${secret}.${node_fingerprint}`, node_fingerprint, expires_at: formatMillis(expires_ms) })
}

/** Problems: `sensor/not-found`, `sensor/wrong-state`, `sensor/fingerprint-mismatch`. Approving twice changes nothing. */
export function approve(
  { db, world, audit }: Tools, actor: Actor, uuid: string, { fingerprint }: Input<typeof approveSensor>['body'],
): Promise<Result<null>> {
  return db.transaction().execute(async (t) => {
    const sensor = await lockSensor(t, actor.organisation_id, uuid)
    if (!sensor) return fail('sensor/not-found')
    if (!sameFingerprint(fingerprint, sensor.fingerprint)) return fail('sensor/fingerprint-mismatch')
    if (sensor.state === 'approved') return ok(null)
    if (sensor.state === 'revoked') return fail('sensor/wrong-state', { state: sensor.state })
    await updateSensor(t, sensor.id, { state: 'approved', approved_at: new Date(world.now()) })
    await audit(entry(actor, sensor, 'sensor.approve'), t)
    return ok(null)
  })
}

/** Problem: `sensor/not-found`. */
export function revoke({ db, world, audit }: Tools, actor: Actor, uuid: string, note: string | undefined): Promise<Result<null>> {
  return db.transaction().execute(async (t) => {
    const sensor = await lockSensor(t, actor.organisation_id, uuid)
    if (!sensor) return fail('sensor/not-found')
    if (sensor.state === 'revoked') return ok(null)
    await updateSensor(t, sensor.id, {
      state: 'revoked', revoked_at: new Date(world.now()), ...(note === undefined ? {} : { note }),
    })
    await audit(entry(actor, sensor, 'sensor.revoke'), t)
    return ok(null)
  })
}

const entry = (actor: Actor, sensor: SensorRow, action: string) => ({
  organisation_id: actor.organisation_id, actor: actor.actor_id, action, subject: sensor.uuid,
  detail: { name: sensor.name, fingerprint: sensor.fingerprint, simulated: sensor.simulated },
})

/**
 * The import sensor of a name with a new key: history is loaded as its batches. Gives its UUID. Problems:
 * `sensor/name-taken` (a live sensor has it, or one that says otherwise whether it is simulated), `request/invalid`.
 */
export function registerImportSensor(tools: Tools, actor: Actor, body: Input<typeof registerImport>['body']): Promise<Result<string>> {
  const public_key = Buffer.from(body.public_key, 'base64')
  const simulated = body.simulated ?? false
  try {
    publicKeyOf(public_key)
  } catch {
    return Promise.resolve(fail('request/invalid', { what: 'public_key' }))
  }
  return tools.db.transaction().execute(async (t) => {
    const before = await findByName(t, actor.organisation_id, body.name)
    if (before && (before.kind !== 'import' || before.simulated !== simulated)) return fail('sensor/name-taken')
    const key = { public_key, fingerprint: fingerprintOfKey(public_key) }
    if (before) await updateSensor(t, before.id, key)
    const sensor = before ? { ...before, ...key } : await addImport(t, tools, actor, { name: body.name, simulated, ...key })
    if (!sensor) return fail('sensor/name-taken')
    await tools.audit(entry(actor, sensor, 'sensor.import'), t)
    return ok(sensor.uuid)
  })
}

const addImport = (
  t: Transaction<unknown>, { world }: Tools, actor: Actor, from: Pick<SensorRow, 'name' | 'simulated' | 'public_key' | 'fingerprint'>,
): Promise<SensorRow | undefined> =>
  insertSensor(t, {
    ...from, uuid: uuidV4(world), organisation_id: actor.organisation_id, state: 'approved', kind: 'import',
    addresses: 0, version: null, note: '', created_at: new Date(world.now()), approved_at: new Date(world.now()),
  })
