import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { problems } from '@hirundo/base'
import { scopes } from '@hirundo/contract'
import { allRoutes, openApi } from './openapi.ts'

test('the committed description is what the routes give (npm run openapi writes it)', () => {
  const committed = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8')
  assert.ok(committed === openApi(), 'docs/openapi.json differs from the routes')
})

test('operations have names, addresses and problems of their own', () => {
  assert.equal(new Set(allRoutes.map(({ id }) => id)).size, allRoutes.length)
  assert.equal(new Set(allRoutes.map(({ method, path }) => `${method} ${path}`)).size, allRoutes.length)
  for (const route of allRoutes) {
    assert.ok(['public', 'sensor', 'person'].includes(route.needs) || (scopes as readonly string[]).includes(route.needs), route.id)
    for (const code of route.errors) assert.ok(code in problems, `${route.id} ${code}`)
    const named = [...route.path.matchAll(/:([a-z_]+)/g)].map(([, name]) => name!)
    assert.deepEqual(Object.keys(route.params?.properties ?? {}).toSorted(), named.toSorted(), route.id)
  }
})

test('no answer has a place for a destination or a sensor’s address', () => {
  const document = openApi()
  for (const name of ['dst_net', 'dst_addr', 'destination', 'sensor_address', 'remote_address']) assert.ok(!document.includes(`"${name}"`), name)
})
