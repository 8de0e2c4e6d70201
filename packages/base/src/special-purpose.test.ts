import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAddress } from './ip.ts'
import { unwrap } from './result.ts'
import { specialPurposeOf } from './special-purpose.ts'

const of = (address: string) => specialPurposeOf(unwrap(parseAddress(address)))?.name

test('an address that nobody has is told by its block, and its neighbours are not', () => {
  assert.equal(of('192.0.2.7'), 'Documentation (TEST-NET-1)')
  assert.equal(of('192.0.3.0'), undefined)
  assert.equal(of('172.31.255.255'), 'Private-Use')
  assert.equal(of('172.32.0.0'), undefined)
  assert.equal(of('255.255.255.255'), 'Limited Broadcast')
  assert.equal(of('255.255.255.254'), 'Reserved')
  assert.equal(of('3fff:fff::1'), 'Documentation')
  assert.equal(of('3fff:1000::'), undefined)
  assert.equal(of('fd00::1'), 'Unique-Local')
  assert.equal(of('2001:4860::8888'), undefined)
  assert.equal(of('8.8.8.8'), undefined)
  assert.equal(of('::'), 'Unspecified Address')
})
