type Column = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array

/** A longer copy, zero behind what was there. */
export function grown<T extends Column>(column: T, length: number): T {
  const made = new (column.constructor as new (length: number) => T)(length)
  made.set(column)
  return made
}

/** A copy of twice the length. */
export const doubled = <T extends Column>(column: T): T => grown(column, 2 * column.length)
