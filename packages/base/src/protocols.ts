/** IANA's names of the IP protocols that telescopes see. */
const names: Readonly<Record<string, string>> = {
  1: 'icmp', 2: 'igmp', 4: 'ipv4', 6: 'tcp', 17: 'udp', 33: 'dccp', 41: 'ipv6', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'icmp6', 132: 'sctp',
}

/** Name of a protocol's number; the number as text where it has none here. */
export const protocolName = (number: number | string): string => names[number] ?? String(number)

/** Number, as text, of a name in any case; what is no name comes back as it is. */
export const protocolNumber = (name: string): string => Object.keys(names).find((number) => names[number] === name.toLowerCase()) ?? name
