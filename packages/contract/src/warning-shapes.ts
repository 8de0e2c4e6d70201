import { Type, type Static } from 'typebox'
import { maybe } from './people-shapes.ts'
import { Instant, Name, UuidText } from './shapes.ts'

const Count = Type.Integer({ minimum: 0 })
const oneOf = <const T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description === undefined ? {} : { description }) })

/** Kinds of findings; the names are part of the interface and only grow. */
export const findingKinds = [
  'rsdos', 'drdos', 'scan', 'campaign', 'change-point', 'synchronised', 'worm', 'new', 'spike', 'own-network',
] as const
export type FindingKind = (typeof findingKinds)[number]
export const FindingKindName = oneOf(findingKinds)

/** How much of a person's time a finding asks for, least first. `record` raises nobody: it is kept and can be asked for. */
export const severities = ['record', 'notice', 'warning', 'urgent'] as const
export type Severity = (typeof severities)[number]
export const SeverityName = oneOf(severities, 'record: kept, raises nobody. notice: read it today. warning: read it now. urgent: act now')

export const findingStates = ['new', 'triaged', 'confirmed', 'dismissed', 'closed'] as const
export type FindingState = (typeof findingStates)[number]
export const FindingStateName = oneOf(findingStates)

/** Why a finding was dismissed; the first two count against its detector's precision, the others do not. */
export const dismissals = ['false-alarm', 'not-significant', 'known-scanner', 'own-test', 'duplicate'] as const
export type Dismissal = (typeof dismissals)[number]
export const DismissalName = oneOf(dismissals, 'false-alarm and not-significant count against the measured precision')

/** What may be new or named in a subject beside a port. */
export const novelties = ['port', 'payload', 'ja4', 'credential', 'url'] as const
export type Novelty = (typeof novelties)[number]

/** Whom or what a finding is about: a victim, a source, or a port. Addresses as text, protocols by IANA name. */
export const Subject = Type.Object({
  victim: Type.Optional(Type.String({ description: 'Address that is attacked' })),
  source: Type.Optional(Type.String({ description: 'Address that packets came from: location of an address, not of an actor' })),
  protocol: Type.Optional(Type.String({ description: 'IANA name or number; of reflection attacks the amplified protocol' })),
  port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  signature: Type.Optional(Type.String({ maxLength: 200, description: 'What the members of a campaign have in common: tool, TTL, window, ports' })),
  novelty: Type.Optional(oneOf(novelties, 'What is new')),
  value: Type.Optional(maybe(Type.String({ maxLength: 600, description: 'The new value; null without the scope content:read' }))),
})
export type Subject = Static<typeof Subject>

/**
 * Figures that detectors decide by and that findings show; each has a text in every language (`warn.figure.<name>`). Names
 * end in their unit where they have one; they only grow.
 */
export const figureNames = [
  'packets', 'bytes', 'ports', 'sources', 'sources_before', 'sensors', 'packets_before', 'destinations_at_least', 'destination_share', 'duration_s',
  'max_ppm', 'estimated_pps', 'estimated_ppm', 'timeout_s', 'seen_probability', 'score', 'density', 'variance_ratio', 'synchronised_sources',
  'growth_per_hour', 'doubling_time_s', 'doubling_time_low_s', 'doubling_time_high_s', 'kalman_rate_per_hour', 'infected_share', 'windows_growing',
  'median', 'interquartile_range', 'mean_28_days', 'deviation_28_days', 'spike_threshold', 'days_known', 'days_silent', 'new_after_days',
  'handshakes', 'dialogues', 'requests', 'amplification', 'members', 'victim_ports', 'rate_ratio', 'share_of_region',
  'moved_sources', 'evenness', 'sensor_ppm',
] as const
export type FigureName = (typeof figureNames)[number]
export const FigureNameText = oneOf(figureNames)

/** A threshold that was crossed, and by what. `at_least`: value ≥ threshold raises; `below`: value < threshold raises. */
export const Crossed = Type.Object({
  figure: FigureNameText, value: Type.Number(), threshold: Type.Number(), rule: oneOf(['at_least', 'below']),
})
export type Crossed = Static<typeof Crossed>

/**
 * A question to the store from which the finding's numbers come out again. `flows`: all packets of flow rows. `scans`: packets
 * of the class scan. `backscatter`: packets of a victim's backscatter. `requests`: UDP requests to answering sensors.
 * `interactions`: what answering sensors heard.
 */
export const EvidenceQuery = Type.Object({
  of: oneOf(['flows', 'scans', 'backscatter', 'requests', 'interactions']),
  from: Instant, to: Instant,
  source: Type.Optional(Type.String()), victim: Type.Optional(Type.String()),
  protocol: Type.Optional(Type.String()), port: Type.Optional(Type.Integer()),
  signature: Type.Optional(Type.String({ maxLength: 200, description: 'Only sources all whose packets together look so: `tool=mirai ttl=64 window=1024`; what is not named may be anything, but for the tool and TTL: none' })),
  research: oneOf(['include', 'exclude', 'only']),
})
export type EvidenceQuery = Static<typeof EvidenceQuery>

export const Evidences = Type.Object({
  query: EvidenceQuery,
  packets: Count,
  sources: maybe(Count),
  sensors: maybe(Count),
  counted: Type.Optional(oneOf(['at-least', 'sample'], 'How the node counted, when not exactly: `at-least`: sources that touch very many ports are not in it. `sample`: some sources stand for all')),
})
export type Evidences = Static<typeof Evidences>

