import type { Subject } from '@hirundo/contract'
import { formatSeconds } from '@hirundo/base'
import { createHash } from 'node:crypto'
import type { Visit } from '../../traffic/interactions/scripts.ts'
import { pickOf } from '../draws.ts'
import { parts, streamOf, type ScenarioWorld } from '../process.ts'
import { shapeNumber } from '../shapes.ts'
import { bursts, botnets, discoveries, worms, type Strength } from '../strengths.ts'
import { drawCrowd, type Crowd, type Planted } from './crowd.ts'

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86_400
const FIRST_HOSTS = 10
/** A worm stays at its final size for so long, then half are cleaned in each `CLEANED_S`. */
const STAYS_S = 18 * HOUR_S
const CLEANED_S = 12 * HOUR_S
const BURST_S = 24 * HOUR_S
const BURST_RAMP_S = 20 * MINUTE_S
/** A botnet turns to its new port within so long. */
const SWITCH_S = 10 * MINUTE_S
const AFTER_DISCLOSURE = 10
const AFTER_DISCLOSURE_S = 2 * DAY_S

/** Where an event is planted. */
export interface Place {
  readonly id: string
  /** Number of the event. */
  readonly event: number
  readonly strength: Strength
  readonly start_s: number
  readonly port: number
}

const looks = [shapeNumber.mirai, shapeNumber.embedded, shapeNumber.linux, shapeNumber.linux_new, shapeNumber.bare] as const
const portOf = (port: number): Subject => ({ protocol: 'tcp', port })

function crowdOf(world: ScenarioWorld, { event }: Place, pps: number, says?: Visit): Crowd {
  const random = streamOf(world, parts.plan, event)
  return { event, pps, shape: pickOf(random, looks), swing: 0.2, again: 0.3, ...(says ? { says } : {}) }
}

function speech(text: string): { readonly says: Visit; readonly subject: Subject } {
  return {
    says: { dst_port: 0, transport: 'tcp', protocol: 'any', handshake: 'dialogue', payload: text, bytes_in: text.length, bytes_out: 0, duration_ms: 1_500 },
    subject: { novelty: 'payload', value: createHash('sha256').update(text).digest('hex') },
  }
}

/** A worm: logistic growth from ten hosts to its final size, some hours at it, then cleaning. */
export function worm(world: ScenarioWorld, place: Place): Planted {
  const { hosts: hosts_final, pps, doubling_h } = worms[place.strength]
  const random = streamOf(world, parts.worm, place.event)
  const { says, subject } = speech(`simulated worm ${place.id}\n`)
  const crowd = crowdOf(world, place, pps, says)
  const rate = Math.LN2 / (doubling_h * HOUR_S)
  const logistic = (age_s: number): number => hosts_final / (1 + (hosts_final / FIRST_HOSTS - 1) * Math.exp(-rate * age_s))
  // 99 % of the final size.
  const grown_s = Math.log((hosts_final / FIRST_HOSTS - 1) * 99) / rate
  const hostsAt = (second: number): number => {
    const age_s = second - place.start_s
    if (age_s < 0) return 0
    return logistic(age_s) * (age_s < grown_s + STAYS_S ? 1 : 0.5 ** ((age_s - grown_s - STAYS_S) / CLEANED_S))
  }
  const end_s = place.start_s + grown_s + STAYS_S + 6 * CLEANED_S
  return {
    labels: [{
      id: place.id, event: 'worm', strength: place.strength, kinds: ['worm', 'change-point', 'spike', 'new', 'synchronised', 'campaign'],
      subjects: [portOf(place.port), subject], start: formatSeconds(place.start_s), end: formatSeconds(Math.round(end_s)),
    }],
    worm: { label: place.id, hosts_final, hostsAt },
    process: { draw: (minute_s, out) => { if (minute_s < end_s + DAY_S) drawCrowd(crowd, hostsAt(minute_s), place.port, minute_s, world, random, out) } },
  }
}

/** Many hosts look for one port for a day, from within twenty minutes on, and are gone. */
export function burst(world: ScenarioWorld, place: Place): Planted {
  const { hosts, pps } = bursts[place.strength]
  const random = streamOf(world, parts.burst, place.event)
  const crowd = crowdOf(world, place, pps)
  const share = (second: number): number => Math.max(0, Math.min(1, (second - place.start_s) / BURST_RAMP_S, (place.start_s + BURST_S - second) / BURST_RAMP_S))
  return {
    labels: [{
      id: place.id, event: 'burst', strength: place.strength, kinds: ['change-point', 'spike', 'new', 'synchronised', 'campaign'],
      subjects: [portOf(place.port)], start: formatSeconds(place.start_s), end: formatSeconds(place.start_s + BURST_S),
    }],
    process: { draw: (minute_s, out) => drawCrowd(crowd, hosts * share(minute_s), place.port, minute_s, world, random, out) },
  }
}

/** A botnet that has scanned one port since the scenario began turns to another, all hosts within ten minutes. */
export function botnetSwitch(world: ScenarioWorld, place: Place, old_port: number): Planted {
  const { hosts, pps } = botnets[place.strength]
  const random = streamOf(world, parts.botnet, place.event)
  const crowd = crowdOf(world, place, pps)
  return {
    labels: [{
      id: place.id, event: 'botnet-switch', strength: place.strength, kinds: ['campaign', 'synchronised', 'change-point', 'spike', 'new'],
      subjects: [portOf(place.port), portOf(old_port)], start: formatSeconds(place.start_s), end: formatSeconds(place.start_s + DAY_S),
    }],
    process: {
      draw: (minute_s, out) => {
        const turned = Math.max(0, Math.min(1, (minute_s - place.start_s) / SWITCH_S))
        if (turned < 1) drawCrowd(crowd, hosts * (1 - turned), old_port, minute_s, world, random, out)
        if (turned > 0) drawCrowd(crowd, hosts * turned, place.port, minute_s, world, random, out)
      },
    },
  }
}

/** A weakness that a few know: quiet scans that grow for weeks, then everybody's when it is disclosed. */
export function discovery(world: ScenarioWorld, place: Place): Planted {
  const { hosts, pps, doubling_d, quiet_d } = discoveries[place.strength]
  const random = streamOf(world, parts.cve, place.event)
  const { says, subject } = speech(`POST /simulated/${place.id} HTTP/1.1\r\n\r\n`)
  const crowd = crowdOf(world, place, pps, says)
  const disclosed_s = place.start_s + quiet_d * DAY_S
  const hostsAt = (second: number): number => {
    if (second < place.start_s) return 0
    const quiet = hosts * 2 ** ((Math.min(second, disclosed_s) - place.start_s) / (doubling_d * DAY_S))
    return quiet * AFTER_DISCLOSURE ** Math.max(0, Math.min(1, (second - disclosed_s) / AFTER_DISCLOSURE_S))
  }
  return {
    labels: [{
      id: place.id, event: 'new-cve', strength: place.strength, kinds: ['new', 'spike', 'change-point', 'synchronised', 'campaign', 'worm'],
      subjects: [portOf(place.port), subject], start: formatSeconds(place.start_s), end: formatSeconds(Math.min(world.end_s, disclosed_s + 5 * DAY_S)),
      disclosed_at: formatSeconds(disclosed_s),
    }],
    process: { draw: (minute_s, out) => drawCrowd(crowd, hostsAt(minute_s), place.port, minute_s, world, random, out) },
  }
}
