export type SavedPortDays = ReadonlyMap<number, readonly number[]>

/** On which days a port was blamed. Beyond `ports_max` the one that was blamed longest ago is forgotten. */
export class PortDays {
  readonly #days_kept: number
  readonly #ports_max: number
  readonly #ports: Map<number, readonly number[]>

  constructor(days_kept: number, ports_max: number, saved?: SavedPortDays) {
    this.#days_kept = days_kept
    this.#ports_max = ports_max
    this.#ports = new Map(saved)
  }

  /** Adds today. */
  add(port: number, today: number): void {
    const days = (this.#ports.get(port) ?? []).filter((day) => day >= today - this.#days_kept && day < today)
    this.#ports.delete(port)
    this.#ports.set(port, [...days, today])
    if (this.#ports.size > this.#ports_max) this.#ports.delete(this.#ports.keys().next().value!)
  }

  /** On how many of the days before the one that was added last. */
  count(port: number): number {
    return Math.max(0, (this.#ports.get(port)?.length ?? 0) - 1)
  }

  save(): SavedPortDays {
    return this.#ports
  }
}
