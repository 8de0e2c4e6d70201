import type { Interaction } from '@hirundo/formats'
import { Random } from '../random.ts'
import { amplifiers, recordOf, type Amplifier } from './scripts.ts'
import { addressBytes, hostOf } from './senders.ts'

const HOUR_S = 3600
const LONGEST_S = 45 * 60
const VICTIMS = 60
const victimPorts = [80, 443, 53, 25_565, 22, 3_074] as const

/** A reflection attack of the simulated world: the same for all sensors, of which each is asked in its own measure. */
interface Attack {
  readonly number: number
  readonly victim: number
  readonly victim_port: number
  readonly amplifier: Amplifier
  readonly start_s: number
  readonly end_s: number
  readonly requests_per_minute: number
}

/** Attacks that begin in an hour: none to four. */
function attacksOf(seed: number, hour_s: number): Attack[] {
  const random = new Random(seed, 0x64726473, hour_s / HOUR_S)
  return Array.from({ length: random.below(5) }, (_, number) => {
    const start_s = hour_s + random.below(HOUR_S)
    return {
      number, victim: hostOf(seed, 'victim', Math.floor(VICTIMS * random.unit() ** 2)), victim_port: victimPorts[Math.floor(victimPorts.length * random.unit() ** 2)]!,
      amplifier: amplifiers[Math.floor(amplifiers.length * random.unit() ** 1.6)]!, start_s, end_s: start_s + 90 + Math.floor(LONGEST_S * random.unit() ** 3),
      // Many are as short as an order for a minute's attack, a few are large.
      requests_per_minute: 3 + Math.floor(900 * random.unit() ** 4),
    }
  })
}

/** The requests of one minute in the names of victims, folded to a record for each as a sensor does. */
export function attackRecords(seed: number, stream: number, minute_s: number): Interaction[] {
  const hour_s = Math.floor(minute_s / HOUR_S) * HOUR_S
  return [hour_s - HOUR_S, hour_s].flatMap((hour) => attacksOf(seed, hour)).flatMap((attack): Interaction[] => {
    const from_s = Math.max(minute_s, attack.start_s)
    const to_s = Math.min(minute_s + 60, attack.end_s)
    if (to_s <= from_s) return []
    const random = new Random(seed, (attack.number << 8) | stream, minute_s)
    const requests = Math.floor((attack.requests_per_minute * (to_s - from_s) * (0.6 + 0.8 * random.unit())) / 60)
    // Not every sensor stands in an attacker's list of reflectors.
    if (requests === 0 || (attack.start_s + stream) % 3 === 0) return []
    const { bytes_in, ...request } = attack.amplifier
    return [recordOf({
      ...request, transport: 'udp', handshake: 'none', src_port: attack.victim_port, requests, bytes_in: bytes_in * requests,
      bytes_out: Math.min(requests, 10) * bytes_in, duration_ms: (to_s - from_s) * 1000 - 1,
    }, addressBytes(attack.victim), from_s * 1000, random)]
  })
}
