import { negotiateLanguage } from '@hirundo/contract'
import type { FastifyInstance } from 'fastify'
import type { MetricsRegistry } from '../metrics.ts'
import { statusPage, statusStyle, type StatusView } from './status-page.ts'

export interface SystemParts {
  readonly metrics: MetricsRegistry
  readonly status: () => Promise<StatusView>
  /** The OpenAPI document, as JSON. */
  readonly openapi: string
  /** The operator's guide, as Markdown. */
  readonly guide: string
}

const pageHeaders = {
  'content-security-policy': "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'content-type': 'text/html; charset=utf-8',
  vary: 'accept-language',
}

/** What is beside the API and open to all: health, metrics, the API's description and the status page. */
export function addSystemRoutes(server: FastifyInstance, parts: SystemParts): void {
  server.get('/healthz', async () => ({ alive: true }))
  server.get('/readyz', async (_, reply) => {
    const { ready, checks } = await parts.status()
    return reply.code(ready ? 200 : 503).send({ ready, checks: checks.map(({ name, ok }) => ({ name, ok })) })
  })
  server.get('/metrics', async (_, reply) =>
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(await parts.metrics.text()))
  server.get('/openapi.json', async (_, reply) => reply.header('content-type', 'application/json; charset=utf-8').send(parts.openapi))
  server.get('/operators-guide.md', async (_, reply) => reply.header('content-type', 'text/plain; charset=utf-8').send(parts.guide))
  server.get('/status.css', async (_, reply) => reply.header('content-type', 'text/css; charset=utf-8').send(statusStyle))
  server.get('/status', async (request, reply) =>
    reply.headers(pageHeaders).send(statusPage(await parts.status(), negotiateLanguage(request.headers['accept-language']))))
}
