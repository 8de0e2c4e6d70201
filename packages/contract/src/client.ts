import type { TObject, TSchema, Static } from 'typebox'
import type { Route } from './route.ts'

/** What a route is called with: only the parts that it declares. */
export type CallInput<R> =
  (R extends { params: infer P extends TObject } ? { readonly params: Static<P> } : { readonly params?: never })
  & (R extends { query: infer Q extends TObject } ? { readonly query?: Static<Q> } : { readonly query?: never })
  & (R extends { raw_body: string } ? { readonly body: Uint8Array }
    : R extends { body: infer B extends TSchema } ? { readonly body: Static<B> } : { readonly body?: never })
export type CallOutput<R> = R extends { output: infer O extends TSchema } ? Static<O> : never

/** A problem+json answer (RFC 9457), or `unreachable` when no answer came. */
export interface ApiProblem {
  /** A code of base's `problems`, or `unreachable`. */
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly instance: string
}
export type ApiResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ApiProblem }

export interface ApiClient {
  call<R extends Route>(route: R, input: CallInput<R>, options?: { readonly signal?: AbortSignal }): Promise<ApiResult<CallOutput<R>>>
}

export interface ApiClientOptions {
  /** Of the node, without `/api/v1`. */
  readonly url: string
  readonly token?: string
  /** BCP 47, for the texts of problems. */
  readonly language?: string
  readonly timeout_ms?: number
  readonly fetch?: typeof fetch
}

const ANSWER_TIMEOUT_MS = 60_000

function address(base: string, route: Route, params: Record<string, unknown>, query: Record<string, unknown>): string {
  const path = route.path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  const text = search.toString()
  return `${base.replace(/\/+$/, '')}/api/v1${path}${text === '' ? '' : `?${text}`}`
}

const unreachable = (reason: string): ApiProblem => ({
  code: 'unreachable', status: 0, title: 'The node did not answer', detail: reason, instance: '',
})

async function readProblem(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : '')
  return {
    code: text('type').replace('urn:hirundo:problem:', '') || 'internal',
    status: response.status,
    title: text('title') || `HTTP ${response.status}`,
    detail: text('detail'),
    instance: text('instance'),
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}

/** A client of one node: `call(route, input)` gives the declared output, or the problem that the node named. */
export function apiClient(options: ApiClientOptions): ApiClient {
  const send = options.fetch ?? fetch
  return {
    async call(route, input, { signal } = {}) {
      const { params = {}, query = {}, body } = input as { params?: object; query?: object; body?: unknown }
      const headers: Record<string, string> = { accept: route.produces ?? 'application/json' }
      if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`
      if (options.language !== undefined) headers['accept-language'] = options.language
      if (body !== undefined) headers['content-type'] = route.raw_body ?? 'application/json'
      const timeout = AbortSignal.timeout(options.timeout_ms ?? ANSWER_TIMEOUT_MS)
      try {
        const response = await send(address(options.url, route, params as never, query as never), {
          method: route.method,
          headers,
          redirect: 'error',
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
          ...(body === undefined ? {} : { body: route.raw_body === undefined ? JSON.stringify(body) : (body as Uint8Array<ArrayBuffer>) }),
        })
        if (!response.ok) return { ok: false, problem: await readProblem(response) }
        const value: unknown = route.produces === undefined ? await response.json() : new Uint8Array(await response.arrayBuffer())
        return { ok: true, value: value as never }
      } catch (error) {
        return { ok: false, problem: unreachable(reasonOf(error)) }
      }
    },
  }
}
