import { bytesOf, hex, joined, latin1, lineOf, startsWith, u16be, u32be, viewOf } from '../bytes.ts'
import type { Asker, UdpProtocol } from '../model.ts'
import { isMapped } from '@hirundo/base'

/** SSDP (UPnP device architecture 2.0, section 1.3): a search gets one device. */
export const ssdp: UdpProtocol = {
  name: 'ssdp',
  answer: (request, talk, { persona }) => {
    const text = latin1(request, 0, 1500)
    if (!text.startsWith('M-SEARCH ')) return []
    const target = /^ST:\s*([^\r\n]{0,200})/im.exec(text)?.[1]?.trim() ?? ''
    talk.fact('ssdp.target', target)
    const kind = target === '' || target === 'ssdp:all' ? 'upnp:rootdevice' : target
    const answer = (more: string): Uint8Array => bytesOf(`HTTP/1.1 200 OK\r\nST: ${kind}\r\n${more}\r\n`)
    return [
      answer(`CACHE-CONTROL: max-age=120\r\nUSN: uuid:00000000-0000-1000-8000-000000000001::${kind}\r\nEXT:\r\nSERVER: ${persona.upnp_server}\r\nLOCATION: ${persona.upnp_location}\r\n`),
      answer(''),
    ]
  },
}

const STUN_HEAD_BYTES = 20
const COOKIE = 0x2112_a442

/** STUN (RFC 8489): tells the asker his own address, which he knows. */
export const stun: UdpProtocol = {
  name: 'stun',
  answer: (request, talk, { persona }, asker) => {
    if (request.length < STUN_HEAD_BYTES || !startsWith(request, 0, 1) || viewOf(request).getUint32(4) !== COOKIE) return []
    talk.fact('stun.request', 'binding')
    const software = bytesOf(persona.stun_software)
    const padding = (4 - (software.length % 4)) % 4
    const name = joined(u16be(0x8022, software.length), software, new Uint8Array(padding))
    const mapped = mappedAddress(asker, request.subarray(4, 20))
    const reply = (...attributes: readonly Uint8Array[]): Uint8Array => {
      const body = joined(...attributes)
      return joined(u16be(0x0101, body.length), request.subarray(4, 20), body)
    }
    return [reply(mapped, name), reply(mapped)]
  },
}

/** XOR-MAPPED-ADDRESS (section 14.2); `mask` is cookie and transaction. */
function mappedAddress({ address, port }: Asker, mask: Uint8Array): Uint8Array {
  const is_v4 = isMapped(address)
  const hidden = (is_v4 ? address.subarray(12) : address).map((byte, place) => byte ^ mask[place]!)
  return joined(u16be(0x0020, 4 + hidden.length), Uint8Array.of(0, is_v4 ? 1 : 2), u16be(port ^ (COOKIE >>> 16)), hidden)
}

const TOKEN_BYTES_MAX = 8
const GET = 1
const URI_PATH = 11

/** CoAP (RFC 7252): one list of resources (RFC 6690), nothing else is found. */
export const coap: UdpProtocol = {
  name: 'coap',
  answer: (request, talk) => {
    const [first = 0, code = 0] = request
    const token_bytes = first & 15
    // Version 1; confirmable or not, no answers; a request and no empty message.
    if (request.length < 4 + token_bytes || first >> 6 !== 1 || (first & 0x20) !== 0 || token_bytes > TOKEN_BYTES_MAX || code === 0 || code > 31) return []
    const path = pathOf(request, 4 + token_bytes)
    talk.fact('coap.code', code)
    talk.fact('coap.path', `/${path.join('/')}`)
    const is_list = code === GET && path.join('/') === '.well-known/core'
    const confirmable = (first & 0x10) === 0
    const reply = (answer: number, rest: Uint8Array): Uint8Array =>
      joined(Uint8Array.of((confirmable ? 0x60 : 0x50) | token_bytes, answer), request.subarray(2, 4 + token_bytes), rest)
    // 2.05 Content with format 40 (link format), or 4.04 Not Found.
    const links = bytesOf('</sensors>;rt="sensor",</time>;rt="clock",</info>;ct=0')
    return [...(is_list ? [reply(0x45, joined(hex('c1 28 ff'), links)), reply(0x45, hex('c1 28'))] : []), reply(0x84, new Uint8Array(0))]
  },
}

