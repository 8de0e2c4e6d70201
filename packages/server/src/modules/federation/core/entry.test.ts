import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { firstChannel, identity } from '../simulation/identity.ts'
import { lanes } from './channel.ts'
import { TwoEnds } from './ends.fixture.ts'
import {
  checkBounds, checkSignature, decodeEntry, entry_bytes_max, isCommitted, makeEntry, payload_bytes_max, preAuthEncoding, standsAt, type Entry,
} from './entry.ts'

const ends = new TwoEnds('control')
const channel = firstChannel('xa', 'xb', 'control')
const made = makeEntry(ends.draft(), channel, 7, ends.a.signer)
const entry = ((): Entry => {
  const read = decodeEntry(made.bytes)
  if (!read.ok) throw new Error(read.reason)
  return read.value
})()

/** The entry's bytes with members changed, added or (undefined) left out. */
const changed = (change: object): Buffer => Buffer.from(JSON.stringify({ ...entry, ...change }))

test('the pre-authentication encoding is that of DSSE v1', () => {
  assert.equal(Buffer.from(preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'))).toString(), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world')
})

test('an entry is read as it was made, in every lane', () => {
  for (const lane of lanes) {
    const own = firstChannel('xa', 'xb', lane)
    const carried = makeEntry(ends.draft({ critical: false }), own, 3, ends.a.signer)
    const read = decodeEntry(carried.bytes)
    assert.ok(read.ok && standsAt(read.value, own, 3) && isCommitted(carried, read.value))
    assert.ok(!standsAt(read.value, own, 4) && !standsAt(read.value, { ...own, epoch: 2 }, 3))
    assert.equal(carried.signature.length, lane === 'bulk' ? 0 : 64)
    assert.equal(checkSignature(carried, read.value, [ends.a.key]).ok, lane !== 'bulk')
  }
})

test('a signature by another key, over other bytes or of an ended key is refused by name', () => {
  const reason = (carried: typeof made, keys = [ends.a.key]) => {
    const checked = checkSignature(carried, entry, keys)
    return checked.ok ? 'good' : checked.reason
  }
  assert.equal(reason(made), 'good')
  assert.equal(reason(made, [ends.b.key]), 'key-unknown')
  assert.equal(reason({ ...made, bytes: changed({ label: 'tlp:clear' }) }), 'signature-invalid')
  assert.equal(reason({ ...made, signature: new Uint8Array() }), 'signature-invalid')
  const revoked = [{ edge: channel.edge, from: 'xa', lane: 'control' as const, epoch: 1, size: 6 }]
  assert.equal(reason(made, [{ ...ends.a.key, revoked }]), 'key-revoked')
  assert.equal(reason(made, [{ ...ends.a.key, public_key: identity(0, 1).key.public_key }]), 'signature-invalid')
  // Signed by the right key as something else.
  assert.equal(reason({ ...made, signature: ends.a.signer.sign(made.bytes) }), 'signature-invalid')
})

test('members of an unknown name stay; of known names every wrong value is refused', () => {
  assert.ok(decodeEntry(changed({ later: { any: ['thing'] } })).ok)
  const wrong: object[] = [{ version: 0 }, { version: '1' }, { origin: 'XA' }, { audience: '' }, { edge: 'e' }, { lane: 'x' }, { epoch: 0 }, { sequence: 0 },
    { sequence: 1.5 }, { kind: 'Sample' }, { kind_version: 0 }, { critical: 1 }, { object: 'o' }, { object_version: 2 }, { previous: 'x' }, { previous: undefined },
    { label: '' }, { key: 'ABCDEF01' }, { claimed: 'yesterday' }, { claimed: '2026-13-01T00:00:00Z' }, { commitment: 'AAAA' },
    { previous: entry.commitment }, ...Object.keys(entry).map((name) => ({ [name]: undefined })), ...Object.keys(entry).map((name) => ({ [name]: {} }))]
  for (const change of wrong) assert.equal(decodeEntry(changed(change)).ok, false, JSON.stringify(change))
  const newer = decodeEntry(changed({ version: 2 }))
  assert.equal(newer.ok || newer.reason, 'version-unsupported')
  const large = decodeEntry(changed({ label: 'x'.repeat(entry_bytes_max) }))
  assert.equal(large.ok || large.reason, 'too-large')
})

test('bounds of the parts beside the entry', () => {
  const reason = (change: object, lane: 'control' | 'bulk' = 'control') => {
    const checked = checkBounds({ ...made, ...change }, lane)
    return checked.ok ? 'good' : checked.reason
  }
  assert.equal(reason({ payload: new Uint8Array(payload_bytes_max.control) }), 'good')
  assert.equal(reason({ payload: new Uint8Array(payload_bytes_max.control + 1) }), 'too-large')
  assert.equal(reason({ payload: new Uint8Array(payload_bytes_max.control + 1) }, 'bulk'), 'good')
  assert.equal(reason({ payload: new Uint8Array(payload_bytes_max.bulk + 1) }, 'bulk'), 'too-large')
  assert.equal(reason({ salt: new Uint8Array(15) }), 'malformed')
  assert.throws(() => makeEntry(ends.draft({ payload: new Uint8Array(2 ** 20 + 1) }), channel, 1, ends.a.signer))
})

test('the decoder is total: damaged and random bytes give a reason, or an entry that its own checks refuse', () => {
  const mutations = fc.array(fc.tuple(fc.nat(made.bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  fc.assert(fc.property(mutations, fc.nat(made.bytes.length), (list, cut) => {
    const bytes = Uint8Array.from(made.bytes)
    for (const [at, value] of list) bytes[at] = value
    for (const damaged of [bytes, bytes.subarray(0, cut), bytes.subarray(cut)]) {
      const read = decodeEntry(damaged)
      const isSame = Buffer.compare(damaged, made.bytes) === 0
      if (read.ok && !isSame) assert.equal(checkSignature({ ...made, bytes: damaged }, read.value, [ends.a.key]).ok, false)
    }
  }), { numRuns: 3000 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.equal(decodeEntry(bytes).ok, false)), { numRuns: 1000 })
  fc.assert(fc.property(fc.constantFrom(...Object.keys(entry)), fc.jsonValue(), (name, value) => void decodeEntry(changed({ [name]: value }))), { numRuns: 1000 })
})
