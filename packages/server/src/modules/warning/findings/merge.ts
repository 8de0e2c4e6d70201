import type { FindingKind } from '@hirundo/contract'
import type { Detection } from '../detectors/model.ts'
import { merge_gap_s, rankOf, severityOf } from '../model.ts'

/** Whole seconds since 1970, `end` exclusive. */
export interface Window {
  readonly start: number
  readonly end: number
}

/** What tells two tellings of one event apart. */
export interface Telling {
  /** Of the detector. */
  readonly version: number
  readonly open: boolean
  readonly end: number
  readonly packets: number
  readonly severity: number
}

/**
 * Whether `next` stands for the event from now on, and not what was told before. A newer detector counts, then closed
 * after open (an end that was foreseen may come earlier), and open again only when it is longer: late data joined it with
 * what followed. Else the longer, with more packets, more severe: an order of the tellings and not of their coming, so
 * that what a restart gives again, in part or out of order, changes nothing. `last_counts`: the stretch was looked at
 * again with more data or other parameters, and the last telling is the true one.
 */
export function replaces(next: Telling, before: Telling, last_counts = false): boolean {
  if (next.version !== before.version) return next.version > before.version
  if (next.open !== before.open) return next.open ? next.end > before.end : true
  if (last_counts && !next.open) return true
  if (next.end !== before.end) return next.end > before.end
  if (next.packets !== before.packets) return next.packets > before.packets
  return next.severity >= before.severity
}

/** A finding as the rule of merging sees it; windows grow while detections are placed. */
export interface Standing {
  start: number
  end: number
  /** Lower: found before. */
  readonly order: number
  readonly touched: boolean
  /** Severity and end when people were done with it; undefined: they are not. */
  readonly settled: { readonly severity: number; readonly end: number } | undefined
}

export interface Placed<F> {
  /** Undefined: a new finding. */
  readonly into: F | undefined
  /** Findings that turned out to be the same one. */
  readonly absorbs: readonly F[]
}

const near = (a: Window, b: Window, gap: number): boolean => a.start <= b.end + gap && b.start <= a.end + gap
const distance = (a: Window, b: Window): number => Math.max(0, a.start - b.end, b.start - a.end)

/**
 * Where a detection belongs among the findings of its kind and subject. `now` is the finding that holds it already.
 * - Within the gap of one that people are not done with: there. It may close the gap between two, which are then one:
 *   the one that people worked with stays, else the one found first; two that people worked with stay apart.
 * - Within the gap of one that is dismissed or closed, counted from where that ended at the time: it stays quiet there
 *   unless it is more severe than what was dismissed or closed.
 * - Else it is a new finding.
 */
export function place<F extends Standing>(detection: Window & { readonly severity: number }, now: F | undefined, all: readonly F[], gap: number): Placed<F> {
  const quiet = (f: F) => f.settled !== undefined && detection.severity <= f.settled.severity
  if (now && quiet(now)) return { into: now, absorbs: [] }
  const live = all.filter((f) => f.settled === undefined && (f === now || near(f, detection, gap))).toSorted((a, b) => a.order - b.order)
  if (live.length === 0) {
    const done = now ? [] : all.filter((f) => quiet(f) && near({ start: f.start, end: f.settled!.end }, detection, gap))
    return { into: done.toSorted((a, b) => b.settled!.end - a.settled!.end)[0], absorbs: [] }
  }
  const touched = live.filter((f) => f.touched)
  const into = touched.find((f) => f === now) ?? touched.toSorted((a, b) => distance(a, detection) - distance(b, detection))[0] ?? live[0]!
  return { into, absorbs: live.filter((f) => f !== into && !f.touched) }
}

/** Detections as findings, before any person saw them. */
export interface Merged extends Window {
  readonly kind: FindingKind
  readonly detections: readonly Detection[]
  readonly severity: Detection['severity']
  readonly packets: number
  readonly occurrences: number
  readonly open: boolean
}

/** Detections that lie within another are the same event seen again: they are not counted twice. By start, then longest first. */
export function counted<D extends Window>(detections: readonly D[]): readonly D[] {
  let reached = -Infinity
  return detections.toSorted((a, b) => a.start - b.start || b.end - a.end).filter(({ end }) => {
    const counts = end > reached
    reached = Math.max(reached, end)
    return counts
  })
}

/** By start. */
function mergedOf(detections: readonly Detection[]): Merged {
  const whole = counted(detections)
  return {
    kind: detections[0]!.kind, detections,
    start: detections[0]!.start, end: detections.reduce((end, one) => Math.max(end, one.end), 0),
    severity: severityOf(detections.reduce((rank, { severity }) => Math.max(rank, rankOf(severity)), 0)),
    packets: whole.reduce((sum, { packets }) => sum + packets, 0), occurrences: whole.length, open: detections.some(({ open }) => open),
  }
}

/**
 * The findings that detections make, whatever their order and however often each is given: what the store gives when
 * nobody judged anything. `keyOf` names the subject.
 */
export function mergeDetections(detections: readonly Detection[], keyOf: (detection: Detection) => string): readonly Merged[] {
  const newest = new Map<string, Detection>()
  const telling = (d: Detection): Telling => ({ version: 0, open: d.open, end: d.end, packets: d.packets, severity: rankOf(d.severity) })
  for (const one of detections) {
    const id = `${one.kind} ${keyOf(one)} ${one.start}`
    const before = newest.get(id)
    if (!before || replaces(telling(one), telling(before))) newest.set(id, one)
  }
  const groups = Map.groupBy([...newest.values()].toSorted((a, b) => a.start - b.start), (one) => `${one.kind} ${keyOf(one)}`)
  return [...groups.values()].flatMap((group) => {
    const runs: Detection[][] = []
    let end = -Infinity
    for (const one of group) {
      if (one.start > end + merge_gap_s[one.kind]) runs.push([])
      runs.at(-1)!.push(one)
      end = Math.max(end, one.end)
    }
    return runs.map(mergedOf)
  })
}
