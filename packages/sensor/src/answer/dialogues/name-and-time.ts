import { parseAddress } from '@hirundo/base'
import { bytesOf, hex, joined, u16be, u32be, viewOf } from '../bytes.ts'
import type { Setting, Talk, UdpProtocol } from '../model.ts'

const DNS_HEAD_BYTES = 12
const NAME_BYTES_MAX = 255
const type = { a: 1, txt: 16, any: 255 } as const
const typeNames: Readonly<Record<number, string>> = { 1: 'A', 2: 'NS', 5: 'CNAME', 6: 'SOA', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA', 33: 'SRV', 43: 'DS', 46: 'RRSIG', 48: 'DNSKEY', 255: 'ANY' }
const CHAOS = 3
const TTL_S = 300
/** What ANY and TXT get beside their name: a resolver that answers such questions is what a search for reflectors looks for. */
const FILLER_BYTES = 200

/** DNS (RFC 1035): answers as an open resolver would, from nothing. No name is ever looked up. */
export const dns: UdpProtocol = {
  name: 'dns',
  answer: (request, talk, setting) => {
    if (request.length < DNS_HEAD_BYTES) return []
    const view = viewOf(request)
    const flags = view.getUint16(2)
    // An answer is not answered, nor anything but a query of one question.
    if ((flags & 0x8000) !== 0 || view.getUint16(4) !== 1) return []
    talk.fact('dns.opcode', (flags >> 11) & 15)
    const question = questionOf(request)
    if (!question || (flags & 0x7800) !== 0) return [dnsMessage(request, flags, 4, 0, [])]
    talk.fact('dns.name', question.name)
    talk.fact('dns.type', typeNames[question.type] ?? question.type)
    const asked = request.subarray(DNS_HEAD_BYTES, question.end)
    const records = recordsFor(question, setting)
    return [dnsMessage(request, flags, 0, records.length, [asked, ...records]), dnsMessage(request, flags | 0x0200, 0, 0, [asked])]
  },
}

interface Question {
  readonly name: string
  readonly type: number
  readonly in_class: number
  readonly end: number
}

function questionOf(request: Uint8Array): Question | undefined {
  const labels: string[] = []
  let at = DNS_HEAD_BYTES
  for (;;) {
    const length = request[at]
    if (length === undefined || length > 63 || at + 1 + length > request.length || at - DNS_HEAD_BYTES > NAME_BYTES_MAX) return undefined
    if (length === 0) break
    labels.push(Buffer.from(request.subarray(at + 1, at + 1 + length)).toString('latin1'))
    at += 1 + length
  }
  if (at + 5 > request.length) return undefined
  const view = viewOf(request)
  return { name: labels.join('.') || '.', type: view.getUint16(at + 1), in_class: view.getUint16(at + 3), end: at + 5 }
}

function dnsMessage(request: Uint8Array, flags: number, code: number, answers: number, parts: readonly Uint8Array[]): Uint8Array {
  // Response, recursion available; opcode, truncation and recursion desired as given.
  const response = 0x8080 | (flags & 0x7b00) | code
  return joined(request.subarray(0, 2), u16be(response, parts.length > 0 ? 1 : 0, answers, 0, 0), ...parts)
}

function recordsFor(question: Question, { persona }: Setting): Uint8Array[] {
  const record = (kind: number, data: Uint8Array): Uint8Array => joined(hex('c0 0c'), u16be(kind, question.in_class), u32be(TTL_S), u16be(data.length), data)
  const text = (value: string): Uint8Array => record(type.txt, joined(Uint8Array.of(value.length), bytesOf(value)))
  if (question.in_class === CHAOS) return /^version\.(bind|server)$/i.test(question.name) ? [text(persona.dns_version)] : []
  const address = parseAddress(persona.dns_address)
  const a = address.ok ? [record(type.a, address.value.subarray(12))] : []
  if (question.type === type.a) return a
  if (question.type === type.txt) return [text('v=spf1 -all')]
  return question.type === type.any ? [...a, text('.'.repeat(FILLER_BYTES))] : []
}

const NTP_BYTES = 48
const NTP_EPOCH_S = 2_208_988_800
const mode = { client: 3, server: 4, control: 6, private: 7 } as const
const MONLIST = new Set([20, 42])
const MONITOR_ITEM_BYTES = 72
const MONITOR_ITEMS = 5

/** NTP (RFC 5905, control messages of RFC 9327, and the private requests of ntpd 4.2.6): time, variables, and a short monlist. */
export const ntp: UdpProtocol = {
  name: 'ntp',
  answer: (request, talk, setting) => {
    const [first = 0, second = 0, implementation = 0, code = 0] = request
    const its_mode = first & 7
    if (request.length < 4) return []
    talk.fact('ntp.mode', its_mode)
    talk.fact('ntp.version', (first >> 3) & 7)
    if (its_mode === mode.client && request.length >= NTP_BYTES) return [timeAnswer(request, first, setting)]
    // The response bit: what answers is not answered.
    if (its_mode === mode.control && (second & 0x80) === 0 && request.length >= 12) return control(request, first, second, talk, setting)
    if (its_mode !== mode.private || (first & 0x80) !== 0) return []
    talk.fact('ntp.request', code)
    return MONLIST.has(code) ? [MONITOR_ITEMS, 1, 0].map((items) => monitor(implementation, code, items)) : []
  },
}

function timeAnswer(request: Uint8Array, first: number, { now }: Setting): Uint8Array {
  const stamp = (ms: number): Uint8Array => u32be(Math.floor(ms / 1000) + NTP_EPOCH_S, Math.floor(((ms % 1000) / 1000) * 2 ** 32))
  const at_ms = now()
  return joined(
    Uint8Array.of((first & 0x38) | mode.server, 2, 6, 0xe9), u32be(0x0000_0a00, 0x0000_1000), bytesOf('PPS\0'), stamp(at_ms - 37_000), request.subarray(40, 48), stamp(at_ms), stamp(at_ms),
  )
}

function control(request: Uint8Array, first: number, second: number, talk: Talk, { persona }: Setting): Uint8Array[] {
  const operation = second & 31
  talk.fact('ntp.control', operation)
  const status = u16be(0x0615)
  const text = operation === 2 ? `version="${persona.ntp_version}", processor="armv7l", system="Linux", leap=0, stratum=2, refid=PPS` : ''
  const data = operation === 1 ? new Uint8Array(0) : bytesOf(text)
  const padded = joined(data, new Uint8Array((4 - (data.length % 4)) % 4))
  const head = joined(Uint8Array.of(first, 0x80 | operation), request.subarray(2, 4), status, request.subarray(6, 8), u16be(0, data.length))
  return operation === 1 || operation === 2 ? [joined(head, padded), joined(head.subarray(0, 10), u16be(0))] : []
}

/** A list of clients who do not exist (TEST-NET-2 of RFC 5737). */
function monitor(implementation: number, code: number, items: number): Uint8Array {
  const list = Array.from({ length: items }, (_, place) => {
    const item = new Uint8Array(MONITOR_ITEM_BYTES)
    item.set(u32be(60 + 7 * place, 3_600 * (place + 1), 0, 40 + place, 0xc633_6401 + place), 0)
    return item
  })
  return joined(Uint8Array.of(0xd7, 0, implementation, code), u16be(items, items === 0 ? 0 : MONITOR_ITEM_BYTES), ...list)
}
