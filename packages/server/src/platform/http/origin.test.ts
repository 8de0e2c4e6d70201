import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok } from '@hirundo/base'
import { route } from '@hirundo/contract'
import { Type } from 'typebox'
import { silent } from '../testing/postgres.ts'
import { handle } from '../module.ts'
import { addApiRoutes } from './api-routes.ts'
import { makeHttpServer } from './server.ts'

const where = route({ id: 'x.where', method: 'GET', path: '/where', summary: 's', needs: 'public', errors: [], output: Type.Object({ origin: Type.String(), address: Type.String() }) })

async function asked(headers: Record<string, string>, { public_url, from = '10.0.0.1' }: { public_url?: string; from?: string } = {}): Promise<[string, string]> {
  const server = makeHttpServer({ config: { body_bytes_max: 2048, connections_max: 10, request_ms_max: 5000, trusted_proxies: ['10.0.0.0/8'] }, log: silent, count: () => undefined })
  const answer = handle(where, async (_, { exchange }) => ok({ origin: exchange!.origin, address: exchange!.address }))
  addApiRoutes(server, [answer], { authenticate: () => assert.fail('the route is public'), public_url })
  const { origin, address } = (await server.inject({ url: '/api/v1/where', remoteAddress: from, headers })).json() as { origin: string; address: string }
  await server.close()
  return [origin, address]
}

const proxied = { host: 'node.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' }

test('links and passkeys are of the name that was asked for; a proxy says how and for whom, and nobody says another name', async () => {
  assert.deepEqual(await asked(proxied), ['https://node.example', '192.0.2.7'])
  assert.deepEqual(await asked({ ...proxied, 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }), ['https://node.example', '192.0.2.7'])
  assert.deepEqual(await asked({ ...proxied, 'x-forwarded-for': '203.0.113.1, 192.0.2.7' }), ['https://node.example', '192.0.2.7'])
  assert.deepEqual(await asked({ ...proxied, 'x-forwarded-host': 'evil.example' }, { from: '198.51.100.1' }), ['http://node.example', '198.51.100.1'])
})

test('what the operator says counts more than what a request says, and nonsense leads nowhere', async () => {
  assert.deepEqual((await asked({ ...proxied, host: 'evil.example' }, { public_url: 'https://node.example/' }))[0], 'https://node.example')
  for (const host of ['a b', 'user@evil.example', '../x', 'evil.example/#']) {
    assert.ok(['http://invalid.invalid', 'https://evil.example', 'https://..'].includes((await asked({ ...proxied, host }))[0]), host)
  }
  assert.equal((await asked({ ...proxied, 'x-forwarded-proto': 'javascript' }))[0], 'http://invalid.invalid')
})
