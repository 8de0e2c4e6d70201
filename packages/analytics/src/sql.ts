/** Values of one statement: SQL holds only placeholders, so that no value can ever be read as SQL. */
export class Bindings {
  readonly values: Record<string, unknown> = {}
  #count = 0

  /** The placeholder of a new value of the ClickHouse type. */
  bind(value: unknown, type: string): string {
    const name = `p${this.#count++}`
    this.values[name] = typeof value === 'bigint' ? value.toString() : value
    return `{${name}:${type}}`
  }
  /** Seconds since 1970 as a `DateTime`. */
  time(seconds: number): string {
    return `toDateTime(${this.bind(seconds, 'UInt32')}, 'UTC')`
  }
}
