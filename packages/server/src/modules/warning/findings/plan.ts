import { merge_gap_s } from '../model.ts'
import { eventId, subjectId, type KeptDetection } from './detection-row.ts'
import { place, type Standing, type Telling } from './merge.ts'

/** A detection that is stored already. */
export interface StoredDetection extends Telling {
  readonly finding_id: number
  readonly hash: Buffer
}

/** A finding while a batch is planned. */
export interface PlannedFinding extends Standing {
  /** Undefined: it is made by this batch. */
  readonly id: number | undefined
  /** Highest severity that was told of it and of those it absorbed; −1: it is new. */
  told: number
  /** Where its detections are now, when it turned out to be part of another. */
  into: PlannedFinding | undefined
  /** The detection that it was made for. */
  readonly first: KeptDetection | undefined
}

export interface Plan {
  readonly placed: readonly (readonly [detection: KeptDetection, finding: PlannedFinding])[]
  readonly created: readonly PlannedFinding[]
  readonly absorbed: readonly PlannedFinding[]
}

export interface Known {
  /** By `eventId`. */
  readonly stored: ReadonlyMap<string, StoredDetection>
  /** By their number. */
  readonly findings: ReadonlyMap<number, PlannedFinding>
  /** By `subjectId`. */
  readonly by_subject: ReadonlyMap<string, readonly PlannedFinding[]>
}

function survivor(finding: PlannedFinding): PlannedFinding {
  let at = finding
  while (at.into) at = at.into
  return at
}

function absorb(into: PlannedFinding, other: PlannedFinding): void {
  other.into = into
  into.start = Math.min(into.start, other.start)
  into.end = Math.max(into.end, other.end)
  into.told = Math.max(into.told, other.told)
}

/**
 * Where the detections of a batch belong; changes the windows of `known`. `admits`: whether a record that is not stored
 * yet may be.
 */
export function planBatch(detections: readonly KeptDetection[], known: Known, admits: (detection: KeptDetection) => boolean): Plan {
  const placed: [KeptDetection, PlannedFinding][] = []
  const created: PlannedFinding[] = []
  const made = new Map<string, PlannedFinding[]>()
  for (const detection of detections.toSorted((a, b) => a.start - b.start)) {
    const before = known.stored.get(eventId(detection))
    if (!before && detection.severity === 0 && !admits(detection)) continue
    const subject = subjectId(detection)
    const all = [...(known.by_subject.get(subject) ?? []), ...(made.get(subject) ?? [])].filter(({ into }) => !into)
    const held = before && known.findings.get(before.finding_id)
    const { into, absorbs } = place(detection, held && survivor(held), all, merge_gap_s[detection.kind])
    const target = into ?? { id: undefined, start: detection.start, end: detection.end, order: Infinity, touched: false, settled: undefined, told: -1, into: undefined, first: detection }
    if (!into) {
      created.push(target)
      made.set(subject, [...(made.get(subject) ?? []), target])
    }
    for (const other of absorbs) absorb(target, other)
    target.start = Math.min(target.start, detection.start)
    target.end = Math.max(target.end, detection.end)
    placed.push([detection, target])
  }
  return {
    placed: placed.map(([detection, finding]) => [detection, survivor(finding)] as const),
    created: created.filter(({ into }) => !into),
    absorbed: [...known.findings.values()].filter(({ into }) => into),
  }
}
