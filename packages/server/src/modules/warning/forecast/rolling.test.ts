import assert from 'node:assert/strict'
import { it } from 'node:test'
import { autoregressive, ets, seasonalNaive } from './models.ts'
import { forecastOf, hourly } from './rolling.ts'

/** Normal numbers from a seed (Park and Miller's generator, Box and Muller's transform). */
function normals(seed: number): () => number {
  let state = seed
  const uniform = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** Hours with a daily rhythm and autocorrelated noise. */
function hours(length: number, seed: number, { swing = 0.5, noise = 0.2, memory = 0.7 } = {}): Float64Array {
  const next = normals(seed)
  let drift = 0
  return Float64Array.from({ length }, (_, i) => {
    drift = memory * drift + noise * next()
    return Math.exp(4 + swing * Math.sin((2 * Math.PI * i) / 24) + drift)
  })
}

it('repeats the last season, over holes', () => {
  const history = Float64Array.from([1, 2, 3, 4, Number.NaN, 6])
  assert.deepEqual([...seasonalNaive.forecast(history, 3, 5)], [4, 2, 6, 4, 2])
})

it('finds level, trend and season of a series without noise', () => {
  const history = Float64Array.from({ length: 24 * 10 }, (_, i) => 3 + Math.sin((2 * Math.PI * i) / 24))
  for (const model of [ets, autoregressive]) {
    model.forecast(history, 24, 24).forEach((value, step) => assert.ok(Math.abs(value - (3 + Math.sin((2 * Math.PI * step) / 24))) < 0.05, `${model.name} ${step} ${value}`))
  }
})

it('lets the model of the least measured error win, with intervals that hold what they say', async () => {
  const covered = { 50: 0, 80: 0, 95: 0 }
  let [seen, better] = [0, 0]
  for (let seed = 1; seed <= 12; seed++) {
    const all = hours(24 * 32, seed)
    const known = all.subarray(0, 24 * 30)
    const found = forecastOf(known, hourly)!
    assert.equal(Math.min(...found.models.map((one) => one.mean_absolute_error)), found.models.find(({ model }) => model === found.best)!.mean_absolute_error)
    if (found.models.find(({ model }) => model === found.best)!.beats_naive) better++
    found.steps.forEach(({ intervals }, step) => {
      seen++
      const value = all[known.length + step]!
      for (const level of [50, 80, 95] as const) if (value >= intervals[level].low && value <= intervals[level].high) covered[level]++
    })
  }
  // 576 values, autocorrelated within a horizon: about 12 independent stretches.
  assert.ok(Math.abs(covered[50] / seen - 0.5) < 0.15, `50 %: ${covered[50] / seen}`)
  assert.ok(Math.abs(covered[80] / seen - 0.8) < 0.12, `80 %: ${covered[80] / seen}`)
  assert.ok(covered[95] / seen > 0.87, `95 %: ${covered[95] / seen}`)
  assert.ok(better >= 10, `beats seasonal-naive in ${better} of 12`)
})

it('says that nothing beats seasonal-naive where nothing can: a season that repeats exactly with one-off noise', async () => {
  let claimed = 0
  for (let seed = 1; seed <= 10; seed++) {
    const next = normals(seed)
    // A random walk of seasons: yesterday is the best that can be known.
    let season = Float64Array.from({ length: 24 }, () => 3 + next())
    const values = new Float64Array(24 * 30)
    for (let day = 0; day < 30; day++) {
      season = season.map((value) => value + 0.3 * next())
      values.set(season.map((value) => Math.expm1(Math.abs(value))), day * 24)
    }
    const found = (await forecastOf(values, hourly))!
    if (found.models.some(({ beats_naive }) => beats_naive)) claimed++
  }
  assert.ok(claimed <= 3, `claims to beat it in ${claimed} of 10`)
})

it('gives nothing where history is too short, and bears a series of zeros and holes', async () => {
  assert.equal(await forecastOf(hours(24 * 5, 1), hourly), undefined)
  const zeros = new Float64Array(24 * 30)
  zeros.fill(Number.NaN, 100, 300)
  const found = (await forecastOf(zeros, hourly))!
  assert.ok(found.steps.every(({ mean, intervals }) => mean < 1e-6 && intervals[95].high < 1e-6))
  assert.equal(found.best, 'seasonal-naive')
})
