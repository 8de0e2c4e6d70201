import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { address6, be16, be32, bytesOf, ethernet, icmp, ipv4, ipv6, pcap, tcp, udp, type Packet } from './testing/frames.ts'
import { Observer } from './observer.ts'
import { backscatterLayout } from './row-layout.ts'
import { NaiveObserver, type NaiveRow } from './testing/naive.ts'
import { Observed } from './testing/observe.ts'

const START = 1_767_225_600

/** Few values for each field, so that random packets meet in the same flows. */
const few = <T>(...values: T[]) => fc.constantFrom(...values)
const options = few<number[]>([], [2, 4, 5, 0xb4], [2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2])

const tcpArb = fc.record({
  sport: few(1, 40_000, 40_001, 65_535), dport: few(0, 23, 80, 65_535), seq: few(1, 0xc6336407, 0xc6336408),
  flags: few(2, 2, 2, 0x12, 0x14, 4, 0x10, 3, 0xc2), window: few(1024, 65_535), options,
}).map(tcp)
const udpArb = fc.tuple(few(53, 123, 9999), few(53, 1900)).map(([sport, dport]) => udp(sport, dport, bytesOf(1, 2, 3)))
const icmpArb = fc.tuple(few(0, 3, 8, 11, 128, 129, 1), few(0, 1, 255)).map(([type, code]) => icmp(type, code))
const payload4 = fc.oneof(
  fc.tuple(fc.constant(6), tcpArb), fc.tuple(fc.constant(17), udpArb), fc.tuple(fc.constant(1), icmpArb),
  fc.tuple(few(4, 47, 132, 6, 1), fc.uint8Array({ maxLength: 30 })),
)
const ipv4Arb = fc.record({
  payload: payload4, src: few([1, 2, 3, 4], [240, 0, 0, 1], [1, 2, 3, 5]),
  dst: fc.tuple(few(100, 101), few(7, 8, 255)).map(([net, host]) => [198, 51, net, host]),
  ttl: few(40, 64, 255), id: few(0, 54_321, 0x6410, 0xa43e), fragment: few(0, 0, 0, 0x2000, 0x00b9, 0x4000), options: few<number[]>([], [1, 1, 1, 1]),
}).map(({ payload: [protocol, body], ...rest }) => ethernet(0x0800, ipv4(body, { ...rest, protocol })))

const payload6 = fc.oneof(
  fc.tuple(fc.constant(6), tcpArb), fc.tuple(fc.constant(17), udpArb), fc.tuple(fc.constant(58), icmpArb),
  fc.tuple(few(59, 0, 43, 44, 51, 60), fc.uint8Array({ maxLength: 40 })),
  fc.tuple(few(0, 44, 51), tcpArb).map(([header, body]): [number, Uint8Array] => [header, bytesOf(6, 0, [0, 1, 0, 0, 0, 0], body)]),
)
const ipv6Arb = fc.record({
  payload: payload6, ttl: few(40, 64),
  src: few(address6([0x20, 1], [1]), address6([], [1]), address6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4])),
  dst: few(address6([0x20, 1], [7]), address6([0x20, 1], [8]), address6([], [2]), address6([0x20, 2, 0, 0, 0, 0, 0, 1], [1])),
}).map(({ payload: [next, body], ...rest }) => ethernet(0x86dd, ipv6(body, { ...rest, next })))

const tagged = fc.oneof(ipv4Arb, ipv6Arb).map((frame) =>
  bytesOf(frame.subarray(0, 12), 0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, frame.subarray(12)))
const frameArb = fc.oneof(
  { weight: 8, arbitrary: ipv4Arb }, { weight: 3, arbitrary: ipv6Arb }, tagged,
  few(ethernet(0x0806, bytesOf(1, 2, 3))), fc.uint8Array({ maxLength: 80 }),
  fc.tuple(fc.oneof(ipv4Arb, ipv6Arb), fc.nat(90)).map(([frame, length]) => frame.subarray(0, length)),
  fc.tuple(fc.oneof(ipv4Arb, ipv6Arb), fc.nat(80), fc.nat(255)).map(([frame, at, value]) =>
    frame.map((byte, i) => (i === at ? value : byte))),
)
const packetArb: fc.Arbitrary<Packet> = fc.record({
  second: fc.oneof({ weight: 20, arbitrary: fc.nat(150).map((n) => START + n) }, few(0xffffffff, 4_291_747_200, 4_291_747_199, 0)),
  micro: fc.nat(999_999), frame: frameArb,
})

function naive(packets: readonly Packet[]): NaiveObserver {
  const observer = new NaiveObserver()
  for (const packet of packets) observer.add(packet)
  return observer
}

