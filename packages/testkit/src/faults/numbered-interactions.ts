import { parseAddress, unwrap } from '@hirundo/base'
import type { Interaction } from '@hirundo/formats'
import { mix } from '../traffic/random.ts'
import type { NumberedMinutes } from './numbered-minutes.ts'

/** How many begin in each simulated minute. */
export const interactions_per_minute = 5
const apart_ms = 60_000 / interactions_per_minute
const requests_spread = 1_000
const sample_bytes_spread = 400

/** Interaction `index` of a sensor; neighbours differ in their requests, so that one cannot stand for another unnoticed. */
export function interactionOf(of: NumberedMinutes, index: number): Interaction {
  const drawn = mix(of.seed, of.stream, index)
  const udp = drawn % 2 === 0
  return {
    at_ms: of.start_s * 1000 + index * apart_ms + (drawn % apart_ms), clock_error_ms: 5, src: unwrap(parseAddress(`240.9.${of.stream}.${drawn % 250}`)),
    src_port: 1024 + (drawn % 60_000), dst_port: udp ? 53 : 23, transport: udp ? 'udp' : 'tcp', handshake: udp ? 'none' : 'dialogue',
    protocol: udp ? 'dns' : 'telnet', bytes_in: 40, bytes_out: 60, requests: udp ? 1 + (drawn % requests_spread) : 1, duration_ms: drawn % 60_000,
    payload_sha256: undefined, sample: new Uint8Array(drawn % sample_bytes_spread).fill(drawn), truncated: false,
    logins: udp ? [] : [{ user: 'root', password: `p${drawn % 50}` }], urls: [], facts: {}, guess: undefined,
  }
}

/** Requests of the first `count` interactions by the minute (seconds since 1970) in which they began. */
export function requestsByMinute(of: NumberedMinutes, count: number): Map<number, number> {
  const found = new Map<number, number>()
  for (let index = 0; index < count; index++) addRequests(found, interactionOf(of, index))
  return found
}

export function addRequests(found: Map<number, number>, { at_ms, requests }: Pick<Interaction, 'at_ms' | 'requests'>): void {
  const minute = Math.floor(at_ms / 60_000) * 60
  found.set(minute, (found.get(minute) ?? 0) + requests)
}
