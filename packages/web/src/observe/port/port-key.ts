/** A port as the address of a page names it, as questions name it. */
export interface PortAsked {
  /** `tcp/23`, `icmp/8/0`, `47/-`. */
  readonly key: string
  readonly protocol: string
  /** As the route takes it: `23`, `8-0`, `-`. */
  readonly port: string
}

const inRange = (text: string | undefined, max: number): boolean => text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= max

/** Undefined for what is no port: no such protocol, a number beyond 65535, an ICMP type without a code. */
export function readPort(protocol_text: string, port: string): PortAsked | undefined {
  const lower = protocol_text.toLowerCase()
  const protocol = lower === 'icmpv6' ? 'icmp6' : lower
  if (!/^(tcp|udp|icmp|icmp6|dccp|sctp)$/.test(protocol) && !inRange(protocol, 255)) return undefined
  const asked = { key: `${protocol}/${port === '-' ? port : port.replace('-', '/')}`, protocol, port }
  if (port === '-') return asked
  const [first, second, ...rest] = port.split('-')
  if (rest.length > 0) return undefined
  const is_icmp = ['icmp', 'icmp6', '1', '58'].includes(protocol)
  const right = is_icmp ? inRange(first, 255) && inRange(second, 255) : inRange(first, 65_535) && second === undefined
  return right ? asked : undefined
}
