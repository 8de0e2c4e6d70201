/**
 * Protocol and destination port in 18 bits: with an address number (33 bits) they fit a number exactly, which makes keys of
 * maps that need no text.
 */
export type PortKey = number

const TCP = 0
const UDP = 1
const ICMP = 2
const OTHER = 3
const classOf: Readonly<Record<number, number>> = { 6: TCP, 17: UDP, 1: ICMP, 58: ICMP }
const BITS = 16

export const PORT_KEYS = 1 << 18

/** Of ICMP: type and code; of protocols without ports: the protocol. */
export function portKey(protocol: number, dst_port: number, icmp_type: number, icmp_code: number): PortKey {
  const kind = classOf[protocol] ?? OTHER
  if (kind === ICMP) return (ICMP << BITS) | ((icmp_type & 255) << 8) | (icmp_code & 255)
  return kind === OTHER ? (OTHER << BITS) | protocol : (kind << BITS) | (dst_port & 0xffff)
}

export const hasPort = (key: PortKey): boolean => key >>> BITS <= UDP
export const isTcp = (key: PortKey): boolean => key >>> BITS === TCP
export const isIcmp = (key: PortKey): boolean => key >>> BITS === ICMP
export const portOf = (key: PortKey): number => key & 0xffff
/** Key of `tcp` or `udp` and a port. */
export const portKeyOf = (protocol: 'tcp' | 'udp', port: number): PortKey => ((protocol === 'tcp' ? TCP : UDP) << BITS) | port

/** As a subject names it: `{ protocol: 'tcp', port: 23 }`; without a port `{ protocol: 'icmp' }`. */
export function portSubject(key: PortKey): { readonly protocol: string; readonly port?: number } {
  const kind = key >>> BITS
  if (kind <= UDP) return { protocol: kind === TCP ? 'tcp' : 'udp', port: portOf(key) }
  return { protocol: kind === ICMP ? 'icmp' : String(portOf(key)) }
}
