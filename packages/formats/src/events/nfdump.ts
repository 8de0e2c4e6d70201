import { addressOf } from './address.ts'
import { countOf, portOf } from './json.ts'
import type { LineOutcome, LogOptions, LogReader, LogSink } from './model.ts'
import { isWatched } from './own-text.ts'
import { protocolOf, tcpFlagsOf } from './protocols.ts'
import { millisIn } from './time.ts'

const PACKETS_MAX = 0xffff_ffff
const COLUMNS_MAX = 128
/** Names of columns: those of nfdump 1.6 (`-o csv`), then those of 1.7. */
const columns = {
  time: ['ts', 'firstseen'], src: ['sa', 'srcaddr'], dst: ['da', 'dstaddr'], src_port: ['sp', 'srcport'], dst_port: ['dp', 'dstport'], proto: ['pr', 'proto'],
  flags: ['flg', 'flags'], packets: ['ipkt', 'pkt', 'packets', 'inpackets'], bytes: ['ibyt', 'byt', 'bytes', 'inbytes'],
  icmp_type: ['icmptype'], icmp_code: ['icmpcode'],
} as const
type Column = keyof typeof columns
const needed: readonly Column[] = ['time', 'src', 'dst', 'proto', 'packets']
/** nfdump's own words after the flows. */
const CLOSING = /^(?:Summary|Time window|Total flows|Sys:|No matched flows|Blocks skipped|flows,bytes,packets)/

/** CSV of nfdump 1.6 and 1.7, its columns found by their names in the header. A flow counts at the minute of its first packet. */
export class NfdumpReader implements LogReader {
  readonly #options: LogOptions
  readonly #sink: LogSink
  #places: Partial<Record<Column, number>> | undefined
  #is_over = false

  constructor(options: LogOptions, sink: LogSink) {
    this.#options = options
    this.#sink = sink
  }

  take(line: string): LineOutcome {
    if (line.trim() === '') return 'skipped'
    const places = placesOf(line)
    if (places) {
      // A header begins the flows, of the next file too.
      this.#places = places
      this.#is_over = false
      return 'skipped'
    }
    this.#is_over ||= CLOSING.test(line)
    if (this.#is_over) return 'skipped'
    return this.#places ? this.#flow(line.split(',', COLUMNS_MAX), this.#places) : 'bad'
  }

  #flow(values: readonly string[], places: Partial<Record<Column, number>>): LineOutcome {
    const value = (column: Column): string | undefined => (places[column] === undefined ? undefined : values[places[column]]?.trim())
    const at_ms = millisIn(value('time'), this.#options.zone_s)
    const src = addressOf(value('src'))
    const dst = addressOf(value('dst'))
    const protocol = protocolOf(value('proto'))
    const packets = countOf(value('packets'), PACKETS_MAX)
    if (at_ms === undefined || src === undefined || dst === undefined || protocol === undefined || packets === undefined) return 'bad'
    // Events of a firewall have no packets.
    if (packets === 0) return 'skipped'
    if (!isWatched(dst, this.#options.own)) return 'not_for_us'
    const is_icmp = protocol === 1 || protocol === 58
    const [icmp_type, icmp_code] = is_icmp ? icmpOf(value('icmp_type'), value('icmp_code'), value('dst_port')) : []
    this.#sink.packets({
      at_ms, src, dst, protocol, src_port: is_icmp ? undefined : portOf(value('src_port')), dst_port: is_icmp ? undefined : portOf(value('dst_port')),
      icmp_type, icmp_code, tcp_flags: protocol === 6 ? tcpFlagsOf(value('flags')) : undefined, ttl: undefined, tcp_window: undefined, ip_id: undefined,
      packets, bytes: countOf(value('bytes')) ?? 0,
    })
    return 'event'
  }

  finish(): void {}
}

/** Where the columns stand, when the line is a header. */
function placesOf(line: string): Partial<Record<Column, number>> | undefined {
  if (!/^[a-z]/i.test(line)) return undefined
  const names = line.split(',', COLUMNS_MAX).map((name) => name.trim().toLowerCase())
  const places: Partial<Record<Column, number>> = {}
  for (const [column, known] of Object.entries(columns) as [Column, readonly string[]][]) {
    const place = names.findIndex((name) => known.includes(name))
    if (place >= 0) places[column] = place
  }
  return needed.every((column) => places[column] !== undefined) ? places : undefined
}

/** Type and code: of their own columns, else of the destination port (`8.0`, or type × 256 + code). */
function icmpOf(type: string | undefined, code: string | undefined, port: string | undefined): [number | undefined, number | undefined] {
  if (type !== undefined) return [countOf(type, 255), countOf(code, 255)]
  const [first, second] = (port ?? '').split('.')
  if (second !== undefined) return [countOf(first, 255), countOf(second, 255)]
  const both = portOf(port)
  return both === undefined ? [undefined, undefined] : [both >> 8, both & 0xff]
}
