import { parseCidr, cidrContains, parseAddress, unwrap } from '@hirundo/base'
import type { Alike, HeardRow, Recounted, RecountQuestion, WindowQuestion } from '../windows/model.ts'
import type { Heard } from './heard-rows.ts'
import { asnOf, economyOf, isResearch } from './world.ts'

/** Rows that the exam of windows stores. */
export interface ExamFlow {
  readonly block: bigint
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
  readonly dsts: number
  readonly ttl_common: number
  readonly syn_window: number
  readonly tool_mirai: number
}
export interface ExamBackscatter {
  readonly block: bigint
  readonly sensor: number
  readonly bin: number
  readonly victim: string
  readonly protocol: number
  readonly packets: number
}
export interface ExamHeard extends Heard {
  readonly block: bigint
}

export const isHidden = (address: string, hidden: readonly string[] = []): boolean =>
  hidden.some((text) => cidrContains(unwrap(parseCidr(text)), unwrap(parseAddress(address))))

const isBelow = (block: bigint, bound: bigint | undefined): boolean => bound === undefined || block < bound

export const flowsOf = (rows: readonly ExamFlow[], { from, to, hidden, below }: Omit<WindowQuestion, 'organisation'>): ExamFlow[] =>
  rows.filter((row) => row.minute >= from && row.minute < to && isBelow(row.block, below?.flow) && !isHidden(row.src, hidden))
export const backscatterOf = (rows: readonly ExamBackscatter[], { from, to, hidden, below }: Omit<WindowQuestion, 'organisation'>): ExamBackscatter[] =>
  rows.filter((row) => row.bin >= from && row.bin < to && isBelow(row.block, below?.backscatter) && !isHidden(row.victim, hidden))

export const overMinute = ({ at_ms, duration_ms, transport }: Heard): number =>
  Math.floor((at_ms + Math.min(3_600_000, Math.max(duration_ms, transport === 'udp' ? 60_000 : 0))) / 60_000) * 60
export const heardOf = (rows: readonly ExamHeard[], { from, to, hidden, below }: Omit<WindowQuestion, 'organisation'>): ExamHeard[] =>
  rows.filter((row) => overMinute(row) >= from && overMinute(row) < to && isBelow(row.block, below?.interaction) && !isHidden(row.source, hidden))

export const heardRow = (row: Heard): HeardRow => {
  const { at_ms, sensor, source, src_port, dst_port, transport, handshake, protocol, requests, bytes_in, bytes_out, payload_sha256, logins, urls, facts } = row
  const economy = economyOf(source)
  return {
    at_ms, minute: overMinute(row), sensor, source, src_port, dst_port, transport, handshake, protocol, requests, bytes_in, bytes_out, payload_sha256,
    ja4: facts['tls.ja4']?.split(' | ')[0] ?? '', credentials: [...new Set(logins.map(({ user, password }) => `${user}\n${password}`))], urls: [...new Set(urls)],
    research: isResearch(source), economy: economy === 'ZZ' ? '' : economy, asn: asnOf(source),
  }
}

const distinct = <T>(values: readonly T[]): number => new Set(values).size
const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0)
const matches = (research: RecountQuestion['research'], source: string): boolean => research === 'include' || isResearch(source) === (research === 'only')
const numberOf: Readonly<Record<string, readonly number[]>> = { tcp: [6], udp: [17], icmp: [1, 58], icmp6: [58], gre: [47] }

const beganWith = (ttl: number): number => [32, 64, 128].find((one) => ttl <= one) ?? 255

/** What the rows of one source look like together. */
function lookOf(rows: readonly ExamFlow[]): Alike & { readonly window: number } {
  const ttl = Math.max(...rows.map(({ ttl_common }) => ttl_common))
  return { tools: rows.some(({ tool_mirai }) => tool_mirai > 0) ? ['mirai'] : [], ttl: ttl < 0 ? null : beganWith(ttl), window: Math.max(...rows.map(({ syn_window }) => syn_window)) }
}

/** The rows of sources that look so. */
function ofAlike(rows: readonly ExamFlow[], { tools, ttl, window }: Alike): readonly ExamFlow[] {
  return [...Map.groupBy(rows, ({ src }) => src).values()].filter((some) => {
    const look = lookOf(some)
    return look.tools.join() === tools.join() && look.ttl === ttl && (window === undefined || look.window === window)
  }).flat()
}

export function naiveFlows(rows: readonly ExamFlow[], question: RecountQuestion): Recounted {
  const { of, source, protocol, port, alike, research } = question
  const scans = of === 'scans'
  const isPort = (row: ExamFlow): boolean => port === undefined || (row.protocol === 1 || row.protocol === 58 ? row.icmp_type * 256 + row.icmp_code === port : row.dst_port === port)
  const some = flowsOf(rows, question).filter((row) =>
    (source === undefined || row.src === source) && (protocol === undefined || numberOf[protocol]!.includes(row.protocol)) && isPort(row) && matches(research, row.src) && (!scans || row.scan > 0))
  const chosen = alike ? ofAlike(some, alike) : some
  const of_row = (row: ExamFlow): number => (scans ? row.scan : row.packets)
  const minutes = [...Map.groupBy(chosen, ({ minute }) => minute).values()].map((rows) => sum(rows, of_row))
  return { packets: sum(chosen, of_row), sources: distinct(chosen.map(({ src }) => src)), sensors: distinct(chosen.map(({ sensor }) => sensor)), max_ppm: alike ? null : Math.max(0, ...minutes) }
}

export function naiveBackscatter(rows: readonly ExamBackscatter[], question: RecountQuestion): Recounted {
  const { victim, protocol } = question
  const chosen = backscatterOf(rows, question).filter((row) => (victim === undefined || row.victim === victim) && (protocol === undefined || numberOf[protocol]!.includes(row.protocol)))
  const windows = chosen.map(({ bin }) => sum(chosen.filter((row) => row.bin <= bin && row.bin > bin - 60), ({ packets }) => packets))
  return { packets: sum(chosen, ({ packets }) => packets), sources: null, sensors: distinct(chosen.map(({ sensor }) => sensor)), max_ppm: Math.max(0, ...windows) }
}

export function naiveHeard(rows: readonly ExamHeard[], question: RecountQuestion): Recounted {
  const { of, from, to, source, victim, protocol, port, research, hidden, below } = question
  const who = source ?? victim
  const spoken = (row: ExamHeard): boolean => protocol === undefined || (protocol === 'tcp' || protocol === 'udp' ? row.transport === protocol : row.protocol === protocol)
  const chosen = rows.filter((row) =>
    row.at_ms >= from * 1000 && row.at_ms < to * 1000 && isBelow(row.block, below?.interaction) && !isHidden(row.source, hidden) && matches(research, row.source) &&
    (who === undefined || row.source === who) && spoken(row) && (port === undefined || row.dst_port === port) && (of !== 'requests' || row.transport === 'udp'))
  return {
    packets: of === 'requests' ? sum(chosen, ({ requests }) => requests) : chosen.length, sources: distinct(chosen.map((row) => row.source)),
    sensors: distinct(chosen.map(({ sensor }) => sensor)), max_ppm: null,
  }
}
