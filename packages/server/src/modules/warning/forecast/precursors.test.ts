import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { precursors, wilson, type Sign } from './precursors.ts'

const DAY_S = 86_400
const settings = { from: 0, to: 200 * DAY_S, horizon_days: 21 }
const spike = (port: string, day: number): Sign => ({ kind: 'spike', port, start: day * DAY_S })
const change = (port: string, day: number): Sign => ({ kind: 'change-point', port, start: day * DAY_S })
const of = (signs: readonly Sign[]) => precursors(signs, settings).find(({ signal, outcome }) => signal === 'spike' && outcome === 'change-point')!

it('counts what followed within the horizon on the same port, with its lead', () => {
  const found = of([spike('tcp/1', 10), change('tcp/1', 15), spike('tcp/2', 10), change('tcp/2', 40), spike('tcp/3', 10), change('tcp/1', 9), spike('tcp/4', 195)])
  assert.deepEqual([found.signals, found.followed, found.rate, found.median_lead_s], [3, 1, 1 / 3, 5 * DAY_S])
})

it('finds no lift where outcomes do not care for signals, and much where each signal is followed', () => {
  // A step of 7 walks through all of a number that 7 does not divide: signals and outcomes are spread evenly.
  const evenly = (kind: 'spike' | 'change-point', step: number): Sign[] =>
    Array.from({ length: 20 }, (_, port) => Array.from({ length: 8 }, (__, i) => ({ kind, port: `tcp/${port}`, start: ((i * 23 + port * step) % 178) * DAY_S }))).flat()
  const unrelated = of([...evenly('spike', 7), ...evenly('change-point', 41)])
  assert.ok(unrelated.lift! > 0.75 && unrelated.lift! < 1.3, String(unrelated.lift))
  const related = of(Array.from({ length: 30 }, (_, port) => [spike(`tcp/${port}`, 20 + port), change(`tcp/${port}`, 24 + port)]).flat())
  assert.equal(related.rate, 1)
  assert.ok(related.lift_low! > 4, String(related.lift_low))
})

it('gives shares between 0 and 1 and an interval around the lift, whatever there was', () => {
  const sign = fc.record({ kind: fc.constantFrom('spike', 'new', 'worm', 'change-point', 'campaign' as const), port: fc.constantFrom('tcp/1', 'tcp/2', 'udp/1'), start: fc.integer({ min: 0, max: 200 * DAY_S }) })
  fc.assert(fc.property(fc.array(sign as fc.Arbitrary<Sign>, { maxLength: 60 }), (signs) => {
    for (const one of precursors(signs, settings)) {
      assert.ok(one.followed <= one.signals)
      for (const share of [one.rate, one.chance]) assert.ok(share === null || (share >= 0 && share <= 1))
      if (one.lift !== null) assert.ok(one.lift_low! <= one.lift + 1e-9 && one.lift <= one.lift_high! + 1e-9)
    }
  }))
  assert.deepEqual(wilson(0, 0), [0, 1])
})

it('finds what looking at each outcome for each signal and day finds', () => {
  const at = fc.record({ kind: fc.constantFrom('spike', 'worm' as const), port: fc.constantFrom('tcp/1', 'tcp/2', 'udp/1'), start: fc.integer({ min: 0, max: 200 }).map((day) => day * DAY_S) })
  fc.assert(fc.property(fc.array(at as fc.Arbitrary<Sign>, { maxLength: 40 }), (signs) => {
    const horizon = settings.horizon_days * DAY_S
    const isFollowed = (port: string, second: number): boolean => signs.some((one) => one.kind === 'worm' && one.port === port && one.start > second && one.start <= second + horizon)
    const judged = new Set(signs.filter(({ kind, start }) => kind === 'spike' && start + horizon <= settings.to).map(({ port, start }) => `${port} ${start}`))
    const ports = [...new Set(signs.map(({ port }) => port))]
    const days = Array.from({ length: (settings.to - horizon) / DAY_S }, (_, day) => day * DAY_S)
    const { signals, followed, chance } = precursors(signs, settings).find(({ signal, outcome }) => signal === 'spike' && outcome === 'worm')!
    const by_chance = ports.flatMap((port) => days.filter((day) => isFollowed(port, day))).length
    assert.deepEqual([signals, followed, chance], [
      judged.size, [...judged].filter((one) => isFollowed(one.split(' ')[0]!, Number(one.split(' ')[1]))).length, ports.length === 0 ? null : by_chance / (days.length * ports.length),
    ])
  }))
})
