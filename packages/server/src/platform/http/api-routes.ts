import type { Readable } from 'node:stream'
import { fail } from '@hirundo/base'
import { negotiateLanguage, type Route } from '@hirundo/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Admitted, Authenticate } from '../auth/authenticate.ts'
import { isForeign } from '../auth/same-origin.ts'
import type { Actor, EventFeed, FileAnswer, Exchange, Handler, RequestContext } from '../module.ts'
import { makeBodyBudget, type BodyBudget } from './body-budget.ts'
import { EventStreams } from './event-stream.ts'
import { sendProblem } from './server.ts'
import { outputWriter, requestValidators } from './validate.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor | undefined
    admitted?: Admitted | undefined
  }
  interface FastifyContextConfig {
    route_id?: string
  }
}

const raw_body_bytes_max = 16 * 1024 * 1024

function acceptRawBodies(server: FastifyInstance, handlers: readonly Handler[]): void {
  for (const type of new Set(handlers.flatMap(({ route }) => route.raw_body ?? []))) {
    server.addContentTypeParser(type, { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  }
}

/** How the caller reached the node, or where the operator says that others do. */
function originOf(request: FastifyRequest, public_url: string | undefined): string {
  // Not X-Forwarded-Host: a proxy that does not know it passes on whatever the caller wrote.
  const text = public_url ?? `${request.protocol}://${request.headers.host ?? ''}`
  const origin = URL.canParse(text) ? new URL(text).origin : 'null'
  return origin === 'null' ? 'http://invalid.invalid' : origin
}

function exchangeOf(request: FastifyRequest, reply: FastifyReply, public_url: string | undefined): Exchange {
  return {
    address: request.ip,
    origin: originOf(request, public_url),
    url: request.url,
    setCookie(text) {
      const [name] = text.split('=', 1)
      const others = [reply.getHeader('set-cookie') ?? []].flat().map(String).filter((one) => !one.startsWith(`${name}=`))
      reply.removeHeader('set-cookie')
      reply.header('set-cookie', [...others, text])
    },
    redirect: (location) => void reply.code(303).header('location', location),
  }
}

const admission = (route: Route, { authenticate, public_url }: ApiOptions) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (route.needs === 'sensor') return undefined
    const { method, headers } = request
    const { origin, address, setCookie } = exchangeOf(request, reply, public_url)
    const credentials = { method, headers, origin, address, setCookie }
    if (route.needs === 'public') return isForeign(credentials) ? sendProblem(reply, fail('auth/forbidden', { needs: 'same-origin' }).problem) : undefined
    const admitted = await authenticate(credentials, route)
    if (!admitted.ok) return sendProblem(reply, admitted.problem)
    request.admitted = admitted.value
    request.actor = admitted.value.actor
    return undefined
  }

const contextOf = (request: FastifyRequest, reply: FastifyReply, route: Route, public_url: string | undefined): RequestContext => ({
  actor: request.actor,
  raw_body: route.raw_body && Buffer.isBuffer(request.body) ? request.body : undefined,
  headers: request.headers,
  exchange: exchangeOf(request, reply, public_url),
  request_id: request.id,
})

function answerer({ route, answer }: Handler, streams: EventStreams, public_url: string | undefined) {
  const validate = requestValidators(route)
  const write = outputWriter(route)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const language = negotiateLanguage(request.headers['accept-language'])
    const params = validate.params(request.params, language)
    if (!params.ok) return sendProblem(reply, params.problem)
    const query = validate.query(request.query, language)
    if (!query.ok) return sendProblem(reply, query.problem)
    const body = validate.body(request.body, language)
    if (!body.ok) return sendProblem(reply, body.problem)
    const context = contextOf(request, reply, route, public_url)
    if (route.raw_body && !context.raw_body) return sendProblem(reply, fail('request/invalid', { what: 'content-type', needs: route.raw_body }).problem)
    const result = await answer({ params: params.value, query: query.value, body: body.value } as never, context)
    if (!result.ok) return sendProblem(reply, result.problem)
    if (route.events !== undefined) {
      const actor = context.actor?.actor_id ?? request.ip
      return streams.open(reply, { actor, feed: result.value as EventFeed, allowed: request.admitted?.stands ?? (async () => true) })
    }
    if (route.produces !== undefined) {
      const { bytes, headers } = result.value as FileAnswer
      return reply.headers({ ...headers, 'content-type': route.produces }).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    }
    return reply.header('content-type', 'application/json; charset=utf-8').send(write(result.value))
  }
}

export interface ApiOptions {
  readonly authenticate: Authenticate
  /** From the configuration; absent: as the caller's Host header says. */
  readonly public_url?: string | undefined
  readonly budget?: BodyBudget
  readonly streams?: EventStreams
}

/** Adds the handlers below /api/v1: who asks is known before a body is read, and only what is declared leaves. */
export function addApiRoutes(server: FastifyInstance, handlers: readonly Handler[], options: ApiOptions): void {
  const { budget = makeBodyBudget(), streams = new EventStreams() } = options
  server.addHook('preClose', async () => streams.close())
  acceptRawBodies(server, handlers)
  server.addHook('onResponse', async (request) => budget.release(request))
  server.addHook('onRequestAbort', async (request) => budget.release(request))
  for (const handler of handlers) {
    const { route } = handler
    server.route({
      method: route.method,
      url: `/api/v1${route.path}`,
      config: { route_id: route.id },
      ...(route.raw_body ? { bodyLimit: raw_body_bytes_max, preParsing: async (request, _, payload) => budget.counted(request, payload as Readable) } : {}),
      onRequest: admission(route, options),
      // A stream has no headers worth asking for alone.
      ...(route.events === undefined ? {} : { exposeHeadRoute: false }),
      handler: answerer(handler, streams, options.public_url),
    })
  }
}
