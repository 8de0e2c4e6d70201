import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { benchTraffic } from './bench-input.ts'
import { pace } from './pace.ts'
import { writePcapFile, type PcapFile } from './pcap-file.ts'
import { emptyTally, type Tally } from './tally.ts'
import { generateMinutes, packetsByMinute, type TrafficOptions } from './traffic.ts'

const small: TrafficOptions = { ...benchTraffic, packets: 20_000, minutes: 2 }
let directory: string
let file: PcapFile

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'hirundo-traffic-'))
  file = writePcapFile(join(directory, 'small.pcap'), small)
})
after(() => rmSync(directory, { recursive: true, force: true }))

interface Seen { at_us: number; kept: number; length: number; frame: Uint8Array }

function* readRecords(bytes: Uint8Array): Generator<Seen> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 24; at < bytes.length;) {
    const kept = view.getUint32(at + 8, true)
    yield {
      at_us: view.getUint32(at, true) * 1e6 + view.getUint32(at + 4, true), kept,
      length: view.getUint32(at + 12, true), frame: bytes.subarray(at + 16, at + 16 + kept),
    }
    at += 16 + kept
  }
}

describe('simulated traffic', () => {
  it('is the same to the byte for the same seed, on every machine', () => {
    assert.equal(file.sha256, '08f8878c698dd4c7fe4976c057d797e1bc0d50108c063f2302b8234e3f9c813f')
  })

  it('differs by seed and by sensor', () => {
    const hash = (change: Partial<TrafficOptions>) => writePcapFile(join(directory, 'other.pcap'), { ...small, packets: 500, ...change }).sha256
    assert.equal(new Set([hash({}), hash({ seed: 2 }), hash({ stream: 1 }), hash({})]).size, 3)
  })

  it('gives a minute the same packets whatever was asked for before it', () => {
    const bytesOf = (options: TrafficOptions) => [...generateMinutes(options)].map(({ records }) => Buffer.concat([...records].map((chunk) => chunk.slice())))
    const both = bytesOf({ ...small, packets: 4000 })
    const alone = bytesOf({ ...small, minutes: 1, start_s: small.start_s + 60, packets: packetsByMinute({ ...small, packets: 4000 })[1]!, worm_began_s: small.start_s - 3600 })
    assert.deepEqual(both[1], alone[0])
  })

  it('has whole records in order of time, from 240.0.0.0/4 to the destinations, cut at the snap length', () => {
    let last_us = 0
    let packets = 0
    for (const { at_us, kept, length, frame } of readRecords(readFileSync(file.path))) {
      packets++
      assert.ok(at_us >= last_us && at_us >= small.start_s * 1e6 && at_us < (small.start_s + 120) * 1e6)
      last_us = at_us
      assert.equal(kept, Math.min(length, 96))
      if (frame[12] === 0x08 && frame[13] === 0x00) {
        assert.ok(frame[26]! >= 240, 'source in 240.0.0.0/4')
        const isOurs = frame[30] === 198 && frame[31] === 18
        assert.ok(isOurs || (frame[30] === 233 && frame[31] === 252), 'destination is ours or the one named elsewhere')
      }
    }
    assert.equal(packets, small.packets)
  })

  it('counts its own packets: the classes add up and the flows are in the pinned band', () => {
    const { tally } = file
    const sum = Object.values(tally.kinds).reduce((total, count) => total + count, 0)
    assert.equal(sum, tally.packets)
    assert.equal(tally.counted + tally.not_ip + tally.not_for_us, tally.packets)
    assert.ok(tally.flows / tally.packets > 0.3 && tally.flows / tally.packets < 0.6)
    for (const [kind, count] of Object.entries(tally.kinds)) assert.ok(count > 0, `no ${kind}`)
  })

  it('lets the worm grow and the others not', () => {
    const at = (hours: number): Tally => writePcapFile(join(directory, 'worm.pcap'), { ...small, worm_began_s: small.start_s - hours * 3600 }).tally
    const [young, old] = [at(2), at(30)]
    assert.ok(old.kinds.syn_worm > 20 * Math.max(1, young.kinds.syn_worm))
    assert.equal(at(-1).kinds.syn_worm, 0)
  })

  const hasTcpdump = spawnSync('tcpdump', ['--version']).status === 0
  const count = (filter: string): number => {
    const out = spawnSync('tcpdump', ['-n', '-r', file.path, '--count', filter], { encoding: 'utf8' })
    return Number(/^(\d+) packet/m.exec(out.stdout)?.[1])
  }
  it('is what tcpdump takes it for', { skip: hasTcpdump ? false : 'tcpdump is not installed' }, () => {
    const { kinds, tools } = file.tally
    const syn = 'ip and tcp[13] == 2'
    assert.equal(count(''), small.packets)
    assert.equal(count('arp'), kinds.arp)
    assert.equal(count('dst host 233.252.0.1'), kinds.elsewhere)
    assert.equal(count(`${syn} and tcp[4:4] == ip[16:4]`), tools.mirai)
    assert.equal(count('ip[4:2] == 54321'), tools.zmap)
    assert.equal(count(`${syn} and (tcp[4:4] & 0xffff) ^ (ip[16:4] & 0xffff) ^ tcp[2:2] == ip[4:2]`), tools.masscan)
    assert.equal(count('ip and tcp[13] == 0x12'), kinds.syn_ack)
    assert.equal(count('ip and tcp[13] & 4 != 0'), kinds.rst)
    assert.equal(count('icmp[0] == 3 or icmp[0] == 11'), kinds.icmp_error)
    assert.equal(count('icmp[0] == 8'), kinds.echo)
    assert.equal(count('ip and udp src port 53'), kinds.dns_reply)
    assert.equal(count('ip6'), kinds.v6_syn + kinds.v6_udp + kinds.v6_echo)
  })

  it('has right checksums wherever the snap length leaves the packet whole', { skip: hasTcpdump ? false : 'tcpdump is not installed' }, () => {
    const out = spawnSync('tcpdump', ['-nvv', '-r', file.path], { encoding: 'utf8', maxBuffer: 64 << 20 }).stdout
    assert.equal(/incorrect|bad cksum|bad udp|wrong icmp/.exec(out)?.[0], undefined)
    assert.ok(out.split('(correct)').length > 10_000)
  })
})

