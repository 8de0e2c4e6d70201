/** Kinds of findings; the names are part of the interface and only grow. */
export const findingKinds = ['rsdos', 'drdos', 'scan', 'campaign', 'change-point', 'synchronised', 'worm', 'new', 'spike', 'own-network'] as const
export type FindingKind = (typeof findingKinds)[number]

/** Whom or what a finding is about; addresses as text, protocols by IANA name or number. */
export type Subject =
  | { readonly victim: string; readonly protocol: string }
  | { readonly source: string; readonly protocol?: string; readonly port?: number }
  | { readonly protocol: string; readonly port: number }

/** What a detector saw; nobody has judged it yet. Times are whole seconds since 1970 UTC, `end` exclusive. */
export interface Detection {
  readonly kind: FindingKind
  readonly start: number
  readonly end: number
  readonly subject: Subject
  readonly packets: number
  /** Packets of the densest minute, where the kind knows it. */
  readonly max_ppm?: number
  /** Further figures that the detector decided by. */
  readonly figures: Readonly<Record<string, number>>
}

/**
 * A pure function of what was observed: samples in, detections out. The same samples under the same parameters give the
 * same detections, however they are cut into calls.
 */
export interface Run<Sample> {
  /** Takes the next sample. Samples come in order of time; what begins each kind says how late one may be. */
  push(sample: Sample): readonly Detection[]
  /** What is still open when there is no more to come. */
  end(): readonly Detection[]
  /** Samples that were not looked at because memory is bounded. */
  readonly shed: number
}

export interface Detector<Parameters, Sample> {
  readonly kind: FindingKind
  /** Changes when the same samples may give other detections. */
  readonly version: number
  readonly defaults: Parameters
  start(parameters: Parameters): Run<Sample>
}
