import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressToKey, keyToAddress, parsePort } from './keys.ts'
import type { Dimension } from './model.ts'

const value = (dimension: Dimension, key: string): string => {
  const address = keyToAddress(dimension, key)
  assert.ok(address.ok, `${dimension} ${key}`)
  return address.value
}

test('a key survives the way into the store and back', () => {
  const keys: readonly (readonly [Dimension, string])[] = [
    ['port', 'tcp/0'], ['port', 'tcp/65535'], ['port', 'tcp/-'], ['port', 'icmp/8/0'], ['port', 'icmp6/128/255'], ['port', '47/-'], ['port', '255/65535'],
    ['protocol', '0'], ['protocol', '255'], ['economy', 'XA'], ['asn', '0'], ['asn', '4294967295'], ['sensor', '12'],
    ['source', '240.1.2.3'], ['source', '2001:db8::1'], ['source', '::'],
  ]
  for (const [dimension, key] of keys) assert.equal(addressToKey(dimension, value(dimension, key)), key)
})

test('ports of different protocols are different keys', () => {
  const addresses = ['tcp/23', 'udp/23', 'tcp/-', '6/0', 'icmp/0/23', 'dccp/23'].map((key) => value('port', key))
  assert.equal(new Set(addresses).size, addresses.length)
})

test('what is not a key is refused', () => {
  for (const key of ['', 'tcp', 'tcp/', 'tcp/65536', 'tcp/1/2', 'icmp/8', 'icmp/256/0', 'nope/1', '256/1', 'tcp/-1', 'tcp/ 1', "tcp/1'"]) assert.ok(!parsePort(key).ok, key)
  for (const [dimension, key] of [['economy', 'xa'], ['economy', 'XAA'], ['asn', '4294967296'], ['protocol', '256'], ['source', '1.2.3'], ['sensor', '-1']] as const) {
    assert.ok(!keyToAddress(dimension, key).ok, key)
  }
})

test('no text makes the parsers throw', () => {
  fc.assert(fc.property(fc.string(), fc.constantFrom('port', 'protocol', 'economy', 'asn', 'sensor', 'source'), (text, dimension) => {
    keyToAddress(dimension as Dimension, text)
  }))
})
