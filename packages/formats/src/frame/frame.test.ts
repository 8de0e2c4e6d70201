import assert from 'node:assert/strict'
import { test } from 'node:test'
import { address6, be16, bytesOf, ethernet, icmp, ipv4, ipv6, pcap, tcp, udp } from '../testing/frames.ts'
import { Observed } from '../testing/observe.ts'

const START = 1_767_225_600

/** Rows and counters of frames of one link type. */
function observe(frames: readonly Uint8Array[], link = 1) {
  const observed = new Observed()
  observed.read(pcap(frames.map((frame) => ({ second: START, micro: 0, frame })), { link }))
  const { packets, counted, not_ip, malformed } = observed.observer.counters
  return { rows: observed.flows, sums: [packets, counted, not_ip, malformed] }
}

const four = ipv4(tcp())
const six = ipv6(tcp())
const vlan = [0x81, 0, 0, 5]

const links: readonly [string, number, Uint8Array, Uint8Array][] = [
  ['Ethernet', 1, ethernet(0x0800, four), ethernet(0x86dd, six)],
  ['802.1Q', 1, ethernet(0x0800, four, vlan), ethernet(0x86dd, six, vlan)],
  ['QinQ', 1, ethernet(0x0800, four, [0x88, 0xa8, 0, 9, ...vlan]), ethernet(0x86dd, six, [0x91, 0, 0, 9, ...vlan])],
  ['raw IP of BSD', 12, four, six],
  ['raw IP of OpenBSD', 14, four, six],
  ['raw IP', 101, four, six],
  ['raw IPv4 and raw IPv6 by their own numbers', 228, four, four],
  ['BSD loopback, little endian', 0, bytesOf(2, 0, 0, 0, four), bytesOf(30, 0, 0, 0, six)],
  ['BSD loopback, big endian', 0, bytesOf(0, 0, 0, 2, four), bytesOf(0, 0, 0, 24, six)],
  ['OpenBSD loopback', 108, bytesOf(0, 0, 0, 2, four), bytesOf(0, 0, 0, 28, six)],
  ['Linux SLL', 113, bytesOf(be16(0), be16(1), be16(6), [1, 2, 3, 4, 5, 6, 0, 0], be16(0x0800), four),
    bytesOf(be16(0), be16(1), be16(6), [1, 2, 3, 4, 5, 6, 0, 0], be16(0x86dd), six)],
  ['Linux SLL with a tag', 113, bytesOf(be16(0), be16(1), be16(6), [1, 2, 3, 4, 5, 6, 0, 0], vlan, be16(0x0800), four),
    bytesOf(be16(0), be16(1), be16(6), [1, 2, 3, 4, 5, 6, 0, 0], vlan, be16(0x86dd), six)],
  ['Linux SLL2', 276, bytesOf(be16(0x0800), be16(0), [0, 0, 0, 2], be16(1), [0, 6], [1, 2, 3, 4, 5, 6, 0, 0], four),
    bytesOf(be16(0x86dd), be16(0), [0, 0, 0, 2], be16(1), [0, 6], [1, 2, 3, 4, 5, 6, 0, 0], six)],
]

for (const [name, link, frame4, frame6] of links) {
  test(`link type: ${name}`, () => {
    const { rows, sums } = observe([frame4, frame6], link)
    assert.deepEqual(sums, [2, 2, 0, 0])
    const expected = link === 228 ? ['192.0.2.1'] : ['192.0.2.1', '2001:db8::1']
    assert.deepEqual(rows.map((row) => row.src), expected)
    assert.ok(rows.every((row) => row.dst_port === 23 && row.syn_header_bytes === 20 && row.ttl_common === 64))
  })
}

test('raw IPv6 by its own number', () => {
  assert.deepEqual(observe([six, four], 229).sums, [2, 1, 0, 1])
})

