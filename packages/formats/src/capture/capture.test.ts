import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { be32, bytesOf, ethernet, ipv4, pcap, PcapngWriter, tcp, type PcapShape } from '../testing/frames.ts'
import { Observed } from '../testing/observe.ts'

const START = 1_767_225_600
const frame = ethernet(0x0800, ipv4(tcp()))
const packets = [0, 1, 2].map((i) => ({ second: START + i, micro: 250_000 * i, frame }))

function read(bytes: Uint8Array, cuts: readonly number[] = []) {
  const observed = new Observed()
  const result = observed.read(bytes, cuts)
  return { result, counters: observed.observer.counters, problem: result.ok ? undefined : result.problem }
}

const shapes: PcapShape[] = [true, false].flatMap((little) => [{ little }, { little, nanos: true }, { little, modified: true }])
for (const shape of shapes) {
  test(`pcap ${JSON.stringify(shape)}`, () => {
    const { result, counters } = read(pcap(packets, shape))
    assert.ok(result.ok)
    assert.deepEqual([counters.counted, counters.first_ms, counters.last_ms], [3, START * 1000, START * 1000 + 2500])
  })
}

test('a microsecond part of a second or more stays in its second', () => {
  const { counters } = read(pcap([{ second: START + 59, micro: 4_000_000_000, frame }]))
  assert.equal(counters.last_ms, (START + 59) * 1000 + 999)
})

test('times before 1970 and after 2105 are malformed, the last second of 2105 counts', () => {
  const end = Date.UTC(2106, 0, 1) / 1000
  const times = [0xffffffff, end, end - 1, 0].map((second) => ({ second, micro: 0, frame }))
  const { counters } = read(pcap(times))
  assert.deepEqual([counters.counted, counters.malformed], [2, 2])
})

for (const little of [true, false]) {
  test(`pcapng, ${little ? 'little' : 'big'} endian: sections, resolutions, offsets, all kinds of packet blocks`, () => {
    const file = new PcapngWriter(little)
    const nanos = BigInt(START) * 1_000_000_000n + 5_000_000n
    file.section().interface(1, file.option(9, [9])).interface(1, [...file.option(2, [101, 116, 104]), ...file.option(14, file.u64(3600n))])
    file.interface(1, file.option(9, [0x80 | 20])).interface(1, file.option(9, [12])).interface(1)
    file.packet(0, nanos, frame).packet(1, BigInt(START - 3600) * 1_000_000n, frame)
    file.packet(2, (BigInt(START) << 20n) + (1n << 19n), frame).packet(3, BigInt(START) * 1_000_000_000_000n, frame)
    const old = [...file.u16(4), ...file.u16(0), ...file.u32(Number((BigInt(START) * 1_000_000n) >> 32n)),
      ...file.u32(Number((BigInt(START) * 1_000_000n) & 0xffffffffn)), ...file.u32(frame.length), ...file.u32(frame.length), ...frame]
    file.block(2, old).block(3, [...file.u32(frame.length), ...frame]).block(0xbad, [1, 2, 3, 4]).block(0x80000001, [])
    const whole = bytesOf(file.bytes, new PcapngWriter(!little).section().interface(101).packet(0, BigInt(START) * 1_000_000n, ipv4(tcp())).bytes)
    const { result, counters } = read(whole)
    assert.ok(result.ok, JSON.stringify(result))
    assert.deepEqual([counters.packets, counters.counted, counters.first_ms, counters.last_ms], [7, 7, 0, START * 1000 + 500])
  })
}

test('pcapng: times of 1969 and 2200, unknown interfaces and lengths that lie are malformed packets', () => {
  const file = new PcapngWriter()
  file.section().interface(1).interface(1, file.option(14, file.u64(-9_000_000_000n)))
  file.packet(0, BigInt(Date.UTC(2200, 0, 1)) * 1000n, frame).packet(1, BigInt(START) * 1_000_000n, frame)
  file.packet(9, 0n, frame).block(6, [...file.u32(0), ...file.u32(0), ...file.u32(0), ...file.u32(999), ...file.u32(999)])
  file.block(6, [1]).packet(0, BigInt(START) * 1_000_000n, frame)
  const { result, counters } = read(file.bytes)
  assert.ok(result.ok)
  assert.deepEqual([counters.packets, counters.counted, counters.malformed], [6, 1, 5])
})

