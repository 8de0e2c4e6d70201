import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { apiClient } from './client.ts'
import { route } from './route.ts'

const thing = route({
  id: 'x.thing', method: 'GET', path: '/things/:id', needs: 'public', summary: 'A thing',
  params: Type.Object({ id: Type.String() }),
  query: Type.Object({ n: Type.Optional(Type.Integer()), tag: Type.Optional(Type.Array(Type.String())) }),
  output: Type.Object({ name: Type.String() }),
  errors: [],
})

function recording(answer: () => Response) {
  const seen: { url: string; init: RequestInit }[] = []
  const send = (async (url: string, init: RequestInit) => {
    seen.push({ url, init })
    return answer()
  }) as unknown as typeof fetch
  return { seen, send }
}

test('builds the address from params and query, escaped, arrays repeated, undefined left out', async () => {
  const { seen, send } = recording(() => Response.json({ name: 'a' }))
  const client = apiClient({ url: 'http://node:1/', token: 't', language: 'ja', fetch: send })
  const answer = await client.call(thing, { params: { id: 'a/b?c' }, query: { tag: ['x', 'y&z'] } })
  assert.deepEqual(answer, { ok: true, value: { name: 'a' } })
  assert.equal(seen[0]!.url, 'http://node:1/api/v1/things/a%2Fb%3Fc?tag=x&tag=y%26z')
  assert.deepEqual(seen[0]!.init.headers, { accept: 'application/json', authorization: 'Bearer t', 'accept-language': 'ja' })
})

test('a problem keeps its code, title and instance', async () => {
  const body = { type: 'urn:hirundo:problem:sensor/not-found', title: 'T', detail: 'D', instance: 'urn:uuid:1' }
  const { send } = recording(() => Response.json(body, { status: 404 }))
  const answer = await apiClient({ url: 'http://node', fetch: send }).call(thing, { params: { id: 'a' } })
  assert.deepEqual(answer, {
    ok: false, problem: { code: 'sensor/not-found', status: 404, title: 'T', detail: 'D', instance: 'urn:uuid:1' },
  })
})

test('an answer that is no problem+json and an address where nobody listens are problems too', async () => {
  const { send } = recording(() => new Response('<html>', { status: 502 }))
  const proxied = await apiClient({ url: 'http://node', fetch: send }).call(thing, { params: { id: 'a' } })
  assert.equal(!proxied.ok && proxied.problem.title, 'HTTP 502')
  const silent = await apiClient({ url: 'http://127.0.0.1:1' }).call(thing, { params: { id: 'a' } })
  assert.equal(!silent.ok && silent.problem.code, 'unreachable')
})
