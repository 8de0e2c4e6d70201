import { MINUTE_S } from '@hirundo/base'
import { hash32 } from '../hash.ts'
import { worldHost, worldPort, type Plant } from './world.ts'

/** How bots of a botnet send: each in its own way at these times. Times are seconds from the event's start. */
export type Pattern = 'bursts' | 'half hours' | 'onset'
export interface Botnet {
  readonly id: number
  readonly port: number
  readonly bots: number
  readonly start: number
  readonly end: number
  readonly pattern: Pattern
  /** Packets that all sensors together see of one bot in a minute in which it sends. */
  readonly rate: number
}

const FLEET = 7_000_000

/** bursts: three minutes in about each thirty. half hours: on and off. onset: from one minute on, all the time. */
function sends({ id, start, pattern }: Botnet, minute: number): boolean {
  const at = (minute - start) / MINUTE_S
  if (pattern === 'onset') return true
  if (pattern === 'half hours') return at % 60 < 30
  const turn = Math.floor(at / 30)
  const begin = hash32(id, turn) % 27
  return at % 30 >= begin && at % 30 < begin + 3
}

export const botnet = (net: Botnet): Plant => ({
  rows: (minute, emit, draws) => {
    if (minute < net.start || minute >= net.end || !sends(net, minute)) return
    for (let n = draws.poisson(net.bots * net.rate); n > 0; n--) emit(net.port, worldHost(net.id, draws.below(net.bots)), 1)
  },
})

/** Known research scanners: 60 hosts, all ports in turn, all at once. */
export const research: Plant = {
  rows: (minute, emit, draws) => {
    const port = worldPort(Math.floor(minute / 1800) % 400)
    for (let n = draws.poisson(30); n > 0; n--) emit(port, worldHost(1, draws.below(60)), 1, { research: true })
  },
}

/** A fleet of a research scanner that nobody listed: hosts in many networks, all at one port of 80 for twenty minutes, then at the next. */
export const fleet = (since: number, hosts = 60): Plant => ({
  rows: (minute, emit, draws) => {
    if (minute < since) return
    const turn = Math.floor(minute / 1200)
    const port = 20_000 + (hash32(turn, 5) % 80)
    for (let n = draws.poisson(hosts * 0.3); n > 0; n--) emit(port, worldHost(FLEET, draws.below(hosts)), 1)
  },
})

/** One host, one port, much: half an hour each day. */
export const heavy: Plant = {
  rows: (minute, emit, draws) => {
    if (minute % 86_400 >= 36_000 && minute % 86_400 < 37_800) for (let n = draws.poisson(200); n > 0; n--) emit(31_337, worldHost(3, 0), 1)
  },
}

/** Spoofed sources against one address: ten minutes each day. */
export const flood: Plant = {
  rows: (minute, emit, draws) => {
    if (minute % 86_400 >= 50_000 && minute % 86_400 < 50_600) for (let n = 0; n < 400; n++) emit(27_015, Math.floor(draws.unit() * 2 ** 32), 1, { sensor: 55 })
  },
}

/** A service whose devices all ask at the full hour, every hour of every day. */
export const hourly = (port: number, hosts: number): Plant => ({
  rows: (minute, emit, draws) => {
    if (minute % 3600 < 120) for (let n = draws.poisson(hosts * 0.4); n > 0; n--) emit(port, worldHost(port, draws.below(hosts)), 1)
  },
})

/** Sensors fail: some for 90 minutes, all for 25, one whose clock is an hour ahead for an hour, and ten that come anew. */
export const failures = (start: number): Plant => {
  const at = (minute: number, hour: number, minutes: number) => minute >= start + hour * 3600 && minute < start + hour * 3600 + minutes * 60
  return {
    watched_s: (minute, sensor) => {
      if (sensor >= 40 && at(minute, 5, 90)) return 0
      if (at(minute, 9, 25)) return 0
      if (sensor === 59 && at(minute, 12, 60)) return 0
      if (sensor === 59 && at(minute, 14, 60)) return 2 * MINUTE_S
      if (sensor >= 45 && sensor < 55 && minute < start + 18.2 * 3600) return 0
      return MINUTE_S
    },
  }
}
