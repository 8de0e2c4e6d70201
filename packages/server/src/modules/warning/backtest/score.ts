import { formatSeconds } from '@hirundo/base'
import type { BacktestResult, Label } from '@hirundo/contract'
import type { Static } from 'typebox'
import { findingKinds } from '@hirundo/contract'
import type { Found } from './alarms.ts'
import { Harmless } from './harmless.ts'
import { isBecauseOf, LabelIndex, occurrenceOf, readLabel, type ReadLabel } from './match.ts'

const DAY_S = 86_400
/** False or unlabelled alarms that a result lists; all are counted. */
export const false_list_max = 1_000

export interface Scored {
  /** What was replayed without the warm-up, whole seconds since 1970: alarms raised and labels begun in it count. */
  readonly from_s: number
  readonly to_s: number
  readonly synthetic: boolean
  /** Whether anything of the period is stored; absent: yes. */
  readonly observed?: boolean
  /** Whether anything is known of the period; absent: yes. Else no alarm is right or false. */
  readonly labelled?: boolean
  readonly found: readonly Found[]
  readonly labels: readonly Label[]
  readonly shed: Readonly<Record<string, number>>
}

/** An alarm and what it belongs to. */
export interface Judged {
  readonly found: Found
  readonly raised_at: number
  readonly labels: readonly string[]
  /** Harmless events because of which it may have been raised, at most `because_of_max`; only of false alarms. */
  readonly because_of: readonly string[]
}

/** A label that something had to find. */
export interface Wanted {
  readonly label: Label
  /** Of the first alarm that belongs to it, by kind and over all; empty: missed. */
  readonly raised: readonly { readonly kind: string; readonly at: number }[]
}

export interface Score {
  readonly result: Static<typeof BacktestResult>
  readonly alarms: readonly Judged[]
  readonly wanted: readonly Wanted[]
}

/**
 * Holds what was found against what is known. A label is found by any alarm of its kinds that belongs to it; an alarm that
 * belongs to no label is false, where anything is labelled; `record`s are no alarms. Background labels make an alarm true and need not be found.
 */
export function score({ from_s, to_s, synthetic, observed = true, labelled = true, found, labels, shed }: Scored): Score {
  const read = labels.map(readLabel)
  const index = new LabelIndex(read)
  const harmless = read.filter(({ label }) => label.kinds.length === 0)
  const suspects = new Harmless(harmless)
  const inTime = (second: number): boolean => second >= from_s && second < to_s
  const raised = new Map<string, { kind: string; at: number }[]>()
  const alarms: Judged[] = []
  const records = found.filter(({ occurrences, found_at }) => occurrences.length === 0 && inTime(found_at))
  for (const one of found) {
    const first = one.occurrences.find(({ raised_at }) => inTime(raised_at))
    if (!first) continue
    const candidates = index.candidates(one.subject)
    // What a known research scanner does must not raise anybody, even where it is like what others do.
    const fitting = candidates.some((label) => isBecauseOf(one, label)) ? [] : candidates.flatMap((label) => {
      const occurrence = occurrenceOf(one, label)
      return occurrence ? [{ id: label.label.id, at: occurrence.raised_at }] : []
    })
    for (const { id, at } of fitting) {
      const known = raised.get(id)
      if (known) known.push({ kind: one.kind, at })
      else raised.set(id, [{ kind: one.kind, at }])
    }
    alarms.push({ found: one, raised_at: first.raised_at, labels: fitting.map(({ id }) => id), because_of: fitting.length > 0 ? [] : suspects.note(one) })
  }
  const wanted = read.filter(({ label, start }) => label.kinds.length > 0 && label.strength !== 'background' && inTime(start))
    .map(({ label }): Wanted => ({ label, raised: (raised.get(label.id) ?? []).toSorted((a, b) => a.at - b.at) }))
  return { alarms, wanted, result: resultOf({ from_s, to_s, synthetic, observed, labelled, shed, alarms, records, wanted, harmless, blamed: suspects.blamed() }) }
}

interface Counted extends Required<Omit<Scored, 'found' | 'labels'>> {
  readonly alarms: readonly Judged[]
  readonly records: readonly Found[]
  readonly wanted: readonly Wanted[]
  readonly harmless: readonly ReadLabel[]
  readonly blamed: (label: ReadLabel) => boolean
}

