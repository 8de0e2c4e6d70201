import type { Severity } from '@hirundo/contract'
import type { PortBin } from './core/port-bins.ts'
import type { PortKey } from './core/port-key.ts'
import type { Slice } from './core/slice.ts'
import { defineDetector, type Detection, type Learning, type Run } from './model.ts'
import { Hourly, type SavedHourly } from './new-behaviour/hourly.ts'
import { newDefaults, type NewParameters } from './new-behaviour/parameters.ts'
import { NewPorts, type NewPort, type SavedNewPorts } from './new-behaviour/ports.ts'
import { NewStrings, type NewString, type SavedStrings } from './new-behaviour/strings.ts'
import { portDetection, reasonOf, severityOf, stringDetection, type Reason } from './new-behaviour/telling.ts'
import { PortWatch, type SavedWatch } from './series/port-watch.ts'
import { Watching, type SavedWatching } from './series/watching.ts'

export type { NewParameters } from './new-behaviour/parameters.ts'

/**
 * What was never seen, or not for weeks, and spreads over sources and sensors: a port, or a payload, JA4, credential or URL that
 * answering sensors heard. One machine, a rack of neighbours, a sweep over many ports and known research scanners are no spread.
 */
export const newBehaviour = defineDetector<NewParameters>({
  kind: 'new',
  version: 2,
  source: 'First seen on several sensors by several sources; thresholds are those of this project',
  defaults: newDefaults,
  start: (parameters, scene, saved) => new NewRun(parameters, scene.seed ?? 0, saved as Saved | undefined),
})

const DAYS_USUAL = 28
const BIN_S = 600
const HOUR_S = 3600
const DAY_S = 86_400
const HOUR_BINS = 6
const MINUTE_S = 60

/** A port that was told and goes on. */
interface Followed {
  readonly since: number
  reason: Reason
  /** End of the last bin in which anything came, and packets until then. */
  end: number
  packets: number
  told: number
}
/** A string that was told and goes on. */
interface FollowedString { readonly one: NewString; severity: Severity; visits: number; end: number; told: number }
interface Least { readonly port: PortKey; readonly alarm: boolean; readonly networks: number }

interface Saved {
  readonly watching: SavedWatching
  readonly ports: SavedNewPorts
  readonly strings: SavedStrings
  readonly hourly: SavedHourly
  readonly watch: SavedWatch
  readonly followed: readonly (readonly [PortKey, Followed])[]
  readonly followed_strings: readonly (readonly [hash: number, rest: Omit<FollowedString, 'one'>])[]
  readonly raised: readonly number[]
  readonly unfollowed: number
}

class NewRun implements Run {
  readonly #parameters: NewParameters
  readonly #watching: Watching
  readonly #ports: NewPorts
  readonly #strings: NewStrings
  readonly #hourly: Hourly
  readonly #watch: PortWatch
  readonly #followed: Map<PortKey, Followed>
  readonly #followed_strings: FollowedString[]
  /** Minutes in which something was raised within the last hour. */
  #raised: number[]
  /** Times that something new found no room to be followed. */
  #unfollowed: number

