import { fail, ok, type Result } from './result.ts'

/** An address as 16 bytes; IPv4 is mapped (::ffff:0:0/96, RFC 4291 section 2.5.5.2). */
export type AddressBytes = Uint8Array

const MAPPED_PREFIX_BYTES = 12

/** True for ::ffff:0:0/96. */
export function isMapped(bytes: Uint8Array, offset = 0): boolean {
  for (let i = 0; i < 10; i++) if (bytes[offset + i] !== 0) return false
  return bytes[offset + 10] === 0xff && bytes[offset + 11] === 0xff
}

function parseV4Into(text: string, out: Uint8Array, offset: number): boolean {
  const parts = text.split('.')
  if (parts.length !== 4) return false
  for (let i = 0; i < 4; i++) {
    const part = parts[i]!
    if (part.length === 0 || part.length > 3 || (part.length > 1 && part[0] === '0')) return false
    for (const c of part) if (c < '0' || c > '9') return false
    const value = Number(part)
    if (value > 255) return false
    out[offset + i] = value
  }
  return true
}

/** Groups of one side of `::`; dotted IPv4 may only end the whole address. */
function parseGroups(text: string, endsAddress: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!
    if (part.includes('.')) {
      const four = new Uint8Array(4)
      if (!endsAddress || i !== parts.length - 1 || !parseV4Into(part, four, 0)) return undefined
      groups.push((four[0]! << 8) | four[1]!, (four[2]! << 8) | four[3]!)
      continue
    }
    if (part.length === 0 || part.length > 4) return undefined
    for (const c of part) if (!'0123456789abcdefABCDEF'.includes(c)) return undefined
    groups.push(Number.parseInt(part, 16))
  }
  return groups
}

/** Sixteen bytes of an IPv4 or IPv6 address in text (RFC 4291 section 2.2). Problem: `request/invalid`. */
export function parseAddress(text: string): Result<AddressBytes> {
  const invalid = fail('request/invalid', { what: 'address', value: text.slice(0, 64) })
  const bytes = new Uint8Array(16)
  if (text.length > 45) return invalid
  if (!text.includes(':')) {
    bytes[10] = bytes[11] = 0xff
    return parseV4Into(text, bytes, MAPPED_PREFIX_BYTES) ? ok(bytes) : invalid
  }
  const halves = text.split('::')
  if (halves.length > 2) return invalid
  const head = parseGroups(halves[0]!, halves.length === 1)
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : []
  if (!head || !tail) return invalid
  const count = head.length + tail.length
  if (halves.length === 2 ? count > 7 : count !== 8) return invalid
  const groups = [...head, ...Array.from({ length: 8 - count }, () => 0), ...tail]
  groups.forEach((group, i) => {
    bytes[2 * i] = group >> 8
    bytes[2 * i + 1] = group & 0xff
  })
  return ok(bytes)
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 1 }
  for (let i = 0; i < groups.length; ) {
    let end = i
    while (end < groups.length && groups[end] === 0) end++
    if (end - i > best.length) best = { start: i, length: end - i }
    i = Math.max(end, i + 1)
  }
  return best
}

/** Text by RFC 5952; a mapped address as dotted IPv4. */
export function formatAddress(bytes: Uint8Array, offset = 0): string {
  if (isMapped(bytes, offset)) {
    return `${bytes[offset + 12]}.${bytes[offset + 13]}.${bytes[offset + 14]}.${bytes[offset + 15]}`
  }
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[offset + 2 * i]! << 8) | bytes[offset + 2 * i + 1]!)
  const run = longestZeroRun(groups)
  const text = (part: number[]) => part.map((group) => group.toString(16)).join(':')
  if (run.start < 0) return text(groups)
  return `${text(groups.slice(0, run.start))}::${text(groups.slice(run.start + run.length))}`
}

/** A network: `bits` counts over 128, so 192.0.2.0/24 is 120. */
export interface Cidr {
  readonly bytes: AddressBytes
  readonly bits: number
}

/** A network in text; a bare address is a /32 or /128. Host bits must be zero. Problem: `request/invalid`. */
export function parseCidr(text: string): Result<Cidr> {
  const invalid = fail('request/invalid', { what: 'cidr', value: text.slice(0, 64) })
  const slash = text.indexOf('/')
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (!address.ok) return invalid
  const offset = text.includes(':') ? 0 : 96
  const given = slash < 0 ? String(128 - offset) : text.slice(slash + 1)
  if (given.length === 0 || given.length > 3 || [...given].some((c) => c < '0' || c > '9')) return invalid
  const bits = Number(given) + offset
  if (bits > 128) return invalid
  const cidr = { bytes: address.value, bits }
  return maskTo(cidr.bytes, bits).every((byte, i) => byte === cidr.bytes[i]) ? ok(cidr) : invalid
}

/** The address with all bits after the first `bits` cleared. */
export function maskTo(bytes: AddressBytes, bits: number): AddressBytes {
  return bytes.map((byte, i) => {
    const keep = Math.min(8, Math.max(0, bits - 8 * i))
    return byte & (0xff00 >> keep)
  })
}

export const formatCidr = (cidr: Cidr): string =>
  `${formatAddress(cidr.bytes)}/${isMapped(cidr.bytes) && cidr.bits >= 96 ? cidr.bits - 96 : cidr.bits}`

/** Whether all of `inner` lies in `outer`. */
export const cidrWithin = (inner: Cidr, outer: Cidr): boolean => inner.bits >= outer.bits && cidrContains(outer, inner.bytes)

/** Whether `bytes` at `offset` lies in `cidr`. */
export function cidrContains(cidr: Cidr, bytes: Uint8Array, offset = 0): boolean {
  const whole = cidr.bits >> 3
  for (let i = 0; i < whole; i++) if (cidr.bytes[i] !== bytes[offset + i]) return false
  const rest = cidr.bits & 7
  if (rest === 0) return true
  const mask = (0xff00 >> rest) & 0xff
  return (cidr.bytes[whole]! & mask) === (bytes[offset + whole]! & mask)
}
