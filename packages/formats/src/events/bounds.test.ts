import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap, parseAddress, parseCidr } from '@hirundo/base'
import { decodeInteraction, encodeInteraction, INTERACTION_LENGTH_BYTES } from '../interaction/codec.ts'
import { interactionBounds, type Interaction } from '../interaction/model.ts'
import { logOptions, readLog, sampleLines } from '../testing/logs.ts'
import { addressOf } from './address.ts'
import { logBounds } from './model.ts'
import { logReader } from './readers.ts'
import { millisIn, millisOf, zoneSeconds } from './time.ts'

const connect = (n: number, more = ''): string =>
  `{"eventid":"cowrie.session.connect","session":"s${n}","src_ip":"198.18.${(n >> 8) & 255}.${n & 255}","timestamp":"2026-11-01T10:00:00Z"${more}}`
const ended = (n: number): string => `{"eventid":"cowrie.session.closed","session":"s${n}","duration":1,"timestamp":"2026-11-01T10:00:01Z"}`

/** A reader, and what it gave out before its end. */
function reading(kind: 'cowrie' | 'eve') {
  const out: Interaction[] = []
  return { out, reader: logReader(kind, logOptions, { interaction: (one) => void out.push(one), packets: () => undefined }) }
}

test('sessions without an end are given out from the bound on, the oldest first', () => {
  const { out, reader } = reading('cowrie')
  for (let n = 0; n < logBounds.open_max + 3; n++) reader.take(connect(n))
  assert.deepEqual(out.map(({ src }) => src.at(-1)), [0, 1, 2])
  reader.finish()
  assert.equal(out.length, logBounds.open_max + 3)
})

test('the memory of open sessions is bounded by what their texts take, not by their number alone', () => {
  const { out, reader } = reading('cowrie')
  const long = Array.from({ length: 30 }, (_, n) => `,"field${n}":"${'ü'.repeat(interactionBounds.fact_chars_max)}"`).join('')
  const each = 30 * 2 * interactionBounds.fact_chars_max
  const sessions = Math.ceil(logBounds.open_bytes_max / each) + 50
  for (let n = 0; n < sessions; n++) reader.take(connect(n, long))
  assert.ok(out.length >= 40, `${out.length} of ${sessions} were given out`)
})

test('who says the same without end does not push the sessions of others out', () => {
  const { out, reader } = reading('cowrie')
  reader.take(connect(0))
  reader.take(connect(1))
  const again = connect(1, `,"field":"${'y'.repeat(interactionBounds.fact_chars_max)}"`)
  for (let n = 0; n * 2 * interactionBounds.fact_chars_max <= logBounds.open_bytes_max; n++) reader.take(again)
  assert.equal(out.length, 0)
})

test('sessions of two logs that bear one name stay those of their sources', () => {
  const of = (kind: 'cowrie' | 'conpot', lines: readonly object[]) => readLog(kind, lines.map((line) => JSON.stringify(line))).interactions
    .map(({ src, logins, facts }) => [src.at(-1), logins.map(({ user }) => user).join(), facts['http.path'] ?? ''])
  const one = { session: 's', src_ip: '198.51.100.1', id: 's', data_type: 'http', timestamp: '2026-11-01T10:00:00Z' }
  const two = { ...one, src_ip: '198.51.100.2' }
  const login = { eventid: 'cowrie.login.failed', password: 'p' }
  assert.deepEqual(of('cowrie', [{ ...one, ...login, username: 'a' }, { ...two, ...login, username: 'b' }, { ...one, ...login, username: 'c' }]), [[1, 'a,c', ''], [2, 'b', '']])
  assert.deepEqual(of('conpot', [{ ...one, request: 'GET /a HTTP/1.1' }, { ...two, request: 'GET /b HTTP/1.1' }]), [[1, '', '/a'], [2, '', '/b']])
})

