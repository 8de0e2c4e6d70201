import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ChangeFinder, nictSettings, yuleWalker } from './change-finder.ts'

const sample = new URL('../../../../../../../shared/data/nict-changefinder/', import.meta.url)
const lines = (name: string): string[] => readFileSync(new URL(name, sample), 'utf8').trim().split('\n')

test('raises the 15 alerts that NICT published for its sample, and no other', { skip: existsSync(sample) ? false : 'the sample lies beside the project' }, () => {
  const rows = lines('nict_changefinder_sensor999_count.csv').slice(1).map((line) => line.split(','))
  const finders = [new ChangeFinder(nictSettings), new ChangeFinder(nictSettings)] as const
  const raised = rows.filter(([, packets, hosts]) => [finders[0].next(Number(packets)), finders[1].next(Number(hosts))].some(({ is_change }) => is_change))
  assert.deepEqual(raised.map(([at]) => at), lines('nict_changefinder_sensor999_expected_alerts.txt'))
})

/** A level with a little noise, and from `at` on another. */
const stepped = (at: number, from: number, to: number): number[] =>
  Array.from({ length: 300 }, (_, i) => (i < at ? from : to) + 3 * Math.sin(i * 1.7) + 2 * Math.sin(i * 0.31))

test('a step is found within the smoothing’s width, and a quiet series has none', () => {
  const changes = (series: readonly number[]) => {
    const finder = new ChangeFinder(nictSettings)
    return series.flatMap((value, i) => (finder.next(value).is_change ? [i] : []))
  }
  // The model starts from zero: the first values are its own step.
  const settled = (found: readonly number[]) => found.filter((i) => i > 100)
  assert.deepEqual(settled(changes(stepped(300, 100, 100))), [])
  const [first = -1] = settled(changes(stepped(200, 100, 1_000)))
  assert.ok(first >= 200 && first <= 215, String(first))
})

test('scores are numbers whatever comes: constants, zeros, huge and negative values', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.constant(0), fc.nat(), fc.double({ noNaN: true, min: -1e12, max: 1e12 })), { maxLength: 200 }), (series) => {
    const finder = new ChangeFinder(nictSettings)
    for (const value of series) assert.ok(Number.isFinite(finder.next(value).score))
  }))
})

test('the weights solve the Yule-Walker equations', () => {
  fc.assert(fc.property(fc.array(fc.double({ noNaN: true, min: -10, max: 10 }), { minLength: 12, maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (series, order) => {
    const lag = (j: number) => series.reduce((sum, one, i) => sum + one * (series[i + j] ?? 0), 0)
    const covariance = Array.from({ length: order + 1 }, (_, j) => lag(j))
    if (covariance[0]! < 1e-3) return
    const weights = yuleWalker(covariance)
    for (let m = 1; m <= order; m++) {
      const left = weights.reduce((sum, weight, i) => sum + weight * covariance[Math.abs(m - 1 - i)]!, 0)
      assert.ok(Math.abs(left - covariance[m]!) <= 1e-6 * covariance[0]!, `equation ${m}`)
    }
  }))
})
