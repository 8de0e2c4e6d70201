import { AddressBook } from '../core/address-book.ts'
import { growingBackscatter, growingFlows, growingSyns } from '../core/columns.ts'
import { portKeyOf, type PortKey } from '../core/port-key.ts'
import type { Heard, Slice } from '../core/slice.ts'
import { Draws } from './draws.ts'

/** A small simulated region for tests of series detectors: overdispersed, autocorrelated, with days and weeks. Nothing in it is real. */
export interface NoiseOptions {
  readonly seed: number
  readonly start: number
  /** Busy ports; the n-th gets `top_rate` ÷ n^0.9 sources in ten minutes. */
  readonly ports: number
  readonly top_rate: number
  /** Rows in ten minutes to random ports: strays, and hosts that sweep over ports. */
  readonly strays: number
  readonly sweeps: number
  /** Addresses by sensor. */
  readonly sensors: readonly number[]
}
export const region: NoiseOptions = {
  seed: 1, start: Date.UTC(2026, 0, 1) / 1000, ports: 300, top_rate: 100, strays: 60, sweeps: 200,
  sensors: [...Array.from({ length: 30 }, () => 1), ...Array.from({ length: 20 }, () => 4), ...Array.from({ length: 10 }, () => 16)],
}

/** What is planted: called each minute, before rows are given to sensors. */
export type Plant = (minute: number, emit: Emit, draws: Draws) => void
export type Emit = (port: PortKey, source: number, packets: number, options?: { readonly sensor?: number; readonly research?: boolean }) => void
/** Which sensors (by index) watch in a minute; absent: all. */
export type Outage = (minute: number, sensor: number) => boolean

const MINUTE_S = 60
const BIN_S = 600
const DAY_S = 86_400
const FIRST_SOURCE = 0xf0000000
const POOL_BINS = 60
const SWEEPERS = 400
/** Ports that the noise uses; a planted event takes another one. */
export const noisePort = (rank: number): PortKey => portKeyOf(rank % 5 === 4 ? 'udp' : 'tcp', 1 + ((rank * 7919) % 60_000))

interface Series { readonly port: PortKey; readonly rate: number; readonly phase: number; readonly swing: number; readonly pool: number; wander: number; level: number }

export class Noise {
  readonly options: NoiseOptions
  readonly #draws: Draws
  readonly #series: Series[]
  readonly #sensor_of: number[]
  readonly #plants: readonly Plant[]
  readonly #missing: Outage
  readonly #book = new AddressBook()
  readonly #flows = growingFlows()

  constructor(options: NoiseOptions, plants: readonly Plant[] = [], missing: Outage = () => false) {
    this.options = options
    this.#draws = new Draws(options.seed)
    this.#plants = plants
    this.#missing = missing
    this.#sensor_of = options.sensors.flatMap((addresses, sensor) => Array.from({ length: addresses }, () => sensor))
    this.#series = Array.from({ length: options.ports }, (_, rank) => {
      const rate = options.top_rate / (rank + 1) ** 0.9
      return {
        port: noisePort(rank), rate, phase: this.#draws.unit() * DAY_S, swing: 0.1 + 0.4 * this.#draws.unit(), pool: Math.ceil(rate * POOL_BINS) + 3,
        wander: this.#draws.normal(), level: 1,
      }
    })
  }

  /** Minutes from the start; a slice is valid until the next is asked for. */
  *minutes(count: number, heard: (minute: number) => readonly Heard[] = () => []): Generator<Slice> {
    for (let i = 0; i < count; i++) {
      const minute = this.options.start + i * MINUTE_S
      if (minute % BIN_S === 0) this.#renew(minute)
      yield this.#minute(minute, heard(minute))
    }
  }

  /** Levels of the next ten minutes: season, a logarithm that wanders over hours, and a gamma draw. */
  #renew(minute: number): void {
    const keep = Math.exp(-BIN_S / (6 * 3600))
    const weekend = Math.floor(minute / DAY_S + 4) % 7 >= 5 ? 0.85 : 1
    for (const one of this.#series) {
      one.wander = keep * one.wander + Math.sqrt(1 - keep ** 2) * this.#draws.normal()
      const season = 1 + one.swing * Math.sin((2 * Math.PI * (minute + one.phase)) / DAY_S)
      one.level = season * weekend * Math.exp(0.25 * one.wander) * this.#draws.gamma(8)
    }
  }

  #minute(minute: number, heard: readonly Heard[]): Slice {
    const flows = this.#flows
    flows.clear()
    const draws = this.#draws
    const emit: Emit = (port, source, packets, { sensor, research } = {}) => {
      const at = sensor ?? this.#sensor_of[draws.below(this.#sensor_of.length)]!
      if (!this.#missing(minute, at)) this.#row(port, source, packets, at, research === true)
    }
    const { strays, sweeps } = this.options
    for (const { port, rate, level, pool } of this.#series) {
      for (let n = draws.poisson((rate * level) / 10); n > 0; n--) emit(port, FIRST_SOURCE + port * 2048 + draws.below(pool), 1 + draws.geometric(0.5))
    }
    for (let n = draws.poisson(strays / 10); n > 0; n--) emit(this.#anyPort(), FIRST_SOURCE + draws.below(2 ** 27), 1)
    const day = Math.floor(minute / DAY_S)
    for (let n = draws.poisson(sweeps / 10); n > 0; n--) emit(this.#anyPort(), FIRST_SOURCE + 2 ** 27 + day * SWEEPERS + draws.below(SWEEPERS), 1)
    for (const plant of this.#plants) plant(minute, emit, draws)
    return this.#slice(minute, heard)
  }

  #anyPort(): PortKey {
    return portKeyOf(this.#draws.unit() < 0.85 ? 'tcp' : 'udp', 1 + this.#draws.below(65_535))
  }

  #row(port: PortKey, source: number, packets: number, sensor: number, research: boolean): void {
    const flows = this.#flows
    flows.reserve(1)
    const i = flows.rows++
    const c = flows.columns
    c.sensor[i] = sensor
    c.source[i] = source
    c.port[i] = port
    c.packets[i] = packets
    c.scan[i] = packets
    c.destinations[i] = 1
    c.network[i] = sensor
    c.research[i] = research ? 1 : 0
    c.ttl[i] = 50
    c.window[i] = 1024
  }

  #slice(minute: number, heard: readonly Heard[]): Slice {
    const watched = this.options.sensors.flatMap((_, sensor) => (this.#missing(minute, sensor) ? [] : [{ sensor, observed_s: MINUTE_S }]))
    return {
      minute, heard, watched, addressText: this.#book.text, flows: { rows: this.#flows.rows, ...this.#flows.columns },
      backscatter: { rows: 0, ...growingBackscatter().columns }, syns: { rows: 0, ...growingSyns().columns },
    }
  }
}