  constructor(parameters: NewParameters, seed: number, saved: Saved | undefined) {
    const { string, followed_max, followed_sources_max } = parameters
    this.#parameters = parameters
    this.#watching = new Watching(DAYS_USUAL, saved?.watching)
    this.#ports = new NewPorts(parameters.port, saved?.ports)
    this.#strings = new NewStrings(string, seed, saved?.strings)
    this.#hourly = new Hourly(string.ports_max, string.window_days * 24, saved?.hourly)
    this.#watch = new PortWatch({ ports_max: followed_max, sources_max: followed_sources_max }, saved?.watch)
    this.#followed = new Map(saved?.followed.map(([port, one]) => [port, { ...one }]))
    this.#followed_strings = (saved?.followed_strings ?? []).flatMap(([hash, rest]) => {
      const one = this.#strings.find(hash)
      return one ? [{ one, ...rest }] : []
    })
    this.#raised = [...(saved?.raised ?? [])]
    this.#unfollowed = saved?.unfollowed ?? 0
  }

  minute(slice: Slice): readonly Detection[] {
    this.#watch.take(slice)
    this.#raised = this.#raised.filter((one) => one > slice.minute - HOUR_S)
    for (const { research, port, at } of slice.heard) if (!research) this.#hourly.add(port, Math.floor(at / HOUR_S))
    // What spreads most first: it takes the places that there are.
    const news = this.#ports.take(slice, (port) => this.#watch.has(port)).toSorted((a, b) => b.spread.networks - a.spread.networks || a.port - b.port)
    return [...news.flatMap((one) => this.#tellPort(one, slice)), ...this.#strings.take(slice).map((one) => this.#tellString(one, slice))]
  }

  bin(bin: PortBin): readonly Detection[] {
    const found: Detection[] = []
    for (const [port, one] of this.#followed) this.#goOn(bin, port, one, found)
    for (const one of this.#followed_strings.slice()) this.#goOnString(bin.start + BIN_S, one, found)
    return found
  }

  day(day: PortBin): readonly Detection[] {
    const { hole } = this.#watching.next(day.sensor_equivalents)
    this.#ports.day(day, !hole)
    this.#strings.day(day.start / DAY_S)
    this.#hourly.forgetBefore((day.start + DAY_S) / HOUR_S)
    return []
  }

  /** Of ports: strings come only where sensors answer, and their days are counted from when one does. */
  get learning(): Learning {
    return { days: this.#ports.days, days_needed: this.#parameters.port.days_known_min }
  }

  end(): readonly Detection[] {
    return [
      ...[...this.#followed].map(([port, one]) => this.#portDetection(port, one, one.end, false)),
      ...this.#followed_strings.map((one) => this.#stringDetection(one, one.end, false)),
    ]
  }

  get shed(): Readonly<Record<string, number>> {
    return { ...this.#ports.shed, ...this.#strings.shed, followed: this.#unfollowed, followed_sources: this.#watch.shed }
  }

  save(): Saved {
    return {
      watching: this.#watching.save(), ports: this.#ports.save(), strings: this.#strings.save(), hourly: this.#hourly.save(), watch: this.#watch.save(),
      followed: [...this.#followed].map(([port, one]) => [port, { ...one }]),
      followed_strings: this.#followed_strings.map(({ one, ...rest }) => [one.hash, rest]), raised: [...this.#raised], unfollowed: this.#unfollowed,
    }
  }

  /** Beyond the bound of an hour what is new is a record. */
  #severity(severity: Severity, minute: number): Severity {
    if (this.#raised.length >= this.#parameters.raised_per_hour_max) return 'record'
    this.#raised.push(minute)
    return severity
  }

  /** Where there is no room for it a port stays unknown: it is told when more come to it, or when there is room again. */
  #tellPort(one: NewPort, slice: Slice): Detection[] {
    const { networks, sensors } = one.spread
    const severity = this.#severity(severityOf(networks, sensors, slice.watched.length, this.#parameters), slice.minute)
    const over: Detection[] = []
    if (!this.#makeRoom(severity, networks, slice.minute, over)) return []
    return [...over, this.#follow(one, slice, severity)]
  }

  /**
   * Whether there is room to follow one more. An alarm takes the place of whatever is least, a record that of a record to which
   * fewer came: who fills all places with made-up sources cannot hide by it what comes later.
   */
  #makeRoom(severity: Severity, networks: number, minute: number, over: Detection[]): boolean {
    if (!this.#watch.full) return true
    this.#unfollowed++
    const least = this.#least()
    if (least === undefined || (severity === 'record' && (least.alarm || least.networks >= networks))) return false
    const one = this.#followed.get(least.port)!
    const more = this.#watch.seen(least.port)!.packets > one.packets
    over.push(this.#portDetection(least.port, one, more ? minute + MINUTE_S : one.end, false))
    this.#letGo(least.port, minute)
    return true
  }

  /** Of the ports that are followed the one that would be missed least. */
  #least(): Least | undefined {
    let least: Least | undefined
    for (const [port, { reason }] of this.#followed) {
      const one: Least = { port, alarm: reason.severity !== 'record', networks: this.#watch.networksOf(port) }
      if (least === undefined || (Number(one.alarm) - Number(least.alarm) || one.networks - least.networks) < 0) least = one
    }
    return least
  }

  #letGo(port: PortKey, second: number): void {
    this.#followed.delete(port)
    this.#watch.end(port)
    this.#ports.tell(port, second)
  }

  #follow(one: NewPort, slice: Slice, severity: Severity): Detection {
    const { port, visits, since } = one
    const end = slice.minute + MINUTE_S
    const packets = visits.by_hour.reduce((sum, count, i) => (visits.hours[i]! * HOUR_S >= since ? sum + count : sum), 0)
    this.#watch.begin(port, since)
    this.#watch.seed(port, packets, visits.source.flatMap((source, i) => (visits.last[i]! * HOUR_S < since ? [] : [{
      source, network: visits.network[i]!, sensor: visits.sensor[i]!, packets: visits.packets[i]!,
    }])), visits.left_out * HOUR_S < since)
    const followed: Followed = { since, reason: reasonOf(one, this.#ports.days, severity), end, packets, told: slice.minute }
    this.#followed.set(port, followed)
    this.#ports.tell(port, slice.minute)
    return this.#portDetection(port, followed, end, true)
  }

  #portDetection(port: PortKey, { reason }: Followed, end: number, open: boolean): Detection {
    return portDetection(port, this.#watch.seen(port)!, end, reason, this.#parameters, open)
  }

  #goOn(bin: PortBin, port: PortKey, one: Followed, found: Detection[]): void {
    const { followed_h, silent_h } = this.#parameters
    const now = bin.start + BIN_S
    const seen = this.#watch.seen(port)!
    if (seen.packets > one.packets) Object.assign(one, { packets: seen.packets, end: now })
    const over = now - one.since >= followed_h * HOUR_S || now - one.end >= silent_h * HOUR_S
    const severity = one.reason.severity === 'record' ? 'record' : severityOf(seen.networks, seen.sensors, bin.sensors, this.#parameters)
    const worse = severity === 'warning' && one.reason.severity === 'notice'
    if (worse) one.reason = { ...one.reason, severity }
    if (over || worse || (one.end === now && now - one.told >= HOUR_BINS * BIN_S)) {
      one.told = now
      found.push(this.#portDetection(port, one, one.end, !over))
    }
    if (over) this.#letGo(port, bin.start)
  }

  #tellString(one: NewString, slice: Slice): Detection {
    one.followed_to = Math.ceil(slice.minute / HOUR_S) + this.#parameters.followed_h
    const end = slice.minute + MINUTE_S
    const severity = this.#severity(severityOf(one.networks.size, one.sensors.size, this.#strings.answering, this.#parameters), slice.minute)
    const followed: FollowedString = { one, severity, visits: one.visits, end, told: slice.minute }
    if (this.#followed_strings.length < this.#parameters.followed_max) this.#followed_strings.push(followed)
    else this.#unfollowed++
    return this.#stringDetection(followed, end, this.#followed_strings.includes(followed))
  }

  #stringDetection({ one, severity }: FollowedString, end: number, open: boolean): Detection {
    // An interaction comes at most an hour after its begin: by then its hour is whole.
    const until = Math.floor(end / HOUR_S) - 1
    const about = { answering: this.#strings.answering, days_known: this.#strings.days, sensors_needed: this.#strings.sensorsNeeded(), heard: { until, interactions: this.#hourly.sum(one.port, one.since, until) } }
    return stringDetection(one, end, about, severity, this.#parameters, open)
  }

  #goOnString(now: number, followed: FollowedString, found: Detection[]): void {
    const { silent_h } = this.#parameters
    const { one } = followed
    if (one.visits > followed.visits) Object.assign(followed, { visits: one.visits, end: now })
    const over = now >= one.followed_to * HOUR_S || now - followed.end >= silent_h * HOUR_S
    const severity = followed.severity === 'record' ? 'record' : severityOf(one.networks.size, one.sensors.size, this.#strings.answering, this.#parameters)
    const worse = severity === 'warning' && followed.severity === 'notice'
    if (worse) followed.severity = severity
    if (over || worse || (followed.end === now && now - followed.told >= HOUR_BINS * BIN_S)) {
      followed.told = now
      found.push(this.#stringDetection(followed, followed.end, !over))
    }
    if (over) this.#followed_strings.splice(this.#followed_strings.indexOf(followed), 1)
  }
}
