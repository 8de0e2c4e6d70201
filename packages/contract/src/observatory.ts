import { Type, type Static, type TSchema } from 'typebox'
import { sensorRoutes } from './observatory-sensors.ts'
import { enrolSensor, sendBatches, sendHeartbeat } from './observatory-wire.ts'
import { route } from './route.ts'
import { Instant, Name } from './shapes.ts'

const Count = Type.Integer({ minimum: 0 })
const MaybeCount = Type.Union([Count, Type.Null()])
const MaybeNumber = Type.Union([Type.Number(), Type.Null()])
const MaybeInstant = Type.Union([Instant, Type.Null()])
const Rank = Type.Integer({ minimum: 1 })

export const ResearchChoice = Type.Union([Type.Literal('include'), Type.Literal('exclude'), Type.Literal('only')], {
  description: 'Known research scanners: counted with the others, left out, or alone',
})

/** What every question may say; without `from` and `to`: the last 24 hours, to the full minute. */
export const questionQuery = {
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  sensor: Type.Optional(Type.Array(Name, { maxItems: 100, description: 'Names; absent: all of the organisation' })),
  research: Type.Optional(ResearchChoice),
}
const limitQuery = { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '10 when absent' })) }

/** What stands beside every figure. */
export const Coverage = Type.Object({
  sensors_live: Type.Integer({ description: 'Sensors that watched at least once in the range' }),
  sensors_total: Type.Integer({ description: 'Sensors that are asked about' }),
  sensor_equivalents: Type.Number({ description: 'Time watched over all sensors, divided by the time of the one that watched longest' }),
  watched_s: Type.Integer({ description: 'Seconds of the range in which the sensor that watched longest watched: means per sensor of two periods compare by it' }),
  dropped: Type.Integer({ description: 'Packets lost before a sensor saw them' }),
})

/** An answer with everything that a reader must know to judge it. */
export const answerOf = <D extends TSchema>(data: D) => Type.Object({
  from: Instant,
  to: Instant,
  coverage: Coverage,
  simulated: Type.Boolean({ description: 'At least one sensor of the question sends made-up traffic' }),
  research: ResearchChoice,
  tables_as_of: Type.Union([Type.String(), Type.Null()], { description: 'Date of the tables that give economy and AS' }),
  note: Type.Union([Type.Literal('location-of-address-not-of-actor'), Type.Null()]),
  method: Type.Object({
    sources: Type.Literal('uniqCombined64', { description: 'Unique addresses: exact while few, then estimated' }),
    sources_error: Type.Number({ description: 'Relative standard error of an estimated number of sources' }),
    per_sensor: Type.String({ description: 'How means per live sensor are made' }),
  }),
  data,
})

export const topDimensions = ['ports', 'economies', 'asns', 'sources', 'sensors', 'protocols'] as const
export type TopDimension = (typeof topDimensions)[number]
const Dimension = Type.Unsafe<TopDimension>({ type: 'string', enum: [...topDimensions] })

/** Of a value only the members of its dimension are there. */
const keyFields = {
  key: Type.String({ description: 'As questions take it: tcp/23, icmp/8/0, XA, 64512, a name, an address' }),
  protocol: Type.Optional(Type.String({ description: 'tcp, udp, icmp … or the number' })),
  port: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  icmp_type: Type.Optional(Type.Integer()),
  icmp_code: Type.Optional(Type.Integer()),
  service: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  economy: Type.Optional(Type.String()),
  asn: Type.Optional(Type.Integer()),
  as_name: Type.Optional(Type.String()),
  source: Type.Optional(Type.String()),
  sensor: Type.Optional(Type.String()),
}
const counts = { packets: Count, sources: Count }

export const TopEntry = Type.Object({
  rank: Rank,
  previous_rank: Type.Union([Rank, Type.Null()], { description: 'In the period of the same length before; null: not among its first 100 ranks, or twice this rank where that is more' }),
  ...keyFields,
  ...counts,
  bytes: Count,
  packets_per_sensor: MaybeNumber,
})
export type TopEntry = Static<typeof TopEntry>

export const topAnswer = route({
  id: 'observatory.top', method: 'GET', path: '/top/:dimension', needs: 'observatory:read',
  summary: 'Most packets first, with the rank in the period before',
  params: Type.Object({ dimension: Dimension }),
  query: Type.Object({ ...questionQuery, ...limitQuery }),
  output: answerOf(Type.Array(TopEntry)),
  errors: ['request/invalid', 'sensor/not-found', 'query/too-wide', 'query/timeout', 'node/unavailable'],
})

