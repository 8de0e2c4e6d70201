import { DAY_S, formatMillis, formatSeconds, HOUR_S, ok, type Result, type World } from '@hirundo/base'
import { tags, type forecastPort, type listForecasts, type Output, type Tag } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import type { ObservatoryAnswers } from '../../observatory/index.ts'
import { Forecaster } from './forecaster.ts'
import { Kept } from './kept.ts'
import type { Forecast, Level, Measured } from './model.ts'
import type { Precursor, PrecursorSettings, Sign } from './precursors.ts'
import { daily, hourly, type RollingSettings } from './rolling.ts'
import { Turns } from './turns.ts'

type ForecastView = Output<typeof forecastPort>
type ListView = Output<typeof listForecasts>

export type Step = 'hour' | 'day'
export type Asked = { readonly protocol: 'tcp' | 'udp'; readonly port: number; readonly measure: 'packets' | 'sources' } | { readonly tag: Tag }

/** How far back a model is shown, and how a page is filled. */
const looks: Readonly<Record<Step, { readonly step_s: number; readonly history_steps: number; readonly settings: RollingSettings }>> = {
  hour: { step_s: HOUR_S, history_steps: 24 * 42, settings: hourly },
  day: { step_s: DAY_S, history_steps: 400, settings: daily },
}
const ports_listed = 20
/** Answers that are kept for their hour; one is a tenth of a MiB. */
const ones_kept_max = 128
const lists_kept_max = 64

interface History {
  readonly first: number
  /** NaN: nobody watched. */
  readonly values: Float64Array
  readonly simulated: boolean
}
interface Looked extends History {
  /** Undefined: too little history. */
  readonly forecast: Forecast | undefined
}

/** Looks ahead from the observatory's own answers: one at a time, in a thread beside those who ask. */
export class Forecasts {
  readonly #answers: ObservatoryAnswers
  readonly #world: World
  readonly #forecaster = new Forecaster()
  readonly #turns = new Turns()
  readonly #ones = new Kept<ForecastView>(ones_kept_max)
  readonly #lists = new Kept<ListView>(lists_kept_max)

  constructor(answers: ObservatoryAnswers, world: World) {
    this.#answers = answers
    this.#world = world
  }

  /** Of one port or tag, with its history; made once an hour. Problems of the observatory's series, `node/unavailable` when too many wait. */
  of(actor: Actor, asked: Asked, step: Step): Promise<Result<ForecastView>> {
    const { organisation_id } = actor
    const of = 'tag' in asked ? asked.tag : `${asked.protocol}/${asked.port} ${asked.measure}`
    return this.#ones.get(`${organisation_id} ${of} ${step}`, this.#world.now(), () => this.#turns.ask(organisation_id, () => this.#one(actor, asked, step)))
  }

