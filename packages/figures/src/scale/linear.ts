/** From values to pixels. */
export interface Scale {
  readonly of: (value: number) => number
  readonly ticks: readonly number[]
}

/**
 * What counts as a value: holes are null, and a number that is none is a hole too. Counters end at 2^53; beyond 10^18
 * only a mistake is left, and ticks would leave the range of numbers.
 */
export const isValue = (value: number | null | undefined): value is number => typeof value === 'number' && Math.abs(value) <= 1e18

/** 1, 2 or 5 times a power of ten, at least `raw`. */
export function niceStep(raw: number): number {
  if (!(raw > 0) || !Number.isFinite(raw)) return 1
  const power = 10 ** Math.floor(Math.log10(raw))
  if (!(power > 0)) return raw
  return [1, 2, 5, 10].find((n) => n * power >= raw * 0.999_999)! * power
}

/** Round numbers from 0 to at least `max`, about `count` steps. */
export function linearTicks(max: number, count: number): number[] {
  const top = isValue(max) && max > 1e-9 ? max : 1
  const step = niceStep(top / Math.max(1, count))
  const steps = Math.min(50, Math.max(1, Math.ceil(top / step - 1e-9)))
  return Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toPrecision(12)))
}

/** Powers of ten that cover the positive values from `min` to `max`; at most 20. */
export function logTicks(min: number, max: number): number[] {
  const low = Math.max(-20, Math.floor(Math.log10(min > 0 ? min : 1)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(max > 0 ? max : 10)))
  const every = Math.ceil((high - low) / 10)
  return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => 10 ** (low + i * every))
}

/** Values from 0 upwards onto pixels from `bottom` to `top`. */
export function linearScale(values: readonly number[], bottom: number, top: number, count: number): Scale {
  const ticks = linearTicks(values.reduce((a, b) => Math.max(a, b), 0), count)
  const max = ticks.at(-1)!
  return { ticks, of: (value) => bottom + (Math.min(Math.max(value, 0), max) / max) * (top - bottom) }
}

/** Positive values onto pixels by their logarithm; zero and less lie on the bottom line. */
export function logScale(values: readonly number[], bottom: number, top: number): Scale {
  const positive = values.filter((value) => value > 0)
  const ticks = positive.length === 0 ? logTicks(1, 10)
    : logTicks(positive.reduce((a, b) => Math.min(a, b)), positive.reduce((a, b) => Math.max(a, b)))
  const [low, high] = [Math.log10(ticks[0]!), Math.log10(ticks.at(-1)!)]
  const share = (value: number) => Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low)))
  return { ticks, of: (value) => bottom + (value > 0 ? share(value) : 0) * (top - bottom) }
}
