import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { removeDirectory, temporaryDirectory } from '../../../platform/testing/postgres.ts'
import type { Cli } from '../frame.ts'
import { run } from '../run.ts'

/** A node that answers what a test says, and what it was asked. */
let server: Server
let url: string
let directory: string
let answer: unknown
let status = 200
let asked: { method: string; path: string; query: Record<string, string>; body: string }[] = []
before(async () => {
  directory = await temporaryDirectory()
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://node')
    let body = ''
    request.on('data', (part: Buffer) => {
      body += part.toString()
    })
    request.on('end', () => {
      asked.push({ method: request.method!, path: pathname.replace('/api/v1', ''), query: Object.fromEntries(searchParams), body })
      const value = typeof answer === 'function' ? (answer as (method: string) => unknown)(request.method!) : answer
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await removeDirectory(directory)
})
beforeEach(() => {
  asked = []
  status = 200
})

async function hirundo(args: readonly string[], input?: string): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const cli: Cli = {
    environment: { HIRUNDO_URL: url, HIRUNDO_TOKEN: 't' },
    out: (text) => void (said.out += text),
    note: (text) => void (said.err += text),
    ...(input === undefined ? {} : { input: () => [Buffer.from(input)] }),
  }
  return { code: await run(cli, args), ...said }
}

const facts = { from: '2026-11-19T00:00:00Z', to: '2026-11-20T00:00:00Z', sensors_heard: 1, sensors_total: 3, simulated: true, research: 'include', tables_as_of: '2026-11-01', note: null }
const figures = { interactions: 4, requests: 5, sources: 3, sensors: 1, bytes_in: 10, bytes_out: 20, first_seen: '2026-11-19T01:00:00.000Z', last_seen: '2026-11-19T02:00:00.000Z' }

test('top says what is hidden, and how many sensors heard anything', async () => {
  answer = { ...facts, data: { content: false, rows: [{ rank: 1, key: null, of: null, ...figures }] } }
  const ran = await hirundo(['interactions', 'top', 'credentials', '--limit', '5', '--sensor', 'north'])
  assert.equal(ran.code, 0, ran.err)
  assert.deepEqual(asked, [{ method: 'GET', path: '/interactions/top/credentials', query: { limit: '5', sensor: 'north' }, body: '' }])
  assert.match(ran.out, /RANK\s+PASSWORD\s+USER\s+INTERACTIONS/)
  assert.match(ran.out, /\(hidden\)/)
  assert.match(ran.err, /1 of 3 sensors heard somebody; SIMULATED/)
  assert.match(ran.err, /content:read/)
  assert.deepEqual(JSON.parse((await hirundo(['interactions', 'top', 'credentials', '--format', 'json'])).out), { content: false, rows: [{ rank: 1, key: null, of: null, ...figures }] })
  assert.equal((await hirundo(['interactions', 'top', 'everything'])).code, 2)
  assert.match((await hirundo(['interactions', 'top', '--help'])).out, /"credentials"/)
})

const piece = {
  at: '2026-11-19T02:00:00.123Z', clock_error_ms: 4, sensor: 'north', transport: 'tcp', src_port: 51_000, dst_port: 23, protocol: 'telnet', handshake: 'dialogue', requests: 1,
  bytes_in: 10, bytes_out: 20, duration_ms: 5, truncated: false, payload_sha256: null, sample: null, logins: [{ user: 'root', password: 'a\u001b[2Jb' }], urls: ['http://203.0.113.9/x'],
  facts: { 'telnet.commands': 'sh' }, guess: { name: 'mirai', rule: 'telnet-busybox' },
}

test('evidence says what its strength proves and what it does not', async () => {
  answer = { ...facts, data: {
    source: '240.0.0.1', strength: 'dialogue', counts: { none: 0, completed: 1, dialogue: 1 }, first_seen: piece.at, last_seen: piece.at, sensors: 1,
    marks: [{ kind: 'cgnat', list: 'RFC 6598', as_of: '2012-04-01' }], content: true, evidence: [piece], next: 'abc',
  } }
  const ran = await hirundo(['evidence', '240.0.0.1', '--after', 'xyz'])
  assert.equal(ran.code, 0, ran.err)
  assert.deepEqual([asked[0]!.path, asked[0]!.query], ['/sources/240.0.0.1/evidence', { after: 'xyz' }])
  assert.match(ran.out, /does not say that the machine is infected/)
  assert.match(ran.out, /many people: cgnat, by RFC 6598 of 2012-04-01/)
  assert.match(ran.out, /51000 +tcp\/23 +telnet +dialogue/)
  assert.match(ran.out, /mirai \(telnet-busybox\)/)
  assert.match(ran.out, /more: --after abc/)
  assert.ok(!ran.out.includes('\u001b'), 'what strangers wrote reached the terminal')
  answer = { ...facts, data: { source: '240.0.0.2', strength: null, counts: { none: 0, completed: 0, dialogue: 0 }, first_seen: null, last_seen: null, sensors: 0, marks: [], content: false, evidence: [], next: null } }
  assert.match((await hirundo(['evidence', '240.0.0.2'])).out, /^240\.0\.0\.2: no answering sensor heard it in this period; --from -30d looks further back\n$/)
})

test('drdos prints its settings beside the figure', async () => {
  answer = { ...facts, note: 'location-of-address-not-of-actor', data: {
    settings: { definition: 'own', packets_min: 20, gap_s: 900, pooled: 'victim-and-protocol' }, total: 7,
    attacks: [{ victim: '240.0.0.9', economy: 'XA', asn: 64_496, as_name: 'x', protocol: 'ntp', start: piece.at, end: piece.at, requests: 25, bytes_in: 1, bytes_out: 2, sensors: 1, victim_ports: [80, 443], max_ppm: 9, running: true }],
  } }
  const ran = await hirundo(['drdos', '--definition', 'hopscotch', '--packets-min', '20', '--gap', '900'])
  assert.deepEqual(asked[0]!.query, { definition: 'hopscotch', packets_min: '20', gap_s: '900' })
  assert.match(ran.out, /^7 attacks, 1 shown, by own: at least 20 requests .* 900 s\n/)
  assert.match(ran.out, /240\.0\.0\.9 +XA +64496 +ntp .*running +25/)
  assert.match(ran.err, /location of address, not of actor; tables of 2026-11-01/)
  assert.equal((await hirundo(['drdos', '--gap', '59'])).code, 2)
})

const decoy = { id: '8f9a3c1e-0000-4000-8000-000000000001', network: '192.0.2.64/26', note: 'rack 3', created_by: 'A', created_at: '2026-11-19T00:00:00.000Z' }

test('decoys are listed, added and removed by their network', async () => {
  answer = { decoys: [decoy] }
  assert.match((await hirundo(['decoys', 'list'])).out, /192\.0\.2\.64\/26 +rack 3/)
  answer = decoy
  assert.equal((await hirundo(['decoys', 'add', '192.0.2.64/26', '--note', 'rack 3'])).code, 0)
  assert.equal(asked.at(-1)!.body, '{"network":"192.0.2.64/26","note":"rack 3"}')
  answer = (method: string) => (method === 'GET' ? { decoys: [decoy] } : {})
  assert.equal((await hirundo(['decoys', 'remove', '192.0.2.64/26'])).code, 0)
  assert.deepEqual([asked.at(-1)!.method, asked.at(-1)!.path], ['DELETE', `/decoys/${decoy.id}`])
  const unknown = await hirundo(['decoys', 'remove', '198.51.100.0/24'])
  assert.deepEqual([unknown.code, unknown.err.includes('decoys list')], [1, true])
})

test('marks are loaded from a file with what they are', async () => {
  const file = join(directory, 'exits.txt')
  await writeFile(file, '240.0.0.1\n')
  answer = { list: 'tor exits', kind: 'tor-exit', as_of: '2026-11-20', networks: 1, loaded_at: '2026-11-20T00:00:00.000Z' }
  const ran = await hirundo(['marks', 'load', file, '--list', 'tor exits', '--kind', 'tor-exit', '--as-of', '2026-11-20'])
  assert.equal(ran.code, 0, ran.err)
  assert.deepEqual(asked, [{ method: 'PUT', path: '/address-marks/tor%20exits', query: { kind: 'tor-exit', as_of: '2026-11-20' }, body: '240.0.0.1\n' }])
  assert.equal((await hirundo(['marks', 'load', file, '--list', 'x'])).code, 2)
  assert.equal((await hirundo(['marks', 'load', join(directory, 'none'), '--list', 'x', '--kind', 'vpn', '--as-of', '2026-11-20'])).code, 1)
  answer = { lists: [answer] }
  assert.match((await hirundo(['marks', 'list'])).out, /tor exits +tor-exit +2026-11-20 +1/)
})

test('indicators name their key; a new one comes from standard input and is not repeated', async () => {
  answer = { ...facts, data: { algorithm: 'hmac-sha256', key_id: '0123456789abcdef', sources_min: 5, indicators: [{ hmac: 'a'.repeat(64), sources_at_least: 20, first_day: '2026-11-19', last_day: '2026-11-19' }] } }
  const ran = await hirundo(['indicators', 'passwords', '--limit', '10000'])
  assert.match(ran.out, /a{64} +20/)
  assert.match(ran.err, /hmac-sha256, key 0123456789abcdef; only values of at least 5 sources/)
  answer = { key_id: 'fedcba9876543210' }
  const key = Buffer.alloc(32, 7).toString('base64')
  const set = await hirundo(['indicators', 'set-key', '--format', 'json'], `${key}\n`)
  assert.deepEqual([set.code, JSON.parse(set.out)], [0, { key_id: 'fedcba9876543210' }])
  assert.deepEqual([asked.at(-1)!.method, asked.at(-1)!.path, asked.at(-1)!.body], ['PUT', '/interactions/indicator-key', JSON.stringify({ key })])
  assert.ok(!`${set.out}${set.err}`.includes(key))
  for (const input of [undefined, '', 'short', 'x'.repeat(89), 'x'.repeat(5000)]) assert.match((await hirundo(['indicators', 'set-key'], input)).err, /No key of 32 to 64 bytes/)
  assert.equal((await hirundo(['indicators', 'everything'])).code, 2)
})

test('what the node refuses is 1, with its words', async () => {
  status = 403
  answer = { type: 'urn:hirundo:problem:auth/forbidden', title: 'Your role or token does not allow that', detail: 'needs: sensors:write' }
  const ran = await hirundo(['decoys', 'list'])
  assert.equal(ran.code, 1)
  assert.match(ran.err, /does not allow that \(needs: sensors:write\)/)
})
