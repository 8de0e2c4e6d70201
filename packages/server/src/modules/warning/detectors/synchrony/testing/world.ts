import { DAY_S, MINUTE_S } from '@hirundo/base'
import { AddressBook } from '../../core/address-book.ts'
import { growingBackscatter, growingFlows, growingSyns } from '../../core/columns.ts'
import { portKeyOf } from '../../core/port-key.ts'
import type { Slice } from '../../core/slice.ts'
import { Draws } from '../../testing/draws.ts'
import { hash32 } from '../hash.ts'

/** A small simulated region: overdispersed and seasonal, sources spread over 4,096 networks of /16. Nothing in it is real. */
export interface WorldOptions {
  readonly seed: number
  readonly start: number
  /** Ports with regular traffic; the n-th gets `top_rate` ÷ n^0.9 sources in ten minutes. */
  readonly ports: number
  readonly top_rate: number
  /** Packets in ten minutes to random ports. */
  readonly strays: number
  /** Addresses by sensor. */
  readonly sensors: readonly number[]
}

export const smallWorld: WorldOptions = {
  seed: 1, start: Date.UTC(2026, 0, 1) / 1000, ports: 400, top_rate: 150, strays: 300,
  sensors: [...Array.from({ length: 30 }, () => 1), ...Array.from({ length: 20 }, () => 4), ...Array.from({ length: 10 }, () => 16)],
}

export type Emit = (port: number, source: number, packets: number, options?: { readonly sensor?: number; readonly research?: boolean }) => void
export interface Plant {
  /** Rows of a minute. */
  readonly rows?: (minute: number, emit: Emit, draws: Draws) => void
  /** Seconds for which a sensor (by index) watched in this minute, where it is not 60; its rows are as many times more or less. */
  readonly watched_s?: (minute: number, sensor: number) => number
}

const BIN_S = 600
const FIRST_SOURCE = 0xf0000000
const POOL_BINS = 30
export const worldPort = (rank: number): number => 1024 + ((rank * 7919) % 60_000)

/** Host `index` of a population: always the same, most in the lower networks of eight blocks. */
export function worldHost(population: number, index: number): number {
  const [a, b] = [hash32(population, index), hash32(index, population ^ 0x5bd1e995)]
  const network = Math.min(a & 511, (a >>> 9) & 511)
  return FIRST_SOURCE + ((a >>> 20) & 7) * 2 ** 25 + network * 65_536 + 1 + (b % 65_534)
}

interface Series { readonly port: number; readonly rate: number; readonly phase: number; readonly swing: number; readonly pool: number; wander: number; level: number }
interface Session { readonly port: number; readonly source: number }

export class World {
  readonly options: WorldOptions
  readonly #draws: Draws
  readonly #series: Series[]
  readonly #sensor_of: number[]
  readonly #plants: readonly Plant[]
  readonly #later = new Map<number, Session[]>()
  readonly #book = new AddressBook()
  readonly #flows = growingFlows()

  constructor(options: WorldOptions, plants: readonly Plant[] = []) {
    this.options = options
    this.#draws = new Draws(options.seed)
    this.#plants = plants
    this.#sensor_of = options.sensors.flatMap((addresses, sensor) => Array.from({ length: addresses }, () => sensor))
    this.#series = Array.from({ length: options.ports }, (_, rank) => {
      const rate = options.top_rate / (rank + 1) ** 0.9
      return {
        port: worldPort(rank), rate, phase: this.#draws.unit() * DAY_S, swing: 0.1 + 0.4 * this.#draws.unit(), pool: Math.ceil(rate * POOL_BINS) + 20,
        wander: this.#draws.normal(), level: 1,
      }
    })
  }

  /** Calls with each minute from the start; a slice is valid until the next. */
  each(minutes: number, see: (slice: Slice) => void): void {
    for (let i = 0; i < minutes; i++) {
      const minute = this.options.start + i * MINUTE_S
      if (minute % BIN_S === 0) this.#renew(minute)
      see(this.#minute(minute))
    }
  }

  /** Levels of the next ten minutes: season, a logarithm that wanders over hours, and a gamma draw. */
  #renew(minute: number): void {
    const keep = Math.exp(-BIN_S / (6 * 3600))
    for (const one of this.#series) {
      one.wander = keep * one.wander + Math.sqrt(1 - keep ** 2) * this.#draws.normal()
      const season = 1 + one.swing * Math.sin((2 * Math.PI * (minute + one.phase)) / DAY_S)
      one.level = season * Math.exp(0.25 * one.wander) * this.#draws.gamma(8)
    }
  }

  #minute(minute: number): Slice {
    const draws = this.#draws
    this.#flows.clear()
    const watched = this.options.sensors.map((_, sensor) => this.#plants.reduce((least, { watched_s }) => watched_s?.(minute, sensor) ?? least, MINUTE_S))
    const emit: Emit = (port, source, packets, { sensor, research } = {}) => {
      const at = sensor ?? this.#sensor_of[draws.below(this.#sensor_of.length)]!
      const share = watched[at]! / MINUTE_S
      const seen = share === 1 ? packets : Math.floor(packets * share + draws.unit())
      if (seen > 0) this.#row(port, source, seen, at, research === true)
    }
    for (const { port, source } of this.#later.get(minute) ?? []) emit(port, source, 1)
    this.#later.delete(minute)
    for (const { port, rate, level, pool } of this.#series) {
      for (let n = draws.poisson((rate * level * draws.gamma(10)) / 10); n > 0; n--) this.#session(minute, port, worldHost(port, draws.below(pool)), emit)
    }
    for (let n = draws.poisson(this.options.strays / 10); n > 0; n--) emit(1 + draws.below(65_535), worldHost(0, draws.below(1e6)), 1)
    for (const { rows } of this.#plants) rows?.(minute, emit, draws)
    return {
      minute, heard: [], watched: watched.flatMap((observed_s, sensor) => (observed_s === 0 ? [] : [{ sensor, observed_s }])), addressText: this.#book.text,
      flows: { rows: this.#flows.rows, ...this.#flows.columns },
      backscatter: { rows: 0, ...growingBackscatter().columns }, syns: { rows: 0, ...growingSyns().columns },
    }
  }

  /** A source comes with one packet or several, over some minutes. */
  #session(minute: number, port: number, source: number, emit: Emit): void {
    const draws = this.#draws
    emit(port, source, 1 + draws.geometric(0.7))
    for (let more = draws.geometric(0.6), at = minute; more > 0; more--) {
      at += MINUTE_S * Math.ceil(-2 * Math.log(1 - draws.unit()))
      const later = this.#later.get(at)
      if (later) later.push({ port, source })
      else this.#later.set(at, [{ port, source }])
    }
  }

  #row(port: number, source: number, packets: number, sensor: number, research: boolean): void {
    this.#flows.reserve(1)
    const i = this.#flows.rows++
    const c = this.#flows.columns
    c.sensor[i] = sensor
    c.source[i] = source
    c.port[i] = portKeyOf('tcp', port)
    c.packets[i] = packets
    c.scan[i] = packets
    c.destinations[i] = 1
    c.network[i] = sensor
    c.research[i] = research ? 1 : 0
  }
}
