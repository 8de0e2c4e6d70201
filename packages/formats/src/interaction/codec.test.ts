import { INSTANT_END_S, unwrap } from '@hirundo/base'
import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeInteraction, encodeInteraction, interactionStructure, splitInteractionRows } from './codec.ts'
import { interactionBounds as bounds, type Interaction } from './model.ts'

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength }).map((one) => one.slice(0, maxLength).toWellFormed())
const plain = { noNullPrototype: true }
const u32 = fc.nat(0xffff_ffff)
const bytes = (length: { minLength?: number; maxLength: number }) => fc.uint8Array(length)

const interactions: fc.Arbitrary<Interaction> = fc.record({
  at_ms: fc.nat(INSTANT_END_S * 1000 - 1), clock_error_ms: fc.integer({ min: -1, max: 0x7fff_ffff }), src: bytes({ minLength: 16, maxLength: 16 }),
  src_port: fc.nat(65_535), dst_port: fc.nat(65_535), transport: fc.constantFrom('tcp', 'udp'),
  handshake: fc.constantFrom('none', 'completed', 'dialogue'), protocol: text(bounds.protocol_chars_max),
  bytes_in: fc.nat(Number.MAX_SAFE_INTEGER), bytes_out: fc.nat(Number.MAX_SAFE_INTEGER), requests: u32, duration_ms: u32,
  payload_sha256: fc.option(bytes({ minLength: 32, maxLength: 32 }), { nil: undefined }), sample: bytes({ maxLength: bounds.sample_bytes_max }),
  truncated: fc.boolean(),
  logins: fc.array(fc.record({ user: text(bounds.login_chars_max), password: text(bounds.login_chars_max) }, plain), { maxLength: bounds.logins_max }),
  urls: fc.array(text(200), { maxLength: bounds.urls_max }),
  facts: fc.dictionary(text(bounds.fact_name_chars_max), text(100), { maxKeys: bounds.facts_max, noNullPrototype: true }),
  guess: fc.option(fc.record({ name: text(bounds.guess_chars_max).filter((name) => name !== ''), rule: text(bounds.guess_chars_max) }, plain), { nil: undefined }),
}, plain)

const rowsOf = (...rows: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(rows))
const whole: Interaction = {
  at_ms: 1_767_225_600_123, clock_error_ms: -1, src: new Uint8Array(16), src_port: 40_000, dst_port: 23, transport: 'tcp', handshake: 'dialogue',
  protocol: 'telnet', bytes_in: 10, bytes_out: 20, requests: 1, duration_ms: 5, payload_sha256: undefined, sample: Uint8Array.of(1, 2),
  truncated: false, logins: [{ user: 'root', password: 'x' }], urls: [], facts: { a: 'b' }, guess: undefined,
}

test('what is within the bounds comes back as it was, row by row', () => {
  fc.assert(fc.property(fc.array(interactions, { maxLength: 5 }), (given) => {
    const rows = unwrap(splitInteractionRows(rowsOf(...given.map(encodeInteraction)), given.length))
    assert.deepEqual(rows.map((row) => unwrap(decodeInteraction(row))), given)
  }), { numRuns: 200 })
})

test('names of facts that become the same by the cut or by half a character stand once', () => {
  const long = 'n'.repeat(bounds.fact_name_chars_max - 1)
  for (const facts of [{ 'a\ud800': '1', 'a\ud801': '2' }, { [`${long}x1`]: '1', [`${long}x2`]: '2' }, { [`${long}\u{1f600}`]: '1', [`${long}\u{1f940}`]: '2' }]) {
    const read = unwrap(decodeInteraction(encodeInteraction({ ...whole, facts }).subarray(4)))
    assert.deepEqual([Object.values(read.facts), read.truncated], [['1'], true])
  }
})

test('what is longer is cut, marked, and still a row that reads', () => {
  const long = 'ü'.repeat(5000)
  const given: Interaction = {
    ...whole, protocol: long, sample: new Uint8Array(5000), logins: Array.from({ length: 40 }, () => ({ user: long, password: long })),
    urls: Array.from({ length: 40 }, () => long), facts: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`${n}.${long}`, long])),
    guess: { name: long, rule: long },
  }
  const encoded = encodeInteraction(given)
  assert.ok(encoded.length <= bounds.row_bytes_max + 4)
  const read = unwrap(decodeInteraction(encoded.subarray(4)))
  assert.equal(read.truncated, true)
  assert.equal(read.logins.length, bounds.logins_max)
  assert.equal(read.sample.length, bounds.sample_bytes_max)
  assert.equal(unwrap(decodeInteraction(encodeInteraction({ ...whole, urls: ['\ud83d\ude00'.slice(0, 1)] }).subarray(4))).urls[0], '\ufffd')
})

test('the fixed head lies where the structure says', () => {
  const row = encodeInteraction(whole).subarray(4)
  const view = new DataView(row.buffer, row.byteOffset)
  assert.equal(Number(view.getBigInt64(0, true)), whole.at_ms)
  assert.equal(view.getUint16(30, true), 23)
  assert.deepEqual([row[58], row[59], ...row.subarray(60, 66)], [0, 6, ...Buffer.from('telnet')])
  assert.equal(interactionStructure.split(/, (?![^(]*\))/).length, 20)
})

test('hostile bytes never throw and never pass as something else', () => {
  const good = encodeInteraction(whole)
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(8), (noise, rows) => {
    const split = splitInteractionRows(noise, rows)
    if (split.ok) for (const row of split.value) decodeInteraction(row)
    decodeInteraction(noise)
  }))
  fc.assert(fc.property(fc.nat(good.length - 5), fc.nat(255), (at, value) => {
    const bent = good.slice(4)
    bent[at] = value
    const read = decodeInteraction(bent)
    if (read.ok) assert.deepEqual(encodeInteraction(read.value).subarray(4), bent)
  }))
  for (let length = 0; length < good.length - 4; length++) assert.equal(decodeInteraction(good.subarray(4, 4 + length)).ok, false)
  // The sample's length of 2 in two bytes: the same numbers, but another row.
  const longer = rowsOf(good.subarray(4, 71), Uint8Array.of(0x82, 0), good.subarray(72))
  assert.equal(decodeInteraction(longer).ok, false)
  assert.ok(decodeInteraction(rowsOf(good.subarray(4, 71), Uint8Array.of(2), good.subarray(72))).ok)
  assert.equal(splitInteractionRows(rowsOf(good, good), 1).ok, false)
  assert.equal(splitInteractionRows(good, 2).ok, false)
})
