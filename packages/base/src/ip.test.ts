import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cidrContains, formatAddress, formatCidr, maskTo, parseAddress, parseCidr } from './ip.ts'
import { unwrap } from './result.ts'

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 })
const text = (address: string) => formatAddress(unwrap(parseAddress(address)))

test('RFC 5952 section 4 and 5 examples', () => {
  assert.equal(text('2001:DB8:0:0:1:0:0:1'), '2001:db8::1:0:0:1')
  assert.equal(text('2001:db8:0:1:1:1:1:1'), '2001:db8:0:1:1:1:1:1')
  assert.equal(text('2001:0:0:1:0:0:0:1'), '2001:0:0:1::1')
  assert.equal(text('0:0:0:0:0:0:0:0'), '::')
  assert.equal(text('::1'), '::1')
  assert.equal(text('fe80::'), 'fe80::')
  assert.equal(text('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(text('64:ff9b::192.0.2.33'), '64:ff9b::c000:221')
})

test('what is not an address is refused', () => {
  const wrong = ['', '1.2.3', '1.2.3.4.5', '01.2.3.4', '256.0.0.1', '1.2.3.4 ', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9',
    '12345::', 'g::', '::1.2.3', '1.2.3.4::', '::1%eth0', `1${':0'.repeat(40)}`]
  for (const address of wrong) assert.equal(parseAddress(address).ok, false, address)
})

test('text of any address reads back to it', () => {
  fc.assert(fc.property(bytes16, (bytes) => assert.deepEqual(unwrap(parseAddress(formatAddress(bytes))), bytes)))
})

test('networks', () => {
  assert.equal(formatCidr(unwrap(parseCidr('192.0.2.0/24'))), '192.0.2.0/24')
  assert.equal(unwrap(parseCidr('192.0.2.0/24')).bits, 120)
  assert.equal(formatCidr(unwrap(parseCidr('2001:db8::/32'))), '2001:db8::/32')
  assert.equal(formatCidr(unwrap(parseCidr('192.0.2.7'))), '192.0.2.7/32')
  assert.equal(unwrap(parseCidr('0.0.0.0/0')).bits, 96)
  for (const wrong of ['192.0.2.1/24', '192.0.2.0/33', '::/129', '::/', '1.2.3.4/-1', '/8', '::1/64']) {
    assert.equal(parseCidr(wrong).ok, false, wrong)
  }
})

test('a network contains an address when the masked address is the network', () => {
  fc.assert(fc.property(bytes16, bytes16, fc.integer({ min: 0, max: 128 }), (network, address, bits) => {
    const cidr = { bytes: maskTo(network, bits), bits }
    const naive = maskTo(address, bits).every((byte, i) => byte === cidr.bytes[i])
    assert.equal(cidrContains(cidr, address), naive)
    assert.equal(cidrContains(cidr, maskTo(network, bits)), true)
  }))
})