/** Uri-Path options of a message whose options begin at `at`. */
function pathOf(request: Uint8Array, at: number): string[] {
  const path: string[] = []
  let option = 0
  while (at < request.length && request[at] !== 0xff && path.length < 16) {
    const delta = extended(request, at + 1, request[at]! >> 4)
    const length = extended(request, delta.end, request[at]! & 15)
    option += delta.value
    at = length.end + length.value
    if (at > request.length) break
    if (option === URI_PATH) path.push(latin1(request, length.end, at))
  }
  return path
}

/** An option's delta or length with its extra bytes (section 3.1). */
function extended(bytes: Uint8Array, at: number, nibble: number): { readonly value: number; readonly end: number } {
  if (nibble < 13) return { value: nibble, end: at }
  if (nibble === 13) return { value: 13 + (bytes[at] ?? 0), end: at + 1 }
  return { value: 269 + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0), end: at + 2 }
}

const RPC_BYTES = 24
const PORTMAP = 100_000

/** Portmap (RFC 1833) over ONC RPC: the list of programs, and one port. */
export const portmap: UdpProtocol = {
  name: 'portmap',
  answer: (request, talk) => {
    if (request.length < RPC_BYTES) return []
    const view = viewOf(request)
    // A call of RPC version 2.
    if (view.getUint32(4) !== 0 || view.getUint32(8) !== 2) return []
    const [program, version, procedure] = [view.getUint32(12), view.getUint32(16), view.getUint32(20)]
    talk.fact('portmap.call', `${program}.${version}.${procedure}`)
    const reply = (...numbers: readonly number[]): Uint8Array => joined(request.subarray(0, 4), u32be(1, 0, 0, 0, ...numbers))
    const PROGRAM_UNAVAILABLE = 1
    const PROCEDURE_UNAVAILABLE = 3
    if (program !== PORTMAP) return [reply(PROGRAM_UNAVAILABLE)]
    const programs = [[PORTMAP, 4], [PORTMAP, 3], [PORTMAP, 2], [100_003, 3]] as const
    const entry = ([its, its_version]: readonly [number, number]): number[] => [1, its, its_version, 17, its === PORTMAP ? 111 : 2049]
    if (procedure === 0) return [reply(0)]
    if (procedure === 3) return [reply(0, 111)]
    return procedure === 4 ? [reply(0, ...programs.flatMap(entry), 0), reply(0, ...entry(programs[2]), 0), reply(0, 0)] : [reply(PROCEDURE_UNAVAILABLE)]
  },
}

const LINE = 72
const SIGNS = Array.from({ length: 95 }, (_, place) => String.fromCharCode(32 + place)).join('')

/** CHARGEN (RFC 864): lines of signs, a few or as many bytes as were sent. */
export const chargen: UdpProtocol = {
  name: 'chargen',
  answer: (request) => {
    const lines = Array.from({ length: 6 }, (_, place) => (SIGNS + SIGNS).slice(place, place + LINE)).join('\r\n')
    return [bytesOf(`${lines}\r\n`), bytesOf(lines.slice(0, request.length))]
  },
}

const FRAME_BYTES = 8

/** Memcached over UDP (protocol.txt): statistics and misses; nothing is stored. */
export const memcached: UdpProtocol = {
  name: 'memcached',
  answer: (request, talk, { persona }) => {
    if (request.length <= FRAME_BYTES) return []
    const line = lineOf(request.subarray(FRAME_BYTES), 250)?.text ?? latin1(request, FRAME_BYTES, FRAME_BYTES + 250)
    const [command = ''] = line.split(' ', 1)
    // Answers are in capitals, and are not answered.
    if (/^[A-Z]/.test(command)) return []
    talk.fact('memcached.command', line)
    const reply = (text: string): Uint8Array => joined(request.subarray(0, 2), u16be(0, 1, 0), bytesOf(text))
    const version = `VERSION ${persona.memcached_version}\r\n`
    if (command === 'stats') {
      const few = `STAT pid 1\r\nSTAT version ${persona.memcached_version}\r\n`
      return [reply(`${few}STAT uptime 86400\r\nSTAT pointer_size 64\r\nSTAT curr_connections 10\r\nSTAT total_connections 120\r\nSTAT cmd_get 900\r\nSTAT cmd_set 80\r\nSTAT limit_maxbytes 67108864\r\nSTAT threads 4\r\nEND\r\n`), reply('END\r\n')]
    }
    if (command === 'version') return [reply(version)]
    if (command === 'get' || command === 'gets') return [reply('END\r\n')]
    return command === 'set' || command === 'add' ? [reply('STORED\r\n')] : [reply('ERROR\r\n')]
  },
}
