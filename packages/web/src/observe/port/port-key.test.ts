import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPort } from './port-key.ts'

test('a port is read as the node’s questions write it', () => {
  const cases: [string, string, string | undefined][] = [
    ['tcp', '23', 'tcp/23'], ['TCP', '65535', 'tcp/65535'], ['icmp', '8-0', 'icmp/8/0'], ['icmpv6', '128-0', 'icmp6/128/0'], ['47', '-', '47/-'],
    ['tcp', '65536', undefined], ['tcp', '', undefined], ['tcp', '1-2', undefined], ['icmp', '8', undefined], ['icmp', '8-0-1', undefined], ['icmp', '256-0', undefined],
    ['smtp', '25', undefined], ['256', '-', undefined], ['tcp', '-1', undefined], ['tcp', '２３', undefined],
  ]
  for (const [protocol, port, key] of cases) assert.equal(readPort(protocol, port)?.key, key, `${protocol}/${port}`)
})
