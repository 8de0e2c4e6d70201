import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cidrContains, formatAddress, parseAddress, parseCidr, unwrap } from '@hirundo/base'
import fc from 'fast-check'
import { readCursor, writeCursor } from './cursor.ts'
import { holds, networkNamed, parseNetworks } from './networks.ts'

const sensors = [{ id: 7, uuid: '8f9a3c1e-0000-4000-8000-000000000001' }, { id: 8, uuid: '8f9a3c1e-0000-4000-8000-000000000002' }]
const cursor = fc.record({
  at_ms: fc.integer({ min: 0, max: 4_294_967_295_000 }), sensor: fc.constantFrom(7, 8), src_port: fc.integer({ min: 0, max: 65_535 }), dst_port: fc.integer({ min: 0, max: 65_535 }),
  given: fc.integer({ min: 0, max: 100_000 }),
})

test('a cursor reads back as it was written, and is of one length', () => {
  fc.assert(fc.property(cursor, (given) => {
    const one = { ...given }
    const text = writeCursor(one, sensors)
    assert.equal(text.length, 43)
    assert.deepEqual(unwrap(readCursor(text, sensors)), one)
    assert.equal(readCursor(text, sensors.filter(({ id }) => id !== one.sensor)).ok, false, 'a sensor that is not of the organisation')
  }))
})

test('any other text is no cursor, and no reason to fail', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String({ maxLength: 60 }), fc.stringMatching(/^[\w-]{43}$/)), (text) => {
    const read = readCursor(text, sensors)
    if (read.ok) assert.equal(writeCursor(read.value, sensors), text)
  }), { numRuns: 500 })
})

test('any bytes are a list of networks or a problem with its place', () => {
  const line = fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), fc.string(), fc.constantFrom('#', '', '10.0.0.0/8', '10.0.0.0/7', '::1/128', '::ffff:1.2.3.4', '1.2.3.4 # x'))
  const text = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.array(line, { maxLength: 20 }).map((lines) => Buffer.from(lines.join('\n'))))
  fc.assert(fc.property(text, (bytes) => {
    const read = parseNetworks(bytes)
    if (!read.ok) assert.equal(typeof (read.problem.detail['line'] ?? read.problem.detail['max']), 'number')
    else for (const network of read.value) assert.ok(parseCidr(network).ok, network)
  }), { numRuns: 500 })
})

test('whether networks hold an address is as each of them says', () => {
  const address = fc.oneof(fc.ipV4().map((text) => unwrap(parseAddress(text))), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  const networks = ['10.0.0.0/8', '10.1.2.3/32', '192.0.2.64/26', '2001:db8::/32', '2001:db8:1::/127']
  fc.assert(fc.property(fc.oneof(address, fc.constantFrom('10.9.9.9', '192.0.2.63', '192.0.2.127', '2001:db8:1::1', '2001:db9::').map((text) => unwrap(parseAddress(text)))), (one) => {
    assert.equal(holds(networks)(one), networks.some((text) => cidrContains(unwrap(parseCidr(text)), one)), formatAddress(one))
  }))
})

test('no network holds all of IPv4, also not one that is written as IPv6', () => {
  for (const wide of ['0.0.0.0/0', '::ffff:0:0/96', '::/16', '::/64', '::/80', '::/0', '10.0.0.0/7', '2000::/15']) assert.equal(networkNamed(wide).ok, false, wide)
  for (const narrow of ['10.0.0.0/8', '::ffff:10.0.0.0/104', '2001::/16', '::1/128', '::/97']) assert.ok(networkNamed(narrow).ok, narrow)
})
