import type { Evidences } from '@hirundo/contract'
import type { Words } from '../words.ts'
import { portOf, valuesOf, type Audience, type DraftFacts, type Told } from './facts.ts'

const kindKey = (kind: Told['kind']) => kind.replaceAll('-', '_') as 'rsdos' | 'drdos' | 'scan' | 'campaign' | 'change_point' | 'synchronised' | 'worm' | 'new' | 'spike' | 'own_network'

/** One line that says what it is; what is simulated says so first. */
export function titleOf(told: Told, words: Words, audience: Audience): string {
  const title = words.say(`title_${kindKey(told.kind)}`, valuesOf(told, words, audience))
  return told.simulated ? `[${words.say('simulated_mark')}] ${title}` : title
}

function more(told: Told, words: Words): string {
  const { kind, subject, figures } = told
  if (kind === 'rsdos' && subject.port !== undefined) return words.say('what_rsdos_port', { port: portOf(subject, words) })
  const { doubling_time_s: doubling, doubling_time_low_s: low, doubling_time_high_s: high } = figures
  if (kind !== 'worm' || doubling === undefined || low === undefined || high === undefined) return ''
  const time = (name: string, seconds: number) => words.value(name, seconds)
  return words.say('what_worm_doubling', { doubling: time('doubling_time_s', doubling), low: time('doubling_time_low_s', low), high: time('doubling_time_high_s', high) })
}

/** What was observed, in words that a network owner understands. */
export function whatOf(told: Told, words: Words, audience: Audience): string {
  const text = words.sentences([words.say(`what_${kindKey(told.kind)}`, valuesOf(told, words, audience)), more(told, words)])
  return told.simulated ? `${words.say('simulated')}\n${text}` : text
}

/** They are looked at day by day: that a day is over does not say that what was seen in it has stopped. */
const by_day: readonly Told['kind'][] = ['campaign', 'spike']

/** First and last time, whether it goes on, in UTC. */
export function sinceOf({ kind, start, end, open }: Told, words: Words): string {
  return words.say('since', { start: words.at(start), end: words.at(end), open: open ? 'yes' : by_day.includes(kind) ? 'unknown' : 'no' })
}

export function sinceOfDraft(facts: DraftFacts, words: Words): string {
  return words.sentences([
    sinceOf(facts, words), words.say('since_noticed', { found: words.at(facts.found_at) }),
    facts.occurrences > 1 ? words.say('since_merged', { count: facts.occurrences }) : '',
  ])
}

const evidence_lines_max = 4
/** Said elsewhere: in the lines above, or with what was observed. */
const said = ['packets', 'sources', 'sensors', 'max_ppm', 'doubling_time_s', 'doubling_time_low_s', 'doubling_time_high_s']

function evidenceLine({ query, packets, sources, sensors }: Evidences, sensors_total: number | null, words: Words): string {
  const counted = [
    words.say('evidence_line', { span: words.span(query.from, query.to), n: packets, packets: words.count(packets) }),
    sources === null ? '' : words.say('evidence_sources', { n: sources, sources: words.count(sources) }),
    sensors === null ? '' : sensors_total === null ? words.say('evidence_sensors_only', { sensors }) : words.say('evidence_sensors', { sensors, total: Math.max(sensors_total, sensors) }),
  ]
  return `- ${words.say('evidence_of', { counted: words.list(counted), of: query.of, research: query.research, signature: query.signature ?? '', has_signature: query.signature === undefined ? 'no' : 'yes' })}`
}

/** Numbers with unit, period and what they are out of, and the figures that no threshold names. */
export function evidenceOf(facts: DraftFacts, words: Words): string {
  const told = new Set(facts.crossed.map(({ figure }) => String(figure)))
  const figures = Object.entries(facts.figures).filter(([name]) => !told.has(name) && !said.includes(name))
  return [
    ...facts.evidence.slice(0, evidence_lines_max).map((one) => evidenceLine(one, facts.sensors_total, words)),
    ...(facts.max_ppm === null ? [] : [`- ${words.say('evidence_max_ppm', { count: words.count(facts.max_ppm) })}`]),
    ...figures.map(([name, value]) => `- ${words.say('figure_line', { figure: words.figure(facts.kind === 'rsdos' && name === 'ports' ? 'victim_ports' : name), value: words.value(name, value) })}`),
  ].join('\n')
}

/** The thresholds that were crossed, one a line. */
export const crossedOf = ({ crossed }: Told, words: Words): string =>
  crossed.map(({ figure, value, threshold, rule }) => `- ${words.say('certainty_line', { figure: words.figure(figure), value: words.value(figure, value), threshold: words.value(figure, threshold), rule })}`).join('\n')

/** How sure it is: thresholds, how often people agreed with this detector, whether one sensor alone speaks; and what is not claimed. */
export function certaintyOf(facts: DraftFacts, words: Words): string {
  const { confirmed, dismissed, precision } = facts.detector.precision
  const judged = precision === null ? words.say('certainty_unjudged')
    : words.say('certainty_precision', { judged: confirmed + dismissed, confirmed, precision: words.percent(precision) })
  return [
    ...(facts.crossed.length === 0 ? [] : [words.say('certainty_crossed'), crossedOf(facts, words)]),
    words.sentences([judged, words.say('certainty_detector', { kind: words.kind(facts.kind), version: facts.detector.version })]),
    ...(facts.sensors === 1 ? [words.say('certainty_one_sensor')] : []),
    words.say('not_actor'),
  ].join('\n')
}
