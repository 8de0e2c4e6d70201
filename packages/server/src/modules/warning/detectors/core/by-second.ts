/**
 * Order of rows by their second, rows of one second in the order in which they come: sensors give theirs one after the other.
 * Undefined when they are in order as they are.
 */
export function rowsBySecond(seconds: Float64Array, rows: number): Uint32Array | undefined {
  let in_order = true
  for (let i = 1; i < rows && in_order; i++) in_order = seconds[i]! >= seconds[i - 1]!
  return in_order ? undefined : Uint32Array.from({ length: rows }, (_, i) => i).sort((a, b) => seconds[a]! - seconds[b]! || a - b)
}
