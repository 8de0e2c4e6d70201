import { coverageAnswer } from '@hirundo/contract'
import { useAnswer } from '../../api/api.ts'
import type { Asking } from './question.ts'

/** The period of the same length just before the one that is asked for. */
export function periodBefore({ from, to }: Pick<Asking, 'from' | 'to'>): { readonly from: string; readonly to: string } {
  const start = Math.max(0, 2 * Date.parse(from) - Date.parse(to))
  return { from: new Date(start).toISOString(), to: from }
}

/**
 * Whether any sensor watched in the period before; undefined until that is known. Without it nobody can say that
 * something was not there: a rank that is missing then is unknown, and not new.
 */
export function useWatchedBefore(asking: Asking): boolean | undefined {
  const { data } = useAnswer(coverageAnswer, { query: { ...asking.query, ...periodBefore(asking) } })
  return data && data.coverage.sensors_live > 0
}
