/** Resident sizes in bytes, one a second. */
export type ResidentCurve = readonly number[]

export interface Plateau {
  readonly peak_bytes: number
  /** Highest sizes of the middle and of the last third. */
  readonly middle_bytes: number
  readonly last_bytes: number
  /** Last against middle: 1 where memory has levelled off, more where it still grows. */
  readonly growth: number
}

/** A table that grows once more, or a heap before its next collection; a leak adds this much in each further third. */
export const growth_max = 1.06

/** Whether what was seen has levelled off: a peak alone hides a leak until someone waits for it. Throws below three samples. */
export function plateauOf(curve: ResidentCurve): Plateau {
  if (curve.length < 3) throw new RangeError('a curve has at least three samples')
  const third = Math.floor(curve.length / 3)
  const highest = (from: number, to: number): number => curve.slice(from, to).reduce((most, one) => Math.max(most, one), 0)
  const middle_bytes = highest(third, curve.length - third)
  const last_bytes = highest(curve.length - third, curve.length)
  return { peak_bytes: highest(0, curve.length), middle_bytes, last_bytes, growth: last_bytes / middle_bytes }
}

const SHOWN = 12
const MiB = 1024 * 1024

/** The curve in a dozen figures, the highest size of each part in MiB. */
export function shownCurve(curve: ResidentCurve): readonly number[] {
  const parts = Math.min(SHOWN, curve.length)
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * curve.length) / parts)
    const to = Math.floor(((part + 1) * curve.length) / parts)
    return Math.round(Math.max(...curve.slice(from, to)) / MiB)
  })
}
