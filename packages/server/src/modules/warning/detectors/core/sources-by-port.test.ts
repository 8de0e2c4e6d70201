import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PORT_KEYS } from './port-key.ts'
import { SourcesByPort } from './sources-by-port.ts'
import { SumTable } from './sum-table.ts'

/** What is meant: through the whole table for one port. */
function plainly(pairs: SumTable, port: number, limit: number): readonly number[] {
  const found: { source: number; packets: number }[] = []
  pairs.each((key, packets) => {
    if (key % PORT_KEYS === port) found.push({ source: Math.floor(key / PORT_KEYS), packets })
  })
  return found.toSorted((a, b) => b.packets - a.packets || a.source - b.source).slice(0, limit).map(({ source }) => source)
}

const ports = [0, 1, 23, 65_536 + 53, PORT_KEYS - 1]
const pair = fc.record({ source: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 2 ** 33 - 1 })), port: fc.constantFrom(...ports), packets: fc.integer({ min: 1, max: 4 }) })

test('gives the same sources as going through the whole table, of a sample too', () => {
  fc.assert(fc.property(fc.array(pair, { maxLength: 200 }), fc.constantFrom(16, 1000), fc.constantFrom(0, 3, 1000), (given, keys_max, limit) => {
    const pairs = new SumTable(keys_max, 5, undefined, true)
    for (const { source, port, packets } of given) pairs.add(source * PORT_KEYS + port, packets)
    const sources = new SourcesByPort(pairs)
    for (const port of [...ports, 80]) assert.deepEqual(sources.of(port, limit), plainly(pairs, port, limit))
  }))
})

test('goes through the table twice at most, however many ports are asked for', () => {
  const pairs = new SumTable(1000, 5)
  for (let i = 0; i < 300; i++) pairs.add(i * PORT_KEYS + i, 1)
  let passes = 0
  const each = pairs.each.bind(pairs)
  pairs.each = (see) => {
    passes++
    each(see)
  }
  const sources = new SourcesByPort(pairs)
  for (let port = 0; port < 300; port++) assert.deepEqual(sources.of(port, 10), [port])
  assert.equal(passes, 2)
})
