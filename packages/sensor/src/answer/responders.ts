import { fail, ok, type Cidr, type Result, type World } from '@hirundo/base'
import type { BatchOut } from '../batcher.ts'
import type { SensorBounds } from '../bounds.ts'
import type { Log } from '../log.ts'
import { readIfThere } from '../state-file.ts'
import { zeroCounters, type AnswerCounters } from './bounds.ts'
import type { Setting } from './model.ts'
import type { Profile } from './profile.ts'
import { tcpProtocols, udpProtocols } from './protocols.ts'
import { Recorder } from './recorder.ts'
import { TcpEngine } from './tcp-engine.ts'
import { UdpEngine } from './udp-engine.ts'

/** How a sensor answers. */
export interface AnswerSettings {
  readonly profile: Profile
  /** Where to listen; `::` takes IPv4 too. */
  readonly address: string
  /** Where to listen for a port, for a redirect by the firewall: records name the port that was meant. */
  readonly listenAt: (dst_port: number) => number
  /** One listener for all TCP ports: the operator's rule writes the port into the last two bytes of the address. */
  readonly redirect_port?: number
  /** Whether the network's owner has permitted answers over UDP. */
  readonly udp_permitted: boolean
}

export interface RespondersOptions {
  readonly settings: AnswerSettings
  readonly bounds: SensorBounds
  readonly world: World
  readonly monotonic_ms: () => number
  /** How far the clock may be off; −1: not known. */
  readonly clock_error_ms: () => number
  readonly own: readonly Cidr[]
  readonly log: Log
  readonly out: BatchOut
  readonly isBehind: () => boolean
}

/** All listeners of a sensor and what they have counted. */
export class Responders {
  readonly counters: AnswerCounters = zeroCounters()
  /** Ports that are listened on, by the port that they stand for (`tcp/23`); as far as they are one. */
  readonly listening = new Map<string, number>()
  readonly #options: RespondersOptions
  readonly #recorder: Recorder
  readonly #tcp: TcpEngine
  readonly #udp: UdpEngine

  constructor(options: RespondersOptions) {
    this.#options = options
    const { bounds, world, monotonic_ms, clock_error_ms, own, settings } = options
    const { counters } = this
    const setting: Setting = { persona: settings.profile.persona, random: (bytes) => world.random(bytes), now: () => world.now() }
    this.#recorder = new Recorder({ bounds, counters, out: options.out, isBehind: options.isBehind, monotonic_ms })
    const shared = { bounds, counters, setting, monotonic_ms, clock_error_ms, own, record: this.#recorder.add.bind(this.#recorder) }
    this.#tcp = new TcpEngine(shared)
    this.#udp = new UdpEngine({ ...shared, permitted: settings.udp_permitted })
  }

  /** Opens all ports. Problem: `setting/invalid` when none of them could be. */
  async start(): Promise<Result<void>> {
    const { profile, address, listenAt, redirect_port, udp_permitted } = this.#options.settings
    await warnOfRetries(this.#options.log)
    const protocolOf = (port: number) => tcpProtocols.get(profile.tcp.get(port) ?? 'any')!
    for (const dst_port of profile.tcp.keys()) {
      this.#note(`tcp/${dst_port}`, await this.#tcp.listen({ listen_port: listenAt(dst_port), dst_port, protocolOf }, address))
    }
    if (redirect_port !== undefined) {
      this.#note('tcp/*', await this.#tcp.listen({ listen_port: redirect_port, dst_port: undefined, protocolOf }, address))
    }
    for (const [dst_port, name] of profile.udp) {
      this.#note(`udp/${dst_port}`, await this.#udp.listen({ listen_port: listenAt(dst_port), dst_port, protocol: udpProtocols.get(name)! }, address))
    }
    if (this.listening.size > 0) {
      const opened = (transport: string) => [...this.listening.keys()].filter((name) => name.startsWith(transport)).length
      this.#options.log.info('answering', { profile: profile.name, tcp_ports: opened('tcp'), udp_ports: opened('udp'), udp_answers: udp_permitted })
      return ok(undefined)
    }
    await this.stop()
    return fail('setting/invalid', { what: 'answer', why: 'no port could be opened; ports below 1024 need CAP_NET_BIND_SERVICE or answer_port_offset' })
  }

  #note(name: string, outcome: { readonly port: number } | { readonly error: string }): void {
    if ('port' in outcome) this.listening.set(name, outcome.port)
    else this.#options.log.warn('a port cannot be answered', { port: name, code: outcome.error })
  }

  /** To be called about every second. */
  tick(): void {
    this.#tcp.tick()
    this.#udp.tick()
    this.#recorder.tick()
  }

  /** Ends everything that is open and gives out all records. */
  async stop(): Promise<void> {
    await this.#tcp.stop()
    await this.#udp.stop()
    this.#recorder.flush()
  }
}

/** The kernel repeats SYN-ACKs on its own, and a forged SYN brings them all to somebody else. */
async function warnOfRetries(log: Log): Promise<void> {
  const retries = Number(await readIfThere('/proc/sys/net/ipv4/tcp_synack_retries'))
  if (retries > 1) log.warn('one forged SYN brings several SYN-ACKs to its victim: set net.ipv4.tcp_synack_retries to 0 or 1', { each: retries + 1 })
}