/** TLP 2.0 as FIRST writes it. */
export const tlps = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const
export type Tlp = (typeof tlps)[number]
export const TlpName = oneOf(tlps)

/** A person as others see them in a list. */
export const PersonRef = Type.Object({ id: UuidText, name: Name })

export const FindingRow = Type.Object({
  id: UuidText,
  kind: FindingKindName,
  subject: Subject,
  severity: SeverityName,
  state: FindingStateName,
  muted: Type.Boolean(),
  open: Type.Boolean({ description: 'It was still going on when it was last looked at' }),
  start: Instant,
  end: Instant,
  found_at: Instant,
  occurrences: Type.Integer({ minimum: 1, description: 'Events that were merged into it' }),
  packets: Count,
  max_ppm: maybe(Type.Number()),
  sources: maybe(Count),
  sensors: maybe(Count),
  economy: maybe(Type.String({ description: 'Of the victim or source: location of address, not of actor' })),
  asn: maybe(Count),
  as_name: maybe(Type.String()),
  owner: maybe(PersonRef),
  simulated: Type.Boolean(),
  own: Type.Boolean({ description: 'Victim or source lies in the own constituency' }),
  figures: Type.Optional(Type.Record(Type.String(), Type.Number(), { description: 'What the detector decided by, as in the view: a list says why each of its rows is there' })),
  crossed: Type.Optional(Type.Array(Crossed)),
})
export type FindingRow = Static<typeof FindingRow>

export const Change = Type.Object({
  at: Instant, by: Type.String({ description: 'Name of the person or token; "system" for the node' }),
  what: oneOf(['found', 'merged', 'state', 'owner', 'comment', 'label', 'muted', 'bulletin', 'recounted'], 'recounted: late data or another look changed the packets of one of its events'),
  from: maybe(Type.String()), to: maybe(Type.String()),
  text: maybe(Type.String({ maxLength: 4000 })),
})
export type Change = Static<typeof Change>

export const Precision = Type.Object({
  confirmed: Count, dismissed: Count,
  precision: maybe(Type.Number({ description: 'confirmed ÷ (confirmed + dismissed); null while nothing was judged' })),
}, { description: 'As people judged its findings so far' })
export type Precision = Static<typeof Precision>

export const FindingView = Type.Object({
  ...FindingRow.properties,
  dismissal: maybe(DismissalName),
  tlp: TlpName,
  figures: Type.Record(Type.String(), Type.Number()),
  crossed: Type.Array(Crossed),
  members: Type.Array(Type.String(), { description: 'Sources or ports that belong to it, most packets first, at most 100' }),
  evidence: Type.Array(Evidences),
  detector: Type.Object({ version: Type.Integer(), parameters: Type.Record(Type.String(), Type.Unknown()), precision: Precision }),
  changes: Type.Array(Change),
  similar: Type.Array(FindingRow, { description: 'Past findings of the same kind about the same port, victim or source, newest first, at most 10' }),
  bulletins: Type.Array(Type.Object({ id: UuidText, number: Type.String(), state: Type.String() })),
})
export type FindingView = Static<typeof FindingView>

export const Mute = Type.Object({
  id: UuidText,
  kind: maybe(FindingKindName),
  subject: Type.Object({ victim: Type.Optional(Type.String()), source: Type.Optional(Type.String()), protocol: Type.Optional(Type.String()), port: Type.Optional(Type.Integer()) }, { description: 'Addresses may be networks in CIDR form' }),
  why: Type.String({ minLength: 1, maxLength: 500 }),
  until: Instant,
  created_at: Instant,
  created_by: Type.String(),
  muted_findings: Count,
})
export type Mute = Static<typeof Mute>

export const DetectorView = Type.Object({
  kind: FindingKindName,
  version: Type.Integer(),
  source: Type.String({ description: 'Publication that the definition comes from' }),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  state: oneOf(['ok', 'learning', 'waiting', 'late', 'failed'], 'learning: it keeps up and knows too few days to find anything yet. waiting: nothing was observed yet. late: it has not kept up. failed: the reason stands beside it'),
  learning: maybe(Type.Object({ days: Count, days_needed: Count }, { description: 'Watched days that it knows and needs before it finds anything; null: it needs no more' })),
  reason: maybe(Type.String()),
  last_run_at: maybe(Instant),
  window_from: maybe(Instant),
  window_to: maybe(Instant),
  shed: Type.Record(Type.String(), Count, { description: 'What bounded memory left out since the node started, by name' }),
  findings_30_days: Count,
  alarms_per_day: Type.Number({ description: 'Findings of notice and above, mean of the last 30 days or since the node began' }),
  precision: Precision,
})
export type DetectorView = Static<typeof DetectorView>

/** One way how a sure event of a backtest is known: planted by a generator, or judged by a person. */
export const Label = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  event: Type.String({ maxLength: 60, description: 'worm, slow-scan, burst, botnet-switch, rsdos, drdos, new-cve, research, outage, clock-jump, background …' }),
  kinds: Type.Array(FindingKindName, { description: 'Kinds that find it; empty: nothing may be found because of it' }),
  subjects: Type.Array(Subject, { description: 'A finding belongs to it when all that one of these names is the same' }),
  start: Instant,
  end: Instant,
  strength: oneOf(['obvious', 'medium', 'faint', 'barely', 'background']),
  disclosed_at: Type.Optional(Instant),
})
export type Label = Static<typeof Label>
