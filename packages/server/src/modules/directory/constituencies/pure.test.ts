import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cidrContains, cidrWithin, formatCidr, maskTo, parseAddress, parseCidr, unwrap } from '@hirundo/base'
import type { ConstituencyKind } from '@hirundo/contract'
import fc from 'fast-check'
import { readValue } from './model.ts'
import { overlapsAmong, overlapsOf, type Claimed } from './overlaps.ts'
import { makeOwners, type Claim, type Owner } from './owners.ts'

const read = (kind: ConstituencyKind, text: string): string | undefined => {
  const value = readValue(kind, text)
  return value.ok ? value.value : undefined
}

test('what is claimed has one written form', () => {
  assert.deepEqual([read('asn', 'AS64500'), read('asn', 'as64500'), read('asn', '64500'), read('asn', '4294967294')], ['64500', '64500', '64500', '4294967294'])
  assert.deepEqual(['AS0', '064500', '4294967295', '64500.5', 'AS', '-1', '1e3'].map((text) => read('asn', text)), Array.from({ length: 7 }, () => undefined))
  assert.deepEqual([read('cidr', '203.0.113.0/24'), read('cidr', '2001:DB8:0::/48'), read('cidr', '203.0.113.9')], ['203.0.113.0/24', '2001:db8::/48', '203.0.113.9/32'])
  // Host bits, half the Internet, and what holds all of IPv4 mapped into IPv6.
  assert.deepEqual(['203.0.113.9/24', '0.0.0.0/0', '128.0.0.0/7', '::/0', '::/16', '::/80', '2000::/3', '203.0.113.0/33', 'x'].map((text) => read('cidr', text)), Array.from({ length: 9 }, () => undefined))
  assert.deepEqual([read('domain', 'CSIRT.Example.'), read('domain', '例え.テスト'), read('domain', 'xa')], ['csirt.example', 'xn--r8jz45g.xn--zckzah', 'xa'])
  assert.deepEqual(['a..b', '-a.example', '203.0.113.9', 'a b.example', 'https://a.example', '*.example', `${'a'.repeat(64)}.example`, ''].map((text) => read('domain', text)), Array.from({ length: 8 }, () => undefined))
  assert.deepEqual([read('economy', 'XA'), read('economy', 'xa'), read('economy', 'XAB')], ['XA', undefined, undefined])
})

/** Networks and addresses of a small space, so that they meet. */
const address = fc.tuple(fc.boolean(), fc.nat(15), fc.nat(15)).map(([v6, a, b]) => (v6 ? `2001:db8:${a}::${b}` : `203.0.113.${16 * a + b}`))
const network = fc.tuple(address, fc.integer({ min: 0, max: 128 })).map(([text, length]) => {
  const bytes = unwrap(parseAddress(text))
  const bits = text.includes(':') ? Math.max(16, length) : 104 + (length % 25)
  return formatCidr({ bytes: maskTo(bytes, bits), bits })
})
const economy = fc.constantFrom('XA', 'XB')
const asn = fc.integer({ min: 64_500, max: 64_503 })
const place = fc.oneof(
  network.map((value) => ({ kind: 'cidr' as const, value })), asn.map((value) => ({ kind: 'asn' as const, value: String(value) })), economy.map((value) => ({ kind: 'economy' as const, value })),
  fc.constantFrom('a.example', 'b.a.example', 'c.b.a.example', 'xa.example').map((value) => ({ kind: 'domain' as const, value })),
)
const team = fc.integer({ min: 1, max: 4 })

