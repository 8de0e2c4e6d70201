import { formatSeconds } from '@hirundo/base'
import { recordOf } from '../../traffic/interactions/scripts.ts'
import { addressBytes } from '../../traffic/interactions/senders.ts'
import { victimPorts } from '../../traffic/ports.ts'
import { between, gamma, pickOf, poisson } from '../draws.ts'
import { drawFlood } from '../flood.ts'
import { dotted, ECONOMIES, hostAddress, OWN_BASE } from '../hosts.ts'
import { parts, streamOf, visiblePerMinute, type ScenarioWorld } from '../process.ts'
import { drawAmplifier, drawReflection, drawVictimPort } from '../reflection.ts'
import { shapeNumber } from '../shapes.ts'
import { credentials, floods, ownHosts, reflections, slowScans } from '../strengths.ts'
import { crowdHost, type Planted } from './crowd.ts'
import type { Place } from './outbreaks.ts'

const MINUTE_S = 60
const DAY_S = 86_400
const spanOf = (start_s: number, end_s: number) => ({ start: formatSeconds(Math.floor(start_s)), end: formatSeconds(Math.ceil(end_s)) })

/** One or few sources that try address after address, each a packet now and then, for days. */
export function slowScan(world: ScenarioWorld, place: Place): Planted {
  const { sources, every_min, days } = slowScans[place.strength]
  const random = streamOf(world, parts.slow, place.event)
  const end_s = place.start_s + days * DAY_S
  const hosts = Array.from({ length: sources }, (_, i) => crowdHost(world.seed, place.event, i))
  // Addresses in an order of its own, each once before any comes again.
  const order = Array.from({ length: world.addresses }, (_, i) => i)
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const moved = order[i]!
    order[i] = order[j]!
    order[j] = moved
  }
  let next_s = place.start_s
  let at = 0
  return {
    labels: [{
      id: place.id, event: 'slow-scan', strength: place.strength, kinds: ['scan', 'campaign', 'synchronised', 'new'],
      subjects: [...hosts.map((source) => ({ source: dotted(source) })), { protocol: 'tcp', port: place.port }], ...spanOf(place.start_s, end_s),
    }],
    process: {
      draw: (minute_s, out) => {
        while (next_s < Math.min(end_s, minute_s + MINUTE_S)) {
          out.add(shapeNumber.linux_new, hosts[at % sources]!, order[at % order.length]!, place.port, 1, Math.max(0, Math.floor(next_s - minute_s)))
          at++
          next_s += every_min * MINUTE_S * between(random, 0.5, 1.5)
        }
      },
    },
  }
}

/** A victim of a flood of forged sources: its answers. */
export function flood(world: ScenarioWorld, place: Place): Planted {
  const { mpps, minutes } = floods[place.strength]
  const random = streamOf(world, parts.flood, place.event)
  const victim = hostAddress(world.seed, 7500, place.event % ECONOMIES, place.event, 0)
  const to_s = place.start_s + minutes * MINUTE_S
  const one = { victim, port: pickOf(random, victimPorts.ports), from_s: place.start_s, to_s, per_minute: visiblePerMinute(world, mpps * 1e6) }
  return {
    labels: [{ id: place.id, event: 'rsdos', strength: place.strength, kinds: ['rsdos'], subjects: [{ victim: dotted(victim) }], ...spanOf(place.start_s, to_s) }],
    process: { draw: (minute_s, out) => { if (minute_s < to_s && minute_s + MINUTE_S > place.start_s) drawFlood(one, minute_s, world.addresses, random, out) } },
  }
}

/** A victim in whose name answering sensors are asked. */
export function reflection(world: ScenarioWorld, place: Place): Planted {
  const { sensors, per_minute, minutes } = reflections[place.strength]
  const random = streamOf(world, parts.amplifier, place.event)
  const answering = world.sensors.filter(({ answers }) => answers).map(({ index }) => index)
  const first = random.below(Math.max(1, answering.length))
  const victim = hostAddress(world.seed, 8500, place.event % ECONOMIES, place.event, 0)
  const to_s = place.start_s + minutes * MINUTE_S
  const one = {
    victim, victim_port: drawVictimPort(random), amplifier: drawAmplifier(random), from_s: place.start_s, to_s, per_minute,
    sensors: answering.map((_, i) => answering[(first + i) % answering.length]!).slice(0, sensors),
  }
  return {
    labels: [{ id: place.id, event: 'drdos', strength: place.strength, kinds: ['drdos'], subjects: [{ victim: dotted(victim) }], ...spanOf(place.start_s, to_s) }],
    process: { draw: (minute_s, out) => drawReflection(one, minute_s, random, out) },
  }
}

/** A host of the own constituency that began to scan as a bot does; a sensor that answers hears its passwords. */
export function ownHost(world: ScenarioWorld, place: Place): Planted {
  const { pps, days } = ownHosts[place.strength]
  const random = streamOf(world, parts.own, place.event)
  const source = OWN_BASE + 256 + place.event
  const to_s = place.start_s + days * DAY_S
  const mean = visiblePerMinute(world, pps)
  return {
    labels: [{ id: place.id, event: 'own-host', strength: place.strength, kinds: ['own-network', 'scan'], subjects: [{ source: dotted(source) }], ...spanOf(place.start_s, to_s) }],
    process: {
      draw: (minute_s, out) => {
        if (minute_s < place.start_s || minute_s >= to_s) return
        for (let n = poisson(random, mean); n > 0; n--) {
          const dst = random.below(world.addresses)
          out.add(shapeNumber.mirai, source, dst, random.below(10) === 0 ? 2323 : 23, 1, random.below(60))
          out.addHeard(out.sensorOf(dst), recordOf({
            dst_port: 23, transport: 'tcp', protocol: 'telnet', handshake: 'dialogue', logins: [{ user: 'root', password: 'root' }], payload: 'root\r\n', bytes_in: 60, bytes_out: 120,
          }, addressBytes(source), minute_s * 1000 + random.below(60_000), random))
        }
      },
    },
  }
}

/** A password of a device that nobody tried before, tried by more and more bots. */
export function newCredential(world: ScenarioWorld, place: Place): Planted {
  const { visits_per_day, hosts, days } = credentials[place.strength]
  const random = streamOf(world, parts.credential, place.event)
  const answering = world.sensors.filter(({ answers }) => answers).map(({ index }) => index)
  const login = { user: 'root', password: `simulated-${place.id}` }
  const to_s = place.start_s + days * DAY_S
  return {
    labels: [{
      id: place.id, event: 'new-credential', strength: place.strength, kinds: ['new'], ...spanOf(place.start_s, to_s),
      subjects: [{ novelty: 'credential', value: `${login.user}\n${login.password}` }, { novelty: 'credential', value: `${login.user}:${login.password}` }],
    }],
    process: {
      draw: (minute_s, out) => {
        if (minute_s < place.start_s || minute_s >= to_s || answering.length === 0) return
        for (let n = poisson(random, (visits_per_day / 1440) * gamma(random, 4)); n > 0; n--) {
          out.addHeard(pickOf(random, answering), recordOf({
            dst_port: 23, transport: 'tcp', protocol: 'telnet', handshake: 'dialogue', logins: [{ user: 'root', password: 'root' }, login], payload: 'root\r\n', bytes_in: 90, bytes_out: 140,
          }, addressBytes(crowdHost(world.seed, place.event, random.below(hosts))), minute_s * 1000 + random.below(60_000), random))
        }
      },
    },
  }
}
