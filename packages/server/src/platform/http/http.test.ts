import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { fail, ok, problems } from '@hirundo/base'
import { catalogues, languages, route } from '@hirundo/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { makeLog } from '../log/log.ts'
import { handle } from '../module.ts'
import { addApiRoutes } from './api-routes.ts'
import { makeBodyBudget } from './body-budget.ts'
import { makeHttpServer } from './server.ts'

const Bird = Type.Object({
  name: Type.String(),
  wings: Type.Array(Type.Object({ side: Type.String() })),
  kind: Type.Union([Type.Object({ k: Type.Literal('a'), a: Type.Integer() }), Type.Object({ k: Type.Literal('b'), b: Type.Integer() })]),
})
const secret = '198.51.100.7'
const bird = { name: 'swallow', dst_net: secret, wings: [{ side: 'left', dst_net: secret }], kind: { k: 'b', b: 1, dst_net: secret } }

const base = { summary: 's', needs: 'public', errors: [], output: Bird } as const
const get = route({ ...base, id: 'birds.get', method: 'GET', path: '/birds/:name', params: Type.Object({ name: Type.String() }),
  query: Type.Object({ n: Type.Optional(Type.Integer({ maximum: 9 })), tag: Type.Optional(Type.Array(Type.String())) }), output: Type.Object({ n: Type.Optional(Type.Unknown()), tag: Type.Optional(Type.Unknown()) }) })
const strip = route({ ...base, id: 'birds.strip', method: 'GET', path: '/strip' })
const wrong = route({ ...base, id: 'birds.wrong', method: 'GET', path: '/wrong' })
const huge = route({ ...base, id: 'birds.huge', method: 'GET', path: '/huge', output: Type.Object({ n: Type.Number() }) })
const bug = route({ ...base, id: 'birds.bug', method: 'GET', path: '/bug' })
const away = route({ ...base, id: 'birds.away', method: 'GET', path: '/away' })
const full = route({ ...base, id: 'birds.full', method: 'GET', path: '/full', errors: ['node/full'] })
const make = route({ ...base, id: 'birds.make', method: 'POST', path: '/birds', body: Type.Object({ name: Type.String(), any: Type.Optional(Type.Unknown()) }), output: Type.Object({ name: Type.String() }) })
const raw = route({ ...base, id: 'birds.raw', method: 'POST', path: '/raw', raw_body: 'application/x-birds', output: Type.Object({ bytes: Type.Integer() }) })

const lines: string[] = []
let counted = ''
const budget = makeBodyBudget(20_000_000)
let server: FastifyInstance
before(async () => {
  const log = makeLog('debug', { write: (line: string) => void lines.push(line) })
  const config = { body_bytes_max: 2048, connections_max: 100, request_ms_max: 5000, trusted_proxies: [] }
  server = makeHttpServer({ config, log, count: (name, status) => {
    counted = `${name} ${status}`
  } })
  const handlers = [
    handle(get, async ({ query }) => ok({ n: query.n, tag: query.tag })),
    handle(strip, async () => ok(bird as never)),
    handle(wrong, async () => ok({ ...bird, name: 5 } as never)),
    handle(huge, async () => ok({ n: 2 ** 53 + 2 })),
    handle(bug, async () => {
      throw new Error(`secret ${secret}`)
    }),
    handle(away, async () => {
      throw Object.assign(new Error('terminating connection'), { code: '57P01' })
    }),
    handle(full, async () => fail('node/full', { retry_after_s: 30 })),
    handle(make, async ({ body }) => ok({ name: body.name })),
    handle(raw, async (_, { raw_body }) => ok({ bytes: raw_body!.length })),
  ]
  addApiRoutes(server, handlers, { authenticate: async () => fail('auth/required'), budget })
  await server.listen({ port: 0, host: '127.0.0.1' })
})
after(() => server.close())

const post = (payload: string, type = 'application/json') =>
  server.inject({ method: 'POST', url: '/api/v1/birds', headers: { 'content-type': type }, payload })

test('only what is declared leaves, at every depth', async () => {
  const answer = await server.inject('/api/v1/strip')
  assert.deepEqual(answer.json(), { name: 'swallow', wings: [{ side: 'left' }], kind: { k: 'b', b: 1 } })
  assert.equal(bird.dst_net, secret, 'the handler’s own value was changed')
})

