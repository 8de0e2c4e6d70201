import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { AddressBook, addresses_v6_max, NO_ADDRESS, per_network_max } from './address-book.ts'

const NOW = Date.UTC(2026, 0, 1) / 1000
const DAY_S = 86_400

/** `2001:<network>:0:<subnet>::<host>`. */
function address(network: number, host: number, subnet = 0): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x20010000 + network)
  view.setUint16(6, subnet)
  view.setUint32(12, host)
  return bytes
}

it('gives every IPv6 address a number until the book is full, counts the rest, and frees what was not seen for long', () => {
  const book = new AddressBook()
  for (let i = 0; i < addresses_v6_max + 10; i++) assert.equal(book.number(address(i >> 10, i & 1023), 0, NOW) === NO_ADDRESS, i >= addresses_v6_max)
  assert.equal(book.shed, 10)
  assert.notEqual(book.network(address(5000, 0), 0, NOW), NO_ADDRESS, 'a sensor of ours has room')
  const again = new AddressBook(structuredClone(book.save()))
  assert.equal(again.text(again.number(address(0, 77), 0, NOW)), '2001::4d')
  again.forget(NOW + 30 * DAY_S)
  assert.notEqual(again.number(address(6000, 1), 0, NOW + 30 * DAY_S), NO_ADDRESS)
})

it('lets no single network take all: who makes up addresses of one /64 or /48 leaves room for others', () => {
  const book = new AddressBook()
  const known = (bytes: Uint8Array, second = NOW): boolean => book.number(bytes, 0, second) !== NO_ADDRESS
  const many = (count: number, of: (i: number) => Uint8Array): number => Array.from({ length: count }, (_, i) => known(of(i))).filter(Boolean).length
  assert.equal(many(20_000, (i) => address(1, i)), per_network_max[64])
  assert.equal(many(40_000, (i) => address(2, i, i % 1000)), per_network_max[48])
  assert.equal(many(5000, (i) => address(3 + (i % 50), i)), 5000)
  assert.notEqual(book.network(address(1, 0xffff_ffff), 0, NOW), NO_ADDRESS, 'a network of ours')
  assert.ok(known(address(1, 5)), 'who has a number keeps it')
  book.forget(NOW + 30 * DAY_S)
  assert.ok(known(address(1, 30_000), NOW + 30 * DAY_S))
})

it('gives the same numbers when it goes on from what was saved', () => {
  const step = fc.record({ host: fc.integer({ min: 0, max: 30 }), day: fc.integer({ min: 0, max: 5 }), saved: fc.boolean() })
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const straight = new AddressBook()
    let resumed = new AddressBook()
    let day = 0
    for (const one of steps) {
      day += one.day
      const second = NOW + day * DAY_S
      assert.equal(resumed.number(address(1, one.host), 0, second), straight.number(address(1, one.host), 0, second))
      for (const book of [straight, resumed]) book.forget(second)
      if (one.saved) resumed = new AddressBook(structuredClone(resumed.save()))
    }
  }))
})
