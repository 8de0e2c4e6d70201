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

/** The newest telling of an event, and when it was first given at all and as an alarm. */
interface Known {
  detection: Detection
  readonly subject: string
  found_at: number
  raised_at: number | undefined
}

/** Gathers what detectors give while a period is replayed; of what is given again the newest is kept. */
export class FoundBook {
  readonly #known = new Map<string, Known>()
  #given = 0

  add({ detection, at }: Given): void {
    const subject = JSON.stringify(keptSubject(detection.subject))
    const id = `${detection.kind} ${subject} ${detection.start}`
    // Hundreds of thousands of records: without what nobody scores.
    const slim: Detection = { ...detection, figures: {}, crossed: [], evidence: [], members: [] }
    let known = this.#known.get(id)
    if (!known) this.#known.set(id, (known = { detection: slim, subject, found_at: at, raised_at: undefined }))
    known.detection = slim
    if (isAlarm(detection.severity)) known.raised_at ??= at
    this.#given++
  }

  /** Times that anything was given. */
  get given(): number {
    return this.#given
  }

  /** Findings by start; of the same second by kind and subject, so that the order of what was given shows nowhere. */
  found(): readonly Found[] {
    const of = new Map([...this.#known.values()].map((known) => [known.detection, known]))
    const merged = mergeDetections([...of.keys()], (one) => of.get(one)!.subject).map(({ kind, detections, start, end, severity }) => {
      const all = detections.map((one) => of.get(one)!)
      const found: Found = {
        kind, subject: detections[0]!.subject, start, end, severity, found_at: all.reduce((first, { found_at }) => Math.min(first, found_at), Infinity),
        occurrences: all.flatMap(({ detection, raised_at }) => (raised_at === undefined ? [] : [{ start: detection.start, end: detection.end, raised_at }])).toSorted((a, b) => a.raised_at - b.raised_at),
      }
      return { found, name: `${kind} ${all[0]!.subject}` }
    })
    return merged.toSorted((a, b) => a.found.start - b.found.start || (a.name < b.name ? -1 : 1)).map(({ found }) => found)
  }
}