test('an answer that is not what its route declares stays here', async () => {
  for (const path of ['/api/v1/wrong', '/api/v1/huge']) {
    const answer = await server.inject(path)
    assert.equal(answer.statusCode, 500)
    assert.equal(answer.json().type, 'urn:hirundo:problem:internal')
  }
})

test('a bug says nothing of itself but the instance that is in the log', async () => {
  lines.length = 0
  const answer = await server.inject('/api/v1/bug')
  assert.ok(!answer.body.includes('secret'))
  const instance = (answer.json().instance as string).replace('urn:uuid:', '')
  assert.ok(lines.some((line) => line.includes(instance) && line.includes('secret')))
})

test('a problem comes in the five languages, with its code and status', async () => {
  for (const language of languages) {
    const answer = await server.inject({ url: '/api/v1/full', headers: { 'accept-language': language } })
    assert.equal(answer.statusCode, problems['node/full'].status)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    assert.equal(answer.headers['content-language'], language)
    assert.equal(answer.headers['retry-after'], '30')
    const body = answer.json()
    assert.equal(body.title, catalogues[language]['problem.node/full'])
    assert.equal(body.type, 'urn:hirundo:problem:node/full')
    assert.match(body.instance, /^urn:uuid:[0-9a-f-]{36}$/)
  }
})

test('text that no database takes is refused, wherever it stands', async () => {
  for (const body of ['{"name":"a\\u0000b"}', '{"name":"\\ud800"}', '{"name":"a","any":[{"\\u0000":1}]}', '{"name":"a","any":{"b":["\\udc00"]}}']) {
    const answer = await post(body)
    assert.equal(answer.statusCode, 400, body)
    assert.equal(answer.json().type, 'urn:hirundo:problem:request/invalid')
  }
  assert.equal((await post('{"name":"\\ud83d\\udca5"}')).statusCode, 200)
})

test('queries are converted, checked and spelled right', async () => {
  const of = async (query: string) => (await server.inject(`/api/v1/birds/x${query}`)).json()
  assert.deepEqual(await of('?n=5&tag=a'), { n: 5, tag: ['a'] })
  assert.deepEqual((await of('?tag=a&tag=b')).tag, ['a', 'b'])
  for (const query of ['?n=10', '?n=x', '?n=1&n=2', '?N=1', '?__proto__=1', '?constructor=1']) {
    assert.equal((await of(query)).type, 'urn:hirundo:problem:request/invalid', query)
  }
})

test('what is wrong with a request is said in the reader’s language', async () => {
  const texts = await Promise.all(languages.map(async (language) =>
    (await server.inject({ url: '/api/v1/birds/x?n=10', headers: { 'accept-language': language } })).json().detail as string))
  assert.equal(new Set(texts).size, languages.length)
  for (const text of texts) assert.ok(text.startsWith('query/n: '))
})

test('hostile bodies are problems, never crashes', async () => {
  const bodies: [string, number][] = [
    ['', 400], ['{', 400], ['null', 400], ['[]', 400], ['{"name":5}', 400], ['{"name":"a","x":1}', 400], ['{"name":"a","__proto__":{}}', 400],
    ['{"name":"a","constructor":{"prototype":1}}', 400], [`{"name":"a","any":${'['.repeat(63)}${']'.repeat(63)}}`, 200],
    [`{"name":"a","any":${'['.repeat(64)}${']'.repeat(64)}}`, 400], [`{"name":"${'['.repeat(500)}"}`, 200], [`{"name":"\\"${'{'.repeat(100)}"}`, 200],
    [`{"name":"${'a'.repeat(2100)}"}`, 413], ['{"name":"a"}', 200],
  ]
  for (const [body, status] of bodies) assert.equal((await post(body)).statusCode, status, body.slice(0, 60))
  assert.equal((await post('<a/>', 'application/xml')).statusCode, 400)
  assert.equal((await post('name=a', 'application/x-www-form-urlencoded')).statusCode, 400)
})

test('a raw body arrives as it is, up to its own bound, and under its own type only', async () => {
  const send = (payload: Buffer, type: string) => server.inject({ method: 'POST', url: '/api/v1/raw', headers: { 'content-type': type }, payload })
  assert.deepEqual((await send(Buffer.alloc(1024 * 1024), 'application/x-birds')).json(), { bytes: 1024 * 1024 })
  assert.equal((await send(Buffer.alloc(17 * 1024 * 1024), 'application/x-birds')).statusCode, 413)
  assert.equal((await send(Buffer.from('{}'), 'application/json')).statusCode, 400)
})

