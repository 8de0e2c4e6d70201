import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '@hirundo/base'
import { decodeInteraction, splitInteractionRows, type Interaction } from '@hirundo/formats'
import { sensorBounds } from '../bounds.ts'
import { Hearsay } from './hearsay.ts'

const visit: Interaction = {
  at_ms: 1, clock_error_ms: 0, src: new Uint8Array(16), src_port: 1, dst_port: 23, transport: 'tcp', handshake: 'dialogue', protocol: 'http',
  bytes_in: 0, bytes_out: 0, requests: 1, duration_ms: 0, payload_sha256: undefined, sample: new Uint8Array(0), truncated: false, logins: [],
  urls: [], facts: { 'http.user_agent': 'curl/8' }, guess: undefined,
}

test('what is told is recorded as if a socket had heard it: guessed, counted, bounded, and nothing waits at the end', async () => {
  const rows: Uint8Array[] = []
  async function* tell() {
    for (let i = 0; i < 5; i++) yield { ...visit, at_ms: i }
    yield { ...visit, transport: 'udp' as const, requests: 7 }
  }
  const row_bytes = 150
  const hearsay = new Hearsay({
    bounds: { ...sensorBounds, answer_record_bytes_per_minute_max: 4 * row_bytes }, interactions: tell(), isBehind: () => false, monotonic_ms: () => 0,
    out: (_, count, body) => rows.push(...unwrap(splitInteractionRows(Uint8Array.from(body), count))),
  })
  await hearsay.stop()
  const heard = rows.map((row) => unwrap(decodeInteraction(row)))
  assert.deepEqual(heard[0]!.guess?.name, 'curl')
  const { interactions, interactions_shed, tcp_sessions, udp_requests } = hearsay.counters
  assert.ok(interactions_shed > 0)
  assert.deepEqual([interactions, interactions + interactions_shed, tcp_sessions, udp_requests], [heard.length, 6, 5, 7])
})