test('frames that are not IP, and link types that are not known', () => {
  const arp = ethernet(0x0806, bytesOf(Array.from({ length: 46 }, () => 0)))
  const length = ethernet(38, bytesOf(0x42, 0x42, 3))
  assert.deepEqual(observe([arp, length, ethernet(0x0806, bytesOf(), vlan)]).sums, [3, 0, 3, 0])
  assert.deepEqual(observe([bytesOf(7, 0, 0, 0, four)], 0).sums, [1, 0, 1, 0])
  assert.deepEqual(observe([four], 105).sums, [1, 0, 1, 0])
  const netlink = bytesOf(be16(0), be16(824), be16(0), [0, 0, 0, 0, 0, 0, 0, 0], be16(0x0800), four)
  assert.deepEqual(observe([netlink], 113).sums, [1, 0, 1, 0])
})

test('what is malformed: cut-off link and IP headers, impossible IP headers, endless tags', () => {
  const endless = ethernet(0x0800, four, Array.from({ length: 9 }, () => vlan).flat())
  const wrongVersion = ethernet(0x0800, Uint8Array.from(four).fill(0x65, 0, 1))
  const shortHeader = ethernet(0x0800, Uint8Array.from(four).fill(0x44, 0, 1))
  const shortTotal = ethernet(0x0800, ipv4(tcp(), { size: 19 }))
  const cases = [
    ethernet(0x0800, four).subarray(0, 13), ethernet(0x0800, four, vlan).subarray(0, 17), ethernet(0x0800, four.subarray(0, 19)),
    ethernet(0x86dd, six.subarray(0, 39)), endless, wrongVersion, shortHeader, shortTotal, ethernet(0x86dd, four), bytesOf(),
  ]
  for (const frame of cases) assert.deepEqual(observe([frame]).sums, [1, 0, 0, 1])
  assert.deepEqual(observe([bytesOf(2, 0, 0)], 0).sums, [1, 0, 0, 1])
  assert.deepEqual(observe([bytesOf(0x50)], 101).sums, [1, 0, 0, 1])
})

test('an IPv6 packet from or to ::ffff:0:0/96 is malformed: it would count for the IPv4 address that it names', () => {
  for (const at of [8, 24]) {
    const packet = Uint8Array.from(six)
    packet.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1], at)
    assert.deepEqual(observe([ethernet(0x86dd, packet)]).sums, [1, 0, 0, 1])
  }
})

test('bytes are the IP total length; Ethernet padding and cut-off ends do not count', () => {
  const padded = bytesOf(ethernet(0x0800, ipv4(udp(1, 2), { protocol: 17 })), Array.from({ length: 18 }, () => 0))
  const long = ethernet(0x0800, ipv4(udp(1, 2, new Uint8Array(1000)), { protocol: 17 })).subarray(0, 64)
  const { rows } = observe([padded, long])
  assert.deepEqual(rows.map((row) => [row.packets, row.bytes, row.dst_port]), [[2, 28 + 1028, 2]])
  assert.equal(observe([ethernet(0x86dd, six)]).rows[0]!.bytes, 60)
})

test('IPv4 options are passed over, also when the capture ends in them', () => {
  const frame = ethernet(0x0800, ipv4(tcp({ dport: 443 }), { options: [7, 7, 4, 0, 0, 0, 0, 0] }))
  assert.equal(observe([frame]).rows[0]!.dst_port, 443)
  const cut = observe([frame.subarray(0, 36)])
  assert.deepEqual(cut.sums, [1, 1, 0, 0])
  assert.equal(cut.rows[0]!.dst_port, -1)
})

test('fragments after the first, and cut-off transport headers, count without ports', () => {
  const later = ethernet(0x0800, ipv4(tcp(), { fragment: 0x2003 }))
  const first = ethernet(0x0800, ipv4(tcp(), { fragment: 0x2000 }))
  const cut = ethernet(0x0800, ipv4(tcp())).subarray(0, 14 + 20 + 19)
  const tiny = ethernet(0x0800, ipv4(tcp().subarray(0, 8), { fragment: 0x2000 }))
  const { rows, sums } = observe([later, first, cut, tiny])
  assert.deepEqual(sums, [4, 4, 0, 0])
  assert.deepEqual(rows.map((row) => [row.dst_port, row.packets, row.tcp_flags_common, row.src_ports, row.src_port_common, row.scan, row.other]),
    [[-1, 3, -1, 0, -1, 0, 3], [23, 1, 2, 1, 40_000, 1, 0]])
})

