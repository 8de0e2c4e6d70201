import { isUuid, uuidFromBytes, uuidToBytes, type Uuid } from '@hirundo/base'
import { crc32 } from 'node:zlib'

/*
 * Little endian.
 * Segment header, 64 bytes:  0 "HRDJ"   4 version u16 = 1   6 kind u16   8 origin (16)   24 epoch (16)
 *   40 first u64   48 created_ms u64   56 reserved u32   60 crc32 of bytes 0…59
 * Record, 20 bytes and payload:  0 payload bytes u32   4 crc32 of bytes 0…3 and 8…end   8 sequence u64
 *   16 kind u16   18 place in its group u16 (records written before it under the same fdatasync)
 */
export const HEADER_BYTES = 64
export const RECORD_BYTES = 20
const MAGIC = 0x4a445248
const VERSION = 1

export interface SegmentHeader {
  readonly kind: number
  readonly origin: Uuid
  readonly epoch: Uuid
  readonly first: bigint
  readonly created_ms: number
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function encodeHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  const view = viewOf(bytes)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, VERSION, true)
  view.setUint16(6, header.kind, true)
  bytes.set(uuidToBytes(header.origin), 8)
  bytes.set(uuidToBytes(header.epoch), 24)
  view.setBigUint64(40, header.first, true)
  view.setBigUint64(48, BigInt(Math.trunc(header.created_ms)), true)
  view.setUint32(60, crc32(bytes.subarray(0, 60)), true)
  return bytes
}

/** The header, or undefined when it is not one of ours or is damaged. */
export function decodeHeader(bytes: Uint8Array): SegmentHeader | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = viewOf(bytes)
  if (view.getUint32(0, true) !== MAGIC || view.getUint16(4, true) !== VERSION) return undefined
  if (view.getUint32(60, true) !== crc32(bytes.subarray(0, 60))) return undefined
  const origin = uuidFromBytes(bytes, 8)
  const epoch = uuidFromBytes(bytes, 24)
  if (!isUuid(origin) || !isUuid(epoch)) return undefined
  const created_ms = Number(view.getBigUint64(48, true))
  return { kind: view.getUint16(6, true), origin, epoch, first: view.getBigUint64(40, true), created_ms }
}

export interface RecordToWrite {
  readonly kind: number
  readonly payload: Uint8Array
}

/** Records of one group, numbered from `first`, as one run of bytes. */
export function encodeGroup(first: bigint, records: readonly RecordToWrite[]): Uint8Array {
  const total = records.reduce((sum, record) => sum + RECORD_BYTES + record.payload.length, 0)
  const bytes = new Uint8Array(total)
  const view = viewOf(bytes)
  let at = 0
  records.forEach((record, place) => {
    const end = at + RECORD_BYTES + record.payload.length
    view.setUint32(at, record.payload.length, true)
    view.setBigUint64(at + 8, first + BigInt(place), true)
    view.setUint16(at + 16, record.kind, true)
    view.setUint16(at + 18, place, true)
    bytes.set(record.payload, at + RECORD_BYTES)
    view.setUint32(at + 4, checksum(bytes, at, end), true)
    at = end
  })
  return bytes
}

const checksum = (bytes: Uint8Array, at: number, end: number): number =>
  crc32(bytes.subarray(at + 8, end), crc32(bytes.subarray(at, at + 4)))

export interface FoundRecord {
  readonly sequence: bigint
  readonly kind: number
  readonly place: number
  readonly payload: Uint8Array
  readonly end: number
}

/** Payload bytes that the record at `at` claims, or undefined when not even its head is there. */
export const claimedBytes = (bytes: Uint8Array, at: number): number | undefined =>
  at + RECORD_BYTES > bytes.length ? undefined : viewOf(bytes).getUint32(at, true)

/** The whole, undamaged record at `at` with a sequence in `from..to`, or undefined. Its payload shares `bytes`. */
export function recordAt(bytes: Uint8Array, at: number, from: bigint, to: bigint): FoundRecord | undefined {
  const length = claimedBytes(bytes, at)
  if (length === undefined) return undefined
  const end = at + RECORD_BYTES + length
  if (end > bytes.length) return undefined
  const view = viewOf(bytes)
  const sequence = view.getBigUint64(at + 8, true)
  if (sequence < from || sequence > to) return undefined
  if (view.getUint32(at + 4, true) !== checksum(bytes, at, end)) return undefined
  const payload = bytes.subarray(at + RECORD_BYTES, end)
  return { sequence, kind: view.getUint16(at + 16, true), place: view.getUint16(at + 18, true), payload, end }
}

/** The next readable record behind damage at `at`: its offset and itself. */
export function findRecord(
  bytes: Uint8Array, at: number, from: bigint, to: bigint,
): { offset: number; record: FoundRecord } | undefined {
  for (let offset = at; offset + RECORD_BYTES <= bytes.length; offset++) {
    const record = recordAt(bytes, offset, from, to)
    if (record) return { offset, record }
  }
  return undefined
}
