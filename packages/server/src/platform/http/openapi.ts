import { problems, type ProblemCode } from '@hirundo/base'
import { languages, type Route } from '@hirundo/contract'
import type { TSchema } from 'typebox'

const problemSchema = {
  type: 'object',
  description: 'RFC 9457. `title` comes in the language of Accept-Language.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'values'],
  properties: {
    type: { type: 'string', description: 'urn:hirundo:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'urn:uuid of the request, as in the node’s log' },
    values: { type: 'object', description: 'What a program may read of the detail' },
  },
}

/** Problems that each route may answer with, by what it needs and takes. */
function codesOf(route: Route): ProblemCode[] {
  const codes = new Set<ProblemCode>([...route.errors, 'internal', 'node/unavailable'])
  if (route.needs !== 'public' && route.needs !== 'sensor') for (const code of ['auth/required', 'auth/forbidden', 'request/rate-limited'] as const) codes.add(code)
  if (route.step_up) codes.add('auth/reauthenticate')
  if (route.params || route.query || route.body) codes.add('request/invalid')
  if (route.body || route.raw_body) codes.add('request/too-large')
  return [...codes].toSorted()
}

function problemResponses(route: Route): Record<string, unknown> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codesOf(route)) byStatus.set(problems[code].status, [...(byStatus.get(problems[code].status) ?? []), code])
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [
    String(status), { description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('. '), content },
  ]))
}

function parameters(route: Route): unknown[] {
  const of = (where: 'path' | 'query', schema: TSchema | undefined) => {
    const { properties = {}, required = [] } = (schema ?? {}) as { properties?: Record<string, TSchema>; required?: string[] }
    return Object.entries(properties).map(([name, property]) => {
      const { description, ...rest } = property as TSchema & { description?: string }
      return { name, in: where, required: where === 'path' || required.includes(name), ...(description ? { description } : {}), schema: rest }
    })
  }
  return [...of('path', route.params), ...of('query', route.query)]
}

function requestBody(route: Route): Record<string, unknown> {
  if (route.raw_body) return { requestBody: { required: true, content: { [route.raw_body]: {} } } }
  return route.body ? { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } } : {}
}

function security(route: Route): Record<string, string[]>[] {
  if (route.needs === 'public') return []
  if (route.needs === 'sensor') return [{ sensor: [] }]
  return route.needs === 'person' ? [{ session: [] }] : [{ token: [route.needs] }, { session: [route.needs] }]
}

function operation(route: Route): Record<string, unknown> {
  return {
    operationId: route.id,
    tags: [route.id.split('.')[0]],
    summary: route.summary,
    security: security(route),
    parameters: parameters(route),
    ...requestBody(route),
    responses: {
      200: { description: 'The answer', content: { [route.produces ?? (route.events ? 'text/event-stream' : 'application/json')]: { schema: route.output } } },
      ...problemResponses(route),
    },
  }
}

const securitySchemes = {
  token: { type: 'http', scheme: 'bearer', description: 'An API token (`hir_…`) with the scope named by the operation.' },
  session: { type: 'apiKey', in: 'cookie', name: '__Host-hirundo', description: 'A person’s session, whose role has the scope named by the operation. Other methods than GET must come from the node’s own pages.' },
  sensor: { type: 'apiKey', in: 'header', name: 'hirundo-signature', description: 'No API token: the sensor shows its one-time token, or signs the body with its own key; batches carry their signatures in themselves.' },
}

/** The OpenAPI 3.1 document of the routes: stable text, so that it can be committed and compared. */
export function openApiDocument(routes: readonly Route[], version: string): string {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1))) {
    const path = `/api/v1${route.path.replace(/:([a-z_]+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Hirundo node', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: `Instants are RFC 3339 in UTC, counters are integers up to 2^53, titles of problems come in ${languages.join(', ')}.`,
    },
    paths,
    components: { schemas: { Problem: problemSchema }, securitySchemes },
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}
