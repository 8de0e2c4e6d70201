import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOME, nextPath } from './next-path.ts'

test('a path of the pages is kept with what it asks', () => {
  for (const path of ['/observe', '/observe/top/ports?last=7d&sensor=a#x', '/node/tokens', '/observe/ports/tcp/23']) assert.equal(nextPath(path), path)
})

test('whatever a browser may take for another host leads to the first page', () => {
  const hostile = ['//evil.example', '/\\evil.example', '\\\\evil.example', '/\t/evil.example', '/\n/evil.example', 'https://evil.example', 'javascript:alert(1)', ' //evil.example', '/%\u0000', '', '/', undefined, ['/observe'], `/${'a'.repeat(3000)}`]
  for (const wanted of hostile) {
    assert.equal(nextPath(wanted), HOME, JSON.stringify(wanted))
    assert.equal(new URL(nextPath(wanted), 'https://node.example').origin, 'https://node.example')
  }
})

test('sign-in never leads to itself', () => {
  for (const path of ['/sign-in', '/sign-in?next=/observe', '/setup', '/enrol']) assert.equal(nextPath(path), HOME)
})
