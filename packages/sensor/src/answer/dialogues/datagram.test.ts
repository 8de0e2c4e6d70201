import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hex, joined, u16be, u32be } from '../bytes.ts'
import { udpProtocols } from '../protocols.ts'
import { askOnce } from '../talk-to.fixture.ts'

const ask = (name: string, request: Uint8Array | string) => askOnce(udpProtocols.get(name)!, request)
const hexText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('nothing that is an answer itself is answered', () => {
  const answers: readonly (readonly [string, Uint8Array | string])[] = [
    ['dns', hex('1234 8180 0001 0000 0000 0000 00 0001 0001')], ['ntp', joined(Uint8Array.of(0x24), new Uint8Array(47))], ['ntp', hex('97 00 03 2a 0000 0000')],
    ['ntp', hex('16 82 0001 0000 0000 0000 0000')], ['ssdp', 'HTTP/1.1 200 OK\r\n\r\n'], ['ssdp', 'NOTIFY * HTTP/1.1\r\n\r\n'], ['snmp', hex('30 13 02 01 01 04 01 61 a2 0b 02 01 01 02 01 00 02 01 00 30 00')],
    ['stun', joined(hex('0101 0000 2112a442'), new Uint8Array(12))], ['coap', hex('60 45 0001')], ['coap', hex('70 00 0001')], ['portmap', u32be(1, 1, 0, 0, 0, 0, 0)],
    ['cldap', hex('30 0c 02 01 01 65 07 0a 01 00 04 00 04 00')], ['bacnet', hex('81 0a 0008 01 00 30 01')], ['memcached', hex('0000 0000 0001 0000')],
  ]
  for (const [name, bytes] of answers) assert.equal(ask(name, bytes).answers.length, 0, `${name} ${typeof bytes === 'string' ? bytes : hexText(bytes)}`)
})

describe('dns', () => {
  const query = (name: string, type: number, in_class = 1): Uint8Array =>
    joined(hex('1234 0100 0001 0000 0000 0000'), ...name.split('.').map((label) => joined(Uint8Array.of(label.length), Buffer.from(label))), Uint8Array.of(0), u16be(type, in_class))

  test('ANY is large or cut, A is an address of documentation, version is the persona’s', () => {
    const any = ask('dns', query('example.org', 255))
    assert.deepEqual(any.said.facts, { 'dns.opcode': '0', 'dns.name': 'example.org', 'dns.type': 'ANY' })
    assert.ok(any.answers[0]!.length > 200 && any.answers[0]!.length < 512)
    assert.deepEqual([any.answers[1]!.length, any.answers[1]![2]! & 2], [query('example.org', 255).length, 2])
    assert.match(hexText(ask('dns', query('a.b', 1)).answers[0]!), /c00c000100010000012c0004c0000235$/)
    assert.match(ask('dns', query('version.bind', 16, 3)).answers[0]!.toString('latin1'), /unknown$/)
  })

  test('a name that is none is not implemented', () => {
    assert.equal(hexText(ask('dns', hex('1234 0100 0001 0000 0000 0000 c00c 0001 0001')).answers[0]!), '123481840000000000000000')
  })
})