/** Values in the order of the object's own keys do not matter, rows in their order do. */
const plain = (rows: readonly NaiveRow[]) => rows.map((row) => ({ ...row }))

test('the engine gives what maps and sets give, whatever the order of packets and the cutting of chunks', () => {
  fc.assert(fc.property(
    fc.array(packetArb, { maxLength: 400, size: 'max' }), fc.array(fc.nat(40_000), { maxLength: 20 }), fc.boolean(),
    (packets, cuts, little) => {
      const capture = pcap(packets, { little })
      const observed = new Observed()
      const result = observed.read(capture, cuts.map((cut) => Math.min(cut, capture.length)))
      assert.ok(result.ok)
      const expected = naive(packets)
      assert.deepEqual(plain(observed.flows), plain(expected.rows()))
      const { packets: all, counted, not_ip, not_for_us, malformed } = observed.observer.counters
      assert.deepEqual({ packets: all, counted, not_ip, not_for_us, malformed }, expected.counters)
    },
  ), { numRuns: 300 })
})

test('the order of packets changes nothing', () => {
  fc.assert(fc.property(
    fc.array(packetArb, { maxLength: 200, size: 'max' }).chain((packets) => {
      // Equal times have no order that could be found again.
      const distinct = packets.map((packet, i) => ({ ...packet, micro: i }))
      return fc.tuple(fc.constant(distinct), fc.shuffledSubarray(distinct, { minLength: distinct.length, maxLength: distinct.length }))
    }),
    ([packets, shuffled]) => {
      const straight = new Observed()
      straight.read(pcap(packets))
      const mixed = new Observed()
      mixed.read(pcap(shuffled))
      assert.deepEqual(mixed.flows, straight.flows)
    },
  ), { numRuns: 100 })
})

test('a large table with growth, many-valued columns and runs of one source agrees with maps and sets', () => {
  const packets: Packet[] = []
  let state = 7
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
  for (let i = 0; i < 60_000; i++) {
    const dst = [198, 51, next(200), next(256)]
    const src = next(3) === 0 ? [240, 0, 0, 1] : [250, next(8), next(256), next(256)]
    const frame = ethernet(0x0800, ipv4(tcp({ sport: next(5000), dport: next(4), flags: next(9) === 0 ? 0x12 : 2 }), { src, dst, ttl: 50 + next(3) }))
    packets.push({ second: START + next(100), micro: i, frame })
  }
  const observed = new Observed()
  observed.read(pcap(packets), [100_000, 1_000_001])
  assert.deepEqual(plain(observed.flows), plain(naive(packets).rows()))
})

const one = (frame: Uint8Array, second = START): Packet => ({ second, micro: 0, frame })

test('only packets to the given networks count', () => {
  const observed = new Observed({
    destinations: [
      { bytes: Uint8Array.from(address6([], [0xff, 0xff, 198, 51, 100, 0])), bits: 120 },
      { bytes: Uint8Array.from(address6([0x20, 1, 0xd, 0xb8])), bits: 32 },
    ],
  })
  const inside = [[198, 51, 100, 0], [198, 51, 100, 255]]
  const outside = [[198, 51, 99, 255], [198, 51, 101, 0], [0, 0, 0, 0], [255, 255, 255, 255]]
  const packets = [...inside, ...outside].map((dst) => one(ethernet(0x0800, ipv4(tcp(), { dst }))))
  packets.push(one(ethernet(0x86dd, ipv6(tcp()))), one(ethernet(0x86dd, ipv6(tcp(), { dst: address6([0x20, 2]) }))))
  observed.read(pcap(packets))
  const { counted, not_for_us } = observed.observer.counters
  assert.deepEqual({ counted, not_for_us }, { counted: 3, not_for_us: 5 })
})

test('a late packet of a closed minute comes as a partial row, and sums still add up', () => {
  const observed = new Observed()
  const stream = observed.observer.openCapture('live')
  stream.push(pcap([one(ethernet(0x0800, ipv4(tcp()))), one(ethernet(0x0800, ipv4(tcp())), START + 61)]))
  observed.observer.closeBefore(START + 60)
  assert.deepEqual(observed.flows.map((row) => [row.minute, row.packets, row.partial]), [[START, 1, 0]])
  stream.push(pcap([one(ethernet(0x0800, ipv4(tcp())), START + 59)]).subarray(24))
  observed.observer.closeBefore(START + 120)
  assert.deepEqual(
    observed.flows.map((row) => [row.minute, row.packets, row.partial]),
    [[START, 1, 0], [START, 1, 1], [START + 60, 1, 0]],
  )
  assert.deepEqual(observed.minutes.map(({ minute, packets, partial }) => [minute, packets, partial]),
    [[START, 1, false], [START, 1, true], [START + 60, 1, false]])
})

