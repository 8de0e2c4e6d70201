import type { Dismissal, FindingState } from '@hirundo/contract'

/** What a person can do to a finding in each state, the likeliest first. */
export const actsOf: Readonly<Record<FindingState, readonly FindingState[]>> = {
  new: ['triaged', 'confirmed', 'dismissed'],
  triaged: ['confirmed', 'dismissed'],
  confirmed: ['closed', 'dismissed', 'triaged'],
  dismissed: ['closed', 'triaged'],
  closed: ['triaged'],
}

/** Whatever was judged or closed is opened again with a reason; the node refuses it without. */
export const isReopening = (from: FindingState, to: FindingState): boolean => to === 'triaged' && from !== 'new'

export interface Move {
  readonly state: FindingState
  readonly dismissal?: Dismissal
  readonly text?: string
}

/** The moves that bring a finding back from `to` to what it was; `text` says why where it must be said. */
export function undoing(before: { readonly state: FindingState; readonly dismissal: Dismissal | null }, to: FindingState, text: string): Move[] {
  const open: Move[] = to === 'triaged' ? [] : [{ state: 'triaged', text }]
  switch (before.state) {
    case 'triaged': return open
    case 'new': return [...open, { state: 'new' }]
    case 'confirmed': return [...open, { state: 'confirmed' }]
    case 'dismissed': return before.dismissal === null ? open : [...open, { state: 'dismissed', dismissal: before.dismissal }]
    // It was opened again: closed is behind a judgement, which is not known here any more.
    case 'closed': return []
  }
}
