/*
 * What a sensor and a node must write letter for letter alike. Apart from the routes, so that the sensor's bundle
 * carries no schemas.
 */

/** Media type of a heartbeat: JSON whose exact bytes are signed. */
export const HEARTBEAT_TYPE = 'application/vnd.hirundo.heartbeat+json'
/** Media type of a run of batches (formats/batch-model.ts). */
export const BATCHES_TYPE = 'application/vnd.hirundo.batches'
export const SENSOR_HEADER = 'hirundo-sensor'
export const SIGNATURE_HEADER = 'hirundo-signature'

/** What is signed by whom; every text begins with its own domain line, so that none can stand for another. */
export const enrolmentText = (secret: string, name: string, public_key: string): string =>
  `hirundo-enrol-v1\n${secret}\n${name}\n${public_key}\n`
export const heartbeatText = (body_sha256_hex: string): string => `hirundo-heartbeat-v1\n${body_sha256_hex}`
export const acknowledgementText = (sensor: string, epoch: string, acked: string): string =>
  `hirundo-ack-v1\n${sensor}\n${epoch}\n${acked}\n`
