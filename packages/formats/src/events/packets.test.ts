import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAddress, parseAddress, parseCidr, unwrap } from '@hirundo/base'
import { flowLayout } from '../row-layout.ts'
import { readLog, sampleLines } from '../testing/logs.ts'
import { FlowLog } from './flow-log.ts'
import type { LoggedPackets } from './model.ts'
import { firstYearOf } from './syslog-time.ts'

const own = [unwrap(parseCidr('192.0.2.0/24'))]
const short = ({ at_ms, src, dst_port, icmp_type, tcp_flags, packets, bytes }: LoggedPackets) =>
  [new Date(at_ms).toISOString().slice(0, 19), formatAddress(src), dst_port ?? `icmp ${icmp_type}`, tcp_flags, packets, bytes]

/** Rows with the columns that are not told apart by name alone. */
function rowsOf(packets: readonly LoggedPackets[], flows_max = 1000) {
  const rows: Record<string, number | string>[] = []
  const minutes: [number, number, number, boolean][] = []
  const log = new FlowLog({ flows_max, isLeftOut: (src) => formatAddress(src) === '203.0.113.66' }, {
    flow: (row) => {
      const view = new DataView(row.buffer)
      const { offset: at } = flowLayout
      rows.push({
        minute: view.getUint32(at['minute']!, true), src: formatAddress(row, at['src']), net: formatAddress(row, at['dst_net']), port: view.getInt32(at['dst_port']!, true),
        packets: view.getUint32(at['packets']!, true), dsts: view.getUint32(at['dsts']!, true), scan: view.getUint32(at['scan']!, true),
        backscatter: view.getUint32(at['backscatter']!, true), other: view.getUint32(at['other']!, true), flags: view.getInt16(at['tcp_flags_common']!, true),
        zmap: view.getUint32(at['tool_zmap']!, true), src_ports: view.getUint32(at['src_ports']!, true), window: view.getInt32(at['syn_window']!, true), partial: row[at['partial']!]!,
      })
    },
    minute: ({ minute, counted, not_for_us, partial }) => void minutes.push([minute, counted, not_for_us, partial]),
  })
  for (const some of packets) log.add(some)
  log.finish()
  return { rows, minutes }
}

test('the kernel’s log: packets with their time by year, zone and order; what it sent itself and what it says else is left', () => {
  const { outcomes, packets } = readLog('kernel', sampleLines('kernel.log'), { first_year: 2026 })
  assert.deepEqual(outcomes, ['event', 'event', 'event', 'event', 'skipped', 'not_for_us', 'event', 'bad'])
  assert.deepEqual(packets.map(short), [
    ['2026-12-31T23:59:58', '198.51.100.23', 23, 2, 1, 40], ['2026-12-31T23:59:59', '198.51.100.23', 23, 2, 1, 40],
    ['2027-01-01T00:00:05', '203.0.113.9', 1900, undefined, 1, 29], ['2027-01-01T00:00:06', '203.0.113.9', 'icmp 3', undefined, 1, 84],
    ['2027-01-01T00:00:09', '2001:db8::9', 22, 2, 1, 60],
  ])
  assert.equal(readLog('kernel', sampleLines('kernel.log')).outcomes[0], 'bad')
  assert.equal(readLog('kernel', sampleLines('kernel.log'), { first_year: 2026, own }).outcomes[6], 'not_for_us')
})

test('what other programs quote is no packet, whoever is named in it', () => {
  const packet = 'IN=eth0 OUT= SRC=198.51.100.9 DST=192.0.2.10 PROTO=TCP SPT=1 DPT=22 SYN'
  const outcome = (line: string) => readLog('kernel', [line]).outcomes[0]
  for (const before of ['gate kernel: ', 'gate kernel: [ 12.345678] DROP: ', 'gate kernel: [UFW BLOCK] ', 'gate ulogd[7]: ', 'gate DROP: ', 'gate ']) {
    assert.equal(outcome(`2026-11-01T10:00:00Z ${before}${packet}`), 'event', before)
  }
  for (const before of ['gate sshd[77]: Invalid user ', 'gate sshd[77]: ', 'gate sudo: root ', 'gate kerneld[1]: kernel: ']) {
    assert.equal(outcome(`2026-11-01T10:00:00Z ${before}${packet}`), 'skipped', before)
  }
  assert.equal(outcome(`<4>1 2026-11-01T10:00:00Z gate kernel - - - ${packet}`), 'event')
  assert.equal(outcome(`<38>1 2026-11-01T10:00:00Z gate sshd 77 - - Invalid user ${packet}`), 'skipped')
  assert.equal(outcome('2026-11-01T10:00:00Z gate kernel: SRC=198.51.100.9 DST=192.0.2.10 PROTO=TCP'), 'skipped')
})

test('the year of a log follows from when its file was written', () => {
  const [line] = sampleLines('kernel.log')
  assert.equal(firstYearOf(line!, Date.UTC(2027, 0, 2), 0), 2026)
  assert.equal(firstYearOf(line!, Date.UTC(2027, 11, 31), 0), 2026)
  assert.equal(firstYearOf(line!, Date.UTC(2028, 0, 1), 0), 2027)
})

