import type { BlockBounds } from '@hirundo/analytics'
import type { Kysely } from 'kysely'
import { blocksBelow, type Draft } from './projector/draft.ts'
import { observatoryDb } from './tables.ts'

/** Internal numbers of organisations whose rows became queryable. */
export type ProjectedListener = (organisations: ReadonlySet<number>) => void

/** Tells other modules that something new is queryable, after it is. Listeners must be quick and may not throw. */
export class Projections {
  readonly #listeners = new Set<ProjectedListener>()

  /** Takes a listener in and gives what takes it off again. */
  add(listener: ProjectedListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  tell(draft: Draft): void {
    if (this.#listeners.size === 0) return
    const organisations = new Set(draft.blocks.flatMap(({ runs }) => runs.map(({ organisation }) => organisation)))
    for (const listener of this.#listeners) listener(organisations)
  }
}

/** Number of the newest plan all of whose rows are queryable; those before it are so too. 0: none was. */
export async function newestPlan(db: Kysely<unknown>): Promise<number> {
  const row = await observatoryDb(db).selectFrom('inbox_plan').select('sequence').where('done', '=', true).orderBy('sequence', 'desc').limit(1).executeTakeFirst()
  return row?.sequence ?? 0
}

/** Bounds for questions about the rows of this plan and of those before it. */
export const blocksUpTo = (plan: number): BlockBounds => blocksBelow(BigInt(plan) + 1n)
