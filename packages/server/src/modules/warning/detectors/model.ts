import type { Crossed, Evidences, FigureName, FindingKind, Severity, Subject } from '@hirundo/contract'
import type { PortBin } from './core/port-bins.ts'
import type { Slice } from './core/slice.ts'

/** What a detector saw; nobody has judged it yet. Times are whole seconds since 1970 UTC, `end` exclusive. */
export interface Detection {
  readonly kind: FindingKind
  readonly subject: Subject
  /** With kind and subject the identity of an event: however often it is given, it is the same one, and the last time counts. */
  readonly start: number
  readonly end: number
  /** It may go on: it is given again with a later end, or as over. */
  readonly open: boolean
  readonly severity: Severity
  readonly packets: number
  /** Packets of the densest minute, where the kind knows it. */
  readonly max_ppm?: number
  /** Figures that the detector decided by. */
  readonly figures: Readonly<Partial<Record<FigureName, number>>>
  /** The thresholds that it crossed: why it was raised. */
  readonly crossed: readonly Crossed[]
  /** Sources of a campaign, ports of a scan …: most packets first, at most `members_max`. */
  readonly members?: readonly string[]
  /** Questions to the store that give the numbers again. */
  readonly evidence: readonly Evidences[]
}
export const members_max = 100

/** An address block, AS or economy that is ours, as the operator's settings have it. */
export interface OwnNetworks {
  readonly economies: readonly string[]
  readonly asns: readonly number[]
  /** CIDR texts. */
  readonly networks: readonly string[]
}

/** What does not change while a run lasts. */
export interface Scene {
  /** IPv4 addresses that observe, pooled over sensors; 0: not known. */
  readonly addresses: number
  /** Sensors that were in service. */
  readonly sensors: number
  readonly own: OwnNetworks
  /** Keys hash tables, so that no traffic can aim at them; detections do not depend on it. */
  readonly seed?: number
}

/** Watched days that a detector knows, and how many it compares with at least. */
export interface Learning {
  readonly days: number
  readonly days_needed: number
}

/**
 * A pure function of what was observed. The same slices in the same order under the same parameters and scene give the same
 * detections, whether in one run or with `save` and `start` at any place between. Memory is bounded whatever comes: what is
 * left out is counted in `shed`, by name.
 */
export interface Run {
  /** Takes the next minute; minutes come in order, each once. */
  minute?(slice: Slice): readonly Detection[]
  /** Takes the next closed bin of ten minutes: all ports, research scanners apart. Comes after the bin's last minute. */
  bin?(bin: PortBin): readonly Detection[]
  /** Takes the next closed UTC day in the same form. */
  day?(day: PortBin): readonly Detection[]
  /** What is still open when there is no more to come, one by one: it may be all that a table holds. Nothing may be pushed after it. */
  end(): Iterable<Detection>
  readonly shed: Readonly<Record<string, number>>
  /** Absent: it needs no history. Before it has as many days as it needs it finds nothing. */
  readonly learning?: Learning | undefined
  /** All that the run knows, as plain data (v8.serialize takes it). */
  save(): unknown
}

export interface Detector<Parameters extends object = object> {
  readonly kind: FindingKind
  /** Changes when the same slices may give other detections; a saved state of another version is not used. */
  readonly version: number
  /** Publication that the definition comes from. */
  readonly source: string
  readonly defaults: Parameters
  /** `saved`: what `save` gave under the same version, parameters and scene. */
  start(parameters: Parameters, scene: Scene, saved?: unknown): Run
}

/** Keeps the exact type of the parameters. */
export const defineDetector = <P extends object>(detector: Detector<P>): Detector<P> => detector
