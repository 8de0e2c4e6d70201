import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { DAY_S, HOUR_S, ok, realWorld, type Result } from '@hirundo/base'
import { listPrecursors } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import type { ObservatoryAnswers } from '../../observatory/index.ts'
import { Forecaster } from './forecaster.ts'
import { Forecasts } from './forecasts.ts'
import { precursors, type Sign } from './precursors.ts'
import { daily, hourly } from './rolling.ts'
import { forecastHandlers } from './routes.ts'
import { waiting_max, waiting_of_one_max } from './turns.ts'

const HOUR_MS = HOUR_S * 1000
const BEGIN = Date.UTC(2026, 2, 10, 12, 10)
const actorOf = (organisation_id: number): Actor => ({ organisation_id, scopes: [] }) as unknown as Actor
const valueAt = (i: number): number => 20 + 10 * Math.sin((2 * Math.PI * i) / 24) + ((i * 7_919) % 13) / 4

/** Too few for models: what is looked at here is who waits. */
const HISTORY = 48

/** An observatory of one value a step, which counts who asks. */
class Observatory {
  asked = 0
  now = 0
  most = 0
  readonly answers = {
    series: async () => {
      this.asked++
      this.most = Math.max(this.most, ++this.now)
      await new Promise((resolve) => setTimeout(resolve, 2))
      this.now--
      return ok({ simulated: true, data: { points: Array.from({ length: HISTORY }, (_, i) => ({ live_sensors: 1, sources: 1, packets_per_sensor: valueAt(i) })) } })
    },
    tools: async () => {
      this.asked++
      return ok({ simulated: true, points: [] })
    },
    top: async () => ok({ simulated: true, data: Array.from({ length: 3 }, (_, port) => ({ protocol: 'tcp', port: port + 1 })) }),
  } as unknown as ObservatoryAnswers
}

const open: { stop(): Promise<void> }[] = []
after(() => Promise.all(open.map((one) => one.stop())))
function made(): { observatory: Observatory; clock: { ms: number }; forecasts: Forecasts } {
  const observatory = new Observatory()
  const clock = { ms: BEGIN }
  const forecasts = new Forecasts(observatory.answers, { ...realWorld, now: () => clock.ms })
  open.push(forecasts)
  return { observatory, clock, forecasts }
}
const port = (n: number) => ({ protocol: 'tcp', port: n, measure: 'packets' } as const)
const refused = (answers: readonly Result<unknown>[]): number => answers.filter((one) => !one.ok && one.problem.code === 'node/unavailable' && Number(one.problem.detail['retry_after_s']) > 0).length

it('others are answered while models compete', async () => {
  const forecaster = new Forecaster()
  open.push(forecaster)
  const running = { yes: true, turns: 0 }
  const count = (): void => {
    running.turns++
    if (running.yes) setImmediate(count)
  }
  count()
  const found = await forecaster.forecast(Float64Array.from({ length: 24 * 42 }, (_, i) => valueAt(i)), hourly)
  running.yes = false
  assert.ok(found.ok && found.value?.steps.length === hourly.horizon)
  // Were it done here, there would be at most a turn for each origin.
  assert.ok(running.turns > 3 * hourly.origins_max, `${running.turns} turns`)
  const none = await forecaster.forecast(new Float64Array(3), daily)
  assert.ok(none.ok && none.value === undefined)
})

it('precursors of a year are counted there too, as here', async () => {
  const forecaster = new Forecaster()
  open.push(forecaster)
  const settings = { from: 0, to: 365 * DAY_S, horizon_days: 21 }
  const signsOf = (ports: number): Sign[] => Array.from({ length: 5_000 }, (_, i) => ({ kind: (['spike', 'worm', 'new', 'campaign'] as const)[i % 4]!, port: `tcp/${i % ports}`, start: (i * 7_919 * 3_600) % settings.to }))
  const both = [signsOf(17), signsOf(5)]
  const found = await Promise.all(both.map((signs) => forecaster.precursors(signs, settings)))
  assert.deepEqual(found, both.map((signs) => ok(precursors(signs, settings))))
})

it('one is made at a time, and beyond so many that wait the rest is asked to come again', async () => {
  const { observatory, forecasts } = made()
  const flood = await Promise.all(Array.from({ length: 30 }, (_, i) => forecasts.of(actorOf(1), port(i), 'hour')))
  assert.deepEqual([refused(flood), observatory.asked, observatory.most], [30 - waiting_of_one_max, waiting_of_one_max, 1])
  const others = await Promise.all(Array.from({ length: 8 * waiting_of_one_max }, (_, i) => forecasts.of(actorOf(2 + (i % 8)), port(100 + i), 'day')))
  assert.equal(refused(others), others.length - waiting_max)
  assert.ok((await forecasts.of(actorOf(1), port(29), 'hour')).ok, 'what was refused is not kept')
})

it('the same is made once an hour for an organisation, also for those who ask meanwhile', async () => {
  const { observatory, clock, forecasts } = made()
  const ask = (organisation_id = 1, step: 'hour' | 'day' = 'hour') => forecasts.of(actorOf(organisation_id), port(23), step)
  const [one, two] = await Promise.all([ask(), ask()])
  assert.ok(one!.ok && one!.value.history.length === HISTORY)
  assert.deepEqual([two, await ask()], [one, one])
  assert.equal(observatory.asked, 1)
  await ask(2)
  await ask(1, 'day')
  assert.equal(observatory.asked, 3)
  clock.ms += HOUR_MS
  await ask()
  assert.equal(observatory.asked, 4)
  clock.ms = BEGIN + HOUR_MS + 52 * 60_000
  await ask()
  assert.equal(observatory.asked, 4, 'the first minutes of an hour have not all rows of the last one')
})

it('a list is made once, and one port that somebody asks for meanwhile does not wait for all of it', async () => {
  const { observatory, forecasts } = made()
  const ended: string[] = []
  const list = forecasts.list(actorOf(9)).then((answer) => (ended.push('list'), answer))
  const one = forecasts.of(actorOf(9), port(99), 'hour').then(() => ended.push('one'))
  const [{ ok: is_ok }] = await Promise.all([list, one])
  assert.deepEqual([is_ok, ended], [true, ['one', 'list']])
  const asked = observatory.asked
  assert.equal(await forecasts.list(actorOf(9)), await list)
  assert.equal(observatory.asked, asked)
})

it('precursors are counted once an hour', async () => {
  const { forecasts, clock } = made()
  let read = 0
  const handlers = forecastHandlers({ world: { ...realWorld, now: () => clock.ms } }, forecasts, async () => (read++, []))
  const { answer } = handlers.find(({ route }) => route === listPrecursors)! as unknown as { answer: (input: object, context: object) => Promise<Result<unknown>> }
  const ask = (organisation_id = 1) => answer({}, { actor: actorOf(organisation_id) })
  const [first, again] = [await ask(), await ask()]
  assert.ok(first.ok)
  assert.deepEqual([again, read], [first, 1])
  await ask(2)
  clock.ms += HOUR_MS
  await ask()
  assert.equal(read, 3)
})
