import { Type } from 'typebox'
import { maybe } from './people-shapes.ts'
import { route } from './route.ts'
import { Instant, Next, Nothing, pageQuery, UuidText } from './shapes.ts'
import {
  Change, DetectorView, DismissalName, Evidences, findingKinds, FindingRow, findingStates, FindingView, Label, Mute, severities, TlpName,
  type FindingKind, type FindingState, type Severity,
} from './warning-shapes.ts'

const id = Type.Object({ id: UuidText })
const several = <T extends string>(values: readonly T[], description: string) =>
  Type.Optional(Type.Array(Type.Unsafe<T>({ type: 'string', enum: [...values] }), { maxItems: 20, description }))
const portParams = Type.Object({ protocol: Type.Unsafe<'tcp' | 'udp'>({ type: 'string', enum: ['tcp', 'udp'] }), port: Type.Integer({ minimum: 0, maximum: 65_535 }) })

export const listFindings = route({
  id: 'findings.list', method: 'GET', path: '/findings', needs: 'findings:read',
  summary: 'Findings by urgency (severity, then newest), without records and muted ones unless asked for',
  query: Type.Object({
    kind: several<FindingKind>(findingKinds, 'Only these kinds'),
    severity: several<Severity>(severities, 'Only these; notice, warning and urgent when absent'),
    state: several<FindingState>(findingStates, 'Only these; new, triaged and confirmed when absent'),
    from: Type.Optional(Instant), to: Type.Optional(Instant),
    subject: Type.Optional(Type.String({ maxLength: 60, description: 'An address, or tcp/23' })),
    owner: Type.Optional(Type.String({ maxLength: 40, description: 'A person’s id, or "nobody"' })),
    own: Type.Optional(Type.Boolean()),
    muted: Type.Optional(Type.Boolean({ description: 'Muted ones too' })),
    order: Type.Optional(Type.Unsafe<'urgency' | 'newest'>({ type: 'string', enum: ['urgency', 'newest'] })),
    ...pageQuery,
  }),
  output: Type.Object({ findings: Type.Array(FindingRow), total: Type.Integer({ description: 'Counted to 10000' }), total_is_more: Type.Boolean({ description: 'There are more than were counted' }), next: Next }),
  errors: ['request/invalid'],
})

export const findingSummary = route({
  id: 'findings.summary', method: 'GET', path: '/findings/summary', needs: 'findings:read',
  summary: 'How many findings wait, by severity and kind, and whether every detector runs: the first sentence of the board',
  output: Type.Object({
    waiting: Type.Object({ urgent: Type.Integer(), warning: Type.Integer(), notice: Type.Integer() }, { description: 'In state new or triaged, not muted' }),
    by_kind: Type.Array(Type.Object({ kind: Type.Unsafe<FindingKind>({ type: 'string', enum: [...findingKinds] }), waiting: Type.Integer() })),
    alarms_today: Type.Integer({ description: 'Of notice and above, found in the last 24 hours' }),
    alarms_per_day: Type.Number({ description: 'Mean of the 7 days before' }),
    records_today: Type.Integer(),
    detectors_ok: Type.Integer(), detectors_learning: Type.Integer({ description: 'Keep up and know too few days to find anything yet' }), detectors_total: Type.Integer(),
    watched_to: maybe(Instant), sensors_live: Type.Integer(), sensors_total: Type.Integer(), simulated: Type.Boolean(),
  }),
  errors: [],
})

export const getFinding = route({
  id: 'findings.get', method: 'GET', path: '/findings/:id', needs: 'findings:read', summary: 'One finding with evidence, thresholds, history and similar past ones',
  params: id, output: FindingView, errors: ['finding/not-found'],
})

export const checkFinding = route({
  id: 'findings.check', method: 'GET', path: '/findings/:id/check', needs: 'findings:read',
  summary: 'Asks the stored evidence queries again and compares: the numbers of a finding can be reproduced',
  params: id,
  output: Type.Object({
    reproduced: Type.Boolean(),
    answers: Type.Array(Type.Object({ stored: Evidences, now: maybe(Evidences), same: Type.Boolean(), reason: maybe(Type.String({ description: 'late-data, retention, estimate' })) })),
  }),
  errors: ['finding/not-found', 'query/timeout', 'query/too-wide', 'node/unavailable'],
})

