import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sliceOf, type TestFlow } from '../testing/slices.ts'
import { ManyPorts } from './many-ports.ts'
import { RecentMinutes } from './recent-minutes.ts'

const recentOf = (rows_minute_max = 1_000, minutes_max = 10) =>
  new RecentMinutes({ minutes_max, rows_minute_max, busy_ports: new Set([23]) }, new ManyPorts(16, 100_000))

test('keeps SYNs to ports that are not busy, of sources that are not known for research', () => {
  const recent = recentOf()
  const rows: TestFlow[] = [
    { source: 0x01020304, port: 9, scan: 3 }, { source: 1, port: 23 }, { source: 2, port: 9, research: true }, { source: 3, port: 9, protocol: 17 },
    { source: 4, port: 9, scan: 0, packets: 5 }, { source: 2 ** 32 + 7, port: 9 },
  ]
  recent.push(sliceOf(600, rows))
  const [minute] = recent.between(0, 6_000)
  assert.deepEqual([minute!.rows, [...minute!.source], [...minute!.packets], [...minute!.unit]], [2, [0x01020304, 2 ** 32 + 7], [3, 1], [0x0102, -1]])
})

test('lets go of what is older than its minutes', () => {
  const recent = recentOf(1_000, 3)
  for (const minute of [0, 60, 120, 180, 600]) recent.push(sliceOf(minute, [{ source: 1, port: 9 }]))
  assert.deepEqual(recent.between(0, 6_000).map(({ minute }) => minute), [600])
})

test('beyond its rows it keeps whole /16, the same in each minute, and all packets of each port', () => {
  const recent = recentOf(200)
  const flood = Array.from({ length: 2_000 }, (_, i): TestFlow => ({ source: ((i % 500) * 65_536 + i) >>> 0, port: 1 + (i % 3), scan: 2 }))
  recent.push(sliceOf(0, flood))
  recent.push(sliceOf(60, flood.toReversed()))
  const [a, b] = recent.between(0, 6_000)
  assert.ok(a!.rows > 100 && a!.rows <= 200)
  assert.deepEqual(new Set(a!.unit), new Set(b!.unit))
  const units = new Set(a!.unit)
  assert.equal(a!.rows, flood.filter(({ source }) => units.has(source >>> 16)).length, 'whole ones')
  assert.deepEqual([...a!.totals!].toSorted((x, y) => x[0] - y[0]), [[1, 1334], [2, 1334], [3, 1332]])
  assert.equal(recent.shed, 4_000 - a!.rows - b!.rows)
})
