import { fail, ok, type Result } from '@hirundo/base'
import { severities, type Dismissal, type FindingKind, type FindingState, type Severity } from '@hirundo/contract'

const HOUR_S = 3600
const DAY_S = 24 * HOUR_S

/** 0 record … 3 urgent. */
export const rankOf = (severity: Severity): number => severities.indexOf(severity)
export const severityOf = (rank: number): Severity => severities[rank]!
/** `record` is kept and raises nobody; all others are alarms. */
export const isAlarm = (severity: Severity): boolean => severity !== 'record'

/**
 * Events of one kind and subject are one finding while no more than this lies between the end of one and the start of
 * the next. An attack that pauses over night is one; what is seen day after day is one as long as a week has it.
 */
export const merge_gap_s: Readonly<Record<FindingKind, number>> = {
  rsdos: DAY_S,
  drdos: DAY_S,
  scan: 7 * DAY_S,
  campaign: 7 * DAY_S,
  'change-point': DAY_S,
  // The detector looks at three days of slots.
  synchronised: 3 * DAY_S,
  worm: 7 * DAY_S,
  new: 7 * DAY_S,
  // One a day at most: a spike that lasts is one.
  spike: 3 * DAY_S,
  'own-network': 7 * DAY_S,
}

/** What a move asks for beside the new state. */
export type MoveNeeds = 'nothing' | 'dismissal' | 'text'

/**
 * Moves that people make: new → triaged → confirmed or dismissed → closed. Who is sure judges a new one without the
 * step between. A confirmed one may turn out wrong; whatever was judged or closed is opened again as triaged, and the
 * text says why. Who triaged by mistake gives it back as new: that is what a board's undo does.
 */
export const moves: Readonly<Record<FindingState, Readonly<Partial<Record<FindingState, MoveNeeds>>>>> = {
  new: { triaged: 'nothing', confirmed: 'nothing', dismissed: 'dismissal' },
  triaged: { confirmed: 'nothing', dismissed: 'dismissal', new: 'nothing' },
  confirmed: { dismissed: 'dismissal', closed: 'nothing', triaged: 'text' },
  dismissed: { closed: 'nothing', triaged: 'text' },
  closed: { triaged: 'text' },
}

/** What people said of a finding. */
export interface Judged {
  readonly state: FindingState
  /** Stays when it is closed, and goes when it is opened again. */
  readonly verdict: 'confirmed' | 'dismissed' | null
  readonly dismissal: Dismissal | null
}

export interface Move {
  readonly state: FindingState
  readonly dismissal?: Dismissal | undefined
  readonly text?: string | undefined
}

/** Settled: people are done with it, and more of the same does not raise it again. */
export const isSettled = (state: FindingState): boolean => state === 'dismissed' || state === 'closed'

/**
 * The finding after a move; the same object when it asks for what already is. Problems: `finding/wrong-state`,
 * `request/invalid` (a dismissal without why, a why without dismissal, an opening without text).
 */
export function moved(now: Judged, { state, dismissal, text }: Move): Result<Judged> {
  if (dismissal !== undefined && state !== 'dismissed') return fail('request/invalid', { what: 'dismissal' })
  if (state === now.state && (dismissal ?? now.dismissal) === now.dismissal && text === undefined) return ok(now)
  const needs = moves[now.state][state]
  if (needs === undefined) return fail('finding/wrong-state', { from: now.state, to: state })
  if (needs === 'dismissal' && dismissal === undefined) return fail('request/invalid', { what: 'dismissal' })
  if (needs === 'text' && (text ?? '').trim() === '') return fail('request/invalid', { what: 'text' })
  if (state === 'closed') return ok({ ...now, state })
  if (state === 'dismissed') return ok({ state, verdict: 'dismissed', dismissal: dismissal! })
  return ok({ state, verdict: state === 'confirmed' ? 'confirmed' : null, dismissal: null })
}

/** Dismissals that say that the detector was wrong; the others say that it was right about something harmless or known. */
export const counts_against: readonly Dismissal[] = ['false-alarm', 'not-significant']