export const findingSeries = route({
  id: 'findings.series', method: 'GET', path: '/findings/:id/series', needs: 'findings:read',
  summary: 'Packets and sources of the finding’s subject around its window, for the graph with the moment marked',
  params: id,
  output: Type.Object({
    step_s: Type.Integer(), from: Instant, to: Instant, start: Instant, end: Instant,
    points: Type.Array(Type.Object({ at: Instant, packets: Type.Integer(), sources: Type.Integer(), live_sensors: Type.Integer() })),
    simulated: Type.Boolean(),
  }),
  errors: ['finding/not-found', 'query/timeout', 'query/too-wide', 'node/unavailable'],
})

export const setFindingState = route({
  id: 'findings.set-state', method: 'POST', path: '/findings/:id/state', needs: 'findings:write',
  summary: 'Moves a finding: new → triaged → confirmed or dismissed (with why) → closed; dismissed and closed ones can be opened again',
  params: id,
  body: Type.Object({
    state: Type.Unsafe<FindingState>({ type: 'string', enum: [...findingStates] }), dismissal: Type.Optional(DismissalName), text: Type.Optional(Type.String({ maxLength: 4000 })),
    from: Type.Optional(Type.Unsafe<FindingState>({ type: 'string', enum: [...findingStates], description: 'The state that the caller saw: nothing is done when it is another by now' })),
  }),
  output: FindingView, errors: ['finding/not-found', 'finding/wrong-state', 'finding/changed-meanwhile', 'request/invalid'],
})
export const setFindingOwner = route({
  id: 'findings.set-owner', method: 'POST', path: '/findings/:id/owner', needs: 'findings:write', summary: 'Gives a finding to a person, or to nobody',
  params: id, body: Type.Object({ person: maybe(UuidText) }), output: FindingView, errors: ['finding/not-found', 'person/not-found'],
})
export const setFindingLabel = route({
  id: 'findings.set-label', method: 'POST', path: '/findings/:id/label', needs: 'findings:write', summary: 'Sets the TLP of a finding; AMBER+STRICT until then',
  params: id, body: Type.Object({ tlp: TlpName }), output: FindingView, errors: ['finding/not-found'],
})
export const commentFinding = route({
  id: 'findings.comment', method: 'POST', path: '/findings/:id/comments', needs: 'findings:write', summary: 'Adds a comment',
  params: id, body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 4000 }) }), output: Change, errors: ['finding/not-found'],
})
export const findingOwners = route({
  id: 'findings.owners', method: 'GET', path: '/findings/owners', needs: 'findings:read', summary: 'People who can own a finding',
  output: Type.Object({ people: Type.Array(Type.Object({ id: UuidText, name: Type.String() })) }), errors: [],
})

export const listMutes = route({
  id: 'mutes.list', method: 'GET', path: '/mutes', needs: 'findings:read', summary: 'Rules that keep findings off the board until they expire',
  output: Type.Object({ mutes: Type.Array(Mute) }), errors: [],
})
export const addMute = route({
  id: 'mutes.add', method: 'POST', path: '/mutes', needs: 'findings:write', summary: 'Mutes findings of a kind or subject until an instant, at most a year ahead',
  body: Type.Object({ kind: Mute.properties.kind, subject: Mute.properties.subject, why: Mute.properties.why, until: Instant }),
  output: Mute, errors: ['request/invalid', 'mute/too-many'],
})
export const removeMute = route({
  id: 'mutes.remove', method: 'DELETE', path: '/mutes/:id', needs: 'findings:write', summary: 'Ends a rule; what it kept off the board is back at once',
  params: id, output: Nothing, errors: ['mute/not-found'],
})

