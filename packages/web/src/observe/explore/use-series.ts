import { seriesAnswer, type CallOutput } from '@hirundo/contract'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { call, type ProblemError } from '../../api/api.ts'
import { useReader } from '../../text/text.tsx'
import type { Asking } from '../question/question.ts'
import type { ExploreState } from './explore-state.ts'

export type SeriesAnswer = CallOutput<typeof seriesAnswer>
export interface KeyedSeries {
  /** Undefined: the total. */
  readonly key: string | undefined
  readonly query: ReturnType<typeof seriesQuery>
  readonly answer: SeriesAnswer | undefined
  readonly error: ProblemError | null
  readonly refetch: () => unknown
}

export const seriesQuery = (asking: Asking, { dimension, step }: ExploreState, key: string | undefined) => ({
  ...asking.query, ...(key === undefined ? {} : { dimension, key }), ...(step === undefined ? {} : { step }),
})

/** One answer for each key, in the order of the keys. */
export function useSeries(asking: Asking, state: ExploreState): readonly KeyedSeries[] {
  const { locale } = useReader()
  const keys = state.dimension === 'total' ? [undefined] : state.keys
  const queries = keys.map((key) => seriesQuery(asking, state, key))
  const answers = useQueries({
    queries: queries.map((query) => ({
      queryKey: [seriesAnswer.id, { query }, locale],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => call(seriesAnswer, { query }, { language: locale, signal }),
      placeholderData: keepPreviousData,
    })),
  })
  return keys.map((key, i) => {
    const { data, error, refetch } = answers[i]!
    // What is kept while the next answer comes may be another key's.
    const own = data !== undefined && data.data.key === (key ?? null)
    return { key, query: queries[i]!, answer: own ? data : undefined, error: error as ProblemError | null, refetch }
  })
}
