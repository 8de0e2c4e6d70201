// Software that nobody here wrote talks to the responders; what is not installed is skipped by name.
import type { Interaction } from '@hirundo/formats'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { enrolled, until, type Rig } from '../rig.fixture.ts'
import { interactionsAt, startAnswering, type AnsweringSensor } from './rig.fixture.ts'

const PROGRAM_MS_MAX = 40_000
/** Reads the identification and three registers, and tries to write one: nothing is ever actuated. */
const pymodbus = `
import sys
from pymodbus.client import ModbusTcpClient
from pymodbus.mei_message import ReadDeviceInformationRequest
client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]))
client.connect()
print(client.execute(ReadDeviceInformationRequest(1, 0)).information)
print(client.read_holding_registers(0, 3, slave=1).registers)
print("write: exception", client.write_register(0, 7, slave=1).exception_code)
`
/** Clients that are no program of their own. */
const libraries: Readonly<Record<string, { readonly program: string; readonly args: readonly string[]; readonly needs: string }>> = {
  'python3-pymodbus': { program: '/usr/bin/python3', args: ['-c', pymodbus], needs: "/usr/bin/python3 -c 'import pymodbus.mei_message'" },
}
const isHere = (program: string): boolean =>
  spawnSync('sh', ['-c', libraries[program]?.needs ?? `command -v ${program}`]).status === 0
const tcp = { 21: 'ftp', 22: 'ssh', 23: 'telnet', 25: 'smtp', 80: 'http', 102: 's7comm', 443: 'tls', 445: 'smb', 502: 'modbus', 1883: 'mqtt', 3306: 'mysql', 3389: 'rdp', 6379: 'redis', 44818: 'enip' }
const udp = { 53: 'dns', 123: 'ntp', 161: 'snmp' }
/** ntpq and ntpdig ask no other port. */
const NTP_PORT = 123
const many = 1_000_000
const generous = {
  answer_udp_answers_per_source_minute_max: many, answer_udp_answers_per_net_minute_max: many, answer_sessions_per_source_max: 1_000,
}

interface Ran {
  readonly status: number | null
  /** Both outputs. */
  readonly text: string
}

function run(name: string, more: readonly string[], input = ''): Promise<Ran> {
  const { program, args } = libraries[name] ?? { program: name, args: [] }
  const child = spawn(program, [...args, ...more], { stdio: ['pipe', 'pipe', 'pipe'], timeout: PROGRAM_MS_MAX, env: { ...process.env, LC_ALL: 'C', HOME: '/nonexistent' } })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (text += part))
  child.stdin.on('error', () => undefined).end(input)
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, text })))
}