test('ntp: time, variables, and a monlist of clients who do not exist', () => {
  const request = joined(Uint8Array.of(0x23), new Uint8Array(39), hex('0102030405060708'))
  const [time] = ask('ntp', request).answers
  assert.deepEqual([time!.length, time![0]! & 7, hexText(time!.subarray(24, 32))], [48, 4, '0102030405060708'])
  assert.equal(time!.readUInt32BE(40), 1_767_225_600 + 2_208_988_800)
  const monlist = ask('ntp', joined(hex('17 00 03 2a'), new Uint8Array(4)))
  assert.deepEqual(monlist.answers.map((one) => one.length), [368, 80, 8])
  assert.deepEqual([monlist.said.facts['ntp.mode'], monlist.said.facts['ntp.request']], ['7', '42'])
  assert.match(ask('ntp', hex('16 02 0001 0000 0000 0000 0000')).answers[0]!.toString('latin1'), /version="ntpd/)
})

test('snmp: the system group, one by one and in bulk; nothing is set', () => {
  const get = (pdu: string): Uint8Array => hex(`30 26 02 01 01 04 06 7075626c6963 ${pdu} 19 02 01 07 02 01 00 02 01 05 30 0e 30 0c 06 08 2b06010201010100 05 00`)
  const { answers, said } = ask('snmp', get('a0'))
  assert.match(answers[0]!.toString('latin1'), /public.*Linux gateway/s)
  assert.deepEqual([said.logins[0]!.password, said.facts['snmp.oid'], said.facts['snmp.request']], ['public', '1.3.6.1.2.1.1.1.0', 'get'])
  assert.ok(ask('snmp', get('a5')).answers[0]!.length > ask('snmp', get('a1')).answers[0]!.length)
  assert.match(hexText(ask('snmp', get('a3')).answers[0]!), /a2190201070201110201013/)
})

test('small ones: ssdp, memcached, cldap, chargen, portmap, coap, stun', () => {
  const ssdp = ask('ssdp', 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n\r\n')
  assert.match(ssdp.answers[0]!.toString(), /LOCATION: http:\/\/192\.168\.0\.1/)
  assert.equal(ssdp.said.facts['ssdp.target'], 'ssdp:all')
  const memcached = ask('memcached', joined(hex('abcd 0000 0001 0000'), Buffer.from('stats\r\n')))
  assert.ok(memcached.answers[0]!.toString('latin1').startsWith('\xab\xcd\0\0\0\x01\0\0STAT pid'))
  const cldap = ask('cldap', hex('30 25 02 01 02 63 20 04 00 0a 01 00 0a 01 00 02 01 00 02 01 00 01 01 00 87 0b 6f626a656374436c617373 30 00'))
  assert.match(cldap.answers[0]!.toString('latin1'), /DC=example,DC=net/)
  assert.equal(cldap.said.facts['ldap.filter'], 'objectClass')
  assert.equal(ask('chargen', 'abc').answers[1]!.length, 3)
  const portmap = ask('portmap', u32be(9, 0, 2, 100_000, 2, 4, 0, 0, 0, 0))
  assert.deepEqual([portmap.answers[0]!.readUInt32BE(0), portmap.answers[0]!.length, portmap.said.facts['portmap.call']], [9, 108, '100000.2.4'])
  const coap = ask('coap', joined(hex('41 01 0001 aa bb'), Buffer.from('.well-known'), hex('04'), Buffer.from('core')))
  assert.deepEqual([hexText(coap.answers[0]!.subarray(0, 5)), coap.said.facts['coap.path']], ['61450001aa', '/.well-known/core'])
  const stun = ask('stun', joined(hex('0001 0000 2112a442'), new Uint8Array(12)))
  // 198.51.100.7:40000 under the mask of the cookie.
  assert.equal(hexText(stun.answers[1]!.subarray(20)), '002000080001bd52e721c045')
})

test('bacnet: here I am, and what I am', () => {
  const whoIs = ask('bacnet', hex('81 0b 000c 01 20 ffff 00 ff 10 08'))
  assert.equal(hexText(whoIs.answers[0]!), '810a001401001000c4020003e92205c491032100')
  const read = ask('bacnet', hex('81 0a 0011 01 04 00 05 01 0c 0c 023fffff 19 79'))
  assert.match(read.answers[0]!.toString('latin1'), /Generic Controls/)
  assert.equal(read.said.facts['bacnet.property'], '121')
  assert.equal(hexText(ask('bacnet', hex('81 0a 0011 01 04 00 05 01 0c 0c 023fffff 19 01')).answers[0]!), '810a000d010050010c91029120')
  assert.equal(hexText(ask('bacnet', hex('81 0a 0011 01 04 00 05 01 0f 0c 023fffff 19 55')).answers[0]!), '810a00090100600109')
})