  async #one(actor: Actor, asked: Asked, step: Step): Promise<Result<ForecastView>> {
    const looked = await this.#look(actor, asked, step)
    if (!looked.ok) return looked
    const { step_s } = looks[step]
    const { first, values, simulated, forecast } = looked.value
    const at = (i: number): string => formatSeconds(first + i * step_s)
    return ok({
      step_s, measure: 'tag' in asked ? 'packets' : asked.measure, simulated, enough: forecast !== undefined,
      history: [...values].map((value, i) => ({ at: at(i), value: Number.isNaN(value) ? null : value })),
      best: forecast?.best ?? null, beats_seasonal_naive: forecast ? bestOf(forecast).beats_naive : false,
      models: (forecast?.models ?? []).map(modelView),
      points: (forecast?.steps ?? []).map(({ mean, intervals }, i) => ({
        at: at(values.length + i), mean, low_50: intervals[50].low, high_50: intervals[50].high, low_80: intervals[80].low, high_80: intervals[80].high,
        low_95: intervals[95].low, high_95: intervals[95].high,
      })),
    })
  }

  /** Of the busiest ports and of each tag; made at most once an hour for an organisation. */
  list(actor: Actor): Promise<Result<ListView>> {
    const now = this.#world.now()
    return this.#lists.get(String(actor.organisation_id), now, () => this.#make(actor, now))
  }

  /** In its turn and thread as forecasts are. Problem: `query/timeout`. */
  precursors(signs: readonly Sign[], settings: PrecursorSettings): Promise<Result<readonly Precursor[]>> {
    return this.#turns.take(() => this.#forecaster.precursors(signs, settings))
  }

  async stop(): Promise<void> {
    await this.#forecaster.stop()
  }

  async #make(actor: Actor, now: number): Promise<Result<ListView>> {
    const ports = await this.#answers.top(actor, 'ports', { ...lastSteps(now, HOUR_S, 7 * 24), research: 'exclude', limit: ports_listed })
    if (!ports.ok) return ports
    const asked: Asked[] = ports.value.data.flatMap(({ protocol, port }) =>
      ((protocol === 'tcp' || protocol === 'udp') && port !== undefined && port !== null ? [{ protocol, port, measure: 'packets' as const }] : []))
    const forecasts: ListView['forecasts'] = []
    let simulated = ports.value.simulated
    for (const one of [...asked, ...tags.map((tag) => ({ tag }))]) {
      // Each in a turn of its own: who asks for one port does not wait for the whole list.
      const looked = await this.#turns.take(() => this.#look(actor, one, 'hour'))
      if (!looked.ok) return looked
      const { values, forecast } = looked.value
      simulated ||= looked.value.simulated
      if (forecast) forecasts.push(rowOf(one, values, forecast))
    }
    return ok({ made_at: formatMillis(now), simulated, forecasts })
  }

  async #look(actor: Actor, asked: Asked, step: Step): Promise<Result<Looked>> {
    const history = await this.#history(actor, asked, step)
    if (!history.ok) return history
    const forecast = await this.#forecaster.forecast(history.value.values, looks[step].settings)
    return forecast.ok ? ok({ ...history.value, forecast: forecast.value }) : forecast
  }

  async #history(actor: Actor, asked: Asked, step: Step): Promise<Result<History>> {
    const { step_s, history_steps } = looks[step]
    const range = { ...lastSteps(this.#world.now(), step_s, history_steps), research: 'exclude' as const }
    const first = Date.parse(range.from) / 1000
    if ('tag' in asked) {
      const found = await this.#answers.tools(actor, range, step_s)
      if (!found.ok) return found
      const values = found.value.points.map((point) => (point.sensor_equivalents > 0 ? point[asked.tag] / point.sensor_equivalents : Number.NaN))
      return ok(withoutEmptyStart({ first, values: Float64Array.from(values), simulated: found.value.simulated }, step_s))
    }
    const found = await this.#answers.series(actor, { ...range, dimension: 'port', key: `${asked.protocol}/${asked.port}`, step: step_s })
    if (!found.ok) return found
    const values = found.value.data.points.map(({ live_sensors, sources, packets_per_sensor }) =>
      (live_sensors === 0 ? Number.NaN : (asked.measure === 'sources' ? sources : packets_per_sensor) ?? Number.NaN))
    return ok(withoutEmptyStart({ first, values: Float64Array.from(values), simulated: found.value.simulated }, step_s))
  }
}

/** The last whole steps before now. */
function lastSteps(now_ms: number, step_s: number, steps: number): { readonly from: string; readonly to: string } {
  const to = Math.floor(now_ms / 1000 / step_s) * step_s
  return { from: formatSeconds(Math.max(0, to - steps * step_s)), to: formatSeconds(to) }
}

/** Before the first sensor there is no history; the season's phase may begin anywhere. */
function withoutEmptyStart({ first, values, simulated }: History, step_s: number): History {
  const known = values.findIndex((value) => !Number.isNaN(value))
  const cut = known < 0 ? values.length : known
  return { first: first + cut * step_s, values: values.slice(cut), simulated }
}

const bestOf = (forecast: Forecast): Measured => forecast.models.find(({ model }) => model === forecast.best)!
const shareOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value)
const covered = (one: Measured, level: Level): number | null => shareOrNull(one.coverage[level])
const modelView = (one: Measured): ForecastView['models'][number] => ({
  model: one.model, mean_absolute_error: one.mean_absolute_error, skill: one.skill, origins: one.origins,
  coverage_50: covered(one, 50), coverage_80: covered(one, 80), coverage_95: covered(one, 95),
})

const DAY_STEPS = 24

/** Sums of a day are intervals of single hours added up: too wide rather than too narrow, as hours err together. */
function rowOf(asked: Asked, values: Float64Array, forecast: Forecast): ListView['forecasts'][number] {
  const best = bestOf(forecast)
  const day = forecast.steps.slice(0, DAY_STEPS)
  const sum = (of: (step: (typeof day)[number]) => number): number => day.reduce((total, step) => total + of(step), 0)
  return {
    protocol: 'tag' in asked ? null : asked.protocol, port: 'tag' in asked ? null : asked.port, tag: 'tag' in asked ? asked.tag : null,
    last_day: values.slice(-DAY_STEPS).reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0),
    next_day: sum(({ mean }) => mean), low_80: sum(({ intervals }) => intervals[80].low), high_80: sum(({ intervals }) => intervals[80].high),
    best: best.model, skill: best.skill, coverage_80: covered(best, 80), beats_seasonal_naive: best.beats_naive,
  }
}
