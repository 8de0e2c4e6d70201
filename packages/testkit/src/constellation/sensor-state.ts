import { unwrap, realWorld } from '@hirundo/base'
import { approveSensor, createEnrolmentToken, type ApiClient } from '@hirundo/contract'
import { enrol } from '@hirundo/sensor'
import { destinationsOf } from '../traffic/destinations.ts'
import { answerOf } from './node-process.ts'

export interface SensorToEnrol {
  readonly name: string
  readonly state_directory: string
  readonly simulated: boolean
  readonly destinations: readonly string[]
}

/** Token, enrolment and approval, the fingerprint compared: what two people do by telephone. Gives the sensor's id. */
export async function enrolAndApprove(sensor: SensorToEnrol, node_url: string, client: ApiClient): Promise<string> {
  const { token } = answerOf(await client.call(createEnrolmentToken, { body: { note: sensor.name } }))
  const addresses = sensor.destinations.length === 0 ? 0 : destinationsOf(sensor.destinations).v4_addresses
  const { name, state_directory, simulated } = sensor
  const enrolled = unwrap(await enrol({ state_directory, node_url, token, name, simulated, addresses }, realWorld))
  answerOf(await client.call(approveSensor, { params: { id: enrolled.sensor }, body: { fingerprint: enrolled.fingerprint } }))
  return enrolled.sensor
}
