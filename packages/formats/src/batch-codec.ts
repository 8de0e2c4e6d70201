import { fail, INSTANT_END_S, isUuid, ok, uuidFromBytes, uuidToBytes, type Result } from '@hirundo/base'
import { createHash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { batchBounds, batchKinds, type BatchHeader } from './batch-model.ts'
import { backscatterLayout, flowLayout, sensorMinuteLayout, synSampleLayout, type RowLayout } from './row-layout.ts'

export const BATCH_HEADER_BYTES = 96
export const BATCH_SIGNATURE_BYTES = 64
const MAGIC = 0x42445248
const VERSION = 1
const encodings = { none: 0, zstd: 1 } as const
const SEQUENCE_MAX = 0x7fff_ffff_ffff_ffffn
const SIGNING_DOMAIN = new TextEncoder().encode('hirundo-batch-v1\n')
/** The window that a frame may ask for: 2^23 bytes, the largest body. More is only a demand for memory. */
const WINDOW_LOG_MAX = 23

/** Rows of each kind that has rows, by the number on the wire. */
export const layoutOfKind: Readonly<Record<number, RowLayout>> = {
  [batchKinds.flow]: flowLayout,
  [batchKinds.backscatter]: backscatterLayout,
  [batchKinds.syn_sample]: synSampleLayout,
  [batchKinds.sensor_minute]: sensorMinuteLayout,
}

/** A batch whose header was checked; all byte ranges share the batch's memory. */
export interface DecodedBatch {
  readonly header: BatchHeader
  readonly encoding: number
  readonly body_bytes: number
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  /** Header and payload: what `signedBytes` hashes. */
  readonly unsigned: Uint8Array
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const malformed = (why: string): Result<never> => fail('batch/malformed', { why })

/** Header and payload of a batch, still without signature. `body` is rows of the kind's layout, or nothing for a gap. */
export function encodeBatch(header: BatchHeader, body: Uint8Array, options: { readonly compress: boolean }): Uint8Array {
  const compressed = options.compress && body.length > 0 ? compress(body) : undefined
  const smaller = compressed !== undefined && compressed.length < body.length
  const payload = smaller ? compressed : body
  const bytes = new Uint8Array(BATCH_HEADER_BYTES + payload.length)
  const view = viewOf(bytes)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, VERSION, true)
  view.setUint16(6, header.kind, true)
  bytes.set(uuidToBytes(header.sensor), 8)
  bytes.set(uuidToBytes(header.epoch), 24)
  view.setBigUint64(40, header.first, true)
  view.setBigUint64(48, header.last, true)
  view.setUint32(56, header.rows, true)
  view.setUint16(60, smaller ? encodings.zstd : encodings.none, true)
  view.setUint32(64, body.length, true)
  view.setUint32(68, payload.length, true)
  view.setBigUint64(72, BigInt(Math.trunc(header.created_ms)), true)
  bytes.set(payload, BATCH_HEADER_BYTES)
  return bytes
}

const compress = (body: Uint8Array): Uint8Array =>
  zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 0 } })

/** What the sensor's Ed25519 key signs: a domain line and the SHA-256 of header and payload. */
export function signedBytes(unsigned: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SIGNING_DOMAIN.length + 32)
  bytes.set(SIGNING_DOMAIN)
  bytes.set(createHash('sha256').update(unsigned).digest(), SIGNING_DOMAIN.length)
  return bytes
}

/** The finished batch. */
export function attachSignature(unsigned: Uint8Array, signature: Uint8Array): Uint8Array {
  if (signature.length !== BATCH_SIGNATURE_BYTES) throw new Error('an Ed25519 signature has 64 bytes')
  const bytes = new Uint8Array(unsigned.length + BATCH_SIGNATURE_BYTES)
  bytes.set(unsigned)
  bytes.set(signature, unsigned.length)
  return bytes
}

/** The body of a POST: a run of [u32 length][batch]. */
export function frameBatches(batches: readonly Uint8Array[]): Uint8Array {
  const body = new Uint8Array(batches.reduce((sum, batch) => sum + 4 + batch.length, 0))
  const view = viewOf(body)
  let at = 0
  for (const batch of batches) {
    view.setUint32(at, batch.length, true)
    body.set(batch, at + 4)
    at += 4 + batch.length
  }
  return body
}

