import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localPath } from './local-path.ts'

test('a path of the pages is kept with what it asks', () => {
  for (const path of ['/observe', '/observe/top/ports?last=7d&sensor=a#x', '/node/tokens', '/observe/ports/tcp/23']) assert.equal(localPath(path), path)
})

test('whatever a browser may take for another host is none', () => {
  const hostile = ['//evil.example', '/\\evil.example', '\\\\evil.example', '/\t/evil.example', '/\n/evil.example', 'https://evil.example', 'javascript:alert(1)', ' //evil.example', '/%\u0000', '', '/', undefined, ['/observe'], `/${'a'.repeat(3000)}`]
  for (const wanted of hostile) assert.equal(localPath(wanted), undefined, JSON.stringify(wanted))
})
