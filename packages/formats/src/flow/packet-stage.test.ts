import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { address6, ethernet, ipv4, ipv6, pcap, tcp, type Packet } from '../testing/frames.ts'
import { Observed } from '../testing/observe.ts'
import { SourceRanges } from './source-ranges.ts'

const START = 1_767_225_600

/** Repeats for the same seed (xorshift). */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const sources6 = [
  address6([], [1]), address6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 5]),
  address6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 255, 255, 255, 255]), address6([0x20, 1], [1]),
]

/** Sources all over, some in one network, one that sends much; IPv6 between, before and after them. */
function traffic(count: number, seed: number): Packet[] {
  const roll = dice(seed)
  return Array.from({ length: count }, (_, i) => {
    const second = START + Math.floor((i * 150) / count)
    const body = tcp({ sport: roll(3), dport: roll(40), flags: 2 + roll(3), window: roll(9) })
    if (roll(50) === 0) return { second, micro: 0, frame: ethernet(0x86dd, ipv6(body, { src: sources6[roll(4)]!, dst: address6([0x20, 1], [7]), next: 6 })) }
    const kind = roll(4)
    const src = kind === 0 ? [203, 0, 113, 5] : kind === 1 ? [203, 0, roll(256), roll(4)] : [roll(256), roll(8), roll(2), roll(64)]
    return { second, micro: roll(1e6), frame: ethernet(0x0800, ipv4(body, { src, dst: [198, 51, 100, roll(3)], ttl: 40 + roll(2), protocol: 6 })) }
  })
}

function observe(packets: readonly Packet[], packets_staged_max: number, in_order: boolean): Observed {
  const observed = new Observed({ packets_staged_max })
  observed.observer.setInOrder(in_order)
  observed.read(pcap(packets), [10_000, 1_000_003])
  return observed
}

for (const [what, staged_max] of [['a stage that holds a minute', 100_000], ['a stage that is too small', 9000]] as const) {
  test(`rows and their order do not depend on ${what}`, () => {
    const packets = traffic(60_000, 20_260_101)
    const { flows, minutes } = observe(packets, 0, true)
    assert.ok(flows.length > 20_000)
    const staged = observe(packets, staged_max, true)
    assert.deepEqual(staged.flows, flows)
    assert.deepEqual(staged.minutes, minutes)
  })
}

test('a stage is emptied when the minute changes and the one before stays open', () => {
  const packets = traffic(20_000, 7).map((packet, i) => ({ ...packet, second: START + (Math.floor(i / 5000) % 2) * 60 }))
  assert.deepEqual(observe(packets, 100_000, false).flows, observe(packets, 0, false).flows)
})

test('ranges of sources are numbered in the order of addresses', () => {
  const address = fc.oneof(fc.nat(0xffffffff), fc.nat(0x3ff).map((low) => 0xcb007100 + low), fc.constant(0xcb007105))
  fc.assert(fc.property(fc.array(address, { minLength: 1, maxLength: 600 }), fc.array(address), (sample, others) => {
    const ranges = new SourceRanges(256)
    ranges.divide(Uint32Array.from(sample).sort())
    const all = Uint32Array.from([...sample, ...others, 0, 0xffffffff]).sort()
    const numbers = Array.from(all, (value) => ranges.of(value | 0))
    assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b))
    assert.ok(numbers.at(-1)! < ranges.count)
    for (const value of sample) assert.equal(ranges.of(value), ranges.of(value | 0))
  }), { numRuns: 100 })
})

test('a network that sends much is divided', () => {
  const ranges = new SourceRanges(256)
  ranges.divide(Uint32Array.from({ length: 4096 }, (_, i) => 0xcb000000 + i * 16))
  assert.ok(ranges.count > 200)
  assert.ok(ranges.of(0xcb000000) < ranges.of(0xcb008000))
})
