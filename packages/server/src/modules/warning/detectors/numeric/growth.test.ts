import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as fc from 'fast-check'
import { Draws } from '../testing/draws.ts'
import { fitExcess, fitGrowth, type Window } from './growth.ts'
import { infectionRates, settled } from './kalman.ts'

const STRETCHES = 24
const options = { doublings: Array.from({ length: 12 }, (_, i) => 2 * 1.2 ** i), deviations: 2 }
const windowOf = (mean: (i: number) => number, base: number, draws?: Draws): Window => ({
  counts: Array.from({ length: STRETCHES }, (_, i) => (draws ? draws.poisson(mean(i)) : mean(i))),
  expected: Array.from({ length: STRETCHES }, () => base), exposure: Array.from({ length: STRETCHES }, () => 1),
})
const growing = (doubling: number, last: number, base: number) => (i: number): number => base + last * 2 ** ((i - STRETCHES + 1) / doubling)

it('gives back amplitude and doubling time of growth without noise', () => {
  const growth = fitGrowth(windowOf(growing(4.1472, 60, 3), 3), options)
  assert.ok(Math.abs(growth.doubling - 4.1472) < 1e-9)
  assert.ok(Math.abs(growth.amplitude - 60) < 0.1)
  assert.ok(growth.doubling_low < 4.1472 && growth.doubling_high > 4.1472)
})

it('the interval holds the true doubling time in nine of ten draws, of few counts too', () => {
  for (const last of [6, 40]) {
    let held = 0
    for (let seed = 1; seed <= 200; seed++) {
      const { doubling_low, doubling_high } = fitGrowth(windowOf(growing(4, last, 0.5), 0.5, new Draws(seed)), options)
      if (doubling_low <= 4 && doubling_high >= 4) held++
    }
    assert.ok(held >= 180, `${held} of 200 with ${last} in the last stretch`)
  }
})

it('a burst is a step, a level that swings is steady, and neither is growth', () => {
  const wins = { growth: 0, burst: 0, steady: 0 }
  for (let seed = 1; seed <= 200; seed++) {
    const [draws, other, third] = [new Draws(seed), new Draws(seed + 1000), new Draws(seed + 2000)]
    const worm = fitGrowth(windowOf(growing(4, 30, 0.5), 0.5, draws), options)
    const burst = fitGrowth(windowOf((i) => (i >= 14 ? 12 : 0.5), 0.5, other), options)
    const steady = fitGrowth(windowOf(() => 12, 5, third), options)
    if (worm.growth_gain > worm.step_gain && worm.growth_gain > worm.steady_gain + 4.5) wins.growth++
    if (burst.growth_gain > burst.step_gain) wins.burst++
    if (steady.growth_gain > steady.steady_gain + 4.5 * steady.scatter) wins.steady++
  }
  assert.ok(wins.growth >= 185, `growth is seen ${wins.growth} times`)
  assert.ok(wins.burst <= 8, `bursts are taken for growth ${wins.burst} times`)
  assert.ok(wins.steady <= 3, `steady levels are taken for growth ${wins.steady} times`)
})

it('no amplitude is more likely than the one it finds', () => {
  const count = fc.nat(30)
  fc.assert(fc.property(fc.array(fc.tuple(count, fc.double({ noNaN: true, min: 0.01, max: 20 }), fc.double({ noNaN: true, min: 0, max: 1 })), { minLength: 1, maxLength: 30 }), fc.double({ noNaN: true, min: 0, max: 3 }), (rows, factor) => {
    const [counts, expected, shape] = [rows.map(([one]) => one), rows.map(([, one]) => one), rows.map(([, , one]) => one)]
    const gainAt = (a: number): number => rows.reduce((sum, [n, b, w]) => sum + (n > 0 ? n * Math.log1p((a * w) / b) : 0) - a * w, 0)
    const { amplitude, gain } = fitExcess({ counts, expected }, shape)
    assert.ok(Math.abs(gainAt(amplitude) - gain) < 1e-6 || gain === 0)
    assert.ok(gain >= gainAt(amplitude * factor) - 1e-6)
    assert.ok(gain >= gainAt(amplitude + factor) - 1e-6)
  }))
})

it('holes say nothing', () => {
  const whole = windowOf(growing(4.1472, 60, 3), 3)
  const holes = { ...whole, counts: Array.from(whole.counts, (n, i) => (i % 3 === 0 ? 0 : n)), expected: Array.from(whole.expected, (n, i) => (i % 3 === 0 ? 0 : n)), exposure: Array.from(whole.exposure, (n, i) => (i % 3 === 0 ? 0 : n)) }
  const growth = fitGrowth(holes, options)
  assert.ok(Math.abs(growth.doubling - 4.1472) < 1e-9)
  assert.ok(Math.abs(growth.amplitude - 60) < 0.5)
})

it('the infection rate settles at the growth of an outbreak, falls in a burst and swings around 0 in noise', () => {
  const kalman = { wander: 1e-4, prior: 0.1 }
  const ratesOf = (mean: (i: number) => number, base: number, seed: number) => {
    const { counts, expected } = windowOf(mean, base, new Draws(seed))
    return infectionRates(counts, expected, kalman)
  }
  let [worms, bursts, noise] = [0, 0, 0]
  for (let seed = 1; seed <= 100; seed++) {
    const rate = settled(ratesOf(growing(4, 60, 0.5), 0.5, seed), 4, 1, 0.5)
    if (rate !== undefined && Math.abs(Math.log1p(rate) - Math.LN2 / 4) < 0.08) worms++
    const burst = ratesOf((i) => (i >= 8 ? 40 : 0.5), 0.5, seed)
    if (burst.at(-1)!.rate < 0.65 * burst.at(-8)!.rate) bursts++
    if (settled(ratesOf(() => 5, 5, seed), 4, 1, 0.5) !== undefined) noise++
  }
  assert.ok(worms >= 80, `${worms} worms settle at their rate`)
  assert.ok(bursts >= 90, `${bursts} bursts fall`)
  assert.ok(noise <= 15, `${noise} of noise settle`)
})
