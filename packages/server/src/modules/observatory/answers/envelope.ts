import { formatSeconds } from '@hirundo/base'
import type { Research } from '@hirundo/analytics'
import type { Scope, Watched } from './scope.ts'

/** uniqCombined64 with 2^14 registers: 1.04 / sqrt(2^14) (Flajolet et al., 2007). */
const SOURCES_ERROR = 0.0081

/** How means per live sensor are made; a code of the catalogue. */
const PER_SENSOR = 'packets-by-time-watched'

export interface Envelope<T> {
  readonly from: string
  readonly to: string
  readonly coverage: Watched['coverage']
  readonly simulated: boolean
  readonly research: Research
  readonly tables_as_of: string | null
  readonly note: 'location-of-address-not-of-actor' | null
  readonly method: { readonly sources: 'uniqCombined64'; readonly sources_error: number; readonly per_sensor: string }
  readonly data: T
}

/** `located`: the answer ranks or names economies or networks. */
export function envelope<T>(
  { question }: Scope, watched: Watched, tables_as_of: string | null, located: boolean, data: T,
): Envelope<T> {
  return {
    from: formatSeconds(question.from), to: formatSeconds(question.to),
    coverage: watched.coverage, simulated: watched.simulated, research: question.research, tables_as_of,
    note: located ? 'location-of-address-not-of-actor' : null,
    method: { sources: 'uniqCombined64', sources_error: SOURCES_ERROR, per_sensor: PER_SENSOR },
    data,
  }
}
