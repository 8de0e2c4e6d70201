import type { TokenView } from '@hirundo/contract'

const DAY_MS = 86_400_000
export const SOON_DAYS = 30

export type TokenState = 'works' | 'soon' | 'expired' | 'revoked'

/** Whether a token works at `now`; `soon`: not for more than 30 days. */
export function tokenState({ revoked_at, expires_at }: Pick<TokenView, 'revoked_at' | 'expires_at'>, now: number): TokenState {
  if (revoked_at !== null) return 'revoked'
  if (expires_at === null) return 'works'
  const left_ms = Date.parse(expires_at) - now
  if (left_ms <= 0) return 'expired'
  return left_ms < SOON_DAYS * DAY_MS ? 'soon' : 'works'
}