export const seriesDimensions = ['total', 'port', 'protocol', 'economy', 'asn', 'sensor', 'source'] as const
export const seriesAnswer = route({
  id: 'observatory.series', method: 'GET', path: '/series', needs: 'observatory:read',
  summary: 'Packets and sources over time; a bin in which no sensor watched is a hole, not a zero',
  query: Type.Object({
    ...questionQuery,
    dimension: Type.Optional(Type.Unsafe<(typeof seriesDimensions)[number]>({ type: 'string', enum: [...seriesDimensions] })),
    key: Type.Optional(Type.String({ maxLength: 100 })),
    step: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400, description: 'Seconds: 60 times a whole number that divides a day' })),
  }),
  output: answerOf(Type.Object({
    dimension: Type.String(),
    key: Type.Union([Type.String(), Type.Null()]),
    step_s: Type.Integer(),
    points: Type.Array(Type.Object({
      at: Instant,
      packets: Type.Union([Count, Type.Null()]),
      sources: Type.Union([Count, Type.Null()]),
      bytes: Type.Union([Count, Type.Null()]),
      live_sensors: Count,
      packets_per_sensor: MaybeNumber,
    })),
  })),
  errors: ['request/invalid', 'sensor/not-found', 'query/too-wide', 'query/timeout', 'node/unavailable'],
})

const Tools = Type.Object({ mirai: Count, zmap: Count, masscan: Count })
const Sighting = { packets: Count, first_seen: Instant, last_seen: Instant }

export const portAnswer = route({
  id: 'observatory.port', method: 'GET', path: '/ports/:protocol/:port', needs: 'observatory:read',
  summary: 'Who knocks at a port, since when, with which tools, and which sensors saw it first; for icmp: type-code, as 8-0',
  params: Type.Object({ protocol: Type.String({ maxLength: 10 }), port: Type.String({ maxLength: 11 }) }),
  query: Type.Object(questionQuery),
  output: answerOf(Type.Object({
    ...keyFields,
    ...counts,
    first_seen: MaybeInstant,
    last_seen: MaybeInstant,
    tools: Tools,
    classes: Type.Object({ scan: Count, backscatter: Count, other: Count }),
    top_sources: Type.Array(Type.Object({ source: Type.String(), economy: Type.String(), asn: Count, ...counts })),
    top_economies: Type.Array(Type.Object({ economy: Type.String(), ...counts })),
    sensors: Type.Array(Type.Object({ sensor: Type.String(), first_seen: Instant, ...counts })),
  })),
  errors: ['request/invalid', 'sensor/not-found', 'query/timeout', 'node/unavailable'],
})

export const sourceAnswer = route({
  id: 'observatory.source', method: 'GET', path: '/sources/:address', needs: 'observatory:read',
  summary: 'Everything that one source address did',
  params: Type.Object({ address: Type.String({ maxLength: 45 }) }),
  query: Type.Object(questionQuery),
  output: answerOf(Type.Object({
    source: Type.String(), economy: Type.String(), asn: Count, as_name: Type.String(),
    research: Type.Union([Type.String(), Type.Null()], { description: 'The research project that owns the address, when it is listed' }),
    special_purpose: Type.Union([Type.Object({ cidr: Type.String(), name: Type.String(), rfc: Type.String() }), Type.Null()], {
      description: 'The block of IANA’s special-purpose registry (RFC 6890) in which the address lies: it is nobody’s on the Internet',
    }),
    packets: Count, bytes: Count, first_seen: MaybeInstant, last_seen: MaybeInstant, tools: Tools,
    ports: Type.Array(Type.Object({ key: Type.String(), ...Sighting })),
    sensors: Type.Array(Type.Object({ sensor: Type.String(), ...Sighting })),
    days: Type.Array(Type.Object({ at: Instant, packets: Count })),
  })),
  errors: ['request/invalid', 'sensor/not-found', 'query/timeout', 'node/unavailable'],
})

