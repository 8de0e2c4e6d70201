import type { AgreementState } from '@hirundo/contract'

/** What of an agreement decides whether it holds; instants in milliseconds. */
export interface AgreementFacts {
  readonly kinds: readonly string[]
  /** When each party approved; null: it has not. */
  readonly approved_ms: readonly (number | null)[]
  readonly expires_ms: number
  readonly ended_ms: number | null
}

/** When the last of the parties approved; null: one has not, or there are fewer than two. */
export function inForceSince({ approved_ms }: AgreementFacts): number | null {
  if (approved_ms.length < 2) return null
  return approved_ms.reduce((last, at) => (last === null || at === null ? null : Math.max(last, at)))
}

/** What an agreement is at an instant: in force from the last approval to before its end, whichever end comes first. */
export function agreementAt(agreement: AgreementFacts, at_ms: number): AgreementState {
  const { expires_ms, ended_ms } = agreement
  if (ended_ms !== null && at_ms >= ended_ms && ended_ms < expires_ms) return 'ended'
  if (at_ms >= expires_ms) return 'expired'
  const since = inForceSince(agreement)
  return since !== null && at_ms >= since ? 'in-force' : 'draft'
}

/**
 * Kinds of record for which an agreement opens lanes at an instant: none unless it is in force. No forum and no suspension
 * plays a part: what partners agreed goes on until one of them ends it or it expires.
 */
export const lanesOpen = (agreement: AgreementFacts, at_ms: number): readonly string[] => (agreementAt(agreement, at_ms) === 'in-force' ? agreement.kinds : [])

export const WARN_MS = 30 * 86_400_000
export const expiresSoon = (agreement: AgreementFacts, at_ms: number): boolean => agreementAt(agreement, at_ms) === 'in-force' && agreement.expires_ms - at_ms <= WARN_MS
