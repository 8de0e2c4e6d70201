/**
 * Why something from a peer was not taken. The words travel in signed refusals, so they are part of the protocol and
 * not problem codes of a route. The last four are *final*: the entry is truly at this place in the sender's log, so it
 * keeps its number and is never applied. All others may be damage on the way: the same place is asked for again.
 */
export const refusalReasons = [
  'malformed',
  'too-large',
  'credit-exceeded',
  'channel-wrong',
  'head-invalid',
  'head-mismatch',
  'key-unknown',
  'key-revoked',
  'signature-invalid',
  'commitment-mismatch',
  'version-unsupported',
  'kind-unknown',
  'lane-frozen',
  'entry-malformed',
  'entry-misplaced',
  'audience-wrong',
  'payload-malformed',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

export const isRefusalReason = (text: string): text is RefusalReason => (refusalReasons as readonly string[]).includes(text)

/** What was read, or why it was refused. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: RefusalReason }

export const good = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })
export const refused = (reason: RefusalReason): { readonly ok: false; readonly reason: RefusalReason } => ({ ok: false, reason })
