import { Type, type Static } from 'typebox'
import { PublicKeyText, SensorState } from './observatory-wire.ts'
import { route } from './route.ts'
import { Instant, Name, UuidText } from './shapes.ts'

const Maybe = <S extends ReturnType<typeof Type.Integer> | typeof Instant>(schema: S) => Type.Union([schema, Type.Null()])
const Fingerprint = Type.String({ minLength: 1, maxLength: 100, description: 'Five groups of four characters; compared without regard to case and dashes' })

export const SensorView = Type.Object({
  id: UuidText,
  name: Name,
  state: SensorState,
  kind: Type.Union([Type.Literal('live'), Type.Literal('import')]),
  simulated: Type.Boolean(),
  fingerprint: Type.String(),
  note: Type.String(),
  created_at: Instant,
  approved_at: Maybe(Instant),
  revoked_at: Maybe(Instant),
  live: Type.Boolean({ description: 'Heard of within the last minutes' }),
  last_seen_at: Maybe(Instant),
  version: Type.Union([Type.String(), Type.Null()]),
  clock_offset_ms: Maybe(Type.Integer()),
  packets_seen: Maybe(Type.Integer()),
  dropped_kernel: Maybe(Type.Integer()),
  malformed: Maybe(Type.Integer()),
  spool_batches: Maybe(Type.Integer()),
  spool_bytes: Maybe(Type.Integer()),
  gaps: Type.Integer({ description: 'Runs of batches that the sensor had to drop' }),
  gap_batches: Type.Integer(),
  quarantined: Type.Integer({ description: 'Signed batches that could not be read and are kept aside' }),
  answering: Type.Union([Type.Boolean(), Type.Null()], { description: 'Whether it answers, as its last heartbeat says; null: never heard of' }),
  interactions: Maybe(Type.Integer({ description: 'Stored of what it heard; null: it does not answer and none was imported under its name' })),
  interactions_shed: Maybe(Type.Integer({ description: 'Not kept since the sensor started, over a bound of the sensor' })),
  answer_counters: Type.Union([Type.Record(Type.String(), Type.Integer()), Type.Null()], { description: 'All that the answering side counts, by name: docs/answering-sensors.md' }),
})
export type SensorView = Static<typeof SensorView>

export const listSensors = route({
  id: 'sensors.list', method: 'GET', path: '/sensors', needs: 'sensors:read', summary: 'Sensors of the organisation, by name',
  output: Type.Object({ sensors: Type.Array(SensorView) }),
  errors: [],
})

export const createEnrolmentToken = route({
  id: 'sensors.create-enrolment-token', method: 'POST', path: '/sensors/enrolment-tokens', needs: 'sensors:write',
  summary: 'A one-time token with which one sensor may ask to be let in; shown only in this answer',
  body: Type.Object({
    note: Type.Optional(Type.String({ maxLength: 200 })),
    valid_hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 * 30 })),
  }),
  output: Type.Object({
    token: Type.String({ description: 'Secret and the node’s fingerprint, with a dot between' }),
    node_fingerprint: Type.String(),
    expires_at: Instant,
  }),
  errors: ['request/invalid'],
})

const sensorId = Type.Object({ id: UuidText })

export const approveSensor = route({
  id: 'sensors.approve', method: 'POST', path: '/sensors/:id/approve', needs: 'sensors:write',
  summary: 'Lets a sensor in, when the fingerprint that its operator reads out is that of its key',
  params: sensorId,
  body: Type.Object({ fingerprint: Fingerprint }),
  output: SensorView,
  errors: ['sensor/not-found', 'sensor/wrong-state', 'sensor/fingerprint-mismatch'],
})

export const revokeSensor = route({
  id: 'sensors.revoke', method: 'POST', path: '/sensors/:id/revoke', needs: 'sensors:write',
  summary: 'Ends a sensor’s key at its next request; what it sent stays. Doing it again changes nothing',
  params: sensorId,
  body: Type.Object({ note: Type.Optional(Type.String({ maxLength: 200 })) }),
  output: SensorView,
  errors: ['sensor/not-found'],
})

export const registerImport = route({
  id: 'sensors.register-import', method: 'POST', path: '/sensors/imports', needs: 'sensors:write',
  summary: 'Makes or re-keys the import sensor of a name, approved at once: history is loaded as batches that its key signs',
  body: Type.Object({ name: Name, public_key: PublicKeyText, simulated: Type.Optional(Type.Boolean()) }),
  output: SensorView,
  errors: ['sensor/name-taken'],
})

/** Routes of sensors for their operators. */
export const sensorRoutes = [listSensors, createEnrolmentToken, approveSensor, revokeSensor, registerImport] as const
