import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOME, nextPath, oidcPath } from './next-path.ts'

test('a path of the pages is kept, another host leads to the first page', () => {
  assert.equal(nextPath('/observe/top/ports?last=7d'), '/observe/top/ports?last=7d')
  for (const wanted of ['//evil.example', undefined, '']) assert.equal(nextPath(wanted), HOME)
})

test('sign-in never leads to itself', () => {
  for (const path of ['/sign-in', '/sign-in?next=/observe', '/setup', '/enrol']) assert.equal(nextPath(path), HOME)
})

test('the way to the identity provider takes along where it shall lead back to', () => {
  assert.equal(oidcPath(HOME), '/api/v1/session/oidc')
  assert.equal(oidcPath('/observe/top/ports?last=7d', true), '/api/v1/session/oidc?again=true&next=%2Fobserve%2Ftop%2Fports%3Flast%3D7d')
})
