import type { TimeRange } from '@hirundo/analytics'
import type { DetectorView, FindingKind, Label } from '@hirundo/contract'
import type { Detection, Scene } from '../detectors/model.ts'

/** What a detector was when it gave its detections. */
export interface DetectorIdentity {
  readonly version: number
  readonly parameters: object
}

/**
 * Why these detections come now. `live`: the minutes are of now. `late`: data came after their minutes were looked at, and the
 * stretch is looked at again. `history`: what was stored before is looked at for the first time, or again after detectors,
 * parameters or own networks changed: nobody is to be woken by it.
 */
export type WatchMode = 'live' | 'late' | 'history'

export interface DetectionContext {
  readonly mode: WatchMode
  /** Milliseconds since 1970: when they were found. */
  readonly found_at_ms: number
  /** Everything before this second was looked at. */
  readonly watched_to: number
  readonly detectors: Readonly<Partial<Record<FindingKind, DetectorIdentity>>>
  readonly scene: Scene
  /** A sensor of the organisation makes its traffic up. */
  readonly simulated: boolean
}

/** A stretch that was looked at again from its begin to where the watch is now. */
export interface LookedAgain {
  /** Seconds; what began before it was not looked at again. */
  readonly from: number
  readonly to: number
  /** Identities (`detectionKey`) of all that was given for it. */
  readonly keys: ReadonlySet<string>
}

/** Where detections are kept: `findings/` has it. */
export interface DetectionSink {
  /**
   * Keeps them; when it resolves they outlive a crash. Called again with the same ones after a restart or a replay: those that
   * say nothing new must change nothing, not even states that people gave. Rejects when it cannot; then it is tried again.
   */
  store(organisation_id: number, detections: readonly Detection[], context: DetectionContext): Promise<void>
  /**
   * After late data: detections of the stretch that are not among `keys` would not have been given had all data been there.
   * What nobody judged yet may be withdrawn or closed.
   */
  lookedAgain?(organisation_id: number, stretch: LookedAgain, context: DetectionContext): Promise<void>
}

/** What is known of a detector by its findings. */
export type DetectorRecord = Pick<DetectorView, 'findings_30_days' | 'alarms_per_day' | 'precision'>

/** What views of detectors and backtests ask of findings: `findings/` has it. */
export interface FindingRecords {
  /** Kinds without findings may be left out. */
  byKind(organisation_id: number): Promise<Readonly<Partial<Record<FindingKind, DetectorRecord>>>>
  /**
   * Findings of the range that people judged, as labels: a confirmed one must be found again; one that was dismissed as an
   * alarm about nothing has no label, so that it counts as false when it is raised again. `judged`: how many there are of both.
   */
  judged(organisation_id: number, range: TimeRange): Promise<{ readonly labels: readonly Label[]; readonly judged: number }>
}

/** With the start it tells an event from all others (detectors/model.ts). */
export function detectionKey({ kind, subject, start }: Pick<Detection, 'kind' | 'subject' | 'start'>): string {
  const { victim, source, protocol, port, signature, novelty, value } = subject
  return JSON.stringify([kind, start, victim, source, protocol, port, signature, novelty, value])
}

/** Of several with one identity the last, in the order in which each came first. */
export const lastOfEach = (detections: readonly Detection[]): readonly Detection[] => [...new Map(detections.map((one) => [detectionKey(one), one])).values()]
