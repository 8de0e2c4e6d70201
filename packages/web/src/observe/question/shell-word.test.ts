import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { commandLine, shellWord, type Asking } from './question.ts'

const names = ['north-1', 'tcp/23', '240.0.0.1', '2001:db8::1', "a'; touch /tmp/x; '", '$(id)', '`id`', 'a\\', '-rf', 'x; id', '센서 1', '<west> & "isp"', '*', '~']

test('a name stays one word of a copied command, whatever whoever chose it wanted', () => {
  for (const name of names) assert.equal(execFileSync('sh', ['-c', `printf %s ${shellWord(name)}`], { encoding: 'utf8' }), name)
  const asking: Asking = { last: '24h', from: '', to: '', sensor: names, research: 'include', query: {} as never, search: {} }
  const told = execFileSync('sh', ['-c', commandLine('top ports', asking).replace('hirundo', "printf '%s\\n'")], { encoding: 'utf8' })
  assert.deepEqual(told.trimEnd().split('\n').filter((word) => word !== '--sensor').slice(-names.length), names)
})