test('over the flow bound rows are partial; packets and bytes add up', () => {
  const observed = new Observed({ flows_max: 300 })
  const packets = Array.from({ length: 5000 }, (_, i) =>
    one(ethernet(0x0800, ipv4(tcp({ dport: i % 1000 }))), START + Math.floor(i / 2500) * 60))
  observed.read(pcap(packets))
  const sum = (name: string) => observed.flows.reduce((total, row) => total + Number(row[name]), 0)
  assert.equal(sum('packets'), 5000)
  assert.equal(sum('bytes'), 5000 * 40)
  assert.ok(observed.flows.every((row) => row.partial === 1))
  assert.equal(observed.minutes.reduce((total, { packets: some }) => total + some, 0), 5000)
  assert.equal(observed.minutes.reduce((total, { flows }) => total + flows, 0), observed.flows.length)
})

test('packets without a time count in the first minute that is open', () => {
  const observed = new Observed()
  observed.read(pcap([one(bytesOf(1), 0xffffffff), one(ethernet(0x0800, ipv4(tcp())))]))
  assert.deepEqual(observed.minutes.map(({ minute, packets, malformed }) => [minute, packets, malformed]), [[START, 2, 1]])
  const { first_ms, last_ms } = observed.observer.counters
  assert.deepEqual([first_ms, last_ms], [START * 1000, START * 1000])
})

test('backscatter vectors: victim, service and protocol, also from quoted headers', () => {
  const observed = new Observed()
  const us = [198, 51, 100, 7]
  const victim = [203, 0, 113, 5]
  const router = [203, 0, 113, 254]
  const quote = (src: number[]) => ipv4(udp(7777, 53), { src, dst: victim, protocol: 17 }).subarray(0, 28)
  const frames = [
    ipv4(tcp({ sport: 443, flags: 0x12 }), { src: victim, dst: us }),
    ipv4(tcp({ sport: 443, flags: 4 }), { src: victim, dst: [198, 51, 100, 8] }),
    ipv4(tcp({ sport: 80, flags: 0x14 }), { src: victim, dst: us }),
    ipv4(icmp(3, 3, quote(us)), { src: router, dst: us, protocol: 1 }),
    ipv4(icmp(11, 0, quote([9, 9, 9, 9])), { src: router, dst: us, protocol: 1 }),
    ipv4(icmp(3, 1, bytesOf(1)), { src: router, dst: us, protocol: 1 }),
    ipv4(icmp(0, 0), { src: victim, dst: us, protocol: 1 }),
    ipv4(tcp(), { src: victim, dst: us }),
  ]
  observed.read(pcap(frames.map((frame) => one(ethernet(0x0800, frame), START + 12))))
  const row = (of: string, protocol: number, ports: number, port_common: number, packets: number, bytes: number, dsts: number, mismatches: number) =>
    ({ bin: START + 10, victim: of, protocol, partial: 0, ports, port_common, packets, bytes, dsts, mismatches })
  assert.deepEqual(observed.backscatter, [
    row('203.0.113.5', 1, 0, -1, 1, 28, 1, 0),
    row('203.0.113.5', 6, 2, -1, 3, 120, 2, 0),
    row('203.0.113.5', 17, 1, 53, 2, 112, 1, 1),
    row('203.0.113.254', 1, 0, -1, 1, 29, 1, 1),
  ])
})

test('who wants only backscatter gets the same of it without flows, in bins as short as he likes, and within the memory bound', () => {
  const answer = (i: number) => one(ethernet(0x0800, ipv4(tcp({ sport: 443, flags: 0x12 }), { src: [203, 0, i >> 8, i & 255], dst: [198, 51, 100, i & 7] })), START + (i >> 7))
  const packets = Array.from({ length: 2_000 }, (_, i) => [answer(i), one(ethernet(0x0800, ipv4(tcp())), START + (i >> 7))]).flat()
  const rows: { bin: number, packets: number }[] = []
  const sink = (more: object = {}) => ({
    minute: () => undefined,
    backscatter: (bytes: Uint8Array, count: number) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset)
      for (let i = 0; i < count; i++) rows.push({ bin: view.getUint32(i * backscatterLayout.row_bytes, true), packets: view.getUint32(i * backscatterLayout.row_bytes + backscatterLayout.offset['packets']!, true) })
    },
    ...more,
  })
  const read = (options: object, of: ReturnType<typeof sink>) => {
    rows.length = 0
    const observer = new Observer({ destinations: [], interval_s: 60, flows_max: 1e6, syn_samples_per_minute_max: 0, random: (bytes) => new Uint8Array(bytes), ...options }, of)
    const capture = observer.openCapture('test')
    capture.push(pcap(packets))
    observer.flush()
    return { sum: rows.reduce((sum, row) => sum + row.packets, 0), bins: new Set(rows.map(({ bin }) => bin)).size, rows: rows.length, counters: observer.counters }
  }
  const whole = read({}, sink({ flows: () => undefined }))
  const lean = read({}, sink())
  assert.deepEqual([lean.sum, lean.bins, lean.rows], [2_000, 2, whole.rows])
  assert.deepEqual([lean.counters.counted, lean.counters.flows, whole.counters.flows > 0], [4_000, 0, true])
  assert.equal(read({ backscatter_bin_s: 1 }, sink()).bins, 16)
  assert.ok(read({ flows_max: 100 }, sink()).sum === 2_000, 'over the bound they come as partial rows')
  assert.throws(() => read({ backscatter_bin_s: 7 }, sink()), RangeError)
})

