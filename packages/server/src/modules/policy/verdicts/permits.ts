import type { Purpose } from '@hirundo/contract'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { NO_PERMIT } from '../cedar/policy-set.ts'
import type { Verdict } from '../cedar/engine.ts'
import { phaseAt, type Label } from '../label.ts'
import type { PhaseVerdicts } from '../tables.ts'

/** A label with what Cedar said of it in each of its phases. */
export interface Judged {
  readonly id: number
  readonly text: string
  readonly label: Pick<Label, 'embargo_ms' | 'expiry_ms'>
  readonly phases: PhaseVerdicts
}

/** A label that nobody decided on: refused. */
export const undecided: Verdict = { allowed: false, policies: [NO_PERMIT] }

/** What one viewer may see for one purpose at one instant under one policy set. */
export interface Permits {
  readonly epoch: number
  readonly purpose: Purpose
  readonly at_ms: number
  /** Numbers of the labels whose things are seen. */
  readonly labels: ReadonlySet<number>
  /** Also of a label that the organisation does not have, or that is missing: refused. */
  verdictOf(label_id: number | null): Verdict
  /** Canonical text; null where the organisation has no such label. */
  textOf(label_id: number | null): string | null
  /**
   * The condition of every list, count, search and export over rows with a `label_id`: `where(permits.where('finding.label_id'))`.
   * A row without a label is not seen.
   */
  where(column: string): RawBuilder<SqlBool>
}

export function permitsOf(judged: ReadonlyMap<number, Judged>, { epoch, purpose, at_ms }: Pick<Permits, 'epoch' | 'purpose' | 'at_ms'>): Permits {
  const find = (label_id: number | null) => (label_id === null ? undefined : judged.get(label_id))
  const verdictOf = (label_id: number | null): Verdict => {
    const one = find(label_id)
    return (one && one.phases[phaseAt(one.label, at_ms)]) ?? undecided
  }
  const labels = new Set([...judged.keys()].filter((id) => verdictOf(id).allowed))
  return {
    epoch, purpose, at_ms, labels, verdictOf, textOf: (label_id) => find(label_id)?.text ?? null,
    // An empty list would still have the database look at every row.
    where: (column) => (labels.size === 0 ? sql<SqlBool>`false` : sql<SqlBool>`${sql.ref(column)} = any(${[...labels]}::bigint[])`),
  }
}
