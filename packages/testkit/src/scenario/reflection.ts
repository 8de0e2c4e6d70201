import { amplifiers, recordOf, type Amplifier } from '../traffic/interactions/scripts.ts'
import { addressBytes } from '../traffic/interactions/senders.ts'
import type { Random } from '../traffic/random.ts'
import { gamma, pickOf, poisson } from './draws.ts'
import type { Minute } from './minute.ts'
import { shapeNumber } from './shapes.ts'

/** An attack in whose list of reflectors some of our answering sensors stand: requests in the victim's name. */
export interface Reflection {
  readonly victim: number
  readonly victim_port: number
  readonly amplifier: Amplifier
  readonly from_s: number
  readonly to_s: number
  /** Sensors by number, and requests a minute to each. */
  readonly sensors: readonly number[]
  readonly per_minute: number
}

export const drawAmplifier = (random: Random): Amplifier => amplifiers[Math.floor(amplifiers.length * random.unit() ** 1.6)]!
export const drawVictimPort = (random: Random): number => pickOf(random, [80, 80, 443, 53, 25_565, 3_074])
/** A sensor answers each request at most so often a minute. */
const ANSWERS_MAX = 10
const LUMPS = 15

/** One record for each sensor and minute, as a sensor folds them; the packets are seen too. */
export function drawReflection(of: Reflection, minute_s: number, random: Random, out: Minute): void {
  const from_s = Math.max(minute_s, of.from_s)
  const to_s = Math.min(minute_s + 60, of.to_s)
  if (to_s <= from_s) return
  for (const sensor of of.sensors) {
    const requests = poisson(random, (of.per_minute * gamma(random, LUMPS) * (to_s - from_s)) / 60)
    if (requests === 0) continue
    const { first } = out.sensors[sensor]!
    const { bytes_in, ...request } = of.amplifier
    out.add(shapeNumber.udp, of.victim, first, of.amplifier.dst_port, requests, Math.floor(from_s - minute_s))
    out.addHeard(sensor, recordOf({
      ...request, transport: 'udp', handshake: 'none', src_port: of.victim_port, requests, bytes_in: bytes_in * requests,
      bytes_out: Math.min(requests, ANSWERS_MAX) * bytes_in, duration_ms: Math.max(0, Math.floor((to_s - from_s) * 1000) - 1),
    }, addressBytes(of.victim), Math.floor(from_s * 1000), random))
  }
}
