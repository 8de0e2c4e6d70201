import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { nodeClient, type Reply } from './node-client.ts'

async function ask(t: TestContext, listener: RequestListener, request_ms_max = 5_000): Promise<Reply> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = nodeClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`, request_ms_max })
  t.after(() => {
    client.close()
    server.closeAllConnections()
    server.close()
  })
  return client.post('/sensor/batches', Buffer.from('abc'), { 'x-test': '1' })
}

test('an answer is read; the path stands below that of the node', async (t) => {
  const reply = await ask(t, (request, response) => {
    assert.deepEqual([request.url, request.headers['x-test'], request.headers['content-length']], ['/base/api/v1/sensor/batches', '1', '3'])
    response.end('{"a":1}')
  })
  assert.ok(reply.kind === 'answer')
  assert.deepEqual(reply.body, { a: 1 })
})

test('a problem is told by its code, and how long to wait', async (t) => {
  const reply = await ask(t, (_, response) => {
    response.writeHead(503, { 'retry-after': '7' }).end('{"type":"urn:hirundo:problem:node/full"}')
  })
  assert.deepEqual(reply, { kind: 'problem', code: 'node/full', status: 503, retry_after_ms: 7_000 })
})

test('a page of a proxy is a node that is away, whatever it says', async (t) => {
  const reply = await ask(t, (_, response) => void response.writeHead(502, { 'retry-after': 'soon' }).end('<html>'))
  assert.deepEqual(reply, { kind: 'problem', code: 'node/unavailable', status: 502, retry_after_ms: 0 })
})

test('redirects are not followed; what is too long, no JSON, cut off or late is unreachable', async (t) => {
  const moved = await ask(t, (_, response) => void response.writeHead(307, { location: 'http://192.0.2.1/' }).end())
  assert.equal(moved.kind, 'problem')
  const listeners: RequestListener[] = [
    (_, response) => void response.end('x'.repeat(300_000)), (_, response) => void response.end('[1]'),
    (_, response) => {
      response.writeHead(200, { 'content-length': '50' }).write('{')
      setImmediate(() => response.destroy())
    },
  ]
  for (const listener of listeners) assert.equal((await ask(t, listener)).kind, 'unreachable')
  assert.equal((await ask(t, () => undefined, 30)).kind, 'unreachable')
})