test('ICMP has type and code and no ports; a message without them has neither', () => {
  const { rows } = observe([
    ethernet(0x0800, ipv4(icmp(8, 0), { protocol: 1 })), ethernet(0x0800, ipv4(icmp(3, 13), { protocol: 1 })),
    ethernet(0x0800, ipv4(bytesOf(8), { protocol: 1 })), ethernet(0x86dd, ipv6(icmp(128, 0), { next: 58 })),
    ethernet(0x86dd, ipv6(icmp(129, 0), { next: 58 })),
  ])
  assert.deepEqual(rows.map((row) => [row.icmp_type, row.icmp_code, row.dst_port, row.scan, row.backscatter, row.other]), [
    [-1, -1, -1, 0, 0, 1], [3, 13, -1, 0, 1, 0], [8, 0, -1, 1, 0, 0], [128, 0, -1, 1, 0, 0], [129, 0, -1, 0, 1, 0],
  ])
})

test('tunnels are keyed by the outermost header', () => {
  const inner = ipv4(tcp(), { src: [9, 9, 9, 9] })
  const { rows } = observe([
    ethernet(0x0800, ipv4(inner, { protocol: 4 })), ethernet(0x0800, ipv4(six, { protocol: 41 })),
    ethernet(0x0800, ipv4(bytesOf(0, 0, 8, 0, inner), { protocol: 47 })), ethernet(0x86dd, ipv6(inner, { next: 4 })),
  ])
  assert.deepEqual(rows.map((row) => [row.src, row.protocol, row.dst_port]),
    [['192.0.2.1', 4, -1], ['192.0.2.1', 41, -1], ['192.0.2.1', 47, -1], ['2001:db8::1', 4, -1]])
})

test('IPv6 extension headers lead to the transport header, within a bound', () => {
  const hop = (next: number, length = 0) => bytesOf(next, length, Array.from({ length: 6 + 8 * length }, () => 0))
  const fragment = (next: number, offset: number) => bytesOf(next, 0, be16(offset << 3), 0, 0, 0, 1)
  const authentication = bytesOf(6, 1, Array.from({ length: 10 }, () => 0))
  const port = (payload: Uint8Array, next: number) => {
    const row = observe([ethernet(0x86dd, ipv6(payload, { next }))]).rows[0]!
    return [row.protocol, row.dst_port]
  }
  assert.deepEqual(port(bytesOf(hop(43), hop(60, 1), hop(44), fragment(6, 0), tcp()), 0), [6, 23])
  assert.deepEqual(port(bytesOf(authentication, tcp()), 51), [6, 23])
  assert.deepEqual(port(bytesOf(fragment(6, 5), tcp()), 44), [6, -1])
  assert.deepEqual(port(bytesOf(6, 0, 0), 0), [0, -1], 'an extension header that is cut off ends the walk')
  assert.deepEqual(port(hop(6, 200), 0), [6, -1])
  assert.deepEqual(port(tcp(), 59), [59, -1])
  const many = Array.from({ length: 17 }, () => hop(0))
  assert.deepEqual(port(bytesOf(...many.flatMap((header) => [...header]), tcp()), 0), [0, -1])
})

test('classes: pure SYN, UDP and echo requests scan; replies and errors are backscatter; the rest is other', () => {
  const kinds = (frame: Uint8Array) => {
    const row = observe([frame]).rows[0]!
    return [row.scan, row.backscatter, row.other].join('')
  }
  const flags = (value: number) => kinds(ethernet(0x0800, ipv4(tcp({ flags: value }))))
  assert.deepEqual([0x02, 0xc2, 0x12, 0x04, 0x14, 0x06, 0x10, 0x18, 0x00, 0x03, 0x3f].map(flags),
    ['100', '100', '010', '010', '010', '010', '001', '001', '001', '001', '010'])
  assert.equal(kinds(ethernet(0x0800, ipv4(udp(53, 4444), { protocol: 17 }))), '010')
  assert.equal(kinds(ethernet(0x0800, ipv4(udp(4444, 53), { protocol: 17 }))), '100')
  const types = [0, 3, 4, 5, 8, 9, 11, 12, 13, 14, 16, 18].map((type) => kinds(ethernet(0x0800, ipv4(icmp(type, 0), { protocol: 1 }))))
  assert.deepEqual(types, ['010', '010', '010', '010', '100', '001', '010', '010', '001', '010', '010', '010'])
})

