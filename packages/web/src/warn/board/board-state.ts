import { findingKinds, findingStates, severities, type FindingKind, type FindingState, type Severity } from '@hirundo/contract'
import { listOf, oneOf, type SearchParams } from '../../app/search-params.ts'

/** What a board shows when its address says nothing else: as the route does. */
export const severitiesShown: readonly Severity[] = ['notice', 'warning', 'urgent']
export const statesShown: readonly FindingState[] = ['new', 'triaged', 'confirmed']
export const NOBODY = 'nobody'
export const orders = ['urgency', 'newest'] as const

/** What the address of the board says; empty lists stand for what is shown by default. */
export interface BoardAsking {
  readonly kind: readonly FindingKind[]
  readonly severity: readonly Severity[]
  readonly state: readonly FindingState[]
  /** A person's id, or `nobody`. */
  readonly owner: string | undefined
  /** An address, or tcp/23. */
  readonly subject: string | undefined
  readonly own: boolean
  readonly muted: boolean
  readonly order: (typeof orders)[number]
}

const among = <T extends string>(all: readonly T[], value: unknown): T[] => {
  const wanted = listOf(value)
  return all.filter((one) => wanted.includes(one))
}

/** What is not understood counts as absent; the page says so (`app/not-understood.ts`). */
export function readBoard(search: Readonly<Record<string, unknown>>): BoardAsking {
  const subject = oneOf(search['subject'])?.trim().slice(0, 60)
  return {
    kind: among(findingKinds, search['kind']), severity: among(severities, search['severity']), state: among(findingStates, search['state']),
    owner: oneOf(search['owner'])?.slice(0, 40), subject: subject === '' ? undefined : subject,
    own: oneOf(search['own']) === 'true', muted: oneOf(search['muted']) === 'true', order: oneOf(search['order']) === 'newest' ? 'newest' : 'urgency',
  }
}

/** The same as the route takes it, and as the address of a page does. */
export function boardQuery({ kind, severity, state, owner, subject, own, muted, order }: BoardAsking): SearchParams {
  return {
    ...(kind.length > 0 ? { kind } : {}), ...(severity.length > 0 ? { severity } : {}), ...(state.length > 0 ? { state } : {}),
    ...(owner === undefined ? {} : { owner }), ...(subject === undefined ? {} : { subject }),
    ...(own ? { own: 'true' } : {}), ...(muted ? { muted: 'true' } : {}), ...(order === 'newest' ? { order } : {}),
  }
}

/** Whether anything but the default is asked for, so that an empty list does not pass for a quiet night. */
export const isFiltered = (asking: BoardAsking): boolean => Object.keys(boardQuery({ ...asking, order: 'urgency' })).length > 0