export const matrixAnswer = route({
  id: 'observatory.matrix', method: 'GET', path: '/matrix', needs: 'observatory:read',
  summary: 'Which sensor sees which port: packets, a row for each sensor, a column for each of the top ports',
  query: Type.Object({ ...questionQuery, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Ports; 20 when absent' })) }),
  output: answerOf(Type.Object({
    ports: Type.Array(Type.String()),
    sensors: Type.Array(Type.String()),
    packets: Type.Array(Type.Array(Count)),
  })),
  errors: ['request/invalid', 'sensor/not-found', 'query/timeout', 'node/unavailable'],
})

export const compareAnswer = route({
  id: 'observatory.compare', method: 'GET', path: '/compare/:dimension', needs: 'observatory:read',
  summary: 'Two periods: `from` to `to` against `base_from` to `base_to` (without: the period of the same length before)',
  params: Type.Object({ dimension: Dimension }),
  query: Type.Object({ ...questionQuery, ...limitQuery, base_from: Type.Optional(Instant), base_to: Type.Optional(Instant) }),
  output: answerOf(Type.Object({
    base_from: Instant,
    base_to: Instant,
    base_coverage: Coverage,
    rows: Type.Array(Type.Object({
      ...keyFields,
      rank: Type.Union([Rank, Type.Null()]),
      base_rank: Type.Union([Rank, Type.Null()]),
      packets: Type.Union([Count, Type.Null()], { description: 'null: not among the ranks looked at' }),
      base_packets: Type.Union([Count, Type.Null()]),
      sources: Type.Union([Count, Type.Null()]),
      base_sources: Type.Union([Count, Type.Null()]),
      packets_per_sensor: MaybeNumber,
      base_packets_per_sensor: MaybeNumber,
      ratio: Type.Union([Type.Number(), Type.Null()], { description: 'Of packets per live sensor and second watched; null when one is unknown or the base is 0' }),
    })),
  })),
  errors: ['request/invalid', 'sensor/not-found', 'query/too-wide', 'query/timeout', 'node/unavailable'],
})

export const coverageAnswer = route({
  id: 'observatory.coverage', method: 'GET', path: '/coverage', needs: 'observatory:read',
  summary: 'How long each sensor watched, and what it lost',
  query: Type.Object({
    ...questionQuery,
    step: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400, description: 'Asks for `watched_s`: seconds, 60 times a whole number that divides a day; at most 400 steps' })),
  }),
  output: answerOf(Type.Array(Type.Object({
    sensor: Type.String(),
    simulated: Type.Boolean(),
    observed_s: Count,
    observed_share: Type.Number(),
    dropped: Count,
    gap_batches: Count,
    last_minute: MaybeInstant,
    watched_s: Type.Optional(Type.Array(Count, {
      maxItems: 400, description: 'When a step is asked for: seconds watched in each, the first being that of UTC in which `from` lies',
    })),
  }))),
  errors: ['request/invalid', 'sensor/not-found', 'query/timeout', 'node/unavailable'],
})

export const observatoryStatus = route({
  id: 'observatory.status', method: 'GET', path: '/observatory/status', needs: 'observatory:read',
  summary: 'How far what was received has been made queryable. Numbers of the whole node are null without node:operate; appended, projected and backlog_batches are there with sensors:write too',
  output: Type.Object({
    appended: Type.Union([Type.String(), Type.Null()], { description: 'Last number of the node’s journal that is on disk' }),
    projected: Type.Union([Type.String(), Type.Null()], { description: 'Everything up to this number of the journal is queryable' }),
    backlog_batches: MaybeCount,
    backlog_bytes: MaybeCount,
    journal_bytes: MaybeCount,
    blocks: MaybeCount,
    blocks_pending: MaybeCount,
    rows: Count,
    packets: Type.Integer({ description: 'Packets of the organisation that are stored' }),
    late_packets: Type.Integer({ description: 'Of these, later than raw retention: only in the rollups' }),
    interactions: Type.Integer({ description: 'Interactions of the organisation’s sensors that were stored' }),
    late_interactions: Type.Integer({ description: 'Not stored: later than raw retention, and no rollup holds them' }),
    quarantined: Type.Integer({ description: 'Signed batches that cannot be read; kept' }),
    refused: Type.Union([Count, Type.Null()], { description: 'Batches since the start whose signature is not that of their sensor' }),
    unknown_kinds: Type.Integer({ description: 'Batches of kinds that this version cannot read; they stay in the journal' }),
    hours_to_roll: MaybeCount,
    days_to_roll: MaybeCount,
    networks_as_of: Type.Union([Type.String(), Type.Null()]),
  }),
  errors: ['node/unavailable'],
})

/** Routes of the observatory: sensors, what they send, and answers. */
export const observatoryRoutes = [
  enrolSensor, sendHeartbeat, sendBatches, ...sensorRoutes,
  topAnswer, seriesAnswer, portAnswer, sourceAnswer, matrixAnswer, compareAnswer, coverageAnswer, observatoryStatus,
] as const