export const listDetectors = route({
  id: 'detectors.list', method: 'GET', path: '/detectors', needs: 'findings:read',
  summary: 'Health of each detector: when it last ran over which window, what it shed, alarms a day, precision so far',
  output: Type.Object({
    detectors: Type.Array(DetectorView), addresses: maybe(Type.Integer({ description: 'Addresses that observe, pooled over sensors; null: not known' })),
    late_replays: Type.Integer({ description: 'Times that late data made a stretch be looked at again' }),
  }),
  errors: [],
})

const Ratio = Type.Union([Type.Number(), Type.Null()])
const ListedAlarm = Type.Object({ kind: Type.String(), subject: Type.String(), start: Instant, end: Instant })
export const BacktestResult = Type.Object({
  from: Instant, to: Instant, days: Type.Number(), observed: Type.Boolean({ description: 'false: no observations of the period are stored' }),
  labelled: Type.Boolean({ description: 'false: no labels were given and nothing of the period was judged, so that no alarm can be called right or false' }), synthetic: Type.Boolean({ description: 'The observations were made by a generator' }),
  detections: Type.Integer(), alarms: Type.Integer({ description: 'Of notice and above, merged as findings are' }),
  true_alarms: Type.Integer(), false_alarms: Type.Integer(), false_alarms_per_day: Type.Number(), unlabelled_alarms: Type.Integer({ description: 'Where nothing is labelled: all' }), precision: Ratio,
  recall: Ratio, found: Type.Integer(), labels: Type.Integer({ description: 'That something had to find' }), median_lead_s: Ratio,
  by_kind: Type.Array(Type.Object({ kind: Type.String(), alarms: Type.Integer(), records: Type.Integer(), true_alarms: Type.Integer(), false_alarms: Type.Integer(), precision: Ratio })),
  by_event: Type.Array(Type.Object({ event: Type.String(), strength: Type.String(), labels: Type.Integer(), found: Type.Integer(), recall: Ratio, median_delay_s: Ratio, median_lead_s: Ratio })),
  missed: Type.Array(Label), false_list: Type.Array(ListedAlarm), unlabelled_list: Type.Array(ListedAlarm),
  shed: Type.Record(Type.String(), Type.Integer()),
})

export const startBacktest = route({
  id: 'backtests.start', method: 'POST', path: '/backtests', needs: 'findings:write',
  summary: 'Replays a stored period through all detectors and compares with labels: given ones, and findings that people judged',
  body: Type.Object({ from: Instant, to: Instant, warm_up_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })), labels: Type.Optional(Type.Array(Label, { maxItems: 10_000 })) }),
  output: Type.Object({ id: UuidText }), errors: ['request/invalid', 'backtest/busy', 'query/too-wide'],
})
export const getBacktest = route({
  id: 'backtests.get', method: 'GET', path: '/backtests/:id', needs: 'findings:read', summary: 'How far a backtest is, and its result',
  params: id,
  output: Type.Object({ state: Type.Unsafe<'running' | 'done' | 'failed' | 'cancelled'>({ type: 'string', enum: ['running', 'done', 'failed', 'cancelled'] }), done_share: Type.Number(), reason: maybe(Type.String()), result: maybe(BacktestResult) }),
  errors: ['backtest/not-found'],
})
export const cancelBacktest = route({
  id: 'backtests.cancel', method: 'DELETE', path: '/backtests/:id', needs: 'findings:write', summary: 'Ends a backtest that runs, so that another may; one that has ended stays as it is',
  params: id, output: Nothing, errors: ['backtest/not-found'],
})

