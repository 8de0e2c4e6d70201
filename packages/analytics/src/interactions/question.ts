import { formatAddress, parseCidr, unwrap } from '@hirundo/base'
import type { Bindings } from '../sql.ts'
import type { InteractionQuestion } from './model.ts'

/** Names of the numbers in a row, by place; formats/interaction/codec.ts gives them out, and they only grow. */
export const transports = ['tcp', 'udp'] as const
export const handshakes = ['none', 'completed', 'dialogue'] as const

/**
 * What every question ends with. Its keys are what strangers wrote, as many as they like: beyond this memory groups and
 * sorted rows go to disk.
 */
export const BOUNDED = ' SETTINGS max_bytes_before_external_group_by = 150000000, max_bytes_before_external_sort = 150000000'

/** The whole second as the time column has it. */
export const instant = (b: Bindings, second: number): string => `toDateTime64(${b.bind(second, 'UInt32')}, 3, 'UTC')`
export const instantMs = (b: Bindings, ms: number): string => `fromUnixTimestamp64Milli(${b.bind(ms, 'Int64')}, 'UTC')`
export const MILLIS = 'toUnixTimestamp64Milli(at)'

const textOf = (address: Uint8Array): string => {
  const text = formatAddress(address)
  return text.includes(':') ? text : `::ffff:${text}`
}

/** None of these networks holds the address: one look into a set for each length of prefix, however many there are. */
export function withoutNetworks(b: Bindings, networks: readonly string[], column = 'src'): string[] {
  const byLength = Map.groupBy(networks.map((text) => unwrap(parseCidr(text))), ({ bits }) => bits)
  return [...byLength].map(([bits, cidrs]) => {
    const first = bits === 128 ? column : `tupleElement(IPv6CIDRToRange(${column}, ${b.bind(bits, 'UInt8')}), 1)`
    return `${first} NOT IN ${b.bind(cidrs.map(({ bytes }) => textOf(bytes)), 'Array(IPv6)')}`
  })
}

/** The condition for rows that the question is about. */
export function asked(b: Bindings, question: InteractionQuestion, ...more: readonly string[]): string {
  const { organisation, from, to, sensors, research, hidden = [] } = question
  return [
    `organisation = ${b.bind(organisation, 'UInt32')}`, `at >= ${instant(b, from)}`, `at < ${instant(b, to)}`,
    ...(sensors ? [`sensor IN ${b.bind(sensors, 'Array(UInt32)')}`] : []),
    ...(research === 'include' ? [] : [`research = ${research === 'only' ? 1 : 0}`]),
    ...withoutNetworks(b, hidden), ...more,
  ].join(' AND ')
}
