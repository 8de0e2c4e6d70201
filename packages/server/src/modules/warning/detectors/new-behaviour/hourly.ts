import type { PortKey } from '../core/port-key.ts'

interface Hours { readonly hours: number[]; readonly counts: number[] }
export type SavedHourly = readonly (readonly [PortKey, Hours])[]

/** Interactions by port and hour of their begin, over some days: what evidence of a string can be asked by. */
export class Hourly {
  readonly #ports_max: number
  readonly #hours_max: number
  readonly #ports: Map<PortKey, Hours>

  constructor(ports_max: number, hours_max: number, saved?: SavedHourly) {
    this.#ports_max = ports_max
    this.#hours_max = hours_max
    this.#ports = new Map(saved?.map(([port, { hours, counts }]) => [port, { hours: [...hours], counts: [...counts] }]))
  }

  add(port: PortKey, hour: number): void {
    let of = this.#ports.get(port)
    if (!of) {
      if (this.#ports.size >= this.#ports_max) return
      this.#ports.set(port, (of = { hours: [], counts: [] }))
    }
    // They come nearly in order: one that began in the hour before is the usual exception.
    let at = of.hours.length
    while (at > 0 && of.hours[at - 1]! > hour) at--
    if (of.hours[at - 1] === hour) of.counts[at - 1]!++
    else {
      of.hours.splice(at, 0, hour)
      of.counts.splice(at, 0, 1)
    }
  }

  /** Of the hours from … up to, without, `to`; undefined for a port that found no room. */
  sum(port: PortKey, from: number, to: number): number | undefined {
    const of = this.#ports.get(port)
    return of?.counts.reduce((sum, count, i) => (of.hours[i]! >= from && of.hours[i]! < to ? sum + count : sum), 0)
  }

  forgetBefore(hour: number): void {
    for (const [port, { hours, counts }] of this.#ports) {
      const first = hours.findIndex((one) => one > hour - this.#hours_max)
      const old = first < 0 ? hours.length : first
      hours.splice(0, old)
      counts.splice(0, old)
      if (hours.length === 0) this.#ports.delete(port)
    }
  }

  save(): SavedHourly {
    return [...this.#ports].map(([port, { hours, counts }]) => [port, { hours: [...hours], counts: [...counts] }])
  }
}
