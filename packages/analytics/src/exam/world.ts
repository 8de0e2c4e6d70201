import { DAY_S, formatAddress, HOUR_S, parseAddress, unwrap } from '@hirundo/base'
import type { Dimension, Question } from '../model.ts'
import type { NetworkTables } from '../store.ts'
import type { SensorRows } from './rows.ts'

/** A repeatable stream of numbers in [0, 1) (mulberry32), so that a failing exam fails again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The exam's days lie across the end of a month, because partitions do. */
export const EXAM_FROM = Date.UTC(2026, 0, 30) / 1000
export const EXAM_DAYS = 4
export const EXAM_TO = EXAM_FROM + EXAM_DAYS * DAY_S
export const examHours = Array.from({ length: EXAM_DAYS * 24 }, (_, i) => EXAM_FROM + i * HOUR_S)
export const examDays = Array.from({ length: EXAM_DAYS }, (_, i) => EXAM_FROM + i * DAY_S)
export const ORGANISATION = 7

/** One row as the naive answers see it. */
export interface Seen {
  readonly organisation: number
  readonly sensor: number
  readonly minute: number
  readonly src: string
  readonly protocol: number
  readonly dst_port: number
  readonly icmp_type: number
  readonly icmp_code: number
  readonly packets: number
  readonly bytes: number
  readonly scan: number
  readonly tool_mirai: number
}

export const examNetworks: NetworkTables = {
  economies: [['240.0.0.0/8', 'XA'], ['241.0.0.0/8', 'XB'], ['2001:db8::/32', 'XC']],
  asns: [['240.0.0.0/9', 64_512, "First 'AS'"], ['241.0.0.0/8', 64_513, 'Second\tAS'], ['2001:db8::/32', 64_514, 'Third']],
  research: [['241.1.0.0/16', 'Example research scanner']],
  as_of: '2026-01-01',
}
export const economyOf = (src: string): string => (src.startsWith('240.') ? 'XA' : src.startsWith('241.') ? 'XB' : src.startsWith('2001:db8:') ? 'XC' : 'ZZ')
export const isResearch = (src: string): boolean => src.startsWith('241.1.')
export function asnOf(src: string): number {
  if (src.startsWith('2001:db8:')) return 64_514
  if (src.startsWith('241.')) return 64_513
  return src.startsWith('240.') && Number(src.split('.')[1]) < 128 ? 64_512 : 0
}

const addressOf = (n: number): string => {
  if (n % 7 === 6) return formatAddress(unwrap(parseAddress(`2001:db8::${(n % 500).toString(16)}:1`)))
  return n % 11 === 10 ? `250.9.0.${n % 250}` : `${240 + (n % 2)}.${n % 3}.${(n * 37) % 200}.${n % 250}`
}
const ports: readonly (readonly [number, number, number, number])[] = [
  [6, 23, -1, -1], [6, 22, -1, -1], [17, 53, -1, -1], [1, -1, 8, 0], [58, -1, 128, 0], [47, -1, -1, -1], [6, -1, -1, -1], [6, 0, -1, -1],
]

/** Rows with few loud and many quiet sources, so that ranks beyond those kept matter. */
export function randomRows(random: () => number, count: number): Seen[] {
  return Array.from({ length: count }, () => {
    const n = Math.floor(random() ** 3 * 1_500)
    const [protocol, fixed, icmp_type, icmp_code] = ports[Math.floor(random() * ports.length)]!
    const packets = 1 + Math.floor(random() ** 6 * 400)
    return {
      organisation: random() < 0.9 ? ORGANISATION : ORGANISATION + 1, sensor: 1 + Math.floor(random() ** 2 * 5),
      minute: EXAM_FROM + 60 * Math.floor(random() * EXAM_DAYS * 1_440), src: addressOf(n), protocol,
      dst_port: fixed === 23 && random() < 0.7 ? Math.floor(random() ** 4 * 2_000) : fixed, icmp_type, icmp_code,
      packets, bytes: packets * 60, scan: packets, tool_mirai: random() < 0.1 ? packets : 0,
    }
  })
}

/** Rows as runs of one organisation and sensor each. */
export function runsOf(rows: readonly Seen[]): SensorRows[] {
  const runs = new Map<string, { organisation: number; sensor: number; rows: Record<string, number | string>[] }>()
  for (const { organisation, sensor, ...row } of rows) {
    const id = `${organisation}/${sensor}`
    if (!runs.has(id)) runs.set(id, { organisation, sensor, rows: [] })
    runs.get(id)!.rows.push({ ...row, dst_net: '192.0.2.0' })
  }
  return [...runs.values()]
}

const protocolName: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp6' }
export function keyOf(dimension: Dimension, row: Seen): string {
  if (dimension === 'protocol') return String(row.protocol)
  if (dimension === 'economy') return economyOf(row.src)
  if (dimension === 'asn') return String(asnOf(row.src))
  if (dimension === 'sensor') return String(row.sensor)
  if (dimension === 'source') return row.src
  const name = protocolName[row.protocol] ?? String(row.protocol)
  if (row.protocol === 1 || row.protocol === 58) return `${name}/${row.icmp_type}/${row.icmp_code}`
  return `${name}/${row.dst_port < 0 ? '-' : row.dst_port}`
}

/** Rows that a question is about. */
export function asked(rows: readonly Seen[], question: Question): Seen[] {
  return rows.filter(
    (row) =>
      row.organisation === question.organisation && row.minute >= question.from && row.minute < question.to &&
      (!question.sensors || question.sensors.includes(row.sensor)) &&
      (question.research === 'include' || isResearch(row.src) === (question.research === 'only')))
}

export interface NaiveTotals { packets: number; bytes: number; sources: Set<string> }
export function naiveBy<K>(rows: readonly Seen[], key: (row: Seen) => K): Map<K, NaiveTotals> {
  const found = new Map<K, NaiveTotals>()
  for (const row of rows) {
    const totals = found.get(key(row)) ?? { packets: 0, bytes: 0, sources: new Set<string>() }
    totals.packets += row.packets
    totals.bytes += row.bytes
    totals.sources.add(row.src)
    found.set(key(row), totals)
  }
  return found
}
