import type { Crossed, FindingKind, FindingState, Severity, Subject, Tlp } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { WatchMode } from '../watch/model.ts'

/** A finding as those hear of it who tell others. */
export interface FoundFinding {
  /** UUID. */
  readonly id: string
  readonly organisation_id: number
  readonly kind: FindingKind
  /** With its value: whoever passes it on asks first whether the reader holds content:read. */
  readonly subject: Subject
  readonly severity: Severity
  readonly state: FindingState
  /** A rule keeps it off the board now: nobody is to be told. */
  readonly muted: boolean
  readonly open: boolean
  /** Whole seconds since 1970, `end` exclusive. */
  readonly start: number
  readonly end: number
  readonly packets: number
  /** Of the victim or source: location of address, not of actor. */
  readonly economy: string | null
  readonly asn: number | null
  readonly as_name: string | null
  readonly own: boolean
  readonly simulated: boolean
  readonly tlp: Tlp
  readonly figures: Readonly<Record<string, number>>
  readonly crossed: readonly Crossed[]
}

export interface WorseFinding extends FoundFinding {
  /** What it was told as before; always less than `severity`. */
  readonly before: Severity
}

/**
 * Called inside the transaction that stores findings, with those of one batch (`detections_batch_max` at most): what is
 * written with `t` stands exactly when the findings do. Records come too; they raise nobody unless somebody asked for
 * them. Each finding is found once and each rise of its severity told once, however often its detections are given.
 * `mode`: of `history` nobody is to be woken.
 */
export interface FindingEvents {
  onFound(t: Kysely<unknown>, findings: readonly FoundFinding[], mode: WatchMode): Promise<void>
  onWorse(t: Kysely<unknown>, findings: readonly WorseFinding[], mode: WatchMode): Promise<void>
}
