import { countOf } from './json.ts'

const numbers: Readonly<Record<string, number>> = {
  ICMP: 1, IGMP: 2, IPIP: 4, TCP: 6, UDP: 17, IPV6: 41, GRE: 47, ESP: 50, AH: 51, ICMP6: 58, ICMPV6: 58, 'IPV6-ICMP': 58, OSPF: 89, SCTP: 132,
}

/** IANA number of a protocol by its name or number. */
export function protocolOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return countOf(value, 255)
  const name = value.trim().toUpperCase()
  return Object.hasOwn(numbers, name) ? numbers[name] : countOf(name, 255)
}

const bits: Readonly<Record<string, number>> = { F: 0x01, S: 0x02, R: 0x04, P: 0x08, A: 0x10, U: 0x20, E: 0x40, C: 0x80, 2: 0x40, 1: 0x80, '.': 0, '*': 0 }

/** TCP flags written as letters (`...AP.SF`, `SA`; 1 and 2 are the reserved bits), or as a number. Undefined: not said. */
export function tcpFlagsOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return countOf(value, 255)
  const text = value.trim().toUpperCase()
  if (text === '' || text.length > 16) return undefined
  if (/^0X[0-9A-F]{1,2}$/.test(text)) return Number(text)
  let flags = 0
  for (const letter of text) {
    if (!Object.hasOwn(bits, letter)) return undefined
    flags |= bits[letter]!
  }
  return flags
}
