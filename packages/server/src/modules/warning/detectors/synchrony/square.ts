/** A symmetric matrix of n × n, row by row. */
export interface Square {
  readonly n: number
  readonly values: Float64Array
}
export const square = (n: number): Square => ({ n, values: new Float64Array(n * n) })

/** The rows and columns of some variables. */
export function cut({ n, values }: Square, part: readonly number[]): Square {
  const small = square(part.length)
  part.forEach((from, i) => part.forEach((to, j) => {
    small.values[i * part.length + j] = values[from * n + to]!
  }))
  return small
}

/** Puts them back. */
export function paste({ n, values }: Square, part: readonly number[], small: Square): void {
  part.forEach((from, i) => part.forEach((to, j) => {
    values[from * n + to] = small.values[i * small.n + j]!
  }))
}
