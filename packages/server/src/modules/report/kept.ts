/** The values used last, at most `entries_max`. */
export class Kept<V> {
  readonly #entries_max: number
  readonly #values = new Map<string, V>()

  constructor(entries_max: number) {
    this.#entries_max = entries_max
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    this.#values.set(key, value)
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#entries_max) return
      this.#values.delete(oldest)
    }
  }
}
