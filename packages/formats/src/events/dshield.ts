import { addressOf } from './address.ts'
import { countOf, jsonLine, listOf, objectOf, portOf, type JsonObject } from './json.ts'
import type { LineOutcome, LoggedPackets, LogOptions, LogReader, LogSink } from './model.ts'
import { isWatched } from './own-text.ts'
import { protocolOf, tcpFlagsOf } from './protocols.ts'
import { millisIn } from './time.ts'

const PACKETS_MAX = 0xffff_ffff
const LOGS_MAX = 10_000
/** As DShield's database writes addresses: three digits each, decimal. */
const PADDED = /^\d{3}\.\d{3}\.\d{3}\.\d{3}$/
const names = [['time', 'timestamp', 'date'], ['count'], ['sip', 'source', 'source_ip', 'src_ip'], ['sport', 'source_port', 'src_port'], ['dip', 'target', 'target_ip', 'dst_ip'],
  ['dport', 'target_port', 'dst_port'], ['proto', 'protocol'], ['flags', 'tcp_flags']] as const

/** Time, count, source and its port, target and its port, protocol, flags. */
type Values = readonly unknown[]

/**
 * Logs as DShield takes them (isc.sans.edu/specs): fields between tabs (time, author, count, source, its port, target,
 * its port, protocol, flags), or the JSON of its honeypot's firewall log, one entry a line or all in `logs`.
 */
export class DshieldReader implements LogReader {
  readonly #options: LogOptions
  readonly #sink: LogSink

  constructor(options: LogOptions, sink: LogSink) {
    this.#options = options
    this.#sink = sink
  }

  take(line: string): LineOutcome {
    if (line.startsWith('#') || line.trim() === '') return 'skipped'
    const object = jsonLine(line)
    if (object && Array.isArray(object['logs'])) return this.#several(listOf(object['logs']).slice(0, LOGS_MAX))
    return this.#give([object ? named(object) : fieldsOf(line)])
  }

  #several(logs: readonly unknown[]): LineOutcome {
    return this.#give(logs.map((log) => named(objectOf(log) ?? {})))
  }

  /** All of a line, or nothing. */
  #give(entries: readonly (Values | undefined)[]): LineOutcome {
    const packets = entries.map((values) => values && packetsOf(values, this.#options.zone_s))
    if (packets.some((one) => one === undefined)) return 'bad'
    const ours = packets.filter((one) => isWatched(one!.dst, this.#options.own))
    for (const one of ours) this.#sink.packets(one!)
    return packets.length === 0 ? 'skipped' : ours.length === 0 ? 'not_for_us' : 'event'
  }

  finish(): void {}
}

const named = (of: JsonObject): Values => names.map((some) => some.map((name) => of[name]).find((value) => value !== undefined && value !== null))

/** Author and time stand in either order. */
function fieldsOf(line: string): Values | undefined {
  const [first = '', second = '', ...rest] = line.split('\t', 32).map((field) => field.trim())
  if (rest.length < 6) return undefined
  return [/^\d{4}-\d{2}-\d{2}/.test(first) ? first : second, ...rest]
}

const unpadded = (value: unknown): unknown =>
  typeof value === 'string' && PADDED.test(value) ? value.split('.').map(Number).join('.') : value

function packetsOf([time, count, source, sport, target, dport, proto, flags]: Values, zone_s: number): LoggedPackets | undefined {
  const at_ms = millisIn(time, zone_s)
  const src = addressOf(unpadded(source))
  const dst = addressOf(unpadded(target))
  const protocol = protocolOf(proto)
  const packets = count === undefined || count === '' ? 1 : countOf(count, PACKETS_MAX)
  if (at_ms === undefined || src === undefined || dst === undefined || protocol === undefined || packets === undefined || packets === 0) return undefined
  // The ports of ICMP are its type and code.
  const is_icmp = protocol === 1 || protocol === 58
  return {
    at_ms, src, dst, protocol, src_port: is_icmp ? undefined : portOf(sport), dst_port: is_icmp ? undefined : portOf(dport),
    icmp_type: is_icmp ? countOf(sport, 255) : undefined, icmp_code: is_icmp ? countOf(dport, 255) : undefined,
    tcp_flags: protocol === 6 ? tcpFlagsOf(flags) : undefined, ttl: undefined, tcp_window: undefined, ip_id: undefined, packets, bytes: 0,
  }
}
