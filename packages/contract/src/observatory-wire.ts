import { Type, type Static } from 'typebox'
import { route } from './route.ts'
import { BATCHES_TYPE, HEARTBEAT_TYPE } from './sensor-texts.ts'
import { Name, UuidText } from './shapes.ts'

/*
 * What sensors send. These requests carry no API token: an enrolment shows a one-time secret, everything after it is
 * signed by the sensor's Ed25519 key. Answers name no address, network or destination.
 */

/** The 32 bytes of an Ed25519 public key in base64. */
export const PublicKeyText = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })
export const SignatureText = Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' })
export const SensorState = Type.Union([Type.Literal('pending'), Type.Literal('approved'), Type.Literal('revoked')])
export type SensorState = Static<typeof SensorState>
/** Not above what a JSON number holds exactly: a sensor that says more must not stop the list that it would be revoked in. */
const Counter = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Version = Type.String({ maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' })

export const enrolSensor = route({
  id: 'sensor.enrol', method: 'POST', path: '/sensor/enrolments', needs: 'sensor',
  summary: 'A sensor shows its one-time token and its key; an operator compares fingerprints and approves it',
  body: Type.Object({
    token: Type.String({ minLength: 16, maxLength: 200, description: 'The secret part of the enrolment token' }),
    name: Name,
    public_key: PublicKeyText,
    simulated: Type.Boolean(),
    addresses: Counter,
    version: Version,
    signature: SignatureText,
  }),
  output: Type.Object({
    sensor: UuidText, state: SensorState, node_public_key: PublicKeyText, node_fingerprint: Type.String(),
  }),
  errors: ['enrolment/token-invalid', 'enrolment/too-many-pending', 'sensor/name-taken', 'batch/signature-invalid'],
})

/** The JSON of a heartbeat; unknown members are allowed and not kept. */
export const Heartbeat = Type.Object({
  sensor: UuidText,
  epoch: UuidText,
  counter: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Grows within an epoch, so that nothing can be played again' }),
  at_ms: Counter,
  version: Version,
  started_ms: Counter,
  clock_offset_ms: Type.Integer({
    minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, description: 'Clock of the sensor minus clock of the node',
  }),
  addresses: Counter,
  packets_seen: Counter,
  counted: Counter,
  dropped_kernel: Counter,
  malformed: Counter,
  not_ip: Counter,
  not_for_us: Counter,
  spool_batches: Counter,
  spool_bytes: Counter,
  gaps: Counter,
  gap_batches: Counter,
  answer: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z_]{1,48}$' }), Counter, {
    maxProperties: 64, description: 'Of a sensor that answers: what it did and what each bound refused',
  })),
})
export type Heartbeat = Static<typeof Heartbeat>

export const sendHeartbeat = route({
  id: 'sensor.heartbeat', method: 'POST', path: '/sensor/heartbeats', needs: 'sensor', raw_body: HEARTBEAT_TYPE,
  summary: 'How a sensor is; signed over the SHA-256 of the body in the header hirundo-signature',
  output: Type.Object({ node_time_ms: Type.Integer(), state: SensorState }),
  errors: ['request/invalid', 'sensor/not-found', 'sensor/revoked', 'batch/signature-invalid', 'batch/out-of-order'],
})

export const sendBatches = route({
  id: 'sensor.batches', method: 'POST', path: '/sensor/batches', needs: 'sensor', raw_body: BATCHES_TYPE,
  summary: 'Numbered batches of one sensor and epoch; acknowledged when they are on disk, with the node’s signature',
  output: Type.Object({
    sensor: UuidText,
    epoch: UuidText,
    acked: Type.String({ pattern: '^\\d{1,19}$', description: 'Everything up to this number is kept' }),
    refused: Type.Array(Type.Object({ first: Type.String(), code: Type.String() })),
    node_time_ms: Type.Integer(),
    signature: Type.String({ description: 'Ed25519 over "hirundo-ack-v1", sensor, epoch and acked, a line each' }),
  }),
  errors: [
    'request/invalid', 'request/too-large', 'sensor/not-found', 'sensor/not-approved', 'sensor/revoked', 'batch/malformed',
    'batch/signature-invalid', 'node/full', 'node/unavailable',
  ],
})
