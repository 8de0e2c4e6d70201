import { findingStates, severities, type FindingKind } from '@hirundo/contract'

export const groupings = ['together', 'lone'] as const
export type Grouping = (typeof groupings)[number]
const kindsOf: Readonly<Record<Grouping, readonly FindingKind[]>> = { together: ['campaign', 'synchronised'], lone: ['scan'] }

/** Records too, and what people are done with; what a rule mutes is on no page, as `hirundo findings` has it. */
export const queryOf = (grouping: Grouping) => ({ kind: [...kindsOf[grouping]], severity: [...severities], state: [...findingStates], order: 'newest' as const })
