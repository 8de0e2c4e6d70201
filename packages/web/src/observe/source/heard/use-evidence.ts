import { sourceEvidence, type CallOutput, type Evidence } from '@hirundo/contract'
import { queryText, type FigureData } from '@hirundo/figures'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { call, type ProblemError } from '../../../api/api.ts'
import { useReader } from '../../../text/text.tsx'
import { figureQuery } from '../../figure/figure-query.ts'
import type { Asking } from '../../question/question.ts'

const PER_PAGE = 10

export type EvidenceAnswer = CallOutput<typeof sourceEvidence>

/** What was heard of one address, page after page. */
export interface HeardOf {
  /** The first page, with the sums over all of them. */
  readonly first: EvidenceAnswer
  readonly pieces: readonly Evidence[]
  /** The requests of all pages that were read. */
  readonly query: FigureData['query']
}

const inputOf = (address: string, asking: Asking, after: string | undefined) => ({
  params: { address }, query: { ...asking.query, limit: PER_PAGE, ...(after === undefined ? {} : { after }) },
})

function heardOf(pages: readonly EvidenceAnswer[], address: string, asking: Asking): HeardOf {
  const [query, ...others] = pages.map((_, i) => figureQuery(sourceEvidence, inputOf(address, asking, i === 0 ? undefined : pages[i - 1]!.data.next ?? undefined)))
  return {
    first: pages[0]!, pieces: pages.flatMap(({ data }) => data.evidence),
    query: { ...query!, search: [query!.search, ...others.map((one) => queryText({ query: one }))].join('\n') },
  }
}

/** Evidence about an address, newest first; `more` asks for the next page. */
export function useEvidence(address: string, asking: Asking) {
  const { locale } = useReader()
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery<EvidenceAnswer, ProblemError>({
    queryKey: [sourceEvidence.id, address, asking.query, locale],
    queryFn: ({ pageParam, signal }) => call(sourceEvidence, inputOf(address, asking, pageParam as string | undefined), { language: locale, signal }),
    initialPageParam: undefined,
    getNextPageParam: ({ data: { next } }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  return {
    answer: { data: data && heardOf(data.pages, address, asking), error, isPending, refetch }, has_more: hasNextPage, busy: isFetchingNextPage, more: () => void fetchNextPage(),
  }
}
