import { addressOf } from './address.ts'
import type { LineOutcome, LogOptions, LogReader, LogSink } from './model.ts'
import { countOf, portOf } from './json.ts'
import { isWatched } from './own-text.ts'
import { protocolOf } from './protocols.ts'
import { readStamp } from './syslog-time.ts'

const FIELDS_MAX = 64
const flagNames: ReadonlyMap<string, number> = new Map([
  ['FIN', 0x01], ['SYN', 0x02], ['RST', 0x04], ['PSH', 0x08], ['ACK', 0x10], ['URG', 0x20], ['ECE', 0x40], ['CWR', 0x80],
])

interface Fields {
  readonly of: ReadonlyMap<string, string>
  readonly flags: number
}

/** `KEY=VALUE` and flags of a packet's log; the first of a name counts, and what an ICMP error quotes does not. */
function fieldsOf(text: string): Fields {
  const of = new Map<string, string>()
  let flags = 0
  for (const word of text.split(' ', FIELDS_MAX)) {
    if (word.startsWith('[')) break
    const equals = word.indexOf('=')
    if (equals < 0) flags |= flagNames.get(word) ?? 0
    else if (!of.has(word.slice(0, equals))) of.set(word.slice(0, equals), word.slice(equals + 1))
  }
  return { of, flags }
}

/** Who wrote a line: the word before the first colon after the host's name, or the fourth field of RFC 5424. */
const PROGRAM = / ([\w./@-]{1,64})(\[\d{1,10}\])?: +/
const RFC_5424 = /^<\d{1,3}>1 \S+ \S+ (\S+) /
const writers: ReadonlySet<string> = new Set(['kernel', 'ulogd'])

/**
 * Whether the kernel (or ulogd for it) wrote the packet that begins at `start`. Others quote what strangers sent: the name of a user
 * that was tried over SSH may look like a packet from anywhere. A prefix of the rule's own may stand where a program would.
 */
function isOfKernel(line: string, start: number): boolean {
  const app = RFC_5424.exec(line.slice(0, 256))?.[1]
  if (app !== undefined) return writers.has(app)
  const found = PROGRAM.exec(line.slice(0, start))
  if (!found || writers.has(found[1]!)) return true
  return found[2] === undefined && found.index + found[0].length === start
}

/**
 * Packets that iptables' LOG or nftables' log wrote to the kernel log (Linux, net/ipv4/netfilter/nf_log_syslog), as
 * syslog or the journal keeps it. Lines about anything else are skipped.
 */
export class KernelReader implements LogReader {
  readonly #options: LogOptions
  readonly #sink: LogSink
  #year: { year: number; month: number } | undefined

  constructor(options: LogOptions, sink: LogSink) {
    this.#options = options
    this.#sink = sink
    if (options.first_year !== undefined) this.#year = { year: options.first_year, month: -1 }
  }

  take(line: string): LineOutcome {
    const start = line.indexOf('SRC=')
    const begin = start < 0 ? -1 : line.slice(0, start).indexOf('IN=')
    if (begin < 0 || !isOfKernel(line, begin)) return 'skipped'
    const stamp = readStamp(line, this.#options.zone_s, this.#year)
    const { of, flags } = fieldsOf(line.slice(start))
    const src = addressOf(of.get('SRC'))
    const dst = addressOf(of.get('DST'))
    const protocol = protocolOf(of.get('PROTO'))
    if (stamp === undefined || src === undefined || dst === undefined || protocol === undefined) return 'bad'
    this.#year = stamp.year ?? this.#year
    // What this machine sent itself names no interface that it came in by.
    if (line.slice(0, start).includes('IN= OUT=') && !line.slice(0, start).includes('OUT= ')) return 'not_for_us'
    if (!isWatched(dst, this.#options.own)) return 'not_for_us'
    const is_icmp = protocol === 1 || protocol === 58
    this.#sink.packets({
      at_ms: stamp.at_ms, src, dst, protocol, src_port: is_icmp ? undefined : portOf(of.get('SPT')), dst_port: is_icmp ? undefined : portOf(of.get('DPT')),
      icmp_type: is_icmp ? countOf(of.get('TYPE'), 255) : undefined, icmp_code: is_icmp ? countOf(of.get('CODE'), 255) : undefined,
      tcp_flags: protocol === 6 ? flags : undefined, ttl: countOf(of.get('TTL') ?? of.get('HOPLIMIT'), 255), tcp_window: portOf(of.get('WINDOW')),
      ip_id: portOf(of.get('ID')), packets: 1, bytes: portOf(of.get('LEN')) ?? 0,
    })
    return 'event'
  }

  finish(): void {}
}