test('tools: each rule alone, and none of them on what is not a probe', () => {
  const dst = [198, 51, 100, 7]
  const number = 0xc6336407
  const mss = [2, 4, 5, 0xb4]
  const tools = (packet: Uint8Array) => {
    const row = observe([ethernet(0x0800, packet)]).rows[0]!
    return [row.tool_mirai, row.tool_zmap, row.tool_masscan].join('')
  }
  const seq = 0x12345678
  const masscan = (number ^ 80 ^ seq) & 0xffff
  assert.equal(tools(ipv4(tcp({ seq: number }), { dst })), '100')
  assert.equal(tools(ipv4(tcp({ seq }), { dst, id: 54_321 })), '010')
  assert.equal(tools(ipv4(udp(1, 2), { dst, id: 54_321, protocol: 17 })), '010')
  assert.equal(tools(ipv4(icmp(8, 0), { dst, id: 54_321, protocol: 1 })), '010')
  assert.equal(tools(ipv4(tcp({ seq, dport: 80 }), { dst, id: masscan })), '001')
  assert.equal(tools(ipv4(tcp({ seq, dport: 80, window: 1025, options: mss }), { dst, id: masscan })), '001')
  assert.equal(tools(ipv4(tcp({ seq, window: 65_535, options: mss }), { dst, ttl: 241 })), '010')
  assert.equal(tools(ipv4(tcp({ seq, window: 65_535, options: mss }), { dst, ttl: 64 })), '000')
  assert.equal(tools(ipv4(tcp({ seq, window: 1025, options: mss }), { dst, ttl: 241 })), '000')
  assert.equal(tools(ipv4(tcp({ seq: number, flags: 0x12 }), { dst, id: 54_321 })), '000')
  assert.equal(tools(ipv4(tcp({ seq }), { dst })), '000')
})

test('rows sort by source bytes, network, protocol, port, type and code, with IPv4 among IPv6 as ::ffff:0:0/96', () => {
  const sources6 = [address6([], [1]), address6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 5, 5, 5, 5]), address6([0x20])]
  const frames = [
    ...sources6.map((src) => ethernet(0x86dd, ipv6(tcp(), { src }))),
    ethernet(0x0800, ipv4(tcp(), { src: [200, 0, 0, 1] })), ethernet(0x0800, ipv4(tcp(), { src: [5, 5, 5, 5] })),
    ethernet(0x0800, ipv4(tcp(), { src: [5, 5, 5, 5], dst: [10, 0, 0, 1] })),
    ethernet(0x0800, ipv4(udp(1, 70_000 & 0xffff), { src: [5, 5, 5, 5], dst: [10, 0, 0, 1], protocol: 17 })),
    ethernet(0x0800, ipv4(tcp({ dport: 65_535 }), { src: [5, 5, 5, 5], dst: [10, 0, 0, 1] })),
  ]
  assert.deepEqual(observe(frames).rows.map((row) => [row.src, row.dst_net, row.protocol, row.dst_port].join(' ')), [
    '::1 2001:db8:1:: 6 23', '::fffe:505:505 2001:db8:1:: 6 23', '5.5.5.5 10.0.0.0 6 23', '5.5.5.5 10.0.0.0 6 65535', '5.5.5.5 10.0.0.0 17 4464',
    '5.5.5.5 198.51.100.0 6 23', '200.0.0.1 198.51.100.0 6 23', '2000:: 2001:db8:1:: 6 23',
  ])
})
