import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { flowLayout } from '@hirundo/formats'
import type { FlowsIo } from './io.ts'
import { runFlows } from './run.ts'
import { TextRows } from './text-rows.ts'

const START = Date.UTC(2026, 0, 1) / 1000
const folder = mkdtempSync(join(tmpdir(), 'flows-test-'))
after(() => rmSync(folder, { recursive: true }))

/** A SYN from `src` to port `port` in an Ethernet frame of 60 bytes. */
function syn(src: number, port: number, ttl = 64): Buffer {
  const frame = Buffer.alloc(60)
  frame.writeUInt16BE(0x0800, 12)
  frame.set([0x45, 0, 0, 40], 14)
  frame.set([ttl, 6], 22)
  frame.writeUInt32BE(0xf0000000 + src, 26)
  frame.writeUInt32BE(0xc6336407, 30)
  frame.writeUInt16BE(40_000, 34)
  frame.writeUInt16BE(port, 36)
  frame.set([0x50, 2, 4, 0], 46)
  return frame
}

function record(second: number, micro: number, frame: Buffer): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(second, 0)
  header.writeUInt32LE(micro, 4)
  header.writeUInt32LE(frame.length, 8)
  header.writeUInt32LE(frame.length, 12)
  return Buffer.concat([header, frame])
}

const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')
const capture = (records: readonly Buffer[]): Buffer => Buffer.concat([head, ...records])

/** Packets of `minutes` minutes, larger than several chunks. */
const many = (minutes: number, each: number): Buffer[] =>
  Array.from({ length: minutes * each }, (_, i) => record(START + Math.floor(i / each) * 60, i % each, syn(i % 701, i % 5)))

let files = 0
function file(bytes: Uint8Array): string {
  const name = join(folder, `capture-${files++}`)
  writeFileSync(name, bytes)
  return name
}

interface Ran {
  readonly code: number
  readonly out: Buffer
  readonly lines: string[]
  readonly sums: Record<string, unknown>
}

async function run(argv: readonly string[], input: Uint8Array = new Uint8Array(0), writes_max = Number.POSITIVE_INFINITY): Promise<Ran> {
  const out: Buffer[] = []
  const lines: string[] = []
  let at = 0
  const io: FlowsIo = {
    write: (bytes) => (out.push(Buffer.from(bytes)), out.length < writes_max),
    report: (line) => void lines.push(line),
    readInput(into) {
      const part = input.subarray(at, at + Math.min(into.length, 1000))
      into.set(part)
      at += part.length
      return part.length
    },
    random: (bytes) => new Uint8Array(bytes).fill(9),
    elapsed: () => 0,
  }
  const code = await runFlows(argv, io)
  const last = lines.at(-1)
  return { code, out: Buffer.concat(out), lines, sums: last?.startsWith('{') ? JSON.parse(last) : {} }
}

test('CSV: header and values as the manual says', async () => {
  const name = file(capture([record(START + 1, 5, syn(1, 23)), record(START + 2, 0, syn(1, 23, 65)), record(START + 61, 0, syn(1, 23))]))
  const { code, out, sums } = await run(['--dst', '198.51.100.0/24', name])
  assert.equal(code, 0)
  assert.deepEqual(out.toString().split('\n'), [
    'minute,src,dst_net,protocol,dst_port,icmp_type,icmp_code,packets,bytes,dsts,src_ports,src_port_common,ttl_common,tcp_flags_common,size_common,syn_header_bytes,syn_window,scan,backscatter,other,tool_mirai,tool_zmap,tool_masscan',
    '2026-01-01T00:00:00Z,240.0.0.1,198.51.100.0/24,6,23,,,2,80,1,1,40000,,2,40,20,1024,2,0,0,0,0,0',
    '2026-01-01T00:01:00Z,240.0.0.1,198.51.100.0/24,6,23,,,1,40,1,1,40000,64,2,40,20,1024,1,0,0,0,0,0',
    '',
  ])
  assert.deepEqual(sums, {
    files: 1, packets: 3, counted: 3, not_ip: 0, not_for_us: 0, malformed: 0, flows: 2,
    first: '2026-01-01T00:00:01.000Z', last: '2026-01-01T00:01:01.000Z', elapsed_s: 0,
  })
})

