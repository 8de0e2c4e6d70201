import { Type, type Static } from 'typebox'
import { Coverage, TopEntry } from './observatory.ts'
import { route } from './route.ts'
import { Instant, Name, UuidText } from './shapes.ts'

const Count = Type.Integer({ minimum: 0 })
const MaybeCount = Type.Union([Count, Type.Null()])
const MaybeNumber = Type.Union([Type.Number(), Type.Null()])
const MaybeInstant = Type.Union([Instant, Type.Null()])

const LiveMinute = Type.Object({
  at: Instant,
  packets: Type.Union([Count, Type.Null()], { description: 'null: nobody watched; unknown, and not zero' }),
  sources: MaybeCount,
  live_sensors: Count,
  packets_per_sensor: MaybeNumber,
})

export const LiveSensor = Type.Object({
  id: UuidText,
  name: Name,
  live: Type.Boolean({ description: 'Heard of within the last minutes' }),
  simulated: Type.Boolean(),
  last_seen_at: MaybeInstant,
  last_minute: Type.Union([Instant, Type.Null()], { description: 'Newest minute that is queryable; null: none in this hour and the one before' }),
  packets: Type.Array(MaybeCount, { maxItems: 30, description: 'Of the last 30 minutes of the window; null: it did not watch, or has not sent yet' }),
  spool_batches: MaybeCount,
  gap_batches: Count,
})
export type LiveSensor = Static<typeof LiveSensor>

const Period = Type.Object({ from: Instant, to: Instant, coverage: Coverage, packets: Count, packets_per_sensor: MaybeNumber })

/** What happens now: the last 60 full minutes against the 60 before, of one organisation. */
export const LiveOverview = Type.Object({
  at: Instant,
  generation: Type.Integer({ minimum: 1, description: 'Grows with each document of this process' }),
  from: Instant,
  to: Type.String({ description: 'Exclusive; up to three minutes behind `at`, so that a minute still on its way is no hole' }),
  newest_minute: Type.Union([Instant, Type.Null()], { description: 'Newest minute of any sensor that is queryable; null: none in both hours' }),
  lag_s: Type.Union([Count, Type.Null()], { description: 'From the end of the newest minute to `at`' }),
  coverage: Coverage,
  simulated: Type.Boolean({ description: 'At least one sensor sends made-up traffic' }),
  tables_as_of: Type.Union([Type.String(), Type.Null()]),
  note: Type.Literal('location-of-address-not-of-actor'),
  packets: Count,
  sources: Count,
  packets_per_sensor: MaybeNumber,
  research: Type.Object({ packets: Count, sources: Count }, { description: 'Of these, known research scanners' }),
  previous: Type.Union([Period, Type.Null()], { description: 'The hour before; null: no sensor watched then' }),
  minutes: Type.Array(LiveMinute, { maxItems: 60 }),
  ports: Type.Array(TopEntry, { maxItems: 10 }),
  economies: Type.Array(TopEntry, { maxItems: 8 }),
  sources_top: Type.Array(TopEntry, { maxItems: 5 }),
  climbers: Type.Array(TopEntry, {
    maxItems: 8, description: 'Ports whose rank rose most among the first 50, or that were not among the first 100 before (previous_rank null)',
  }),
  sensors: Type.Array(LiveSensor, { maxItems: 200, description: 'Approved live sensors by name; the first 200 of sensors_total' }),
  sensors_total: Count,
  sensors_pending: Type.Integer({ minimum: 0, description: 'Enrolments that wait for a decision' }),
})
export type LiveOverview = Static<typeof LiveOverview>

export const overviewAnswer = route({
  id: 'observatory.overview', method: 'GET', path: '/overview', needs: 'observatory:read',
  summary: 'What happens now: the last hour, its ranks against the hour before, and how each sensor is',
  output: LiveOverview,
  errors: ['query/timeout', 'node/unavailable'],
})

/** `event: overview` with a `LiveOverview` as data, at once and whenever it changed; `: ` lines in between keep the line open. */
export const liveOverview = route({
  id: 'observatory.live', method: 'GET', path: '/live', needs: 'observatory:read', events: 'overview',
  summary: 'The overview as a stream of events: at once, then when something new is queryable or a sensor’s state changed, at most every 4 s',
  output: LiveOverview,
  errors: ['request/rate-limited', 'node/unavailable'],
})

/** Routes of what is live. */
export const liveRoutes = [overviewAnswer, liveOverview] as const