function resultOf({ from_s, to_s, synthetic, observed, labelled, shed, alarms, records, wanted, harmless, blamed }: Counted): Score['result'] {
  const days = (to_s - from_s) / DAY_S
  const right = alarms.filter(({ labels }) => labels.length > 0)
  const rest = alarms.filter(({ labels }) => labels.length === 0)
  const [wrong, unlabelled] = labelled ? [rest, []] : [[], rest]
  const reached = wanted.filter((one) => one.raised.length > 0)
  return {
    from: formatSeconds(from_s), to: formatSeconds(to_s), days, observed, labelled, synthetic: synthetic && observed, detections: alarms.length + records.length, alarms: alarms.length,
    true_alarms: right.length, false_alarms: wrong.length, false_alarms_per_day: days > 0 ? wrong.length / days : 0, unlabelled_alarms: unlabelled.length,
    precision: labelled ? ratio(right.length, alarms.length) : null,
    recall: ratio(reached.length, wanted.length), found: reached.length, labels: wanted.length, median_lead_s: median(wanted.flatMap(leadOf)),
    by_kind: findingKinds.map((kind) => {
      const of = alarms.filter(({ found }) => found.kind === kind)
      const true_alarms = of.filter(({ labels }) => labels.length > 0).length
      return { kind, alarms: of.length, records: records.filter((one) => one.kind === kind).length, true_alarms, false_alarms: labelled ? of.length - true_alarms : 0, precision: labelled ? ratio(true_alarms, of.length) : null }
    }),
    by_event: [...eventsOf(wanted), ...harmlessOf(harmless.filter(({ start }) => start >= from_s && start < to_s), blamed)],
    missed: wanted.filter((one) => one.raised.length === 0).map(({ label }) => label),
    false_list: listed(wrong), unlabelled_list: listed(unlabelled),
    shed: { ...shed },
  }
}

const listed = (alarms: readonly Judged[]): Score['result']['false_list'] =>
  alarms.slice(0, false_list_max).map(({ found: { kind, subject, start, end } }) => ({ kind, subject: subjectLine(subject), start: formatSeconds(start), end: formatSeconds(end) }))

function eventsOf(wanted: readonly Wanted[]): Score['result']['by_event'] {
  const groups = Map.groupBy(wanted, ({ label }) => `${label.event} ${label.strength}`)
  return [...groups.values()].map((group) => {
    const { event, strength } = group[0]!.label
    const found = group.filter((one) => one.raised.length > 0)
    return {
      event, strength, labels: group.length, found: found.length, recall: ratio(found.length, group.length),
      median_delay_s: median(found.map(({ label, raised }) => raised[0]!.at - Date.parse(label.start) / 1000)), median_lead_s: median(group.flatMap(leadOf)),
    }
  })
}

/** Of harmless events `found` counts those because of which a false alarm may have been raised; there is nothing to recall. */
function harmlessOf(harmless: readonly ReadLabel[], blamed: Counted['blamed']): Score['result']['by_event'] {
  const groups = Map.groupBy(harmless, ({ label }) => label.event)
  return [...groups].map(([event, group]) => ({
    event, strength: group[0]!.label.strength, labels: group.length, found: group.filter(blamed).length,
    recall: null, median_delay_s: null, median_lead_s: null,
  }))
}

/** Seconds before disclosure; negative: after it. */
function leadOf({ label, raised }: Wanted): number[] {
  return label.disclosed_at === undefined || raised.length === 0 ? [] : [Date.parse(label.disclosed_at) / 1000 - raised[0]!.at]
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A subject in one line, as `tcp/23` or `240.0.0.1 tcp/23`; without a value that strangers wrote, since not everybody may read it. */
export function subjectLine({ victim, source, protocol, port, signature, novelty, value }: Found['subject']): string {
  const service = protocol === undefined ? undefined : port === undefined ? protocol : `${protocol}/${port}`
  return [victim, source, service, signature, novelty, novelty === 'ja4' ? value : undefined].filter((part) => part != null && part !== '').join(' ')
}
