import type { Readable } from 'node:stream'
import { fail } from '@hirundo/base'
import { negotiateLanguage, type Route } from '@hirundo/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticate } from '../auth/authenticate.ts'
import type { Actor, EventFeed, Handler, RequestContext } from '../module.ts'
import { makeBodyBudget } from './body-budget.ts'
import { EventStreams } from './event-stream.ts'
import { sendProblem } from './server.ts'
import { outputWriter, requestValidators } from './validate.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor | undefined
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

const admission = (route: Route, authenticate: Authenticate) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (route.needs !== 'public' && route.needs !== 'sensor') {
      const actor = await authenticate({ authorization: request.headers.authorization, address: request.ip }, route.needs)
      if (!actor.ok) return sendProblem(reply, actor.problem)
      request.actor = actor.value
    }
    return undefined
  }

const contextOf = (request: FastifyRequest, route: Route): RequestContext => ({
  actor: request.actor,
  raw_body: route.raw_body && Buffer.isBuffer(request.body) ? request.body : undefined,
  headers: request.headers,
  request_id: request.id,
})

/** Whether who asked would still be let in: looked at again while a stream is open. */
const stillAdmitted = (request: FastifyRequest, { needs }: Route, authenticate: Authenticate) => async (): Promise<boolean> => {
  if (needs === 'public' || needs === 'sensor') return true
  return (await authenticate({ authorization: request.headers.authorization, address: request.ip }, needs)).ok
}

function answerer({ route, answer }: Handler, streams: EventStreams, authenticate: Authenticate) {
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
    const context = contextOf(request, route)
    if (route.raw_body && !context.raw_body) return sendProblem(reply, fail('request/invalid', { what: 'content-type', needs: route.raw_body }).problem)
    const result = await answer({ params: params.value, query: query.value, body: body.value } as never, context)
    if (!result.ok) return sendProblem(reply, result.problem)
    if (route.events !== undefined) {
      const actor = context.actor?.actor_id ?? request.ip
      return streams.open(reply, { actor, feed: result.value as EventFeed, allowed: stillAdmitted(request, route, authenticate) })
    }
    return reply.header('content-type', 'application/json; charset=utf-8').send(write(result.value))
  }
}

/** Adds the handlers below /api/v1: who asks is known before a body is read, and only what is declared leaves. */
export function addApiRoutes(server: FastifyInstance, handlers: readonly Handler[], authenticate: Authenticate, budget = makeBodyBudget(), streams = new EventStreams()): void {
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
      onRequest: admission(route, authenticate),
      // A stream has no headers worth asking for alone.
      ...(route.events === undefined ? {} : { exposeHeadRoute: false }),
      handler: answerer(handler, streams, authenticate),
    })
  }
}
