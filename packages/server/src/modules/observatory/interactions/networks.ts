import { cidrWithin, fail, formatAddress, formatCidr, isMapped, maskTo, ok, parseCidr, unwrap, type Cidr, type Result } from '@hirundo/base'

/** Wider networks are mistakes: one line must not hide or mark a large part of the internet. */
const V4_BITS_MIN = 8
const V6_BITS_MIN = 16
const V4_OFFSET = 96

/** All of IPv4, as addresses are kept: `::/64` would be it, and not a part of IPv6. */
const ALL_OF_V4: Cidr = unwrap(parseCidr('0.0.0.0/0'))

const isV4 = ({ bytes, bits }: Cidr): boolean => isMapped(bytes) && bits >= V4_OFFSET

/** How long the prefix is in the family's own counting. */
export const prefixOf = (cidr: Cidr): { readonly family: 4 | 6; readonly prefix_bits: number } =>
  isV4(cidr) ? { family: 4, prefix_bits: cidr.bits - V4_OFFSET } : { family: 6, prefix_bits: cidr.bits }

/**
 * A network or address that people name, not wider than a /8 or an IPv6 /16. Problem: `request/invalid`, which does
 * not say what was given: it may be an address of ours.
 */
export function networkNamed(text: string): Result<Cidr> {
  const cidr = parseCidr(text.trim())
  if (!cidr.ok) return fail('request/invalid', { what: 'network', reason: 'neither an address nor a CIDR whose host bits are zero' })
  const { family, prefix_bits } = prefixOf(cidr.value)
  const is_narrow = prefix_bits >= (family === 4 ? V4_BITS_MIN : V6_BITS_MIN) && !cidrWithin(ALL_OF_V4, cidr.value)
  return is_narrow ? cidr : fail('request/invalid', { what: 'network', reason: 'too wide' })
}

/** Its one written form. */
export const networkText = (cidr: Cidr): string => formatCidr(cidr)

/** Whether one of the networks (as CIDR) holds an address: one look into a set for each length of prefix. */
export function holds(networks: readonly string[]): (address: Uint8Array) => boolean {
  const byLength = Map.groupBy(networks.map((text) => unwrap(parseCidr(text))), ({ bits }) => bits)
  const sets = [...byLength].map(([bits, cidrs]) => ({ bits, firsts: new Set(cidrs.map(({ bytes }) => formatAddress(bytes))) }))
  return (address) => sets.some(({ bits, firsts }) => firsts.has(formatAddress(maskTo(address, bits))))
}

const networks_max = 200_000
const lines_max = 1_000_000
const line_chars_max = 200

/**
 * The networks of a list: one CIDR or address a line, `#` begins a comment. Each comes once. Problem: `request/invalid`
 * with the number of the first line that is neither, or with the bound that is exceeded.
 */
export function parseNetworks(bytes: Uint8Array): Result<readonly string[]> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const networks = new Set<string>()
  let line = 0
  for (let at = 0; at < text.length; ) {
    if (++line > lines_max) return fail('request/invalid', { what: 'lines', max: lines_max })
    const next = text.indexOf('\n', at)
    const end = next < 0 ? text.length : next
    const written = text.slice(at, Math.min(end, at + line_chars_max)).split('#', 1)[0]!.trim()
    at = end + 1
    if (written === '') continue
    const cidr = networkNamed(written)
    if (!cidr.ok) return fail('request/invalid', { ...cidr.problem.detail, line })
    networks.add(networkText(cidr.value))
    if (networks.size > networks_max) return fail('request/invalid', { what: 'networks', max: networks_max })
  }
  return ok([...networks])
}
