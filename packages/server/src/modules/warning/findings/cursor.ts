import { fail, isUuid, ok, uuidFromBytes, uuidToBytes, type Result } from '@hirundo/base'

export const orders = ['urgency', 'newest'] as const
export type Order = (typeof orders)[number]

/** The last finding of a page. */
export interface Place {
  /** 0 record … 3 urgent. */
  readonly severity: number
  readonly start_ms: number
  readonly uuid: string
}

const BYTES = 26
const START_AT = 2
const UUID_AT = 10
const start_ms_max = 2 ** 48

/** Opaque text of a fixed length; it holds for the order that it was made in. */
export function writeCursor(order: Order, { severity, start_ms, uuid }: Place): string {
  if (!isUuid(uuid)) throw new RangeError('a finding without UUID')
  const bytes = Buffer.alloc(BYTES)
  bytes.writeUInt8(orders.indexOf(order), 0)
  bytes.writeUInt8(severity, 1)
  bytes.writeBigUInt64BE(BigInt(start_ms), START_AT)
  bytes.set(uuidToBytes(uuid), UUID_AT)
  return bytes.toString('base64url')
}

/** Problem: `request/invalid`, also for a cursor of another order. */
export function readCursor(order: Order, text: string): Result<Place> {
  const bytes = Buffer.from(text, 'base64url')
  const invalid = fail('request/invalid', { what: 'after' })
  if (bytes.length !== BYTES || bytes.toString('base64url') !== text || bytes[0] !== orders.indexOf(order)) return invalid
  const start_ms = Number(bytes.readBigUInt64BE(START_AT))
  return start_ms > start_ms_max || bytes[1]! > 3 ? invalid : ok({ severity: bytes[1]!, start_ms, uuid: uuidFromBytes(bytes, UUID_AT) })
}