/** The rule said a second time, claim by claim. */
function naive(claims: readonly Claim[], text: string, as: number | null, where: string | null): Owner[] {
  const bytes = unwrap(parseAddress(text))
  const bits = ({ kind, value }: Claim) => (kind === 'cidr' ? unwrap(parseCidr(value)).bits : -1)
  const local = (one: Claim) => claims.some(({ team, kind, value }) => team === one.team && kind === 'economy' && value === where)
  const holds = ({ kind, value }: Claim) => (kind === 'cidr' ? cidrContains(unwrap(parseCidr(value)), bytes) : kind === 'asn' && value === String(as))
  return claims.filter((one) => holds(one) && !claims.some((other) => other.team === one.team && holds(other) && bits(other) > bits(one)))
    .toSorted((a, b) => bits(b) - bits(a) || Number(local(b)) - Number(local(a)) || a.team - b.team)
    .map(({ team, kind, value }) => ({ team, kind: kind as Owner['kind'], value }))
}

test('an address belongs to whom the rule names, in the order of the rule', () => {
  const claims = fc.uniqueArray(fc.tuple(team, place).map(([team, one]) => ({ team, ...one })), { selector: (one) => JSON.stringify(one), maxLength: 14 })
  fc.assert(fc.property(claims, address, fc.option(asn), fc.option(economy), (all, text, as, where) => {
    assert.deepEqual(makeOwners(all).ownerOf(unwrap(parseAddress(text)), as, where), naive(all, text, as, where))
  }), { numRuns: 2000 })
})

test('the order in which claims are entered decides nothing', () => {
  const claims = fc.uniqueArray(fc.tuple(team, place).map(([team, one]) => ({ team, ...one })), { selector: (one) => JSON.stringify(one), maxLength: 8 })
  fc.assert(fc.property(claims.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), address, fc.option(asn), ([one, other], text, as) => {
    const bytes = unwrap(parseAddress(text))
    assert.deepEqual(makeOwners(one).ownerOf(bytes, as, 'XA'), makeOwners(other).ownerOf(bytes, as, 'XA'))
  }))
})

test('an economy alone is nobody’s, however many claim it', () => {
  fc.assert(fc.property(fc.array(fc.tuple(team, economy)), address, asn, (all, text, as) => {
    const owners = makeOwners(all.map(([team, value]) => ({ team, kind: 'economy', value })))
    assert.deepEqual(owners.ownerOf(unwrap(parseAddress(text)), as, 'XA'), [])
  }))
})

const holdsAll = (outer: Claimed, inner: Claimed): boolean => outer.kind === inner.kind && (
  outer.kind === 'cidr' ? cidrWithin(unwrap(parseCidr(inner.value)), unwrap(parseCidr(outer.value)))
    : outer.value === inner.value || (outer.kind === 'domain' && inner.value.endsWith(`.${outer.value}`)))
const claimed = fc.array(fc.tuple(team, place), { maxLength: 12 }).map((all) => all.map(([team_id, one], id): Claimed => ({ id, team_id, ...one })))

test('two claims of different teams overlap when one holds the other, and each pair is found once', () => {
  fc.assert(fc.property(claimed, (all) => {
    const expected = all.flatMap((one, i) => all.slice(i + 1).filter((other) => one.team_id !== other.team_id && (holdsAll(one, other) || holdsAll(other, one))).map((other) => `${one.id} ${other.id}`))
    const found = (pairs: readonly { wider: Claimed; narrower: Claimed }[]) => pairs.map(({ wider, narrower }) => {
      assert.ok(holdsAll(wider, narrower))
      return [wider.id, narrower.id].toSorted((a, b) => a - b).join(' ')
    })
    assert.deepEqual(found(overlapsAmong(all, 1000).pairs).toSorted(), expected.toSorted())
    for (const one of all) assert.deepEqual(found(overlapsOf(one, all)).toSorted(), expected.filter((pair) => pair.split(' ').includes(String(one.id))).toSorted())
  }), { numRuns: 500 })
})

test('who claims what everybody claims makes no list without end', () => {
  const all = Array.from({ length: 100 }, (_, id): Claimed => ({ id, team_id: id, kind: 'economy', value: 'XA' }))
  const { pairs, more } = overlapsAmong(all, 50)
  assert.deepEqual([pairs.length, more, overlapsAmong(all, 4950).more], [50, true, false])
})
