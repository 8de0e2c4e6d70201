import { readFileSync } from 'node:fs'
import type { NodeStatus } from '@hirundo/contract'
import type { FastifyInstance } from 'fastify'
import { makeAuthenticate } from '../platform/auth/authenticate.ts'
import { addApiRoutes } from '../platform/http/api-routes.ts'
import { openApiDocument } from '../platform/http/openapi.ts'
import { makeHttpServer } from '../platform/http/server.ts'
import { addSystemRoutes } from '../platform/http/system-routes.ts'
import type { Kit } from '../platform/auth/people/kit.ts'
import type { MetricsRegistry } from '../platform/metrics.ts'
import type { Handler, Platform } from '../platform/module.ts'
import type { NodeConfig } from './config.ts'
import { version } from './version.ts'

/** Requests under way get this long when the node stops. */
const FINISH_WITHIN_MS = 2000

const guide = () => readFileSync(new URL('../../../../docs/operators-guide.md', import.meta.url), 'utf8')

/** The node's HTTP server with all routes, not yet listening. */
export function nodeServer(
  platform: Platform, config: NodeConfig, kit: Kit, metrics: MetricsRegistry, handlers: readonly Handler[], status: () => Promise<NodeStatus>, pages: string,
): FastifyInstance {
  const server = makeHttpServer({
    config: config.http,
    log: platform.log, pages,
    count: (route, code) => metrics.requests.inc({ route, status: `${Math.floor(code / 100)}xx` }),
  })
  addApiRoutes(server, handlers, { authenticate: makeAuthenticate(kit), public_url: config.public_url })
  addSystemRoutes(server, { metrics, status, openapi: openApiDocument(handlers.map(({ route }) => route), version), guide: guide() })
  return server
}

/** Takes no more requests, lets those under way finish for a short while, then cuts them off. */
export async function closeServer(server: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => server.server.closeAllConnections(), FINISH_WITHIN_MS)
  try {
    await server.close()
  } finally {
    clearTimeout(cut)
  }
}