test('senders that break off while sending leave the server as it was', async () => {
  const { port } = server.server.address() as { port: number }
  for (let i = 0; i < 20; i++) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('POST /api/v1/raw HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-birds\r\ncontent-length: 1000000\r\n\r\n')
    socket.write(Buffer.alloc(10_000 * i))
    setTimeout(() => socket.resetAndDestroy(), i)
    await once(socket, 'close')
  }
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/raw`, { method: 'POST', headers: { 'content-type': 'application/x-birds' }, body: Buffer.alloc(3_000_000) })
  assert.deepEqual(await answer.json(), { bytes: 3_000_000 })
})

test('when large bodies hold all the memory they may, the next one waits', async () => {
  const holder = {}
  for await (const _ of budget.counted(holder, Readable.from([Buffer.alloc(20_000_000)]))) continue
  const send = () => server.inject({ method: 'POST', url: '/api/v1/raw', headers: { 'content-type': 'application/x-birds' }, payload: Buffer.alloc(10) })
  const refused = await send()
  assert.equal(refused.statusCode, 503)
  assert.ok(Number(refused.headers['retry-after']) > 0)
  budget.release(holder)
  assert.equal((await send()).statusCode, 200)
  assert.equal(budget.held(), 0, 'what was answered holds nothing')
})

test('a database that is away is 503 and comes back', async () => {
  const answer = await server.inject('/api/v1/away')
  assert.equal(answer.statusCode, 503)
  assert.equal(answer.json().type, 'urn:hirundo:problem:node/unavailable')
  assert.ok(Number(answer.headers['retry-after']) > 0)
})

test('nothing here, wrong method, broken escapes', async () => {
  for (const url of ['/api/v1/nope', '/api/v1/strip/', '/%', '/api/v1/birds/%ff', `/api/v1/birds/${'x'.repeat(300)}`]) {
    const answer = await server.inject(url)
    assert.ok([400, 404].includes(answer.statusCode), `${url.slice(0, 40)} ${answer.statusCode}`)
    assert.match(String(answer.headers['content-type']), /problem\+json/)
    assert.deepEqual([answer.headers['cache-control'], answer.headers['x-content-type-options']], ['no-store', 'nosniff'], url.slice(0, 40))
  }
  assert.equal((await server.inject({ method: 'DELETE', url: '/api/v1/strip' })).statusCode, 404)
})

test('the log names the operation, and no path, query, address or token', async () => {
  lines.length = 0
  await server.inject({ url: '/api/v1/birds/192.0.2.99?tag=203.0.113.5', remoteAddress: '198.51.100.200', headers: { authorization: 'Bearer hir_abcdefghijklmnop' } })
  const text = lines.join('')
  assert.match(text, /"route":"birds\.get"/)
  for (const hidden of ['192.0.2.99', '203.0.113.5', '198.51.100.200', 'hir_abc']) assert.ok(!text.includes(hidden), hidden)
  assert.equal(counted, 'birds.get 200')
})

test('answers may not be framed, sniffed, cached or read across origins', async () => {
  const { headers } = await server.inject({ url: '/api/v1/strip', headers: { origin: 'https://evil.example' } })
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(String(headers['content-security-policy']), /default-src 'none'/)
  assert.equal(headers['access-control-allow-origin'], undefined)
})

test('header bytes are bounded and a broken request line ends its connection only', async () => {
  const { port } = server.server.address() as { port: number }
  const say = (text: string) => new Promise<string>((done) => {
    let answer = ''
    connect(port, '127.0.0.1', function (this: Socket) {
      this.write(text)
    }).on('data', (chunk) => {
      answer += String(chunk)
    }).on('close', () => done(answer)).on('error', () => done(answer))
  })
  const refusals = [[431, `GET /api/v1/strip HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`], [400, 'NONSENSE\r\n\r\n'], [400, 'FOO / HTTP/1.1\r\nhost: a\r\n\r\n']] as const
  for (const [status, text] of refusals) {
    const [head, body] = (await say(text)).split('\r\n\r\n')
    assert.match(head!, new RegExp(`^HTTP/1\\.1 ${status} [^]*application/problem\\+json[^]*no-store`))
    assert.equal((JSON.parse(body!) as { status: number }).status, status)
  }
  assert.equal((await server.inject('/api/v1/strip')).statusCode, 200)
})