// Of UDP each asks from a net of its own: a net has one first answer that is larger than what it sent.
describe('real clients', { timeout: 300_000 }, () => {
  let rig: Rig
  let answering: AnsweringSensor
  const enders: (() => unknown)[] = []

  before(async () => {
    rig = await enrolled({ after: (end: () => unknown) => enders.push(end) } as never)
    answering = await startAnswering(rig, { tcp, udp, bounds: generous, settings: { listenAt: (dst_port) => (dst_port === NTP_PORT && process.getuid?.() === 0 ? NTP_PORT : 0) } })
  })
  after(async () => {
    await answering.sensor.stop()
    for (const end of enders) await end()
  })

  const port = (name: string): string => String(answering.port(name))

  /** Runs a client against a port and gives its output and the records of that port that it left. */
  const client = (program: string, name: string, args: (port: string) => readonly string[], check: (ran: Ran, records: () => readonly Interaction[]) => Promise<void> | void, input = ''): void => {
    test(`${program}: ${name}`, { skip: isHere(program) ? false : `${program} is not installed`, timeout: PROGRAM_MS_MAX }, async (t) => {
      if (answering.sensor.listening.get(name) === undefined) return t.skip(`${name} cannot be listened on here`)
      if (name === 'udp/123' && answering.port(name) !== NTP_PORT) return t.skip(`${program} asks port 123 only, which needs root`)
      const records = (): Interaction[] => interactionsAt(rig.node).filter((one) => `${one.transport}/${one.dst_port}` === name)
      const ran = await run(program, args(port(name)), input)
      if (name.startsWith('tcp')) await until(() => records().length > 0)
      await check(ran, records)
    })
  }
  const seen = async (records: () => readonly Interaction[], holds: (record: Interaction) => boolean): Promise<void> => until(() => records().some(holds))

  client('curl', 'tcp/80', (at) => ['-si', '--user', 'admin:secret', `http://127.0.0.1:${at}/login?x=1`], async ({ text, status }, records) => {
    assert.equal(status, 0)
    assert.match(text, /^HTTP\/1\.1 200 OK[^]*<form/)
    await seen(records, (one) => one.facts['http.path'] === '/login?x=1' && one.logins[0]?.password === 'secret' && one.guess?.name === 'curl')
  })
  client('curl', 'tcp/443', (at) => ['-sk', `https://localhost:${at}/`], async ({ status }, records) => {
    assert.equal(status, 35)
    await seen(records, (one) => /^t13d\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$/.test(one.facts['tls.ja4'] ?? '') && one.facts['tls.server_name'] === 'localhost')
  })
  client('ssh', 'tcp/22', (at) => ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-p', at, 'root@127.0.0.1', 'true'], async ({ status }, records) => {
    assert.equal(status, 255)
    await seen(records, (one) => one.facts['ssh.client_version']?.startsWith('SSH-2.0-OpenSSH') === true && /^[0-9a-f]{32}$/.test(one.facts['ssh.hassh'] ?? ''))
  })
  client('redis-cli', 'tcp/6379', (at) => ['-p', at, 'INFO'], async ({ text }, records) => {
    assert.match(text, /redis_version:6/)
    await seen(records, (one) => one.facts['redis.commands']?.includes('INFO') === true)
  })
  client('mosquitto_pub', 'tcp/1883', (at) => ['-h', '127.0.0.1', '-p', at, '-u', 'iot', '-P', 'pw', '-t', 'a/b', '-q', '1', '-m', 'x'], async ({ status }, records) => {
    assert.equal(status, 0)
    await seen(records, (one) => one.logins[0]?.user === 'iot' && one.facts['mqtt.publish'] === 'a/b')
  })
  client('mbpoll', 'tcp/502', (at) => ['-m', 'tcp', '-p', at, '-r', '1', '-c', '3', '-1', '127.0.0.1'], async ({ text, status }, records) => {
    assert.equal(status, 0, text)
    assert.match(text, /\[3\]:\s+0/)
    await seen(records, (one) => one.facts['modbus.function'] === '3' && one.facts['modbus.range'] === '0+3')
  })
  client('python3-pymodbus', 'tcp/502', (at) => [at], async ({ text, status }, records) => {
    assert.equal(status, 0, text)
    assert.match(text, /b'Generic Controls'[^]*b'PLC-200'[^]*\[0, 0, 0\][^]*write: exception 1/)
    await seen(records, (one) => ['43', '3', '6'].every((code) => one.facts['modbus.function']?.split(' | ').includes(code)))
  })
  client('smbclient', 'tcp/445', (at) => ['-L', '//127.0.0.1', '-p', at, '-U', 'WORK\\alice%pw'], async ({ text }, records) => {
    assert.match(text, /NT_STATUS_LOGON_FAILURE/)
    await seen(records, (one) => one.logins[0]?.user === 'alice' && one.facts['smb.domain'] === 'WORK')
  })
  client('mysql', 'tcp/3306', (at) => ['--no-defaults', '-h', '127.0.0.1', '-P', at, '-u', 'root', '-ppw', '-e', 'select 1'], async ({ text }, records) => {
    assert.match(text, /Access denied for user 'root'/)
    await seen(records, (one) => one.logins[0]?.user === 'root')
  })
  client('swaks', 'tcp/25', (at) => ['--server', '127.0.0.1', '--port', at, '--to', 'x@example.net', '--auth', 'LOGIN', '--auth-user', 'u', '--auth-password', 'p', '--helo', 'me.example'], async ({ text }, records) => {
    assert.match(text, /535 5\.7\.8/)
    await seen(records, (one) => one.logins[0]?.user === 'u' && one.logins[0].password === 'p' && one.facts['smtp.hello'] === 'EHLO me.example')
  })
  client('dig', 'udp/53', (at) => ['+tries=1', '+time=3', '-b', '127.0.2.1', '@127.0.0.1', '-p', at, 'example.org', 'A'], ({ text }) => {
    assert.match(text, /status: NOERROR[^]*192\.0\.2\.53/)
  })
  // Before ntpq, whose answer is larger than its request and is this net's first one.
  client('ntpdig', 'udp/123', () => ['127.0.0.1'], ({ text, status }) => {
    assert.equal(status, 0, text)
    assert.match(text, /127\.0\.0\.1 s\d/)
    assert.ok(Math.abs(Number(/[+-]\d+\.\d+/.exec(text)![0])) < 5, 'an answer of NTP tells the time')
  })
  client('ntpq', 'udp/123', () => ['-c', 'rv', '127.0.0.1'], ({ text }) => {
    assert.match(text, /version="ntpd 4\.2\.6p5"/)
  })
  client('snmpget', 'udp/161', (at) => ['-v2c', '--clientaddr=127.0.3.1', '-c', 'public', '-t', '2', '-r', '0', `127.0.0.1:${at}`, '1.3.6.1.2.1.1.1.0'], ({ text }) => {
    assert.match(text, /STRING: "?Linux gateway/)
  })
  client('nmap', 'tcp/22', () => ['-n', '-Pn', '-sV', '--version-light', '-p', ['tcp/21', 'tcp/22', 'tcp/80', 'tcp/3306'].map(port).join(','), '127.0.0.1'], ({ text }) => {
    for (const service of [/open\s+ssh\s+OpenSSH 9\.2p1/, /open\s+http\s+nginx/, /open\s+mysql\s+MySQL 8\.0\.36/, /open\s+ftp/]) assert.match(text, service)
  })
  const script = (name: string, scripts: string, expected: readonly RegExp[]): void =>
    client('nmap', name, (at) => ['-n', '-Pn', '-p', at, '--script', scripts, '127.0.0.1'], ({ text }) => {
      for (const pattern of expected) assert.match(text, pattern)
    })
  script('tcp/502', '+modbus-discover', [/Generic Controls/, /PLC-200/])
  script('tcp/102', '+s7-info', [/PLC-200/, /Pump station/])
  script('tcp/44818', '+enip-info', [/PLC-200/])
  script('tcp/445', '+smb-protocols', [/2[.:]0?2|202|210|2\.1/])
  script('tcp/3389', '+rdp-ntlm-info', [/open/])
})
