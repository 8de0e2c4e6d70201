/**
 * `value` with numbers above 2^53 as 2^53 - 1. Packets and bytes are what sensors say, and JSON is exact no further: one
 * sensor that says nonsense must not take the answers about all others away.
 */
export function saturate<T>(value: T): T {
  if (typeof value === 'number') return Math.min(value, Number.MAX_SAFE_INTEGER) as T
  if (Array.isArray(value)) return value.map(saturate) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, saturate(one)])) as T
}