test('ndjson has null where CSV is empty; rowbinary has whole rows', async () => {
  const name = file(capture([record(START, 0, syn(1, 23))]))
  const row = JSON.parse((await run(['--format', 'ndjson', name])).out.toString())
  assert.deepEqual([row.minute, row.src, row.icmp_type, row.bytes], ['2026-01-01T00:00:00Z', '240.0.0.1', null, 40])
  assert.equal((await run(['--format', 'rowbinary', name])).out.length, flowLayout.row_bytes)
})

test('IPv6 networks and large sums in text', () => {
  const row = new Uint8Array(flowLayout.row_bytes)
  const view = new DataView(row.buffer)
  view.setUint32(flowLayout.offset.minute!, START, true)
  row.set([0x20, 1, 0xd, 0xb8], flowLayout.offset.dst_net!)
  row[flowLayout.offset.src! + 15] = 1
  view.setBigUint64(flowLayout.offset.bytes!, 2n ** 40n + 1n, true)
  assert.equal(new TextRows().csv(row, 1).split(',', 9).join(' '), '2026-01-01T00:00:00Z ::1 2001:db8::/64 0 0 0 0 0 1099511627777')
})

test('--interval sets the length of a row', async () => {
  const name = file(capture([record(START, 0, syn(1, 23)), record(START + 3599, 0, syn(1, 23)), record(START + 3600, 0, syn(1, 23))]))
  assert.equal((await run(['--interval', '3600', name])).sums.flows, 2)
  assert.equal((await run(['--interval', '1', name])).sums.flows, 3)
})

test('the answer is the same for shuffled packets, split and overlapping files, gzip, zstd and standard input', async () => {
  const records = many(6, 8000)
  const whole = await run(['--format', 'rowbinary', file(capture(records))])
  assert.equal(whole.sums.counted, 48_000)
  const shuffled = records.map((of, i) => ({ of, key: Math.imul(i, 2_654_435_761) >>> 0 })).sort((a, b) => a.key - b.key).map(({ of }) => of)
  const odd = capture(records.filter((_, i) => i % 2 === 1))
  const even = capture(records.filter((_, i) => i % 2 === 0))
  const late = capture(records.slice(20_000))
  const early = capture(records.slice(0, 20_000))
  const cases: [string[], Uint8Array?][] = [
    [[file(capture(shuffled))]],
    [[file(odd), file(even)]],
    [[file(late), file(early)]],
    [[file(gzipSync(odd)), file(zstdCompressSync(even))]],
    [[file(Buffer.concat([gzipSync(capture(records).subarray(0, 99_999)), gzipSync(capture(records).subarray(99_999))]))]],
    [[file(Buffer.concat([zstdCompressSync(capture(records).subarray(0, 99_999)), zstdCompressSync(capture(records).subarray(99_999))]))]],
    [['-'], capture(records)],
    [['-', file(even)], gzipSync(odd)],
  ]
  for (const [names, input] of cases) {
    const { code, out, sums } = await run(['--format', 'rowbinary', ...names], input)
    assert.equal(code, 0)
    assert.equal(sums.counted, 48_000)
    assert.ok(out.equals(whole.out), names.join(' '))
  }
})

test('a file that cannot be read is named with its offset, the others are read, and the exit code is 1', async () => {
  const good = file(capture(many(1, 10)))
  const giant = Buffer.concat([capture(many(1, 2)), record(START, 0, syn(1, 1))])
  giant.writeUInt32LE(0xffffffff, 24 + 2 * 76 + 8)
  const bad: [string, RegExp][] = [
    [join(folder, 'missing'), /missing: at byte 0: no such file/],
    [folder, /: at byte 0: a directory/],
    [file(Buffer.alloc(0)), /: at byte 0: empty/],
    [file(Buffer.from('not a capture at all')), /: at byte 0: neither pcap nor pcapng/],
    [file(capture(many(1, 10)).subarray(0, -5)), /: at byte 708: the last record is not whole/],
    [file(giant), /: at byte 176: a record claims 4294967295 bytes/],
    ['/dev/null', /: at byte 0: not a file/],
  ]
  for (const [name, message] of bad) {
    const { code, lines, sums } = await run([name, good])
    assert.equal(code, 1)
    assert.match(lines[0]!, message)
    assert.ok(Number(sums.counted) >= 10)
    assert.equal(sums.packets, Number(sums.counted) + Number(sums.not_ip) + Number(sums.not_for_us) + Number(sums.malformed))
  }
})

