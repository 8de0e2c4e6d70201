import { randomUUID } from 'node:crypto'
import { fail, type Problem, type ProblemCode } from '@hirundo/base'
import { negotiateLanguage } from '@hirundo/contract'
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { isAway } from '../db/connect.ts'
import { BudgetExceeded } from './body-budget.ts'
import { answerClientError } from './client-error.ts'
import { tooDeep } from './json-body.ts'
import { problemBody } from './problem.ts'
import { addWebPages } from './web-pages.ts'

export interface HttpConfig {
  readonly body_bytes_max: number
  readonly connections_max: number
  readonly request_ms_max: number
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trusted_proxies: readonly string[]
}

const HEADER_BYTES_MAX = 16 * 1024
const HEADERS_MS_MAX = 15_000
const KEEP_ALIVE_MS = 10_000
const RETRY_AFTER_S = 2

const everywhere = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const language = negotiateLanguage(reply.request.headers['accept-language'])
  const body = problemBody(problem, language, reply.request.id)
  const { retry_after_s } = problem.detail
  if (typeof retry_after_s === 'number') reply.header('retry-after', String(retry_after_s))
  if (problem.code === 'auth/required') reply.header('www-authenticate', 'Bearer')
  return reply.code(body.status).headers({ 'content-type': 'application/problem+json; charset=utf-8', 'content-language': language }).send(JSON.stringify(body))
}

const fastifyCodes: Readonly<Record<string, ProblemCode>> = { FST_ERR_CTP_BODY_TOO_LARGE: 'request/too-large', FST_ERR_BAD_URL: 'request/not-found' }

function problemOf(error: FastifyError, log: Logger, request: FastifyRequest): Problem {
  if (error instanceof BudgetExceeded) return fail('node/unavailable', { retry_after_s: RETRY_AFTER_S }).problem
  const known = fastifyCodes[error.code]
  if (known) return fail(known).problem
  if (typeof error.statusCode === 'number' && error.statusCode < 500) return fail('request/invalid', { message: error.message }).problem
  if (isAway(error)) {
    log.warn({ request_id: request.id, reason: error.message }, 'the database did not answer')
    return fail('node/unavailable', { retry_after_s: RETRY_AFTER_S }).problem
  }
  log.error({ request_id: request.id, route: request.routeOptions.config.route_id, err: error }, 'a request failed')
  return fail('internal').problem
}

function parseJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const refuse = (message: string) => done(Object.assign(new Error(message), { statusCode: 400 }))
    if (tooDeep(body as string)) return refuse('the body nests too deeply')
    if (body === '') return refuse('the body is empty')
    return parse(request, body as string, done)
  })
}

/** One line per request: which operation, how it ended, who asked. No address, no path, no query: those name sources. */
function logRequests(server: FastifyInstance, log: Logger, count: (route: string, status: number) => void): void {
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.config.route_id ?? '-'
    count(route, reply.statusCode)
    const line = { request_id: request.id, route, method: request.method, status: reply.statusCode, duration_ms: Math.round(reply.elapsedTime), actor_id: request.actor?.actor_id }
    if (reply.statusCode >= 500) log.warn(line, 'request')
    else log.debug(line, 'request')
  })
}

export interface HttpOptions {
  readonly config: HttpConfig
  readonly log: Logger
  readonly count: (route: string, status: number) => void
  /** Directory with the built pages; absent: an API alone. */
  readonly pages?: string | undefined
}

/** A server with bounds, one form of problem, and one log line per request; routes are added by others. */
export function makeHttpServer({ config, log, count, pages }: HttpOptions): FastifyInstance {
  const server = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: config.body_bytes_max,
    requestTimeout: config.request_ms_max,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    trustProxy: config.trusted_proxies.length > 0 ? [...config.trusted_proxies] : false,
    routerOptions: { maxParamLength: 200 },
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: Math.min(HEADERS_MS_MAX, config.request_ms_max) },
    clientErrorHandler: answerClientError,
    // These come before any hook.
    frameworkErrors: (error, _, reply) => void sendProblem(reply.headers(everywhere) as FastifyReply, fail(fastifyCodes[error.code] ?? 'request/invalid').problem),
  })
  server.server.maxConnections = config.connections_max
  server.decorateRequest('actor')
  parseJson(server)
  server.addHook('onRequest', async (_, reply) => void reply.headers(everywhere))
  server.setErrorHandler((error: FastifyError, request, reply) => sendProblem(reply, problemOf(error, log, request)))
  const nothingHere = (reply: FastifyReply) => sendProblem(reply, fail('request/not-found').problem)
  if (pages === undefined) server.setNotFoundHandler((_, reply) => nothingHere(reply))
  else addWebPages(server, pages, nothingHere)
  logRequests(server, log, count)
  return server
}
