import { Type, type Static } from 'typebox'
import { languages, type Language } from './messages/index.ts'
import { Coverage, ResearchChoice } from './observatory.ts'
import { route } from './route.ts'
import { Instant } from './shapes.ts'

const Count = Type.Integer({ minimum: 0 })
const MaybeNumber = Type.Union([Type.Number(), Type.Null()])
const Rank = Type.Integer({ minimum: 1 })
const MaybeRank = Type.Union([Rank, Type.Null()])
const Share = Type.Number({ minimum: 0, description: '1 is all' })

const Points = Type.Array(Type.Object({
  at: Instant,
  packets_per_sensor: Type.Union([Type.Number(), Type.Null()], { description: 'null: no sensor watched' }),
}))

/** What is ranked, in the quarter and in the one before. */
const Ranked = {
  key: Type.String({ description: 'As questions take it: tcp/23, icmp/8/0, XA' }),
  rank: Rank,
  previous_rank: Type.Union([Rank, Type.Null()], { description: 'In the quarter before; null: not among the ranks looked at' }),
  packets: Count,
  sources: Type.Integer({ minimum: 0, description: 'Unique source addresses; estimated when many' }),
  packets_per_sensor_day: Type.Union([Type.Number(), Type.Null()], { description: 'Packets divided by the days that all sensors watched together' }),
  previous_packets_per_sensor_day: MaybeNumber,
}
const Service = Type.Union([Type.String(), Type.Null()], { description: 'Name registered for the port; no proof of what was meant' })

export const ReportPort = Type.Object({
  ...Ranked,
  service: Service,
  rank_without_research: MaybeRank,
  series: Points,
})
export type ReportPort = Static<typeof ReportPort>
export const ReportEconomy = Type.Object({ ...Ranked, share: Share, series: Points })
export type ReportEconomy = Static<typeof ReportEconomy>

/** A port whose place changed most between the quarters. */
export const ReportMover = Type.Object({
  ...Ranked,
  service: Service,
  ratio: Type.Union([Type.Number(), Type.Null()], { description: 'Of the means per sensor and day; null: not seen before' }),
})
export type ReportMover = Static<typeof ReportMover>

export const ReportSensor = Type.Object({
  sensor: Type.String(),
  simulated: Type.Boolean(),
  packets: Count,
  packets_per_day: Type.Union([Type.Number(), Type.Null()], { description: 'Packets divided by the days that it watched' }),
  previous_packets_per_day: Type.Union([Type.Number(), Type.Null()], { description: 'The same in the quarter before; null: it did not watch then' }),
  observed_share: Type.Number({ description: 'Of the period; 1 is all' }),
  dropped: Count,
  gap_batches: Count,
  top_ports: Type.Array(Type.Object({ key: Type.String(), service: Service }), { maxItems: 10 }),
})
export type ReportSensor = Static<typeof ReportSensor>

/** Whole days in a row, after its first day, on which a sensor saw nothing because it did not watch. */
export const ReportSilence = Type.Object({ sensor: Type.String(), from: Instant, to: Instant, days: Count })

export const QuarterReport = Type.Object({
  title: Type.String(),
  organisation: Type.String(),
  summary: Type.String({ description: 'One sentence in the language asked for' }),
  language: Type.Unsafe<Language>({ type: 'string', enum: [...languages] }),
  year: Type.Integer(),
  quarter: Type.Integer({ minimum: 1, maximum: 4 }),
  from: Instant,
  to: Type.String({ description: 'Exclusive; the present hour while the quarter runs' }),
  complete: Type.Boolean({ description: 'The quarter has ended' }),
  previous_from: Instant,
  previous_to: Instant,
  written_at: Instant,
  coverage: Coverage,
  previous_coverage: Coverage,
  simulated: Type.Boolean(),
  research: ResearchChoice,
  research_share: Type.Union([Share, Type.Null()], { description: 'Of all packets, those of known research scanners' }),
  tables_as_of: Type.Union([Type.String(), Type.Null()]),
  note: Type.Literal('location-of-address-not-of-actor'),
  sources_error: Type.Number({ description: 'Relative standard error of an estimated number of sources' }),
  packets: Count,
  packets_per_sensor_day: MaybeNumber,
  previous_packets_per_sensor_day: MaybeNumber,
  step_s: Type.Integer(),
  series: Points,
  services: Type.Array(ReportPort, { maxItems: 5 }),
  economies: Type.Array(ReportEconomy, { maxItems: 10 }),
  /** Packets by economy, for the tile grid. */
  economy_packets: Type.Array(Type.Object({ economy: Type.String(), packets: Count })),
  climbers: Type.Array(ReportMover),
  newcomers: Type.Array(ReportMover),
  sensors: Type.Array(ReportSensor),
  sensors_left_out: Type.Integer({ minimum: 0, description: 'Sensors beyond the bound, with the fewest packets; they count in every total' }),
  silences: Type.Array(ReportSilence),
})
export type QuarterReport = Static<typeof QuarterReport>

const params = Type.Object({
  year: Type.Integer({ minimum: 2000, maximum: 2105 }),
  quarter: Type.Integer({ minimum: 1, maximum: 4 }),
})
const query = Type.Object({
  language: Type.Optional(Type.Unsafe<Language>({ type: 'string', enum: [...languages], description: 'English when absent' })),
})
const errors = ['request/invalid', 'report/not-yet', 'report/busy', 'query/timeout', 'node/unavailable'] as const

export const quarterReport = route({
  id: 'report.quarter', method: 'GET', path: '/reports/quarter/:year/:quarter', needs: 'observatory:read',
  summary: 'The monitoring report of a quarter as data; `.html` and `.pdf` at the same address give it for readers',
  params, query, output: QuarterReport, errors,
})

export const quarterReportHtml = route({
  id: 'report.quarter_html', method: 'GET', path: '/reports/quarter/:year/:quarter.html', needs: 'observatory:read',
  summary: 'The monitoring report of a quarter as one file without script, to be read, printed and kept',
  params, query, produces: 'text/html; charset=utf-8', output: Type.Unsafe<Uint8Array>({ type: 'string' }), errors,
})

export const quarterReportPdf = route({
  id: 'report.quarter_pdf', method: 'GET', path: '/reports/quarter/:year/:quarter.pdf', needs: 'observatory:read',
  summary: 'The same report as PDF, made by the Chromium or Chrome of the machine on which the node runs',
  params, query, produces: 'application/pdf', output: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }),
  errors: [...errors, 'report/no-browser', 'report/print-failed'],
})

export const reportRoutes = [quarterReport, quarterReportHtml, quarterReportPdf] as const
