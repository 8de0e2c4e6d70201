import { fail, ok, type Result } from '@hirundo/base'
import { readFileSync } from 'node:fs'
import { personaOf, type Persona } from './persona.ts'
import { tcpProtocols, udpProtocols } from './protocols.ts'

const FILE_BYTES_MAX = 1024 * 1024
const PORTS_MAX = 4_096

/** Which protocol answers at which port, and as whom. */
export interface Profile {
  readonly name: string
  readonly tcp: ReadonlyMap<number, string>
  readonly udp: ReadonlyMap<number, string>
  readonly persona: Persona
}

type Ports = Readonly<Record<number, string>>

const web: Ports = { 80: 'http', 443: 'tls', 8000: 'http', 8080: 'http', 8081: 'http', 8443: 'tls', 8888: 'http' }
const iot: Ports = { 22: 'ssh', 23: 'telnet', 80: 'http', 81: 'http', 1883: 'mqtt', 2323: 'telnet', 5555: 'adb', 7547: 'http', 8080: 'http', 37215: 'http', 52869: 'http', 60001: 'http' }
const ics: Ports = { 102: 's7comm', 502: 'modbus', 2404: 'iec104', 20000: 'dnp3', 44818: 'enip' }
const servers: Ports = {
  21: 'ftp', 22: 'ssh', 23: 'telnet', 25: 'smtp', 445: 'smb', 587: 'smtp', 1433: 'any', 1883: 'mqtt', 2222: 'ssh', 2323: 'telnet', 3306: 'mysql',
  3389: 'rdp', 5432: 'any', 5555: 'adb', 5900: 'any', 6379: 'redis', 9200: 'http', 11211: 'any', 27017: 'any',
}
const icsUdp: Ports = { 44818: 'enip', 47808: 'bacnet' }
const amplifier: Ports = {
  19: 'chargen', 53: 'dns', 111: 'portmap', 123: 'ntp', 161: 'snmp', 389: 'cldap', 1900: 'ssdp', 3478: 'stun', 5683: 'coap', 11211: 'memcached',
}

/** Profiles by name; a file may begin with one of them. */
const named: Readonly<Record<string, { readonly tcp: Ports; readonly udp: Ports }>> = {
  none: { tcp: {}, udp: {} },
  default: { tcp: { ...web, ...servers }, udp: {} },
  web: { tcp: web, udp: {} },
  iot: { tcp: iot, udp: { 1900: 'ssdp', 5683: 'coap' } },
  ics: { tcp: ics, udp: icsUdp },
  amplifier: { tcp: {}, udp: amplifier },
  all: { tcp: { ...web, ...iot, ...servers, ...ics }, udp: { ...amplifier, ...icsUdp } },
}

const invalid = (what: string, why: string): Result<never> => fail('setting/invalid', { what, why })

/**
 * A profile by its name, or of a JSON file: `{"base": "default", "tcp": {"8022": "ssh", "25": null}, "udp": {},
 * "persona": {"host_name": "router"}}`, where null takes a port away. Problem: `setting/invalid`.
 */
export function profileOf(text: string): Result<Profile> {
  if (Object.hasOwn(named, text)) return build(text, named[text]!, {})
  if (!text.includes('.') && !text.includes('/')) return invalid('answer', `there are the profiles ${Object.keys(named).join(', ')}, or give a JSON file`)
  let value: unknown
  try {
    const content = readFileSync(text, 'utf8')
    if (content.length > FILE_BYTES_MAX) return invalid('answer', `the file is larger than ${FILE_BYTES_MAX} bytes`)
    value = JSON.parse(content)
  } catch (error) {
    return invalid('answer', `${text}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return isObject(value) ? fromFile(value) : invalid('answer', 'the file is no JSON object')
}

function fromFile(file: Readonly<Record<string, unknown>>): Result<Profile> {
  const unknown = Object.keys(file).find((name) => !['base', 'tcp', 'udp', 'persona'].includes(name))
  if (unknown !== undefined) return invalid('answer', `a profile has no ${unknown.slice(0, 64)}`)
  const base = file['base'] ?? 'none'
  if (typeof base !== 'string' || !Object.hasOwn(named, base)) return invalid('answer', 'base is no profile')
  const { tcp = {}, udp = {}, persona = {} } = file
  if (!isObject(tcp) || !isObject(udp) || !isObject(persona)) return invalid('answer', 'tcp, udp and persona are objects')
  return build(base, { tcp: { ...named[base]!.tcp, ...(tcp as Ports) }, udp: { ...named[base]!.udp, ...(udp as Ports) } }, persona)
}

function build(name: string, ports: { readonly tcp: Ports; readonly udp: Ports }, given: Readonly<Record<string, unknown>>): Result<Profile> {
  const persona = personaOf(given)
  if (!persona.ok) return persona
  const tcp = portsOf(ports.tcp, tcpProtocols)
  if (!tcp.ok) return tcp
  const udp = portsOf(ports.udp, udpProtocols)
  if (!udp.ok) return udp
  return ok({ name, tcp: tcp.value, udp: udp.value, persona: persona.value })
}

function portsOf(given: Readonly<Record<string, unknown>>, protocols: ReadonlyMap<string, unknown>): Result<ReadonlyMap<number, string>> {
  const ports = new Map<number, string>()
  for (const [text, protocol] of Object.entries(given)) {
    const port = Number(text)
    if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) return invalid('answer', `${text.slice(0, 16)} is no port`)
    if (protocol === null) continue
    if (typeof protocol !== 'string' || !protocols.has(protocol)) {
      return invalid('answer', `port ${port}: there are the protocols ${[...protocols.keys()].join(', ')}`)
    }
    ports.set(port, protocol)
  }
  return ports.size > PORTS_MAX ? invalid('answer', `more than ${PORTS_MAX} ports`) : ok(ports)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)
