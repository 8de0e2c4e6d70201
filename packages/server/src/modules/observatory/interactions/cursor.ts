import type { InteractionCursor } from '@hirundo/analytics'
import { fail, ok, type Result } from '@hirundo/base'

const BYTES = 32
const UUID_AT = 8
const SRC_PORT_AT = 24
const DST_PORT_AT = 26
const GIVEN_AT = 28
/** Equal rows beyond it are left out: no log has so many, and each is read again for the next page. */
const given_max = 100_000
const at_ms_max = 2 ** 48

interface Named {
  readonly id: number
  readonly uuid: string
}

/**
 * Opaque text of a fixed length. It names the sensor by its UUID: its number would tell how many there are on the node.
 * `sensors`: those of the organisation.
 */
export function writeCursor({ at_ms, sensor, src_port, dst_port, given }: InteractionCursor, sensors: readonly Named[]): string {
  const bytes = Buffer.alloc(BYTES)
  bytes.writeBigUInt64BE(BigInt(at_ms))
  bytes.write((sensors.find(({ id }) => id === sensor)?.uuid ?? '').replaceAll('-', ''), UUID_AT, 'hex')
  bytes.writeUInt16BE(src_port, SRC_PORT_AT)
  bytes.writeUInt16BE(dst_port, DST_PORT_AT)
  bytes.writeUInt32BE(Math.min(given, given_max), GIVEN_AT)
  return bytes.toString('base64url')
}

/** Problem: `request/invalid`, also when the sensor is not one of `sensors`. */
export function readCursor(text: string, sensors: readonly Named[]): Result<InteractionCursor> {
  const bytes = Buffer.from(text, 'base64url')
  const invalid = fail('request/invalid', { what: 'after' })
  if (bytes.length !== BYTES || bytes.toString('base64url') !== text) return invalid
  const at_ms = Number(bytes.readBigUInt64BE())
  const hex = bytes.toString('hex', UUID_AT, SRC_PORT_AT)
  const sensor = sensors.find(({ uuid }) => uuid.replaceAll('-', '') === hex)
  const given = bytes.readUInt32BE(GIVEN_AT)
  if (!sensor || at_ms > at_ms_max || given > given_max) return invalid
  return ok({ at_ms, sensor: sensor.id, src_port: bytes.readUInt16BE(SRC_PORT_AT), dst_port: bytes.readUInt16BE(DST_PORT_AT), given })
}
