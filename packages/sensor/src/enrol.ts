import { fail, isUuid, ok, uuidV4, type Problem, type Result, type World } from '@hirundo/base'
import { enrolmentText } from '@hirundo/contract/sensor-texts'
import { loadOrMakeKey, fingerprintOf } from './keys.ts'
import { nodeClient } from './node-client.ts'
import { loadState, saveState, type SensorState } from './state.ts'
import { version } from './version.ts'

/** As the contract has it: no control characters. */
const NAME_SHAPE = /^\P{Cc}{1,100}$/u
const TOKEN_SHAPE = /^([A-Za-z0-9_-]{8,200})\.([a-z2-7]{4}(?:-[a-z2-7]{4}){4})$/
const REQUEST_MS_MAX = 30_000

export interface EnrolOptions {
  readonly state_directory: string
  readonly node_url: string
  /** `<secret>.<fingerprint of the node>`, from the node's operator. */
  readonly token: string
  readonly name: string
  readonly simulated: boolean
  /** How many addresses the sensor watches; never which. */
  readonly addresses: number
  readonly ca?: string
}

export interface Enrolled {
  readonly sensor: string
  /** As the node says: waits for approval, or approved at once. */
  readonly state: string
  readonly fingerprint: string
  readonly node_fingerprint: string
}

/**
 * Makes this sensor's key, asks the node to take it, and pins the node's key.
 * Problems: `setting/invalid`, `sensor/fingerprint-mismatch` (the node is not the one that made the token), those of
 * the node (`enrolment/token-invalid` …), `node/unavailable`.
 */
export async function enrol(options: EnrolOptions, world: World): Promise<Result<Enrolled>> {
  const token = TOKEN_SHAPE.exec(options.token.trim())
  if (!token) return invalid('token', 'it has the form SECRET.FINGERPRINT; copy it whole')
  if (!NAME_SHAPE.test(options.name)) return invalid('name', '1 to 100 characters, none of them a control character')
  if (!URL.canParse(options.node_url)) return invalid('node', 'it is not a URL')
  if ((await loadState(options.state_directory)).ok) {
    return invalid('state', `${options.state_directory} is enrolled already; use another directory for another sensor`)
  }
  const [, secret, expected] = token as unknown as [string, string, string]
  const key = await loadOrMakeKey(options.state_directory)
  const public_key = Buffer.from(key.public_key).toString('base64')
  const signature = key.sign(Buffer.from(enrolmentText(secret, options.name, public_key)))
  const { name, simulated, addresses } = options
  const answer = await ask(options, {
    token: secret, name, public_key, simulated, addresses, version, signature: Buffer.from(signature).toString('base64'),
  })
  if (!answer.ok) return answer
  const { sensor, node_public_key, state } = answer.value
  const node_key = Buffer.from(node_public_key, 'base64')
  const node_fingerprint = fingerprintOf(node_key)
  if (node_key.length !== 32 || node_fingerprint !== expected) return fail('sensor/fingerprint-mismatch', { node: node_fingerprint })
  const saved: SensorState = {
    version: 1, sensor, name, simulated, node_url: options.node_url, node_public_key, epoch: uuidV4(world),
    heartbeats_reserved: 0,
  }
  await saveState(options.state_directory, saved)
  return ok({ sensor, state, fingerprint: key.fingerprint, node_fingerprint })
}

const invalid = (what: string, why: string): { ok: false; problem: Problem } => fail('setting/invalid', { what, why })

async function ask(options: EnrolOptions, body: Readonly<Record<string, unknown>>) {
  const client = nodeClient({
    url: options.node_url, request_ms_max: REQUEST_MS_MAX, ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
  const reply = await client.post('/sensor/enrolments', Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' })
  client.close()
  if (reply.kind === 'unreachable') return fail('node/unavailable', { why: reply.why })
  if (reply.kind === 'problem') return fail(reply.code, { status: reply.status })
  const { sensor, state, node_public_key } = reply.body
  if (typeof sensor !== 'string' || !isUuid(sensor) || typeof node_public_key !== 'string' || typeof state !== 'string') {
    return fail('node/unavailable', { why: 'the reply is not that of a node' })
  }
  return ok({ sensor, state, node_public_key })
}
