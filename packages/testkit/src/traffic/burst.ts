import { actorHosts, actorNames, hostAddress, wormHosts, type ActorName } from './population.ts'
import {
  ANY_PORT, miraiPorts, researchPorts, tcpPorts, udpPorts, victimPorts, windowsPorts, WORM_PORT, type PortMix,
} from './ports.ts'
import { choiceTable, CHOICE_SLOTS, mix, type Random } from './random.ts'

/** What a frame is; one burst is packets of one kind from one host to one network. */
export const frameKinds = [
  'syn', 'syn_windows', 'syn_mirai', 'syn_zmap', 'syn_masscan', 'syn_worm', 'udp_probe', 'udp_zmap', 'udp_stray',
  'echo', 'syn_ack', 'rst', 'icmp_error', 'dns_reply', 'ack', 'v6_syn', 'v6_udp', 'v6_echo', 'arp', 'elsewhere',
] as const
export type FrameKind = (typeof frameKinds)[number]
export const kindNumber = Object.fromEntries(frameKinds.map((kind, i) => [kind, i])) as Record<FrameKind, number>

const HOUR_S = 3600

/** Shares of packets before the hour of the day and events are looked at; measured darknets have these proportions. */
const shares: Record<ActorName, number> = {
  research: 24, masscan: 14, mirai: 14, linux: 17, windows: 9, worm: 0, udp_probe: 8, misconfigured: 4, echo: 3,
  victim: 5, stray: 1, ipv6: 1, dns_reply: 0.5,
}
/** How much a kind follows the day: home machines do, data centres do not. */
const dailySwing: Partial<Record<ActorName, number>> = { mirai: 0.35, windows: 0.3, linux: 0.1, worm: 0.3, misconfigured: 0.4 }
const WORM_SHARE_PER_HOST = 0.004
const ATTACK_HOURS_OF_8 = 1
const ATTACK_FACTOR = 6

/** The actors' weights at an instant; `attack` is the victim that an hour's flood is aimed at, or -1. */
export function actorWeights(seed: number, at_s: number, worm_began_s: number): { weights: number[]; attack: number } {
  const day = Math.sin((2 * Math.PI * (at_s - 9 * HOUR_S)) / (24 * HOUR_S))
  const hour = mix(seed, Math.floor(at_s / HOUR_S), 0x0a77ac)
  const attacked = (hour & 7) < ATTACK_HOURS_OF_8
  const weights = actorNames.map((name) => {
    const share = name === 'worm' ? Math.min(12, wormHosts(at_s - worm_began_s) * WORM_SHARE_PER_HOST) : shares[name]
    const event = name === 'victim' && attacked ? ATTACK_FACTOR : 1
    return share * event * (1 + (dailySwing[name] ?? 0) * day)
  })
  return { weights, attack: attacked ? (hour >>> 8) % actorHosts.victim : -1 }
}

/** All of one window that does not change from burst to burst. */
export interface Scene {
  readonly seed: number
  readonly table: Uint16Array
  readonly attack: number
  readonly worm_hosts: number
  readonly has_v4: boolean
  readonly has_v6: boolean
}

export function sceneAt(seed: number, at_s: number, worm_began_s: number, has_v4: boolean, has_v6: boolean): Scene {
  const { weights, attack } = actorWeights(seed, at_s, worm_began_s)
  return { seed, table: choiceTable(weights), attack, worm_hosts: wormHosts(at_s - worm_began_s), has_v4, has_v6 }
}

/** One draw; the fields are overwritten by the next. */
export interface Burst {
  kind: number
  src: number
  /** Destination port, or for an answer of a victim the port that was attacked. */
  port: number
}

function pickPort(mixOf: PortMix, random: Random): number {
  const port = mixOf.ports[mixOf.table[random.word() & (CHOICE_SLOTS - 1)]!]!
  return port === ANY_PORT ? 1 + random.below(65_535) : port
}

const kindsOfResearch = [kindNumber.syn_zmap, kindNumber.syn_zmap, kindNumber.syn_zmap, kindNumber.syn_zmap, kindNumber.udp_zmap]
const kindsOfVictim = [kindNumber.syn_ack, kindNumber.syn_ack, kindNumber.rst, kindNumber.rst, kindNumber.icmp_error]
const kindsOfIpv6 = [kindNumber.v6_syn, kindNumber.v6_syn, kindNumber.v6_udp, kindNumber.v6_echo]
const pick = (kinds: readonly number[], random: Random): number => kinds[random.below(kinds.length)]!

/** How each actor chooses what it sends; the index in `actorNames` is the actor's number. */
const behaviour: Record<ActorName, (random: Random, burst: Burst) => void> = {
  research: (random, burst) => {
    burst.kind = pick(kindsOfResearch, random)
    burst.port = burst.kind === kindNumber.udp_zmap ? pickPort(udpPorts, random) : pickPort(researchPorts, random)
  },
  masscan: (random, burst) => { burst.kind = kindNumber.syn_masscan; burst.port = pickPort(tcpPorts, random) },
  mirai: (random, burst) => { burst.kind = kindNumber.syn_mirai; burst.port = pickPort(miraiPorts, random) },
  linux: (random, burst) => { burst.kind = kindNumber.syn; burst.port = pickPort(tcpPorts, random) },
  windows: (random, burst) => { burst.kind = kindNumber.syn_windows; burst.port = pickPort(windowsPorts, random) },
  worm: (_, burst) => { burst.kind = kindNumber.syn_worm; burst.port = WORM_PORT },
  udp_probe: (random, burst) => { burst.kind = kindNumber.udp_probe; burst.port = pickPort(udpPorts, random) },
  misconfigured: (_, burst) => { burst.kind = kindNumber.udp_stray; burst.port = 1024 + (mix(burst.src, 1, 2) % 60_000) },
  echo: (_, burst) => { burst.kind = kindNumber.echo; burst.port = 0 },
  victim: (random, burst) => { burst.kind = pick(kindsOfVictim, random); burst.port = pickPort(victimPorts, random) },
  stray: (random, burst) => { burst.kind = kindNumber.ack; burst.port = pickPort(tcpPorts, random) },
  ipv6: (random, burst) => { burst.kind = pick(kindsOfIpv6, random); burst.port = pickPort(tcpPorts, random) },
  dns_reply: (random, burst) => { burst.kind = kindNumber.dns_reply; burst.port = 1024 + random.below(64_512) },
}
const behaviours = actorNames.map((name) => behaviour[name])
const ACTOR_WORM = actorNames.indexOf('worm')
const ACTOR_VICTIM = actorNames.indexOf('victim')
const ACTOR_IPV6 = actorNames.indexOf('ipv6')
const ACTOR_LINUX = actorNames.indexOf('linux')

/** A host of the actor: a few are busy, most are not. */
function pickHost(scene: Scene, actor: number, random: Random): number {
  if (actor === ACTOR_VICTIM && scene.attack >= 0 && random.word() % 8 !== 0) return scene.attack
  const hosts = actor === ACTOR_WORM ? scene.worm_hosts : actorHosts[actorNames[actor]!]
  const u = random.unit()
  return Math.floor(hosts * u * u)
}

/** Draws who sends what next. */
export function drawBurst(scene: Scene, random: Random, burst: Burst): void {
  let actor = scene.table[random.word() & (CHOICE_SLOTS - 1)]!
  if (!scene.has_v4) actor = ACTOR_IPV6
  else if (actor === ACTOR_IPV6 && !scene.has_v6) actor = ACTOR_LINUX
  burst.src = hostAddress(scene.seed, actor, pickHost(scene, actor, random))
  behaviours[actor]!(random, burst)
}