/** The batches of a POST body, unread, sharing its memory. Problems: `request/too-large`, `batch/malformed`. */
export function parseFrames(body: Uint8Array): Result<Uint8Array[]> {
  if (body.length > batchBounds.post_bytes_max) return fail('request/too-large', { bytes_max: batchBounds.post_bytes_max })
  const view = viewOf(body)
  const batches: Uint8Array[] = []
  for (let at = 0; at < body.length; ) {
    if (at + 4 > body.length) return malformed('frame is cut off')
    const end = at + 4 + view.getUint32(at, true)
    if (end > body.length) return malformed('frame is cut off')
    if (batches.length === batchBounds.post_batches_max) return malformed('too many batches')
    batches.push(body.subarray(at + 4, end))
    at = end
  }
  return ok(batches)
}

/**
 * Checks everything but signature and body. Unknown kinds pass: the node keeps what it cannot read yet.
 * Problem: `batch/malformed` with `why`.
 */
export function decodeBatchHeader(batch: Uint8Array): Result<DecodedBatch> {
  if (batch.length < BATCH_HEADER_BYTES + BATCH_SIGNATURE_BYTES) return malformed('batch is cut off')
  const view = viewOf(batch)
  if (view.getUint32(0, true) !== MAGIC) return malformed('no batch')
  if (view.getUint16(4, true) !== VERSION) return malformed('unknown version')
  const sensor = uuidFromBytes(batch, 8)
  const epoch = uuidFromBytes(batch, 24)
  if (!isUuid(sensor) || !isUuid(epoch)) return malformed('bad id')
  const header: BatchHeader = {
    kind: view.getUint16(6, true), sensor, epoch,
    first: view.getBigUint64(40, true), last: view.getBigUint64(48, true),
    rows: view.getUint32(56, true), created_ms: Number(view.getBigUint64(72, true)),
  }
  const end = batch.length - BATCH_SIGNATURE_BYTES
  const decoded: DecodedBatch = {
    header, encoding: view.getUint16(60, true), body_bytes: view.getUint32(64, true),
    payload: batch.subarray(BATCH_HEADER_BYTES, end), signature: batch.subarray(end), unsigned: batch.subarray(0, end),
  }
  if (view.getUint32(68, true) !== decoded.payload.length) return malformed('payload length differs')
  if (view.getUint16(62, true) !== 0 || batch.subarray(80, 96).some((byte) => byte !== 0)) return malformed('reserved bytes')
  const why = numbersProblem(header) ?? sizesProblem(decoded)
  return why === undefined ? ok(decoded) : malformed(why)
}

function numbersProblem(header: BatchHeader): string | undefined {
  if (header.kind === 0) return 'no kind'
  if (header.first < 1n || header.last < header.first || header.last > SEQUENCE_MAX) return 'bad range'
  if (header.kind !== batchKinds.gap && header.first !== header.last) return 'bad range'
  if (!Number.isSafeInteger(header.created_ms)) return 'bad time'
  return undefined
}

function sizesProblem({ header, encoding, body_bytes, payload }: DecodedBatch): string | undefined {
  if (header.rows > batchBounds.batch_rows_max) return 'too many rows'
  if (body_bytes > batchBounds.batch_body_bytes_max || payload.length > batchBounds.batch_body_bytes_max) return 'too large'
  if (encoding !== encodings.none && encoding !== encodings.zstd) return 'unknown encoding'
  if (encoding === encodings.none && payload.length !== body_bytes) return 'body length differs'
  if (header.kind === batchKinds.gap && (header.rows !== 0 || body_bytes !== 0)) return 'a gap has no rows'
  const layout = layoutOfKind[header.kind]
  if (layout && header.rows * layout.row_bytes !== body_bytes) return 'rows and bytes differ'
  return undefined
}

/**
 * The body, decompressed within its declared bound. Of known kinds every row's time was checked (1970…2105); the
 * first column of every layout is its time. Problem: `batch/malformed`.
 */
export function decodeBatchBody(batch: DecodedBatch): Result<Uint8Array> {
  const body = batch.encoding === encodings.zstd ? decompress(batch.payload, batch.body_bytes) : batch.payload
  if (body?.length !== batch.body_bytes) return malformed('body cannot be decompressed')
  const layout = layoutOfKind[batch.header.kind]
  if (!layout) return ok(body)
  const view = viewOf(body)
  for (let at = 0; at < body.length; at += layout.row_bytes) {
    if (view.getUint32(at, true) >= INSTANT_END_S) return malformed('row outside of 1970…2105')
  }
  return ok(body)
}

function decompress(payload: Uint8Array, body_bytes: number): Uint8Array | undefined {
  if (body_bytes === 0) return undefined
  try {
    return zstdDecompressSync(payload, {
      maxOutputLength: body_bytes, params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX },
    })
  } catch {
    // Its errors differ by where the bytes are wrong; the sender learns only that they are.
    return undefined
  }
}
