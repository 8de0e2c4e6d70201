import { protocolNumber } from '@hirundo/base'
import type { Database } from '../client.ts'
import { BOUNDED, instant, transports, withoutNetworks } from '../interactions/question.ts'
import { keyToAddress } from '../keys.ts'
import { Bindings } from '../sql.ts'
import { orStoreError, StoreError } from '../store-error.ts'
import type { Alike, Recounted, RecountQuestion } from './model.ts'

const ICMP = [1, 58]
const UDP = 'transport = 1'

const addressIs = (b: Bindings, column: string, text: string | undefined): string[] =>
  text === undefined ? [] : [`${column} = ${b.bind(orStoreError(keyToAddress('source', text)), 'IPv6')}`]

/** Both ICMPs have one name in subjects. */
function protocolsOf(text: string): number[] {
  if (text === 'icmp') return ICMP
  const number = Number(protocolNumber(text))
  if (!Number.isInteger(number) || number < 0 || number > 255) throw new StoreError('request/invalid', { what: 'protocol', value: text.slice(0, 64) })
  return [number]
}

function portIs(b: Bindings, protocols: readonly number[] | undefined, port: number | undefined): string[] {
  if (port === undefined) return []
  const isIcmp = protocols?.some((one) => ICMP.includes(one)) ?? false
  return isIcmp ? [`icmp_type = ${b.bind(port >> 8, 'Int16')}`, `icmp_code = ${b.bind(port & 255, 'Int16')}`] : [`dst_port = ${b.bind(port, 'Int32')}`]
}

const researchIs = (research: RecountQuestion['research']): string[] => (research === 'include' ? [] : [`research = ${research === 'only' ? 1 : 0}`])

const ofBlocks = (b: Bindings, table: 'flow' | 'backscatter' | 'interaction', { below }: RecountQuestion): string[] =>
  (below ? [`block < ${b.bind(below[table], 'UInt64')}`] : [])

const TOOLS = ['mirai', 'zmap', 'masscan'] as const

/** Of a group of all rows of a source. */
function isAlike(b: Bindings, { tools, ttl, window }: Alike): string {
  return [
    ...TOOLS.map((tool) => `max(tool_${tool}) ${tools.includes(tool) ? '>' : '='} 0`),
    `multiIf(max(ttl_common) < 0, -1, max(ttl_common) <= 32, 32, max(ttl_common) <= 64, 64, max(ttl_common) <= 128, 128, 255) = ${b.bind(ttl ?? -1, 'Int16')}`,
    ...(window === undefined ? [] : [`max(syn_window) = ${b.bind(window, 'Int32')}`]),
  ].join(' AND ')
}

/** Sources one by one: their packets together say what they look like. */
async function alikeFlows(db: Database, b: Bindings, where: string, alike: Alike): Promise<Recounted> {
  const [row] = await db.rows<{ total: number; sources: number; sensors: number }>(
    'SELECT sum(of_source) AS total, count() AS sources, uniqExactMerge(sensor_state) AS sensors FROM ' +
      `(SELECT src, sum(scan) AS of_source, uniqExactState(sensor) AS sensor_state FROM flow WHERE ${where} GROUP BY src HAVING ${isAlike(b, alike)})${BOUNDED}`, b)
  return { packets: row!.total, sources: row!.sources, sensors: row!.sensors, max_ppm: null }
}

async function flows(db: Database, question: RecountQuestion): Promise<Recounted> {
  const b = new Bindings()
  const { of, organisation, from, to, source, protocol, port, alike, research, hidden = [] } = question
  const protocols = protocol === undefined ? undefined : protocolsOf(protocol)
  const packets = of === 'scans' ? 'scan' : 'packets'
  const where = [
    `organisation = ${b.bind(organisation, 'UInt32')}`, `minute >= ${b.time(from)}`, `minute < ${b.time(to)}`,
    ...(protocols ? [`protocol IN ${b.bind(protocols, 'Array(UInt8)')}`] : []), ...portIs(b, protocols, port), ...addressIs(b, 'src', source),
    ...researchIs(research), ...ofBlocks(b, 'flow', question), ...withoutNetworks(b, hidden), ...(of === 'scans' ? ['scan > 0'] : []),
  ].join(' AND ')
  if (alike) return alikeFlows(db, b, where, alike)
  const [row] = await db.rows<{ total: number; sources: number; sensors: number; most: number }>(
    'SELECT sum(ppm) AS total, max(ppm) AS most, uniqExactMerge(src_state) AS sources, uniqExactMerge(sensor_state) AS sensors FROM ' +
      `(SELECT minute, sum(${packets}) AS ppm, uniqExactState(src) AS src_state, uniqExactState(sensor) AS sensor_state FROM flow WHERE ${where} GROUP BY minute)${BOUNDED}`, b)
  return { packets: row!.total, sources: row!.sources, sensors: row!.sensors, max_ppm: row!.most }
}