describe('live pacing', () => {
  const options = { seed: 1, destinations: ['192.0.2.0/28'], packets_per_second: 400, worm_began_s: 0, slice_ms: 1 }
  const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
    const all: Uint8Array[] = []
    for await (const chunk of chunks) all.push(chunk)
    return Buffer.concat(all)
  }

  it('writes what is due with times that have passed, and tells what it wrote', async () => {
    const began_ms = Date.UTC(2026, 0, 1)
    let clock_ms = began_ms
    let looks = 0
    const stop = new AbortController()
    const world = { now: () => { if (++looks > 5) stop.abort(); return (clock_ms += 250) } }
    const tally = emptyTally()
    const records = [...readRecords(await collect(pace(options, world, stop.signal, tally)))]
    assert.equal(records.length, tally.packets)
    assert.equal(tally.packets, 500)
    const times = records.map(({ at_us }) => at_us / 1000)
    assert.ok(times[0]! >= began_ms + 250 && times.at(-1)! < clock_ms)
    assert.deepEqual(times, times.toSorted((a, b) => a - b))
  })

  it('follows the day when it is asked to, as history does: quiet at 03:00, busy at 15:00', async () => {
    const packetsFrom = async (began_ms: number): Promise<number> => {
      let clock_ms = began_ms
      const stop = new AbortController()
      const tally = emptyTally()
      await collect(pace({ ...options, daily: true }, { now: () => { if (clock_ms > began_ms) stop.abort(); return (clock_ms += 10_000) } }, stop.signal, tally))
      return tally.packets
    }
    const quiet = await packetsFrom(Date.UTC(2026, 0, 1, 3))
    const busy = await packetsFrom(Date.UTC(2026, 0, 1, 15))
    assert.ok(quiet < 3300 && busy > 4700, `${quiet} and ${busy} in ten seconds at a mean of 400 a second`)
  })

  it('never writes a time that has not come, also when the clock is set back', async () => {
    const stop = new AbortController()
    const clock = [1_000_000, 1_000_500, 400_000, 400_500]
    const world = { now: () => { if (clock.length === 1) stop.abort(); return clock.shift()! } }
    const tally = emptyTally()
    await collect(pace(options, world, stop.signal, tally))
    assert.equal(tally.packets, 200)
  })

  it('has only a header to give when it is stopped at once', async () => {
    const tally = emptyTally()
    assert.equal((await collect(pace(options, { now: () => 1 }, AbortSignal.abort(), tally))).length, 24)
    assert.deepEqual(tally, emptyTally())
  })
})
