import type { Label, Subject } from '@hirundo/contract'
import type { Found, Occurrence } from './alarms.ts'

/**
 * How far an alarm may lie outside a label's time and still belong to it: bins begin before the event, moving means and
 * silences that close an event come after it.
 */
export const slack_s = { before: 600, after: 6 * 3600 } as const

/** Whole seconds since 1970. */
export interface Span {
  readonly start: number
  readonly end: number
}

export const spanOf = ({ start, end }: Label): Span => ({ start: Date.parse(start) / 1000, end: Date.parse(end) / 1000 })

const names = ['victim', 'source', 'protocol', 'port', 'signature', 'novelty', 'value'] as const satisfies readonly (keyof Subject)[]

/** Whether all that the label's subject names is the same in the finding's. One that names nothing fits all. */
export const subjectFits = (label: Subject, found: Subject): boolean =>
  names.every((name) => label[name] === undefined || label[name] === null || label[name] === found[name])

const overlaps = (a: Span, b: Span): boolean => a.start <= b.end + slack_s.after && b.start - slack_s.before <= a.end

/** A label that was read once. */
export interface ReadLabel extends Span {
  readonly label: Label
}
export const readLabel = (label: Label): ReadLabel => ({ label, ...spanOf(label) })

/**
 * The occurrence by which an alarm belongs to a label: of its kinds and subjects, at its time; of an event that somebody
 * waited for (any but a background one) raised since it began, for an alarm of before foretold nothing. Undefined: none.
 */
export function occurrenceOf(found: Found, { label, start, end }: ReadLabel): Occurrence | undefined {
  if (!label.kinds.includes(found.kind) || !label.subjects.some((subject) => subjectFits(subject, found.subject))) return undefined
  return found.occurrences.find((one) => overlaps(one, { start, end }) &&
    (label.strength === 'background' || (one.raised_at >= start - slack_s.before && one.raised_at <= end + slack_s.after)))
}

/** Whether an alarm that belongs to nothing may have been raised because of a harmless event: its subject, if it has one, and its time. */
export function isBecauseOf(found: Found, { label, start, end }: ReadLabel): boolean {
  if (label.kinds.length > 0 || (label.subjects.length > 0 && !label.subjects.some((subject) => subjectFits(subject, found.subject)))) return false
  return found.occurrences.some(({ raised_at }) => raised_at >= start && raised_at <= end + slack_s.after)
}

/**
 * Labels by what they name, so that a thousand alarms need not be held against ten thousand labels: a finding's address or
 * port finds those that may fit.
 */
export class LabelIndex {
  readonly #by = new Map<string, ReadLabel[]>()

  constructor(labels: readonly ReadLabel[]) {
    for (const one of labels) {
      for (const key of new Set(one.label.subjects.map(keyOf))) {
        const known = this.#by.get(key)
        if (known) known.push(one)
        else this.#by.set(key, [one])
      }
    }
  }

  candidates({ victim, source, protocol, port, novelty, value }: Subject): readonly ReadLabel[] {
    const keys = [{}, { victim }, { source }, { protocol, port }, { protocol }, { port }, { novelty, value }, { novelty }, { value: value ?? undefined }].map((one) => keyOf(one as Subject))
    return [...new Set([...new Set(keys)].flatMap((key) => this.#by.get(key) ?? []))]
  }
}

/** The most telling part of a label's subject. */
function keyOf({ victim, source, protocol, port, novelty, value }: Subject): string {
  if (victim !== undefined) return `victim ${victim}`
  if (source !== undefined) return `source ${source}`
  if (value != null || novelty !== undefined) return `value ${novelty} ${value}`
  if (port !== undefined || protocol !== undefined) return `port ${protocol} ${port}`
  return ''
}
