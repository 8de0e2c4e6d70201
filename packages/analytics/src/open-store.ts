import { openDatabase, type ClientOptions } from './client.ts'
import { insertBlock, missingTables } from './blocks.ts'
import { migrate } from './migrate.ts'
import { loadNetworks, networksAsOf } from './networks.ts'
import { rollupDays, rollupHours } from './rollup.ts'
import type { Layouts } from './schema/columns.ts'
import type { Store } from './store.ts'
import { coverage } from './answers/coverage.ts'
import { series } from './answers/series.ts'
import { top } from './answers/top.ts'
import { sums } from './answers/totals.ts'

export interface StoreOptions extends ClientOptions {
  /** Structure texts of the wire layouts: `rowStructure(flowLayout)` and so on. */
  readonly layouts: Layouts
}

/** One writer at a time: staging tables are shared by all that recompute. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.catch(() => {})
    return next
  }
}

/** Opens the store; nothing is sent before the first call. */
export function openStore(options: StoreOptions): Store {
  const db = openDatabase(options)
  const { layouts } = options
  const alone = oneAtATime()
  return {
    migrate: () => alone(() => migrate(db, layouts)),
    ping: () => db.ping(),
    close: () => db.close(),
    loadNetworks: (tables) => alone(() => loadNetworks(db, tables)),
    networksAsOf: () => networksAsOf(db),
    missingTables: (id, table) => missingTables(db, id, table),
    insertBlock: (block, only) => insertBlock(db, layouts, block, only),
    rollupHours: (hours) => alone(() => rollupHours(db, hours)),
    rollupDays: (days) => alone(() => rollupDays(db, days)),
    top: (dimension, question, limit) => top(db, dimension, question, limit),
    series: (dimension, key, question, step) => series(db, dimension, key, question, step),
    total: (question) => sums(db, { question, dimension: 'total' }, ['packets', 'bytes', 'sources']),
    coverage: (question) => coverage(db, question),
  } as Partial<Store> as Store
}
