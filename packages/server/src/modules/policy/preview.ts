import { ok, type Result } from '@hirundo/base'
import type { Purpose, Viewer } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { labelsOf } from './label-store.ts'
import type { Verdicts } from './verdicts/verdicts.ts'

/** Things with labels that a module of a higher rank keeps: it registers how many there are. */
export interface LabelledThings {
  /** As the preview calls it, e.g. `finding`. */
  readonly kind: string
  /** By label number, of one organisation. */
  counts(organisation_id: number): Promise<ReadonlyMap<number, number>>
}

export interface Preview {
  readonly epoch: number
  readonly labels: { label: string, visible: boolean, policies: string[], counts: Record<string, number> }[]
}

/** What `viewer` would see now: per label whether, by which policies, and how many things of each kind. Problem: `request/invalid`. */
export async function preview(
  { db, verdicts, things }: { readonly db: Kysely<unknown>, readonly verdicts: Verdicts, readonly things: readonly LabelledThings[] }, organisation_id: number, viewer: Viewer, purpose: Purpose,
): Promise<Result<Preview>> {
  const permits = await verdicts.permits(organisation_id, viewer, purpose)
  if (!permits.ok) return permits
  const counted = await Promise.all(things.map(async ({ kind, counts }) => ({ kind, counts: await counts(organisation_id) })))
  const labels = await labelsOf(db, organisation_id)
  return ok({
    epoch: permits.value.epoch,
    labels: labels.map(({ id, text }) => {
      const { allowed, policies } = permits.value.verdictOf(id)
      return { label: text, visible: allowed, policies: [...policies], counts: Object.fromEntries(counted.map(({ kind, counts }) => [kind, counts.get(id) ?? 0])) }
    }),
  })
}
