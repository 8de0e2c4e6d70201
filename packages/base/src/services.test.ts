import assert from 'node:assert/strict'
import { test } from 'node:test'
import { portsOfService, serviceOf } from './services.ts'

test('a service belongs to a transport, and leads to each of its ports', () => {
  assert.deepEqual([serviceOf('tcp', 23), serviceOf('udp', 23), serviceOf('udp', 53), serviceOf('tcp', 1)], ['telnet', null, 'dns', null])
  assert.deepEqual(portsOfService('Telnet ').map(({ key }) => key), ['tcp/23', 'tcp/2323'])
  assert.deepEqual(portsOfService('rd'), [{ key: 'tcp/3389', service: 'rdp' }, { key: 'udp/3389', service: 'rdp' }])
})

test('the whole name comes before names that only begin so', () => {
  assert.deepEqual([...new Set(portsOfService('http').map(({ service }) => service))], ['http', 'https'])
  assert.deepEqual(portsOfService(''), [])
})
