import { INSTANT_END_S, unwrap, type Uuid } from '@hirundo/base'
import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import {
  attachSignature, decodeBatchBody, decodeBatchHeader, encodeBatch, frameBatches, layoutOfKind, parseFrames, signedBytes,
} from './batch-codec.ts'
import { batchBounds, batchKinds, type BatchHeader } from './batch-model.ts'

const keys = generateKeyPairSync('ed25519')
const uuid = fc.uuid({ version: 4 }) as fc.Arbitrary<Uuid>

const finish = (header: BatchHeader, body: Uint8Array, compress = true): Uint8Array => {
  const unsigned = encodeBatch(header, body, { compress })
  return attachSignature(unsigned, sign(null, signedBytes(unsigned), keys.privateKey))
}

const sample = fc
  .record({
    kind: fc.constantFrom(1, 2, 3, 4, 5, 77), sensor: uuid, epoch: uuid, first: fc.bigInt(1n, 2n ** 62n),
    span: fc.bigInt(0n, 1000n), rows: fc.nat(40), created_ms: fc.maxSafeNat(), fill: fc.nat(100), compress: fc.boolean(),
  })
  .map(({ span, fill, compress, ...given }) => {
    const gap = given.kind === batchKinds.gap
    const rows = gap ? 0 : given.rows
    const header: BatchHeader = { ...given, rows, last: gap ? given.first + span : given.first }
    return { header, body: new Uint8Array(rows * (layoutOfKind[given.kind]?.row_bytes ?? 3)).fill(fill), compress }
  })

const header = (more: Partial<BatchHeader> = {}): BatchHeader => ({
  kind: batchKinds.syn_sample, sensor: '00000000-0000-4000-8000-000000000001' as Uuid,
  epoch: '00000000-0000-4000-8000-000000000002' as Uuid, first: 5n, last: 5n, rows: 2, created_ms: 1_767_225_600_000, ...more,
})
const rowsOf = (count: number): Uint8Array => new Uint8Array(count * layoutOfKind[batchKinds.syn_sample]!.row_bytes)

const whyOf = (batch: Uint8Array): unknown => {
  const decoded = decodeBatchHeader(batch)
  const result = decoded.ok ? decodeBatchBody(decoded.value) : decoded
  return result.ok ? undefined : result.problem.detail.why
}

describe('batch codec', () => {
  test('what was encoded comes back, signed, compressed or not', () => {
    fc.assert(fc.property(sample, ({ header, body, compress }) => {
      const decoded = unwrap(decodeBatchHeader(finish(header, body, compress)))
      assert.deepEqual(decoded.header, header)
      assert.deepEqual(Uint8Array.from(unwrap(decodeBatchBody(decoded))), body)
      assert.ok(verify(null, signedBytes(decoded.unsigned), keys.publicKey, decoded.signature))
    }))
  })

  test('a bit flipped anywhere is refused by the parser or by the signature, and nothing throws', () => {
    fc.assert(fc.property(sample, fc.nat(), ({ header, body, compress }, place) => {
      const batch = finish(header, body, compress)
      const bit = place % (batch.length * 8)
      batch[bit >> 3]! ^= 1 << (bit & 7)
      const decoded = decodeBatchHeader(batch)
      if (!decoded.ok) return
      decodeBatchBody(decoded.value)
      assert.equal(verify(null, signedBytes(decoded.value.unsigned), keys.publicKey, decoded.value.signature), false)
    }), { numRuns: 400 })
  })

  test('a batch cut anywhere, and noise, are refused', () => {
    const batch = finish(header(), rowsOf(2))
    for (let end = 0; end < batch.length; end++) assert.equal(decodeBatchHeader(batch.subarray(0, end)).ok, false)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      assert.equal(decodeBatchHeader(bytes).ok, false)
      parseFrames(bytes)
    }))
  })

  test('the known bytes of the wire form', () => {
    const bytes = encodeBatch(header({ rows: 1 }), rowsOf(1), { compress: false })
    assert.equal(Buffer.from(bytes.subarray(0, 80)).toString('hex'), [
      '48524442', '0100', '0300', '00000000000040008000000000000001', '00000000000040008000000000000002',
      '0500000000000000', '0500000000000000', '01000000', '0000', '0000', '2c000000', '2c000000', '00a8da769b010000',
    ].join(''))
  })

  test('numbers and sizes that do not fit together are refused by name', () => {
    assert.equal(whyOf(finish(header({ first: 0n, last: 0n }), rowsOf(2))), 'bad range')
    assert.equal(whyOf(finish(header({ last: 6n }), rowsOf(2))), 'bad range')
    assert.equal(whyOf(finish(header({ kind: batchKinds.gap, first: 9n, last: 8n, rows: 0 }), rowsOf(0))), 'bad range')
    assert.equal(whyOf(finish(header({ rows: 3 }), rowsOf(2))), 'rows and bytes differ')
    assert.equal(whyOf(finish(header({ kind: batchKinds.gap, rows: 0 }), rowsOf(2))), 'a gap has no rows')
    assert.equal(whyOf(finish(header({ kind: 77, rows: batchBounds.batch_rows_max + 1 }), rowsOf(2))), 'too many rows')
    assert.equal(whyOf(finish(header({ kind: 0 }), rowsOf(2))), 'no kind')
    assert.equal(whyOf(finish(header(), rowsOf(2))), undefined)
  })

  test('a row of 2106 is refused, one of 2105 is not', () => {
    const body = rowsOf(2)
    const view = new DataView(body.buffer)
    view.setUint32(layoutOfKind[batchKinds.syn_sample]!.row_bytes, INSTANT_END_S - 1, true)
    assert.equal(whyOf(finish(header(), body)), undefined)
    view.setUint32(layoutOfKind[batchKinds.syn_sample]!.row_bytes, INSTANT_END_S, true)
    assert.equal(whyOf(finish(header(), body)), 'row outside of 1970…2105')
  })

  test('a bomb is stopped at the declared length', () => {
    const small = encodeBatch(header({ kind: 77, rows: 0 }), new Uint8Array(1000), { compress: true })
    const bomb = zstdCompressSync(new Uint8Array(64 * 1024 * 1024))
    const batch = new Uint8Array(96 + bomb.length + 64)
    batch.set(small.subarray(0, 96))
    batch.set(bomb, 96)
    new DataView(batch.buffer).setUint32(68, bomb.length, true)
    assert.equal(whyOf(batch), 'body cannot be decompressed')
  })

  test('frames come apart as they were put together; a cut frame or too many are refused', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }), (batches) => {
      const body = frameBatches(batches)
      assert.deepEqual(unwrap(parseFrames(body)).map((batch) => Uint8Array.from(batch)), batches)
      if (batches.length > 0) assert.equal(parseFrames(body.subarray(0, -1)).ok, false)
    }))
    assert.equal(parseFrames(new Uint8Array(4 * (batchBounds.post_batches_max + 1))).ok, false)
    assert.equal(parseFrames(new Uint8Array(batchBounds.post_bytes_max + 1)).ok, false)
  })
})
