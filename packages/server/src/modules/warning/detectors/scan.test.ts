import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scan, scanTimeout, type ScanMinute, type ScanParameters } from './scan.ts'

const parameters: ScanParameters = { ...scan.defaults, addresses: 65_536 }
const detect = (minutes: readonly ScanMinute[], given = parameters) => {
  const run = scan.start(given)
  return [...minutes.flatMap((one) => run.push(one)), ...run.end()]
}
const at = (minute: number, packets = 20, more: Partial<ScanMinute> = {}): ScanMinute =>
  ({ minute: 60 * minute, source: '240.0.0.1', protocol: 'tcp', port: 23, network: 'a', packets, destinations: packets, ...more })

test('the time-out is Merit’s for Merit’s telescope, and grows as fewer addresses observe', () => {
  assert.equal(Math.round(scanTimeout(scan.defaults)), 627)
  assert.equal(Math.round(scanTimeout({ ...scan.defaults, addresses: 4096 }) / 3600), 20)
})

test('one event per source and port, as long as it is not silent beyond the time-out', () => {
  const timeout_minutes = Math.ceil(scanTimeout(parameters) / 60)
  assert.equal(detect([at(0), at(timeout_minutes)]).length, 1)
  assert.equal(detect([at(0), at(timeout_minutes + 2)]).length, 2)
  assert.equal(detect([at(0), at(0, 20, { port: 22 }), at(0, 20, { source: '240.0.0.2' })]).length, 3)
  assert.deepEqual(detect([at(10), at(11)]).map(({ start, end, packets, subject }) => [start, end, packets, subject]), [
    [600, 720, 40, { source: '240.0.0.1', protocol: 'tcp', port: 23 }],
  ])
})

test('too few destinations or too slow is no scan; the same destinations again are not more', () => {
  assert.equal(detect([at(0, 9)]).length, 0)
  assert.equal(detect([at(0, 9), at(1, 9)]).length, 0)
  assert.equal(detect([at(0, 9), at(0, 9, { network: 'b' })]).length, 1)
  assert.equal(detect([at(0, 10)], { ...parameters, addresses: 2 ** 28 }).length, 0, 'slower than 10 a second')
})

test('memory is bounded and what was shed is counted', () => {
  const run = scan.start({ ...parameters, scans_max: 100 })
  for (let i = 0; i < 1_000; i++) run.push(at(0, 20, { source: `random ${i}` }))
  assert.equal(run.shed, 900)
  assert.equal(run.end().length, 100)
})
