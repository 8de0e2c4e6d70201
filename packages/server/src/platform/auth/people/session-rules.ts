const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How long sessions last; from the configuration's section `people`. */
export interface SessionBounds {
  readonly session_idle_hours: number
  readonly session_hours_max: number
}

/** The cookie changes this often, so that a stolen one is of use for a short while or is noticed. */
export const ROTATE_AFTER_MS = 15 * MINUTE_MS
/** Requests that were under way when the cookie changed still carry the one before. */
export const PREVIOUS_VALID_MS = 30_000
/** Operations with `step_up` want a sign-in as young as this. */
export const FRESH_MS = 15 * MINUTE_MS
/** An enrolment ends after this; the link begins another. */
export const ENROLMENT_MS = HOUR_MS
/** `last_seen_at` is written at most this often. */
export const SEEN_EVERY_MS = MINUTE_MS

/** Instants of a session in milliseconds since 1970. */
export interface SessionTimes {
  readonly rotated_at: number
  readonly last_seen_at: number
  readonly expires_at: number
}

/**
 * What a request that shows the session's present secret (or the one before) gets: `gone` nothing, `valid` the session,
 * `rotate` the session and a new secret.
 */
export function judgeSession(times: SessionTimes, shown: 'present' | 'previous', now: number, bounds: SessionBounds): 'gone' | 'valid' | 'rotate' {
  if (now >= times.expires_at || now - times.last_seen_at >= bounds.session_idle_hours * HOUR_MS) return 'gone'
  if (shown === 'previous') return now - times.rotated_at < PREVIOUS_VALID_MS ? 'valid' : 'gone'
  return now - times.rotated_at >= ROTATE_AFTER_MS ? 'rotate' : 'valid'
}

/** When a session that begins now ends at the latest. */
export const sessionEnd = (now: number, purpose: 'full' | 'enrolment', bounds: SessionBounds): number =>
  now + (purpose === 'full' ? bounds.session_hours_max * HOUR_MS : ENROLMENT_MS)

/** Until when operations with `step_up` work. An enrolment is short and has nothing yet to sign in with again. */
export const freshUntil = (session: { purpose: 'full' | 'enrolment'; authenticated_at: Date; expires_at: Date }): number =>
  session.purpose === 'enrolment' ? session.expires_at.getTime() : session.authenticated_at.getTime() + FRESH_MS
