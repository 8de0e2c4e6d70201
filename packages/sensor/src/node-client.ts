import { problems, type ProblemCode } from '@hirundo/base'
import type { ClientRequest, IncomingMessage } from 'node:http'

const REPLY_BYTES_MAX = 256 * 1024

/** What came back; `unreachable` covers refused, cut-off and late connections alike. */
export type Reply =
  | { readonly kind: 'answer'; readonly body: Readonly<Record<string, unknown>>; readonly round_trip_ms: number }
  | { readonly kind: 'problem'; readonly code: ProblemCode; readonly status: number; readonly retry_after_ms: number }
  | { readonly kind: 'unreachable'; readonly why: string }

/** Speaks to one node. No redirects are followed and no proxy is used: the pinned key is the identity, not the name. */
export interface NodeClient {
  post(path: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Reply>
  /** Ends what is under way; it comes back as unreachable. */
  close(): void
}

export interface NodeClientOptions {
  /** Without /api/v1. */
  readonly url: string
  readonly request_ms_max: number
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string
}

/**
 * node:http instead of fetch: it halves the memory that sending costs. Not by `import`, which reads every export of a
 * built-in module and with those of node:http loads HTTP/2 and the WebSocket client: 4 MiB that nothing here uses.
 */
export function nodeClient(options: NodeClientOptions): NodeClient {
  const base = new URL(options.url)
  const secure = base.protocol === 'https:'
  const { Agent, request: open } = secure ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http')
  const agent = new Agent({ keepAlive: true, maxSockets: 2, ...(secure && options.ca !== undefined ? { ca: options.ca } : {}) })
  const active = new Set<ClientRequest>()

  const post: NodeClient['post'] = (path, body, headers) => {
    const started = performance.now()
    return new Promise((resolve) => {
      const url = new URL(`${base.pathname.replace(/\/+$/, '')}/api/v1${path}`, base)
      const request = open(url, {
        method: 'POST', agent, signal: AbortSignal.timeout(options.request_ms_max),
        headers: { accept: 'application/json', ...headers, 'content-length': body.length },
      })
      const finish = (reply: Reply): void => {
        active.delete(request)
        resolve(reply)
      }
      active.add(request)
      request.once('error', (error: NodeJS.ErrnoException) => finish({ kind: 'unreachable', why: error.code ?? error.message }))
      request.once('response', (response) => {
        void readReply(response, started).then(finish)
      })
      request.end(body)
    })
  }
  return {
    post,
    close: () => {
      for (const request of active) request.destroy(new Error('closed'))
      agent.destroy()
    },
  }
}

async function readReply(response: IncomingMessage, started: number): Promise<Reply> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > REPLY_BYTES_MAX) {
        response.destroy()
        return { kind: 'unreachable', why: 'the reply is too long' }
      }
      chunks.push(chunk)
    }
  } catch (error) {
    return { kind: 'unreachable', why: error instanceof Error ? error.message : String(error) }
  }
  const body = parseObject(Buffer.concat(chunks).toString('utf8'))
  const status = response.statusCode ?? 0
  if (status === 200 || status === 201) {
    return body ? { kind: 'answer', body, round_trip_ms: performance.now() - started } : { kind: 'unreachable', why: 'the reply is no JSON' }
  }
  return { kind: 'problem', code: codeOf(body, status), status, retry_after_ms: retryAfter(response) }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** RFC 9457 `type`; a proxy's own error page has none and counts as a node that is away. */
function codeOf(body: Readonly<Record<string, unknown>> | undefined, status: number): ProblemCode {
  const code = typeof body?.['type'] === 'string' ? body['type'].replace('urn:hirundo:problem:', '') : ''
  if (Object.hasOwn(problems, code)) return code as ProblemCode
  return status >= 500 ? 'node/unavailable' : 'internal'
}

/** RFC 9110 section 10.2.3, the form in seconds; 0 when absent. */
function retryAfter(response: IncomingMessage): number {
  const seconds = Number(response.headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) * 1000 : 0
}