test('DShield’s log in tabs and in JSON, with padded addresses and counts', () => {
  const { outcomes, packets } = readLog('dshield', sampleLines('dshield.log'))
  assert.deepEqual(outcomes, ['skipped', 'event', 'event', 'event', 'event', 'bad', 'bad'])
  assert.deepEqual(packets.map(short), [
    ['2026-11-01T10:00:00', '198.51.100.23', 22, 2, 3, 0], ['2026-11-01T10:00:30', '198.51.100.24', 'icmp 8', undefined, 1, 0],
    ['2026-11-01T10:01:00', '203.0.113.9', 1900, undefined, 1, 0], ['2026-11-01T10:01:01', '203.0.113.9', 23, 2, 1, 0], ['2026-11-01T10:01:02', '203.0.113.9', 23, 2, 1, 0],
  ])
})

test('nfdump’s CSV by the names of its columns, in the zone that is said', () => {
  const old = readLog('nfdump', sampleLines('nfdump-1.6.csv'), { own, zone_s: 9 * 3600 })
  assert.deepEqual(old.outcomes, ['skipped', 'event', 'event', 'event', 'event', 'not_for_us', 'bad', 'skipped', 'skipped', 'skipped'])
  assert.deepEqual(old.packets.map(short), [
    ['2026-11-01T01:00:00', '198.51.100.23', 23, 2, 3, 120], ['2026-11-01T01:00:20', '198.51.100.23', 23, 2, 1, 40],
    ['2026-11-01T01:00:30', '203.0.113.9', 443, 0x1b, 12, 1800], ['2026-11-01T01:01:00', '203.0.113.9', 'icmp 8', undefined, 2, 168],
  ])
  const young = readLog('nfdump', sampleLines('nfdump-1.7.csv'))
  assert.deepEqual(young.packets.map(short), [
    ['2026-11-01T10:00:00', '198.51.100.23', 23, undefined, 3, 120], ['2026-11-01T10:00:30', '2001:db8::9', 4444, undefined, 1, 90],
    ['2026-11-01T10:01:00', '203.0.113.9', 'icmp 8', undefined, 2, 168],
  ])
  assert.deepEqual(readLog('nfdump', sampleLines('nfdump-1.6.csv').slice(1, 2)).outcomes, ['bad'])
})

test('packets become rows of minutes by the keys and classes of captures; the destination is a network', () => {
  const { rows, minutes } = rowsOf(readLog('kernel', sampleLines('kernel.log'), { first_year: 2026 }).packets)
  assert.deepEqual(rows.map(({ src, net, port, packets, dsts, scan, backscatter, zmap }) => [src, net, port, packets, dsts, scan, backscatter, zmap]), [
    ['198.51.100.23', '192.0.2.0', 23, 2, 2, 2, 0, 2],
    ['203.0.113.9', '192.0.2.0', -1, 1, 1, 0, 1, 0], ['203.0.113.9', '192.0.2.0', 1900, 1, 1, 1, 0, 0], ['2001:db8::9', '2001:db8:aa::', 22, 1, 1, 1, 0, 0],
  ])
  assert.deepEqual(rows.map(({ flags, window, src_ports }) => [flags, window, src_ports])[0], [2, 65535, 2])
  assert.deepEqual(minutes.map(([, counted, out, partial]) => [counted, out, partial]), [[2, 0, false], [3, 0, false]])
})

test('flags that a log joined are no backscatter', () => {
  const joined = readLog('nfdump', sampleLines('nfdump-1.6.csv')).packets
  const { rows } = rowsOf(joined)
  assert.deepEqual(rows.filter(({ port }) => port === 443).map(({ other, flags }) => [other, flags]), [[12, -1]])
  assert.deepEqual(rows.filter(({ port }) => port === 23).map(({ scan, flags }) => [scan, flags]), [[4, 2]])
})

test('beyond the bound rows are partial and packets still add up; what is left out is told', () => {
  const some = Array.from({ length: 500 }, (_, i): LoggedPackets => ({
    at_ms: 1_793_527_200_000 + (i % 7) * 60_000, src: unwrap(parseAddress(`203.0.113.${i % 100}`)), dst: unwrap(parseAddress(`192.0.2.${i % 256}`)),
    protocol: 6, src_port: i, dst_port: 23, icmp_type: undefined, icmp_code: undefined, tcp_flags: 2, ttl: 50, tcp_window: undefined, ip_id: undefined, packets: 2, bytes: 80,
  }))
  const { rows, minutes } = rowsOf(some, 64)
  assert.equal(rows.reduce((sum, { packets }) => sum + Number(packets), 0), 1000)
  assert.ok(rows.some(({ partial }) => partial === 1))
  assert.equal(minutes.reduce((sum, [, counted, out]) => sum + counted + out, 0), 1000)
  assert.equal(minutes.reduce((sum, [, , out]) => sum + out, 0), 10)
  const whole = rowsOf(some, 100_000)
  assert.ok(whole.rows.every(({ partial }) => partial === 0))
  assert.deepEqual(whole.minutes.map(([minute]) => minute), whole.minutes.map(([minute]) => minute).toSorted((a, b) => a - b))
})
