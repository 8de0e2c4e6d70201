import { serviceOf } from '@hirundo/base'
import type { CallOutput, checkFinding, Crossed, Evidences, FindingRow, FindingView, listFindings, Subject } from '@hirundo/contract'
import { table, type TableColumn } from '../frame.ts'

const value_chars_max = 80
const LOCATION = 'location of address, not of actor'

/** `tcp/23 (telnet)`, `tcp`, or nothing. */
function portText({ protocol, port }: Subject): string {
  if (protocol === undefined) return port === undefined ? '' : `port ${port}`
  if (port === undefined) return protocol
  const service = serviceOf(protocol, port)
  return `${protocol}/${port}${service === null ? '' : ` (${service})`}`
}

/** Without ends of lines: what a stranger wrote must not look like a line of ours. */
const oneLine = (text: string): string => text.replaceAll(/[\n\r\u0085\u2028\u2029]+/g, ' ')
const cut = (text: string): string => oneLine(text.length > value_chars_max ? `${text.slice(0, value_chars_max)}…` : text)

/** Whom or what a finding is about, in one line. */
export function subjectText(subject: Subject): string {
  const { victim, source, signature, novelty, value } = subject
  const parts = [
    victim === undefined ? '' : `victim ${victim}`, source === undefined ? '' : `source ${source}`, portText(subject), novelty === undefined ? '' : `new ${novelty}`,
    value === undefined ? '' : value === null ? '(hidden: needs the scope content:read)' : cut(value), signature === undefined ? '' : oneLine(signature),
  ].filter((text) => text !== '')
  return parts.length === 0 ? 'all ports together' : parts.join(' ')
}

/** Economy and AS, when they are known. */
export const placeText = ({ economy, asn, as_name }: Pick<FindingRow, 'economy' | 'asn' | 'as_name'>): string =>
  [economy ?? '', asn === null ? '' : `AS${asn} ${oneLine(as_name ?? '')}`.trim()].filter((text) => text !== '').join(', ')

const stateText = ({ state, muted, open, simulated, own }: FindingRow): string =>
  [state, ...(muted ? ['muted'] : []), ...(open ? ['going on'] : []), ...(own ? ['OWN'] : []), ...(simulated ? ['SIMULATED'] : [])].join(' ')

const REASONS_SHOWN_MAX = 2
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(3)))

/** The first thresholds that were crossed, as `packets 100 ≥ 25`; null: none is known. */
function whyText(crossed: readonly Crossed[]): string | null {
  const said = crossed.slice(0, REASONS_SHOWN_MAX).map(({ figure, value, rule, threshold }) => `${figure} ${rounded(value)} ${rule === 'below' ? '<' : '≥'} ${rounded(threshold)}`)
  return said.length === 0 ? null : said.join(', ')
}

const columns: readonly TableColumn<FindingRow>[] = [
  { title: 'SEVERITY', value: (row) => row.severity }, { title: 'KIND', value: (row) => row.kind }, { title: 'ABOUT', value: (row) => subjectText(row.subject) },
  { title: 'WHY', value: (row) => whyText(row.crossed ?? []) },
  { title: 'START', value: (row) => row.start }, { title: 'END', value: (row) => (row.open ? `${row.end}, going on` : row.end) }, { title: 'EVENTS', value: (row) => row.occurrences },
  { title: 'PACKETS', value: (row) => row.packets }, { title: 'SOURCES', value: (row) => row.sources }, { title: 'SENSORS', value: (row) => row.sensors },
  { title: 'PLACE', value: (row) => placeText(row) || null }, { title: 'STATE', value: (row) => stateText({ ...row, open: false }) }, { title: 'OWNER', value: (row) => row.owner?.name },
  { title: 'ID', value: (row) => row.id },
]
export const findingsTable = (rows: readonly FindingRow[]): string => table(rows, columns)

type Listed = CallOutput<typeof listFindings>
type Counted = Pick<Listed, 'total' | 'total_is_more'>

/** `10000+` when no more were counted. */
const countText = ({ total, total_is_more }: Counted): string => `${total}${total_is_more ? '+' : ''}`

/** What stands beside a list: how many, `records` that nobody asked for, what is made up, and what a place says. */
export function listNote({ findings: rows, total, total_is_more, next }: Listed, records: Counted = { total: 0, total_is_more: false }): string {
  return [
    `${countText({ total, total_is_more })} ${total === 1 ? 'finding' : 'findings'}, ${rows.length} shown`,
    ...(records.total === 0 ? [] : [`${countText(records)} ${records.total === 1 ? 'record, which raises' : 'records, which raise'} nobody: ask with --severity record`]),
    ...(rows.some(({ simulated }) => simulated) ? ['those marked SIMULATED are of made-up traffic'] : []),
    ...(rows.some((row) => placeText(row) !== '' || row.subject.source !== undefined) ? [LOCATION] : []), ...(next === null ? [] : [`more: --after ${next}`]),
  ].join('; ')
}

const rules: Readonly<Record<Crossed['rule'], string>> = { at_least: 'at least', below: 'below' }
const whyTable = (crossed: readonly Crossed[]): string => table(crossed, [
  { title: 'THRESHOLD CROSSED', value: ({ figure }) => figure }, { title: 'SEEN', value: ({ value }) => Math.round(value * 1000) / 1000 },
  { title: 'RAISES WHEN', value: ({ rule, threshold }) => `${rules[rule]} ${threshold}` },
])