test('backscatter over IPv6 keeps the quoted victim and tells destinations apart', () => {
  const observed = new Observed()
  const us = address6([0x20, 1, 0xd, 0xb8], [7])
  const victim = address6([0x20, 1, 0xd, 0xb8, 0xbe], [5])
  const quoted = ipv6(tcp({ dport: 443 }), { src: us, dst: victim })
  const frames = [
    ipv6(icmp(1, 4, quoted), { dst: us, next: 58 }),
    ipv6(tcp({ sport: 443, flags: 0x12 }), { src: victim, dst: address6([0x20, 1, 0xd, 0xb8], [8]) }),
  ]
  observed.read(pcap(frames.map((frame) => one(ethernet(0x86dd, frame)))))
  assert.deepEqual(observed.backscatter.map(({ victim: of, protocol, ports, port_common, packets, dsts, mismatches }) =>
    [of, protocol, ports, port_common, packets, dsts, mismatches]), [['2001:db8:be00::5', 6, 1, 443, 2, 2, 0]])
})

test('SYN samples are bounded and their weight says what they stand for', () => {
  const observed = new Observed({ syn_samples_per_minute_max: 50 })
  const packets = Array.from({ length: 1000 }, (_, i) =>
    one(ethernet(0x0800, ipv4(tcp({ dport: i, window: 5 }), { src: [240, 0, 0, i & 255] })), START + (i % 60)))
  packets.push(one(ethernet(0x86dd, ipv6(tcp({ dport: 65_535 }))), START + 60))
  observed.read(pcap(packets))
  const first = observed.samples.filter((row) => Number(row.second) < START + 60)
  assert.equal(first.length, 50)
  assert.ok(first.every((row) => row.weight === 20_000 && row.window === 5 && row.dst_net === '198.51.100.0'))
  assert.equal(new Set(first.map((row) => row.dst_port)).size, 50, 'no SYN is drawn twice')
  assert.ok(first.some((row) => Number(row.dst_port) >= 50), 'later SYNs are drawn too')
  assert.deepEqual(observed.samples.at(-1), {
    second: START + 60, src: '2001:db8::1', dst_net: '2001:db8:1::', dst_port: 65_535, window: 1024, weight: 1000,
  })
})

test('a flood of one flow and of source ports keeps memory bounded', () => {
  const observed = new Observed()
  const frame = ethernet(0x0800, ipv4(tcp()))
  const capture = pcap(Array.from({ length: 20_000 }, () => one(frame)))
  const view = new DataView(capture.buffer)
  const stream = observed.observer.openCapture('flood')
  stream.push(capture.subarray(0, 24))
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 20_000; i++) view.setUint16(24 + i * (16 + frame.length) + 16 + 34, (round * 20_000 + i) & 0xffff)
    stream.push(capture.subarray(24))
  }
  observed.observer.flush()
  assert.deepEqual(observed.flows.map(({ packets, src_ports, src_port_common }) => [packets, src_ports, src_port_common]), [[200_000, 65_536, -1]])
})

test('hostile bytes after a valid header never throw, and the sums hold', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), few(0, 1, 12, 101, 108, 113, 228, 229, 276, 9999), (noise, link) => {
    const observed = new Observed()
    observed.read(bytesOf(pcap([], { link }), be32(START), be32(0).reverse(), be32(Math.min(noise.length, 99)).reverse(), be16(0), be16(0), noise))
    const { packets, counted, not_ip, not_for_us, malformed } = observed.observer.counters
    assert.equal(packets, counted + not_ip + not_for_us + malformed)
  }), { numRuns: 500 })
})