test('names of unknown fields hide own addresses and control characters, and two that are cut alike are one', () => {
  const own = [unwrap(parseCidr('192.0.2.0/24'))]
  const line = JSON.stringify({ type: 'Tanner', '@timestamp': '2026-11-01T10:00:00Z', src_ip: '198.51.100.1', target_ip: '192.0.2.9', head: { '192.0.2.7': 1, '\u001b[2J': 2, 'a\ud800': 3, 'a\ud801': 4 } })
  const [one] = readLog('tpot', [line], { own }).interactions
  const { facts } = unwrap(decodeInteraction(encodeInteraction(one!).subarray(INTERACTION_LENGTH_BYTES)))
  assert.deepEqual(facts, { 'tpot.type': 'tanner', 'tpot.tanner.head.xxxxxxxxx': '1', 'tpot.tanner.head.␛[2J': '2', 'tpot.tanner.head.a\ufffd': '3' })
})

test('a late event still belongs to its session, until many others have ended', () => {
  const { out, reader } = reading('cowrie')
  reader.take(connect(0))
  reader.take(ended(0))
  reader.take('{"eventid":"cowrie.session.file_download","late":true,"session":"s0","src_ip":"198.18.0.0","url":"http://203.0.113.9/x","timestamp":"2026-11-01T10:00:09Z"}')
  for (let n = 1; n <= logBounds.ended_max; n++) for (const line of [connect(n), ended(n)]) reader.take(line)
  assert.deepEqual(out.map(({ urls }) => urls), [['http://203.0.113.9/x']])
})

test('a long text is cut and marked, and an address of ours at the cut is no exception', () => {
  const own = [unwrap(parseCidr('192.0.2.0/24'))]
  const line = (text: string): string => JSON.stringify({
    eventid: 'cowrie.command.input', session: 's', src_ip: '198.51.100.1', timestamp: '2026-11-01T10:00:00Z', input: text,
  })
  const text = `${'y'.repeat(interactionBounds.fact_chars_max - 6)} 192.0.2.77`
  const [cut] = readLog('cowrie', [line(text)], { own }).interactions
  assert.equal(cut!.truncated, true)
  assert.equal(cut!.facts['ssh.commands']!.slice(-6), ' xxxxx')
})

test('times are read in every form of the logs, in their zone, and bounded', () => {
  const at = Date.UTC(2026, 10, 1, 10, 0, 0, 123)
  for (const text of ['2026-11-01T10:00:00.123456+0000', '2026-11-01T19:00:00.123+09:00', '2026-11-01 10:00:00,123Z', '2026-11-01T05:00:00.123-05', '2026/11/01 10:00:00.123']) {
    assert.equal(millisOf(text, 0), at, text)
  }
  assert.equal(millisOf('2026-11-01 19:00:00.123', 9 * 3600), at)
  assert.deepEqual([millisIn(at / 1000, 0), millisIn(at, 0), millisIn('1793527200.123', 0)], [at, at, at])
  for (const text of ['2026-02-30T10:00:00Z', '2026-11-01T24:00:00Z', '1969-12-31T23:59:59Z', '2106-01-01T00:00:00Z', '2026-11-01T10:00:00+25:00', '2026-11-01', '', '2026-11-01T10:00:00 now']) {
    assert.equal(millisOf(text, 0), undefined, text)
  }
  for (const value of [-1, Number.NaN, 1e20, Infinity, null, {}]) assert.equal(millisIn(value, 0), undefined)
  assert.deepEqual([zoneSeconds('Z'), zoneSeconds('+0930'), zoneSeconds('-03:30'), zoneSeconds('east')], [0, 34_200, -12_600, Number.NaN])
})

test('addresses are read as elsewhere in the system', () => {
  for (const text of ['192.0.2.1', '0.0.0.0', '255.255.255.255', '2001:db8::1', '::ffff:192.0.2.1']) assert.deepEqual(addressOf(text), unwrap(parseAddress(text)), text)
  assert.deepEqual(addressOf('fe80::1%eth0'), unwrap(parseAddress('fe80::1')))
  for (const text of ['192.0.2', '192.0.2.1.1', '192.0.2.256', '192.0.02.1', '192.0.2.', '.1.2.3', '1..2.3', ' 1.2.3.4', '', ':', 1, null]) assert.equal(addressOf(text), undefined, String(text))
})

test('a byte order mark and blanks before an object are no fault', () => {
  const [line] = sampleLines('cowrie.json')
  assert.deepEqual(readLog('cowrie', [`\ufeff${line}`, `  ${line}`, '[1]', 'null', '']).outcomes, ['event', 'event', 'bad', 'bad', 'bad'])
})