test('compressed files that end early give all that is whole in them, and exit code 1', async () => {
  const plain = capture(many(3, 8000))
  for (const packed of [gzipSync(plain), zstdCompressSync(plain)]) {
    const almost = await run(['--format', 'rowbinary', file(packed.subarray(0, -3))])
    assert.equal(almost.code, 1)
    assert.match(almost.lines[0]!, /ends early/)
    const half = await run(['--format', 'rowbinary', file(packed.subarray(0, packed.length >> 1))])
    assert.equal(half.code, 1)
    assert.ok(Number(half.sums.counted) > 1000)
  }
  // Cut before the first byte came out: the reason is the cut, not that there was nothing.
  for (const packed of [gzipSync(plain), zstdCompressSync(plain)]) assert.match((await run([file(packed.subarray(0, 12))])).lines[0]!, /ends early/)
  const cut = await run([file(gzipSync(plain).subarray(0, -3))])
  assert.equal(cut.sums.counted, 24_000, 'only the checksum is missing')
  const damaged = gzipSync(plain)
  damaged.fill(0x55, 2000, 2400)
  assert.equal((await run([file(damaged)])).code, 1)
})

test('malformed packets and an empty capture leave the exit code 0', async () => {
  const { code, sums, out } = await run([file(capture([record(0xffffffff, 0, syn(1, 1)), record(START, 0, Buffer.alloc(3))]))])
  assert.deepEqual([code, sums.malformed, sums.first], [0, 2, null])
  assert.equal(out.toString().split('\n').length, 2)
  assert.equal((await run([file(capture([]))])).code, 0)
})

test('a reader that goes away ends the command quietly', async () => {
  const { code, lines } = await run([file(capture(many(6, 8000)))], undefined, 2)
  assert.deepEqual([code, lines], [0, []])
})

test('the command line is checked, and does not repeat an address', async () => {
  const lines = async (...argv: string[]) => {
    const ran = await run(argv)
    assert.equal(ran.code, 2)
    return ran.lines[0]!
  }
  assert.match(await lines(), /no file/)
  assert.match(await lines('--format', 'xml', 'x'), /--format must be one of csv, ndjson, rowbinary/)
  assert.match(await lines('--interval', '0', 'x'), /--interval/)
  assert.match(await lines('--interval', '1e3', 'x'), /--interval/)
  assert.match(await lines('--nonsense', 'x'), /nonsense/)
  assert.match(await lines('-', '-'), /standard input/)
  assert.doesNotMatch(await lines('--dst', '198.51.100.7/24', 'x'), /198/)
  const help = await run(['--help'])
  assert.equal(help.code, 0)
  assert.match(help.out.toString(), /--interval/)
})

test('named pipes are read', async () => {
  const name = join(folder, 'pipe')
  execFileSync('mkfifo', [name])
  const source = file(capture(many(1, 50)))
  spawn('cp', [source, name], { stdio: 'ignore' })
  assert.equal((await run([name])).sums.counted, 50)
})

const samples = new URL('../../../../../shared/data/pcap/', import.meta.url).pathname
const known: [string, Record<string, number>][] = [
  ['sv_synflood.pcap', { packets: 200, counted: 200, flows: 1 }],
  ['sv_enip.pcap', { packets: 776, counted: 760, not_ip: 16 }],
  ['zeek_dhcp_flood.pcap', { packets: 500, counted: 500 }],
  ['zeek_dnp3.pcap', { packets: 214, counted: 214 }],
  ['zeek_modbusBig.pcap', { packets: 13_622, counted: 13_622 }],
]
for (const [name, expected] of known) {
  test(`real sample ${name}`, { skip: !existsSync(samples + name) }, async () => {
    const { code, sums } = await run([samples + name])
    assert.equal(code, 0)
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, sums[key]])), expected)
  })
}
