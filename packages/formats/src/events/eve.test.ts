import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAddress, parseCidr, unwrap } from '@hirundo/base'
import type { Interaction } from '../interaction/model.ts'
import { readLog, sampleLines } from '../testing/logs.ts'

const own = [unwrap(parseCidr('192.0.2.0/24'))]
const read = () => readLog('eve', sampleLines('eve.json'), { own })
const of = (src: string, some: readonly Interaction[] = read().interactions): Interaction => some.find((one) => formatAddress(one.src) === src)!

test('lines that say nothing of a flow to us are told apart', () => {
  const { outcomes } = read()
  assert.deepEqual(outcomes.slice(0, 13).filter((outcome) => outcome !== 'event'), [])
  assert.deepEqual(outcomes.slice(13), ['skipped', 'not_for_us', 'skipped', 'bad'])
})

test('an alert, a request and the sums of one flow are one interaction; own addresses are in none of it', () => {
  const { interactions } = read()
  assert.equal(interactions.length, 10)
  const http = of('198.51.100.23', interactions)
  assert.deepEqual([http.at_ms, http.duration_ms, http.bytes_in, http.bytes_out, http.dst_port, http.protocol, http.handshake, http.requests],
    [Date.UTC(2026, 10, 1, 10, 0, 0, 400), 2000, 600, 900, 80, 'http', 'dialogue', 1])
  assert.deepEqual(http.facts, {
    'alert.sid': '9000001', 'alert.signature': 'EXAMPLE EXPLOIT command injection', 'alert.category': 'Attempted Administrator Privilege Gain',
    'http.method': 'GET', 'http.path': '/cgi-bin/x?c=wget', 'http.host': 'xxxxxxxxxx', 'http.user_agent': 'curl/8.14.1', 'eve.http.protocol': 'HTTP/1.1',
    'eve.http.http_content_type': 'text/html', 'eve.http.status': '404',
  })
  assert.deepEqual(http.urls, ['/cgi-bin/x?c=wget'])
  assert.equal(Buffer.from(http.sample).toString(), 'GET /cgi-bin/x?c=wget HTTP/1.1\r\nHost: xxxxxxxxxx\r\n\r\n')
  assert.equal(http.payload_sha256?.length, 32)
  assert.doesNotMatch(JSON.stringify(interactions.map((one) => ({ ...one, src: '', sample: Buffer.from(one.sample).toString() }))), /192\.0\.2\./)
})

test('protocols stand under the names of our own sensors', () => {
  const facts = (src: string) => of(src).facts
  assert.equal(facts('203.0.113.9')['tls.ja4'], 't13d1516h2_8daaf6152771_e5627efa2ab1')
  assert.deepEqual([facts('203.0.113.10')['ssh.client_version'], facts('203.0.113.10')['ssh.hassh']], ['SSH-2.0-Go', '16443846184eafde36765c9bab2f4397'])
  assert.deepEqual(facts('203.0.113.11'), { 'dns.name': 'big.example', 'dns.type': 'ANY' })
  assert.deepEqual(of('203.0.113.12').logins, [{ user: 'guest', password: 'guest' }])
  assert.deepEqual(facts('203.0.113.13'), { 'modbus.function': '43', 'modbus.unit': '1' })
  assert.equal(facts('203.0.113.14')['smb.workstation'], 'CLIENT')
})

test('a handshake is proven by what the client acknowledged, never by the answer to a SYN, and never over UDP', () => {
  assert.deepEqual(['203.0.113.15', '203.0.113.16', '203.0.113.9', '203.0.113.11'].map((src) => of(src).handshake), ['none', 'completed', 'dialogue', 'none'])
  assert.deepEqual([of('203.0.113.11').requests, of('203.0.113.11').duration_ms], [250, 40_000])
})

test('an alert about our answer names the one who came as the source', () => {
  const answered = of('203.0.113.17')
  assert.deepEqual([answered.src_port, answered.dst_port, answered.facts['alert.sid']], [6000, 80, '9000009'])
  const unknown = readLog('eve', sampleLines('eve.json').slice(12, 13))
  assert.equal(formatAddress(unknown.interactions[0]!.src), '203.0.113.17')
})
