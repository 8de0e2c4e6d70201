import { logBounds } from './model.ts'

/** An object that a stranger's JSON made: every value is looked at before use. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Shorter lines cannot nest so deep that it matters. */
const SHALLOW_CHARS_MAX = 2048
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** The object of a line; undefined when it is no JSON, no object, or nested too deep. */
export function jsonLine(line: string): JsonObject | undefined {
  // A byte order mark is blank too.
  const text = line.charCodeAt(0) === 0x7b ? line : line.trimStart()
  if (text.charCodeAt(0) !== 0x7b || (text.length > SHALLOW_CHARS_MAX && isDeep(text))) return undefined
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

function isDeep(line: string): boolean {
  let depth = 0
  for (let at = 0; at < line.length; at++) {
    const sign = line.charCodeAt(at)
    if (sign === QUOTE) {
      at = endOfString(line, at)
      if (at < 0) return false
    } else if (sign === 0x7b || sign === 0x5b) {
      if (++depth > logBounds.depth_max) return true
    } else if (sign === 0x7d || sign === 0x5d) depth--
  }
  return false
}

/** Place of the quote that ends the string which begins at `from`; −1: none. */
function endOfString(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    const sign = line.charCodeAt(at)
    if (sign === BACKSLASH) at++
    else if (sign === QUOTE) return at
  }
  return -1
}

export const objectOf = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** A text that is not empty; a number as its text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' ? String(value) : undefined
}

/** A number between 0 and `max`, whole or cut to it; also as text. */
export function countOf(value: unknown, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  return number >= 0 && number <= max ? Math.trunc(number) : undefined
}

export const portOf = (value: unknown): number | undefined => countOf(value, 0xffff)
