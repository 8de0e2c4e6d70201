import assert from 'node:assert/strict'
import { test } from 'node:test'
import { texts } from '@hirundo/contract/catalogues/web/en'
import type { Text } from '../text/text.tsx'
import { destinations } from './destinations.ts'

const t: Text = (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
const sensors = [{ id: 'a1', name: 'north-light' }, { id: 'b2', name: 'ssh-watch' }]
const to = (typed: string) => destinations(typed, t, sensors).map((one) => one.to)

test('a text leads to what it names: port, service, address, network, page, sensor, economy', () => {
  assert.deepEqual(to('23'), ['/observe/ports/tcp/23'])
  assert.deepEqual(to('udp/53'), ['/observe/ports/udp/53'])
  assert.deepEqual(to('Telnet'), ['/observe/ports/tcp/23', '/observe/ports/tcp/2323'])
  assert.deepEqual(to('192.0.2.7'), ['/observe/sources/192.0.2.7'])
  assert.deepEqual(to('as64512'), ['/observe/explore?dimension=asn&key=64512'])
  assert.deepEqual(to('audit'), ['/node/audit'])
  assert.deepEqual(to('NORTH'), ['/observe/sensors?show=a1'])
  assert.deepEqual(to('xq'), ['/observe/explore?dimension=economy&key=XQ'])
  assert.deepEqual(to('65536'), [])
})

test('a whole name comes before a part of one', () => {
  assert.deepEqual(to('ssh').slice(0, 3), ['/observe/ports/tcp/22', '/observe/ports/tcp/2222', '/observe/sensors?show=b2'])
  assert.equal(to('compar')[0], '/observe/compare')
})

test('one letter does not list services', () => {
  assert.ok(!to('t').some((path) => path.startsWith('/observe/ports/')))
})
