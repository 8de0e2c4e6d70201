/** The visible stretch of a series, in points: `from` inclusive, `to` exclusive; fractions while it moves. */
export interface View {
  readonly from: number
  readonly to: number
}

/** Fewer points than this are a flat line and no picture. */
const POINTS_MIN = 8

/** `view` pushed inside of the series: at most all of it, at least a few points. */
export function inside({ from, to }: View, length: number): View {
  const wide = Math.min(length, Math.max(Math.min(POINTS_MIN, length), to - from))
  const start = Math.min(Math.max(0, from), length - wide)
  return { from: start, to: start + wide }
}

export const moved = (view: View, by: number, length: number): View => inside({ from: view.from + by, to: view.to + by }, length)

/** Larger than 1: closer; `at` (0…1) of the width stays where it is. */
export function zoomed({ from, to }: View, factor: number, at: number, length: number): View {
  const place = from + (to - from) * at
  const wide = Math.min(length, Math.max(Math.min(POINTS_MIN, length), (to - from) / factor))
  return inside({ from: place - wide * at, to: place + wide * (1 - at) }, length)
}

/** Where points lie in time. */
export interface Span { readonly from_s: number; readonly step_s: number; readonly length: number }

/** The view when other points come: the same stretch of time while steps are as long as before, else all of them. */
export function carried(view: View, before: Span | undefined, now: Span): View {
  const whole = before === undefined || (view.from <= 0 && view.to >= before.length)
  if (whole || before.step_s !== now.step_s) return { from: 0, to: now.length }
  const by = (before.from_s - now.from_s) / now.step_s
  return inside({ from: view.from + by, to: view.to + by }, now.length)
}

const KEY_STEP = 0.1
const KEY_ZOOM = 1.5

/** What a key does to the view; undefined: nothing. */
export function keyed(view: View, key: string, length: number): View | undefined {
  const wide = view.to - view.from
  switch (key) {
    case 'ArrowLeft': return moved(view, -wide * KEY_STEP, length)
    case 'ArrowRight': return moved(view, wide * KEY_STEP, length)
    case 'PageUp': return moved(view, -wide, length)
    case 'PageDown': return moved(view, wide, length)
    case '+': case '=': return zoomed(view, KEY_ZOOM, 0.5, length)
    case '-': case '_': return zoomed(view, 1 / KEY_ZOOM, 0.5, length)
    case 'Home': return inside({ from: 0, to: wide }, length)
    case 'End': return inside({ from: length - wide, to: length }, length)
    case '0': case 'Escape': return { from: 0, to: length }
    default: return undefined
  }
}
