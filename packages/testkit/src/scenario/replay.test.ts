import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replay, type Replay } from './replay.ts'
import { Scenario, type ScenarioOptions } from './scenario.ts'

/** Half of the usual sensors for some days: enough to know what is usual, short enough for every change. */
const some: ScenarioOptions = { seed: 1, days: 2, warm_up_days: 3, sensors: [[15, 1], [10, 4], [5, 16]], strengths: [] }

const run = (options: Partial<ScenarioOptions>): Replay => {
  const done = replay(new Scenario({ ...some, ...options }))
  assert.deepEqual(done.health.filter(({ failed }) => failed !== undefined).map(({ kind, failed }) => `${kind}: ${failed}`), [])
  return done
}
const alarms = ({ score }: Replay) => score.alarms.map(({ found: { kind, subject, start } }) => ({ kind, subject, start }))
const key = (one: object) => JSON.stringify(one)

test('nothing is raised because of outages, clock jumps and research scanners: the same world without them raises as much', () => {
  const usual = new Set(alarms(run({ harmless: [] })).map(({ kind, subject }) => key({ kind, subject })))
  const more = alarms(run({})).filter(({ kind, subject }) => !usual.has(key({ kind, subject })))
  assert.deepEqual(more, [])
})

test('obvious events are found', () => {
  const { score } = run({ strengths: ['obvious'], harmless: [], events: ['burst', 'botnet-switch', 'rsdos', 'drdos'] })
  assert.deepEqual(score.wanted.filter(({ raised }) => raised.length === 0).map(({ label }) => label.id), [])
  assert.ok(score.wanted.length >= 4)
})
