import type { CallInput, CallOutput, Route } from '@hirundo/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { call, type ProblemError } from '../api/api.ts'
import { useReader } from '../text/text.tsx'

const rows_per_page = 100
/** Tables of such lists show all that was asked for: there is one button for more, which asks the node. */
export const rows_max = 10_000

interface Paged { readonly next: string | null }

/** A list that the node answers in pages, newest first; `more` asks for the next one. `every_ms`: all of them are asked for again. */
export function usePages<R extends Route>(route: R, query: Readonly<Record<string, unknown>>, { enabled = true, every_ms }: { readonly enabled?: boolean; readonly every_ms?: number } = {}) {
  const { locale } = useReader()
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery<CallOutput<R>, ProblemError>({
    queryKey: [route.id, 'pages', query, locale],
    queryFn: ({ pageParam, signal }) => call(route, { query: { ...query, limit: rows_per_page, ...(pageParam === undefined ? {} : { after: pageParam }) } } as unknown as CallInput<R>, { language: locale, signal }),
    initialPageParam: undefined,
    getNextPageParam: (last) => (last as unknown as Paged).next ?? undefined,
    enabled,
    ...(every_ms === undefined ? {} : { refetchInterval: every_ms }),
  })
  return { answer: { data: data?.pages, error, isPending, refetch }, has_more: hasNextPage, busy: isFetchingNextPage, more: () => void fetchNextPage() }
}
