import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { checkListen } from './listen.ts'

const message = (pattern: RegExp) => (error: Error) => pattern.test(error.message)

test('a port that is in use is refused before a node is made; a free one stays free', async () => {
  const other = createServer()
  other.listen({ host: '127.0.0.1', port: 0 })
  await once(other, 'listening')
  const listen = `127.0.0.1:${(other.address() as AddressInfo).port}`
  await assert.rejects(checkListen(listen), message(/cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)/))
  await new Promise((resolve) => other.close(resolve))
  await checkListen(listen)
  await checkListen(listen)
  await assert.rejects(checkListen('192.0.2.1:8080'), message(/EADDRNOTAVAIL/))
})