test('a snapshot length cuts simple packets', () => {
  const file = new PcapngWriter().section().interface(1, [], 20)
  const { counters } = read(file.block(3, [...file.u32(frame.length), ...frame.subarray(0, 20)]).bytes)
  assert.deepEqual([counters.packets, counters.malformed], [1, 1])
})

test('an unknown block may be larger than memory; it is passed over piece by piece', () => {
  const file = new PcapngWriter().section().interface(1)
  const { problem } = read(bytesOf(file.bytes, be32(0xbad).reverse(), be32(0xfffffffc).reverse(), new Uint8Array(5000)), [40, 900, 901])
  assert.equal(problem?.code, 'capture/cut-off')
})

test('problems name file, offset and what', () => {
  const whole = pcap(packets)
  const giant = Uint8Array.from(whole)
  new DataView(giant.buffer).setUint32(24 + 16 + frame.length + 8, 0xffffffff, true)
  const at = 24 + 16 + frame.length
  const known: [string, Uint8Array, string, number, number][] = [
    ['empty', bytesOf(), 'capture/unreadable', 0, 0],
    ['random', bytesOf(1, 2, 3, 4, 5, 6), 'capture/unreadable', 0, 0],
    ['two bytes', whole.subarray(0, 2), 'capture/unreadable', 0, 0],
    ['cut in the file header', whole.subarray(0, 12), 'capture/cut-off', 0, 0],
    ['cut in a record header', whole.subarray(0, at + 3), 'capture/cut-off', at, 1],
    ['cut in a packet', whole.subarray(0, at + 40), 'capture/cut-off', at, 1],
    ['a packet of 4 GiB', giant, 'capture/unreadable', at, 1],
  ]
  for (const [name, bytes, code, offset, counted] of known) {
    for (const cuts of [[], Array.from({ length: bytes.length }, (_, i) => i)]) {
      const { problem, counters } = read(bytes, cuts)
      assert.deepEqual([problem?.code, problem?.detail.file, problem?.detail.offset, counters.counted], [code, 'test', offset, counted], name)
    }
  }
  assert.equal(read(giant).counters.malformed, 1)
})

test('after a problem all further chunks give the same problem', () => {
  const observed = new Observed()
  const stream = observed.observer.openCapture('x')
  const first = stream.push(bytesOf(1, 2, 3, 4))
  assert.deepEqual([stream.push(pcap(packets)), stream.end()], [first, first])
})

test('any cutting into chunks reads the same, in both formats', () => {
  const ng = new PcapngWriter(false)
  ng.section().interface(1).block(77, [1, 2, 3, 4, 5])
  for (const { second, frame: of } of packets) ng.packet(0, BigInt(second) * 1_000_000n, of)
  fc.assert(fc.property(fc.constantFrom(pcap(packets), ng.bytes), fc.array(fc.nat(500), { maxLength: 30 }), (bytes, cuts) => {
    const { result, counters } = read(bytes, cuts.map((cut) => Math.min(cut, bytes.length)))
    assert.ok(result.ok)
    assert.equal(counters.counted, 3)
  }), { numRuns: 300 })
})

test('damaged captures never throw, never hang, and their sums hold', () => {
  const ng = new PcapngWriter()
  ng.section().interface(1, ng.option(9, [9])).block(5, [1, 2, 3, 4])
  for (const { frame: of } of packets) ng.packet(0, BigInt(START) * 1_000_000_000n, of)
  const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 12 })
  fc.assert(fc.property(fc.constantFrom(pcap(packets), ng.bytes), damage, fc.nat(500), (bytes, changes, length) => {
    const copy = Uint8Array.from(bytes)
    for (const [at, value] of changes) if (at < copy.length) copy[at] = value
    const { counters } = read(copy.subarray(0, length), [50, 60])
    const { packets: all, counted, not_ip, not_for_us, malformed } = counters
    assert.equal(all, counted + not_ip + not_for_us + malformed)
  }), { numRuns: 2000 })
})

test('a million tiny fragments are counted', () => {
  const tiny = ipv4(bytesOf(1), { fragment: 0x2001 })
  const some = pcap(Array.from({ length: 10_000 }, () => ({ second: START, micro: 0, frame: tiny })), { link: 101 })
  const observed = new Observed()
  const stream = observed.observer.openCapture('fragments')
  stream.push(some.subarray(0, 24))
  for (let i = 0; i < 100; i++) stream.push(some.subarray(24))
  observed.observer.flush()
  assert.deepEqual(observed.flows.map(({ packets: all, bytes, dst_port }) => [all, bytes, dst_port]), [[1_000_000, 21_000_000, -1]])
})
