/** How often values came; most flows know only one. */
export class Tally<Value extends number | string> {
  #first: Value | undefined
  #count = 0
  #more: Map<Value, number> | undefined

  /** Whether the value is new beside others: it takes memory. */
  add(value: Value, times: number): boolean {
    this.#first ??= value
    if (this.#first === value) {
      this.#count += times
      return false
    }
    this.#more ??= new Map()
    const before = this.#more.get(value)
    this.#more.set(value, (before ?? 0) + times)
    return before === undefined
  }

  get values(): number {
    return (this.#first === undefined ? 0 : 1) + (this.#more?.size ?? 0)
  }

  /** The most frequent value, of several the smallest, and how often it came. */
  get best(): { readonly value: Value; readonly count: number } | undefined {
    if (this.#first === undefined) return undefined
    let best = { value: this.#first, count: this.#count }
    for (const [value, count] of this.#more ?? []) {
      if (count > best.count || (count === best.count && value < best.value)) best = { value, count }
    }
    return best
  }
}
