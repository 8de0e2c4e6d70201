import { fail, ok, type Result } from '@hirundo/base'
import type { Dimension } from '@hirundo/analytics'
import type { TopDimension } from '@hirundo/contract'

/** The word of the address (plural) and the store's. */
export const storeDimension: Readonly<Record<TopDimension, Dimension>> = {
  ports: 'port', economies: 'economy', asns: 'asn', sources: 'source', sensors: 'sensor', protocols: 'protocol',
}

/** Rankings by these say where an address is, never who acts. */
export const isLocation = (dimension: string): boolean => dimension === 'economy' || dimension === 'asn'

/** IANA's names of the protocols that telescopes see. */
const protocolNames: Readonly<Record<string, string>> = {
  1: 'icmp', 2: 'igmp', 4: 'ipv4', 6: 'tcp', 17: 'udp', 33: 'dccp', 41: 'ipv6', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'icmp6', 132: 'sctp',
}

/** What the store knows beside the key. */
export interface Names {
  readonly sensors: ReadonlyMap<number, string>
  readonly as_names: ReadonlyMap<number, string>
}

/** The members that name a value of a dimension in an answer. */
export interface KeyFields {
  readonly key: string
  readonly protocol?: string
  readonly port?: number | null
  readonly icmp_type?: number
  readonly icmp_code?: number
  readonly service?: string | null
  readonly economy?: string
  readonly asn?: number
  readonly as_name?: string
  readonly source?: string
  readonly sensor?: string
}

const protocolName = (text: string): string => protocolNames[text] ?? text

function portFields(key: string): KeyFields {
  const [protocol = '', first = '', second] = key.split('/')
  const name = protocolName(protocol)
  if (second !== undefined) return { key, protocol: name, port: null, icmp_type: Number(first), icmp_code: Number(second), service: null }
  const port = first === '-' ? null : Number(first)
  return { key, protocol: name, port, service: port === null ? null : serviceOf(name, port) }
}

/** Members of a key as the store gives it. */
export function keyFields(dimension: Dimension, key: string, names: Names): KeyFields {
  switch (dimension) {
    case 'port': return portFields(key)
    case 'protocol': return { key: protocolName(key), protocol: protocolName(key) }
    case 'economy': return { key, economy: key }
    case 'asn': return { key, asn: Number(key), as_name: names.as_names.get(Number(key)) ?? '' }
    case 'source': return { key, source: key }
    case 'sensor': {
      const sensor = names.sensors.get(Number(key)) ?? 'unknown'
      return { key: sensor, sensor }
    }
  }
}

/** The store's key of what a question says. Problem: `request/invalid`. */
export function storeKey(dimension: Dimension, key: string, names: Names): Result<string> {
  if (dimension === 'protocol') {
    const number = Object.keys(protocolNames).find((one) => protocolNames[one] === key.toLowerCase()) ?? key
    return ok(number)
  }
  if (dimension === 'economy') return ok(key.toUpperCase())
  if (dimension === 'asn') return ok(key.replace(/^as/i, ''))
  if (dimension !== 'sensor') return ok(key)
  const found = [...names.sensors].find(([, name]) => name === key)
  return found ? ok(String(found[0])) : fail('request/invalid', { what: 'sensor', value: key.slice(0, 64) })
}

/**
 * Services that are looked for most, by the port that they mostly stand on: a habit and not a proof. A name belongs to
 * one transport: nobody speaks telnet over UDP.
 */
const overTcp: Readonly<Record<number, string>> = {
  20: 'ftp-data', 21: 'ftp', 22: 'ssh', 23: 'telnet', 25: 'smtp', 80: 'http', 110: 'pop3', 135: 'msrpc', 139: 'netbios-ssn', 143: 'imap',
  179: 'bgp', 389: 'ldap', 443: 'https', 445: 'smb', 465: 'smtps', 502: 'modbus', 548: 'afp', 554: 'rtsp', 587: 'submission', 631: 'ipp',
  636: 'ldaps', 873: 'rsync', 902: 'vmware', 993: 'imaps', 995: 'pop3s', 1080: 'socks', 1433: 'mssql', 1521: 'oracle', 1723: 'pptp',
  1883: 'mqtt', 2222: 'ssh', 2323: 'telnet', 2375: 'docker', 2404: 'iec-104', 3128: 'proxy', 3306: 'mysql', 4444: 'metasploit',
  5000: 'upnp', 5038: 'asterisk', 5432: 'postgresql', 5555: 'adb', 5900: 'vnc', 5985: 'winrm', 6379: 'redis', 6443: 'kubernetes',
  7547: 'cwmp', 8000: 'http', 8080: 'http', 8291: 'winbox', 8443: 'https', 8545: 'ethereum', 8728: 'routeros', 8888: 'http', 9000: 'http',
  9100: 'printer', 9200: 'elasticsearch', 10250: 'kubelet', 27017: 'mongodb', 37215: 'huawei-hg532', 52869: 'realtek-sdk',
}
const overUdp: Readonly<Record<number, string>> = {
  17: 'qotd', 19: 'chargen', 69: 'tftp', 123: 'ntp', 137: 'netbios-ns', 161: 'snmp', 389: 'cldap', 443: 'quic', 500: 'ike', 514: 'syslog',
  520: 'rip', 623: 'ipmi', 1900: 'ssdp', 3283: 'ard', 3478: 'stun', 3702: 'ws-discovery', 4500: 'ike', 5353: 'mdns', 5683: 'coap', 47808: 'bacnet',
}
const overBoth: Readonly<Record<number, string>> = {
  53: 'dns', 111: 'rpcbind', 2049: 'nfs', 3389: 'rdp', 5060: 'sip', 11211: 'memcached', 20000: 'dnp3', 44818: 'ethernet-ip',
}
const servicesOf: Readonly<Record<string, Readonly<Record<number, string>>>> = { tcp: { ...overTcp, ...overBoth }, udp: { ...overUdp, ...overBoth } }
const serviceOf = (protocol: string, port: number): string | null => servicesOf[protocol]?.[port] ?? null
