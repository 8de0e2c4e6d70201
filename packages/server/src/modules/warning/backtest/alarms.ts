import type { Severity } from '@hirundo/contract'
import type { Detection } from '../detectors/model.ts'
import { mergeDetections } from '../findings/merge.ts'
import { keptSubject } from '../findings/subject.ts'
import { isAlarm } from '../model.ts'

/** A detection and the second of the observations at which it was given. */
export interface Given {
  readonly detection: Detection
  readonly at: number
}

/** One event of a finding that was an alarm. */
export interface Occurrence {
  readonly start: number
  readonly end: number
  /** Second at which it was first given as an alarm: what anybody could have known. */
  readonly raised_at: number
}

/** Detections merged as findings are. */
export interface Found {
  readonly kind: Detection['kind']
  readonly subject: Detection['subject']
  readonly start: number
  readonly end: number
  readonly severity: Severity
  /** Second at which it was first given at all. */
  readonly found_at: number
  /** By `raised_at`; empty: a record, which raises nobody. */
  readonly occurrences: readonly Occurrence[]
}

const subjectText = ({ subject }: Detection): string => JSON.stringify(keptSubject(subject))
const nameOf = ({ kind, subject }: Pick<Detection, 'kind' | 'subject'>): string => `${kind} ${JSON.stringify(keptSubject(subject))}`
const identity = (one: Detection): string => `${one.kind} ${subjectText(one)} ${one.start}`

/** Gathers what detectors give while a period is replayed; of what is given again the newest is kept. */
export class FoundBook {
  readonly #newest = new Map<string, Detection>()
  readonly #found_at = new Map<string, number>()
  readonly #raised_at = new Map<string, number>()
  #given = 0

  add({ detection, at }: Given): void {
    const id = identity(detection)
    this.#given++
    // Hundreds of thousands of records: without what nobody scores.
    this.#newest.set(id, { ...detection, figures: {}, crossed: [], evidence: [], members: [] })
    if (!this.#found_at.has(id)) this.#found_at.set(id, at)
    if (isAlarm(detection.severity) && !this.#raised_at.has(id)) this.#raised_at.set(id, at)
  }

  /** Times that anything was given. */
  get given(): number {
    return this.#given
  }

  /** Findings by start; of the same second by kind and subject, so that the order of what was given shows nowhere. */
  found(): readonly Found[] {
    return mergeDetections([...this.#newest.values()], subjectText).map(({ kind, detections, start, end, severity }): Found => ({
      kind, subject: detections[0]!.subject, start, end, severity,
      found_at: Math.min(...detections.map((one) => this.#found_at.get(identity(one))!)),
      occurrences: detections.flatMap((one) => {
        const raised_at = this.#raised_at.get(identity(one))
        return raised_at === undefined ? [] : [{ start: one.start, end: one.end, raised_at }]
      }).toSorted((a, b) => a.raised_at - b.raised_at),
    })).toSorted((a, b) => a.start - b.start || (nameOf(a) < nameOf(b) ? -1 : 1))
  }
}
