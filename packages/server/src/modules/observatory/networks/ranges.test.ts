import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cidrContains, parseAddress, parseCidr, unwrap } from '@hirundo/base'
import { assert as always, bigInt, nat, property } from 'fast-check'
import { networksOf, splitV4, splitV6 } from './ranges.ts'

const V4 = 2 ** 32 - 1
const size = (cidr: string, width: number): bigint => 1n << BigInt(width - Number(cidr.split('/')[1]))

test('networks of a range cover it exactly, in order, without overlap', () => {
  always(property(nat(V4), nat(V4), (a, b) => {
    const [first, last] = a < b ? [a, b] : [b, a]
    let next = BigInt(first)
    for (const cidr of splitV4(first, last)) {
      const [octets] = cidr.split('/')
      assert.equal(octets!.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n), next)
      assert.ok(parseCidr(cidr).ok, cidr)
      next += size(cidr, 32)
    }
    assert.equal(next, BigInt(last) + 1n)
  }))
  const word = bigInt({ min: 0n, max: (1n << 128n) - 1n })
  always(property(word, bigInt({ min: 0n, max: 1n << 70n }), (first, more) => {
    const last = first + more < 1n << 128n ? first + more : (1n << 128n) - 1n
    const parts = [...splitV6(first, last)]
    assert.equal(parts.reduce((sum, cidr) => sum + size(cidr, cidr.includes(':') ? 128 : 32), 0n), last - first + 1n)
    for (const cidr of parts) assert.ok(parseCidr(cidr).ok, cidr)
  }))
})

test('the ends of the address space are no special case', () => {
  assert.deepEqual([...splitV4(0, V4)], ['0.0.0.0/0'])
  assert.deepEqual([...splitV6(0n, (1n << 128n) - 1n)], ['::/0'])
  assert.deepEqual([...splitV4(V4, V4)], ['255.255.255.255/32'])
  assert.deepEqual([...splitV6(1n << 112n, 1n << 112n)], ['1::/128'])
  assert.deepEqual([...splitV6((0x20010db8n << 96n) + (1n << 64n), (0x20010db8n << 96n) + (2n << 64n) - 1n)], ['2001:db8:0:1::/64'])
  assert.deepEqual([...(networksOf('2001:db8::', '2001:db8:0:1:ffff:ffff:ffff:ffff') ?? [])], ['2001:db8::/63'])
})

test('what is no range gives nothing', () => {
  for (const [first, last] of [['x', '1.2.3.4'], ['1.2.3.4', '1.2.3.3'], ['1.2.3.4', '::1'], ['340282366920938463463374607431768211456', '1']]) {
    assert.equal(networksOf(first!, last!), undefined)
  }
})

test('the fictional world is split evenly and nothing of it is outside 240.0.0.0/4', async () => {
  const { simulatedBlocks, simulatedNetworks } = await import('./simulated.ts')
  const whole = unwrap(parseCidr('240.0.0.0/4'))
  let addresses = 0n
  for (const { cidr, economy } of simulatedNetworks) {
    const { bytes } = unwrap(parseCidr(cidr))
    assert.ok(cidrContains(whole, bytes), cidr)
    const owners = simulatedBlocks.filter(([block]) => cidrContains(unwrap(parseCidr(block)), bytes))
    assert.deepEqual(owners.map(([, code]) => code), [economy])
    addresses += size(cidr, 32)
  }
  assert.equal(addresses, 2n ** 28n)
  const asns = simulatedNetworks.map(({ asn }) => asn)
  assert.equal(new Set(asns).size, asns.length)
  assert.ok(asns.every((asn) => (asn >= 64_496 && asn <= 64_511) || (asn >= 64_512 && asn <= 65_534)))
  assert.ok(unwrap(parseAddress('240.0.1.1')))
})