export function ofBackscatter(b: Bindings, question: RecountQuestion): string {
  const { organisation, from, to, victim, protocol, hidden = [] } = question
  return [
    `organisation = ${b.bind(organisation, 'UInt32')}`, `bin >= ${b.time(from)}`, `bin < ${b.time(to)}`, ...addressIs(b, 'victim', victim),
    ...(protocol === undefined ? [] : [`protocol IN ${b.bind(protocolsOf(protocol), 'Array(UInt8)')}`]), ...ofBlocks(b, 'backscatter', question),
    ...withoutNetworks(b, hidden, 'victim'),
  ].join(' AND ')
}

/** The window is that of RSDoS: 60 s, sliding by the bins' 10 s. */
async function backscatter(db: Database, question: RecountQuestion): Promise<Recounted> {
  const b = new Bindings()
  const where = ofBackscatter(b, question)
  const [row] = await db.rows<{ total: number; most: number; sensors: number }>(
    'SELECT sum(bin_packets) AS total, max(ppm) AS most, uniqExactMerge(sensor_state) AS sensors FROM (' +
      'SELECT bin_packets, sensor_state, sum(bin_packets) OVER (ORDER BY second RANGE BETWEEN 50 PRECEDING AND CURRENT ROW) AS ppm FROM ' +
      `(SELECT toUInt32(bin) AS second, sum(packets) AS bin_packets, uniqExactState(sensor) AS sensor_state FROM backscatter WHERE ${where} GROUP BY second))${BOUNDED}`, b)
  return { packets: row!.total, sources: null, sensors: row!.sensors, max_ppm: row!.most }
}

/** `tcp` and `udp` are how it came; any other protocol is what was spoken. */
function spokenIs(b: Bindings, protocol: string | undefined): string[] {
  if (protocol === undefined) return []
  const transport = (transports as readonly string[]).indexOf(protocol)
  return transport < 0 ? [`protocol = ${b.bind(protocol, 'String')}`] : [`transport = ${transport}`]
}

/** By when interactions began. */
export function ofInteractions(b: Bindings, question: RecountQuestion): string {
  const { of, organisation, from, to, source, victim, protocol, port, research, hidden = [] } = question
  return [
    `organisation = ${b.bind(organisation, 'UInt32')}`, `at >= ${instant(b, from)}`, `at < ${instant(b, to)}`, ...addressIs(b, 'src', source ?? victim),
    ...spokenIs(b, protocol), ...(port === undefined ? [] : [`dst_port = ${b.bind(port, 'UInt16')}`]), ...researchIs(research),
    ...ofBlocks(b, 'interaction', question), ...withoutNetworks(b, hidden), ...(of === 'requests' ? [UDP] : []),
  ].join(' AND ')
}

export const heardTotal = ({ of }: RecountQuestion): string => (of === 'requests' ? 'sum(requests)' : 'count()')

async function interactions(db: Database, question: RecountQuestion): Promise<Recounted> {
  const b = new Bindings()
  const where = ofInteractions(b, question)
  const [row] = await db.rows<{ total: number; sources: number; sensors: number }>(
    `SELECT ${heardTotal(question)} AS total, uniqExact(src) AS sources, uniqExact(sensor) AS sensors FROM interaction WHERE ${where}${BOUNDED}`, b)
  return { packets: row!.total, sources: row!.sources, sensors: row!.sensors, max_ppm: null }
}

/** Counts raw rows exactly. Problems: `request/invalid` (an address or protocol that is none), `query/timeout`, `query/too-wide`. */
export function recount(db: Database, question: RecountQuestion): Promise<Recounted> {
  if (question.of === 'flows' || question.of === 'scans') return flows(db, question)
  return question.of === 'backscatter' ? backscatter(db, question) : interactions(db, question)
}
