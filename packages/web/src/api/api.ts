import { apiClient, type ApiProblem, type CallInput, type CallOutput, type Route } from '@hirundo/contract'
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useReader } from '../text/text.tsx'

/** Thrown inside queries, because that is how they know a failure; pages show it with `ProblemView`. */
export class ProblemError extends Error {
  readonly problem: ApiProblem
  constructor(problem: ApiProblem) {
    super(problem.title)
    this.problem = problem
  }
}

const client = (language: string) => apiClient({ url: location.origin, language })

/** Calls the node with the session's cookie. Throws ProblemError. */
export async function call<R extends Route>(route: R, input: CallInput<R>, options: { readonly language?: string; readonly signal?: AbortSignal } = {}): Promise<CallOutput<R>> {
  const result = await client(options.language ?? document.documentElement.lang).call(route, input, options.signal ? { signal: options.signal } : {})
  if (!result.ok) throw new ProblemError(result.problem)
  return result.value
}

export interface AnswerOptions {
  readonly enabled?: boolean
  /** Asked again after so many milliseconds. */
  readonly every_ms?: number
}

/** An answer of the API; what was shown before stays until the next one is there. */
export function useAnswer<R extends Route>(route: R, input: CallInput<R>, { enabled = true, every_ms }: AnswerOptions = {}): UseQueryResult<CallOutput<R>, ProblemError> {
  const { locale } = useReader()
  return useQuery({
    queryKey: [route.id, input, locale],
    queryFn: ({ signal }) => call(route, input, { language: locale, signal }),
    placeholderData: keepPreviousData,
    enabled,
    ...(every_ms === undefined ? {} : { refetchInterval: every_ms }),
  }) as UseQueryResult<CallOutput<R>, ProblemError>
}

/** The request behind an answer, as its query is shown: `GET /api/v1/top/ports?limit=10`. */
export function requestLine(route: Route, input: { readonly params?: object; readonly query?: object }): string {
  const path = route.path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String((input.params as Record<string, unknown>)[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one))
  }
  const text = search.toString()
  return `${route.method} /api/v1${path}${text === '' ? '' : `?${text}`}`
}
