import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { fail, ok } from '@hirundo/base'
import { route } from '@hirundo/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { makeLog } from '../log/log.ts'
import type { Authenticate } from '../auth/authenticate.ts'
import { handleEvents } from '../module.ts'
import { addApiRoutes } from './api-routes.ts'
import { eventFrame, EventStreams, streamBounds } from './event-stream.ts'
import { makeHttpServer } from './server.ts'

const flights = route({ id: 'birds.flights', method: 'GET', path: '/flights', needs: 'observatory:read', summary: 's', events: 'flight', output: Type.Object({ n: Type.Integer() }), errors: [] })
const bounds = { ...streamBounds, streams_max: 5, streams_per_actor_max: 2, recheck_beats: 2, stalled_beats_max: 2 }

const listeners = new Set<(frame: Uint8Array) => void>()
const refused = new Set<string>()
let streams: EventStreams
let server: FastifyInstance
let port: number
const open: IncomingMessage[] = []
const sockets = new Set<Socket>()

before(async () => {
  streams = new EventStreams(bounds)
  server = makeHttpServer({
    config: { body_bytes_max: 2048, connections_max: 100, request_ms_max: 5000, trusted_proxies: [] },
    log: makeLog('silent'), count: () => undefined,
  })
  const feed = {
    add(send: (frame: Uint8Array) => void) {
      listeners.add(send)
      send(eventFrame('flight', 1, '{"n":0}'))
      return () => void listeners.delete(send)
    },
  }
  const authenticate: Authenticate = async ({ headers: { authorization } }) => {
    const actor_id = String(authorization)
    if (refused.has(actor_id)) return fail('auth/required')
    return ok({ actor: { kind: 'token', actor_id, name: 'x', organisation_id: 1, scopes: [] }, stands: async () => !refused.has(actor_id) })
  }
  addApiRoutes(server, [handleEvents(flights, async () => ok(feed))], { authenticate, streams })
  await server.listen({ port: 0, host: '127.0.0.1' })
  server.server.on('connection', (socket) => sockets.add(socket))
  port = (server.server.address() as { port: number }).port
})
after(() => server.close())
beforeEach(async () => {
  for (const one of open.splice(0)) one.destroy()
  refused.clear()
  await gone(0)
})

async function gone(left: number): Promise<void> {
  while (streams.count > left || listeners.size > left) await new Promise((resolve) => setTimeout(resolve, 5))
}

async function listen(who: string): Promise<IncomingMessage> {
  const request = get({ port, host: '127.0.0.1', path: '/api/v1/flights', headers: { authorization: who } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.setEncoding('utf8').on('error', () => undefined)
  open.push(response)
  return response
}

async function textUntil(response: IncomingMessage, end: string): Promise<string> {
  let text = ''
  for await (const part of response.iterator({ destroyOnReturn: false })) {
    text += part as string
    if (text.includes(end)) return text
  }
  return text
}

test('a stream begins with what is, goes on with what comes, and is nothing that a cache keeps', async () => {
  const response = await listen('a')
  assert.equal(response.statusCode, 200)
  assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8')
  assert.equal(response.headers['cache-control'], 'no-store')
  assert.ok(String(response.headers['content-security-policy']).length > 0)
  assert.match(await textUntil(response, '"n":0}\n\n'), /^retry: \d+\n\nevent: flight\nid: 1\ndata: \{"n":0\}\n\n$/)
  for (const send of listeners) send(eventFrame('flight', 2, '{"n":5}'))
  assert.equal(await textUntil(response, '\n\n'), 'event: flight\nid: 2\ndata: {"n":5}\n\n')
  await streams.beat()
  assert.equal(await textUntil(response, '\n\n'), ': \n\n')
})

test('one person holds so many streams and a node so many; one that ends makes room', async () => {
  const first = await listen('a')
  await listen('a')
  const third = await listen('a')
  assert.equal(third.statusCode, 429)
  assert.ok(Number(third.headers['retry-after']) > 0)
  for (const who of ['b', 'c', 'd']) assert.equal((await listen(who)).statusCode, 200)
  assert.equal((await listen('e')).statusCode, 503)
  first.destroy()
  await gone(4)
  assert.equal((await listen('a')).statusCode, 200)
})

test('a stream ends when its token or session does, the others stay', async () => {
  const [ends, stays] = [await listen('a'), await listen('b')]
  refused.add('a')
  await streams.beat()
  assert.equal(streams.count, 2)
  await streams.beat()
  await textUntil(ends, 'never')
  await gone(1)
  await streams.beat()
  assert.match(await textUntil(stays, ': \n\n'), /: \n\n/)
})

test('a reader that takes nothing costs one frame and is dropped', async () => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET /api/v1/flights HTTP/1.1\r\nhost: x\r\nauthorization: slow\r\n\r\n')
  await once(socket, 'readable')
  socket.pause()
  const big = eventFrame('flight', 3, JSON.stringify('x'.repeat(1 << 20)))
  for (let i = 0; i < 200; i++) {
    for (const send of listeners) send(big)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const held = Math.max(...[...sockets].map((one) => one.writableLength))
  assert.ok(held > 0 && held <= big.length + 1000, String(held))
  for (let i = 0; i < bounds.stalled_beats_max; i++) await streams.beat()
  await gone(0)
  socket.destroy()
})

test('a node that stops ends its streams at once', async () => {
  const response = await listen('a')
  const closed = server.close()
  await textUntil(response, 'never')
  await closed
  assert.equal(streams.count, 0)
})
