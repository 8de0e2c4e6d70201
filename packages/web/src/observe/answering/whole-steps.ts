import type { CallOutput, heardSeries } from '@hirundo/contract'
import { arrivedUntil } from '../explore/series-data.ts'

type Answer = Pick<CallOutput<typeof heardSeries>, 'from' | 'to' | 'data'>
export type HeardPoint = CallOutput<typeof heardSeries>['data']['points'][number]

/**
 * The steps that lie wholly in the period and of which all has come, from the first to the last in which anything was heard. A step between
 * them without an interaction is a zero; before and after nobody is known to have answered, and nothing is drawn.
 */
export function wholeSteps({ from, to, data: { points, step_s } }: Answer, arrived_ms = arrivedUntil()): HeardPoint[] {
  const step_ms = step_s * 1000
  const [first, last] = [Date.parse(from), Math.min(Date.parse(to), arrived_ms) - step_ms]
  const whole = points.filter(({ at }) => Date.parse(at) >= first && Date.parse(at) <= last)
  const shown = whole.length > 0 ? whole : points
  const filled: HeardPoint[] = []
  for (const point of shown) {
    for (let at = filled.length > 0 ? Date.parse(filled.at(-1)!.at) + step_ms : Infinity; at < Date.parse(point.at); at += step_ms) {
      filled.push({ at: new Date(at).toISOString(), none: 0, completed: 0, dialogue: 0, requests: 0, sources: 0 })
    }
    filled.push(point)
  }
  return filled
}