/** A stored question in one line. */
export const queryText = ({ of, from, to, source, victim, protocol, port, signature, research }: Evidences['query']): string => [
  `${of} ${from} to ${to}`, ...(source === undefined ? [] : [`source ${source}`]), ...(victim === undefined ? [] : [`victim ${victim}`]),
  ...(protocol === undefined ? [] : [port === undefined ? protocol : `${protocol}/${port}`]), ...(signature === undefined ? [] : [`sources that look like ${signature === '' ? 'nothing known' : oneLine(signature)}`]),
  ...(research === 'include' ? [] : [`research scanners: ${research}`]),
].join(', ')

const evidenceTable = (evidence: readonly Evidences[]): string => table(evidence, [
  { title: 'QUESTION', value: ({ query }) => queryText(query) }, { title: 'PACKETS', value: (row) => row.packets }, { title: 'SOURCES', value: (row) => row.sources }, { title: 'SENSORS', value: (row) => row.sensors },
])

const changesTable = (changes: FindingView['changes']): string => table(changes, [
  { title: 'WHEN', value: (row) => row.at }, { title: 'BY', value: (row) => row.by }, { title: 'WHAT', value: (row) => row.what }, { title: 'FROM', value: (row) => row.from },
  { title: 'TO', value: (row) => row.to }, { title: 'TEXT', value: (row) => row.text === null ? null : oneLine(row.text) },
])

const precisionText = ({ confirmed, dismissed, precision }: FindingView['detector']['precision']): string =>
  (precision === null ? 'none of its findings was judged right or wrong yet' : `${confirmed} confirmed, ${dismissed} dismissed as wrong: precision ${Math.round(precision * 100)} %`)

/** A finding as a person reads it: what, why, by which evidence, and what was done. */
export function findingText(view: FindingView): string {
  const { kind, subject, severity, start, end, open, found_at, occurrences, packets, max_ppm, sources, sensors, detector, members, evidence, similar, bulletins, owner, dismissal, tlp } = view
  const place = placeText(view)
  const counts = [`${packets} ${packets === 1 ? 'packet' : 'packets'}`, ...(max_ppm === null ? [] : [`${Math.round(max_ppm)} in the densest minute`]), ...(sources === null ? [] : [`${sources} ${sources === 1 ? 'source' : 'sources'}`]), ...(sensors === null ? [] : [`${sensors} ${sensors === 1 ? 'sensor' : 'sensors'}`])]
  const parameters = Object.entries(detector.parameters).map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')
  return [
    [
      `${severity}: ${kind}, ${subjectText(subject)}`, `${start} to ${open ? `now: it goes on, last known packet ${end}` : end}; found ${found_at}; ${occurrences} ${occurrences === 1 ? 'event' : 'events'}; ${counts.join(', ')}`,
      ...(place === '' ? [] : [`${place} (${LOCATION})`]), `${stateText(view)}${dismissal === null ? '' : ` (${dismissal})`}; ${owner === null ? 'nobody owns it' : `owner ${owner.name}`}; ${tlp}`,
    ].join('\n'),
    whyTable(view.crossed),
    `Detector ${kind} version ${detector.version}; ${precisionText(detector.precision)}.${parameters === '' ? '' : `\nParameters: ${parameters}`}`,
    ...(members.length === 0 ? [] : [`Belong to it: ${oneLine(members.join(' '))}`]),
    evidenceTable(evidence) + (evidence.length < occurrences ? `\nQuestions of ${evidence.length} of ${occurrences} events.` : ''),
    changesTable(view.changes),
    ...(similar.length === 0 ? [] : [`Similar ones:\n${table(similar, columns.filter(({ title }) => !['SOURCES', 'SENSORS', 'OWNER'].includes(title)))}`]),
    ...(bulletins.length === 0 ? [] : [`Bulletins: ${bulletins.map(({ number, state }) => `${number} (${state})`).join(', ')}`]),
  ].join('\n\n')
}

const reasons: Readonly<Record<string, string>> = {
  'late-data': 'rows came after it was found', retention: 'rows were too old and are gone', estimate: 'sources were estimated then',
}

/** Stored and counted again, side by side. */
export function checkText({ reproduced, answers }: CallOutput<typeof checkFinding>): string {
  const both = (stored: number | null, now: number | null | undefined) => (stored === null ? null : `${stored} / ${now ?? '-'}`)
  return [
    reproduced ? 'The store gives the same numbers again.' : 'The store does not give the same numbers again.',
    table(answers, [
      { title: 'QUESTION', value: ({ stored }) => queryText(stored.query) }, { title: 'PACKETS THEN / NOW', value: ({ stored, now }) => both(stored.packets, now?.packets) },
      { title: 'SOURCES', value: ({ stored, now }) => both(stored.sources, now?.sources) }, { title: 'SENSORS', value: ({ stored, now }) => both(stored.sensors, now?.sensors) },
      { title: 'SAME', value: ({ same }) => (same ? 'yes' : 'NO') }, { title: 'WHY', value: ({ reason }) => (reason === null ? null : (reasons[reason] ?? reason)) },
    ]),
  ].join('\n')
}