const ForecastPoint = Type.Object({ at: Instant, mean: Type.Number(), low_50: Type.Number(), high_50: Type.Number(), low_80: Type.Number(), high_80: Type.Number(), low_95: Type.Number(), high_95: Type.Number() })
const stepQuery = Type.Optional(Type.Unsafe<'hour' | 'day'>({ type: 'string', enum: ['hour', 'day'], description: 'hour when absent' }))
export const forecastModels = ['seasonal-naive', 'ets', 'autoregressive'] as const
const ModelName = Type.Unsafe<(typeof forecastModels)[number]>({ type: 'string', enum: [...forecastModels] })
export const ForecastAnswer = Type.Object({
  step_s: Type.Integer(), measure: Type.String(), enough: Type.Boolean({ description: 'false: too little history; then there are no models' }),
  history: Type.Array(Type.Object({ at: Instant, value: maybe(Type.Number({ description: 'Packets: mean per sensor. Sources: distinct addresses. null: nobody watched' })) })),
  best: maybe(ModelName), beats_seasonal_naive: Type.Boolean({ description: 'Beyond chance, one-sided 5 %' }),
  models: Type.Array(Type.Object({
    model: ModelName, mean_absolute_error: Type.Number(), skill: Type.Number({ description: '1 − error ÷ error of seasonal-naive' }),
    coverage_50: Ratio, coverage_80: Ratio, coverage_95: Ratio, origins: Type.Integer({ description: 'Of the rolling backtest' }),
  })),
  points: Type.Array(ForecastPoint), simulated: Type.Boolean(),
})
const forecastErrors = ['request/invalid', 'query/timeout', 'query/too-wide', 'node/unavailable'] as const

export const forecastPort = route({
  id: 'forecasts.port', method: 'GET', path: '/forecasts/:protocol/:port', needs: 'findings:read',
  summary: 'The next 48 hours or 14 days of a port with prediction intervals, by the model of the best measured skill',
  params: portParams,
  query: Type.Object({ step: stepQuery, measure: Type.Optional(Type.Unsafe<'packets' | 'sources'>({ type: 'string', enum: ['packets', 'sources'], description: 'packets when absent' })) }),
  output: ForecastAnswer, errors: forecastErrors,
})
/** What packets are marked with by the tool that made them. */
export const tags = ['mirai', 'zmap', 'masscan'] as const
export type Tag = (typeof tags)[number]
export const forecastTag = route({
  id: 'forecasts.tag', method: 'GET', path: '/forecasts/tags/:tag', needs: 'findings:read',
  summary: 'The next 48 hours or 14 days of packets with a tool’s fingerprint, as for a port',
  params: Type.Object({ tag: Type.Unsafe<Tag>({ type: 'string', enum: [...tags] }) }), query: Type.Object({ step: stepQuery }),
  output: ForecastAnswer, errors: forecastErrors,
})
export const listForecasts = route({
  id: 'forecasts.list', method: 'GET', path: '/forecasts', needs: 'findings:read',
  summary: 'Forecasts of the busiest ports and of each tag: the next 24 hours against the last, skill and coverage of the best model',
  output: Type.Object({
    made_at: maybe(Instant), simulated: Type.Boolean(),
    forecasts: Type.Array(Type.Object({
      protocol: maybe(Type.String()), port: maybe(Type.Integer()), tag: maybe(Type.String()), last_day: Type.Number(), next_day: Type.Number(), low_80: Type.Number(), high_80: Type.Number(),
      best: ModelName, skill: Type.Number(), coverage_80: Ratio, beats_seasonal_naive: Type.Boolean(),
    })),
  }),
  errors: ['query/timeout', 'node/unavailable'],
})
export const listPrecursors = route({
  id: 'forecasts.precursors', method: 'GET', path: '/precursors', needs: 'findings:read',
  summary: 'What followed precursor signals: lead time and lift over chance, with their numbers',
  output: Type.Object({
    from: Instant, to: Instant, horizon_days: Type.Integer(),
    signals: Type.Array(Type.Object({
      signal: Type.String(), outcome: Type.String(), signals: Type.Integer(), followed: Type.Integer(), rate: Ratio, chance: Ratio, lift: Ratio, lift_low: Ratio, lift_high: Ratio, median_lead_s: Ratio,
    })),
  }),
  errors: ['query/timeout'],
})

export const warningRoutes = [
  listFindings, findingSummary, getFinding, checkFinding, findingSeries, setFindingState, setFindingOwner, setFindingLabel, commentFinding, findingOwners,
  listMutes, addMute, removeMute, listDetectors, startBacktest, getBacktest, cancelBacktest, forecastPort, forecastTag, listForecasts, listPrecursors,
] as const
