import { openDatabase, type ClientOptions } from './client.ts'
import { insertBlock, missingTables } from './blocks.ts'
import { migrate } from './migrate.ts'
import { loadNetworks, networksAsOf } from './networks.ts'
import { networksOf } from './networks-of.ts'
import { addLateBlock } from './late.ts'
import { clearContent, dropBefore } from './retention.ts'
import { rollupDays, rollupHours } from './rollup.ts'
import { restoreSnapshot, snapshot } from './snapshot.ts'
import { size, stored } from './status.ts'
import { openInteractions } from './interactions/open-interactions.ts'
import { openWindows } from './windows/open-windows.ts'
import type { Layouts } from './schema/columns.ts'
import type { Store } from './store.ts'
import { coverage, watched } from './answers/coverage.ts'
import { matrix } from './answers/matrix.ts'
import { sensorMinutes } from './answers/minutes.ts'
import { port } from './answers/port.ts'
import { series } from './answers/series.ts'
import { tools } from './answers/tools.ts'
import { source } from './answers/source.ts'
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
    networksOf: (addresses) => networksOf(db, addresses),
    missingTables: (id, table) => missingTables(db, id, table),
    insertBlock: (block, only) => insertBlock(db, layouts, block, only),
    addLateBlock: (block) => alone(() => addLateBlock(db, layouts, block)),
    rollupHours: (hours) => alone(() => rollupHours(db, hours)),
    rollupDays: (days) => alone(() => rollupDays(db, days)),
    dropBefore: (tier, before) => alone(() => dropBefore(db, tier, before)),
    // Not one at a time: it may take long, and no rollup reads interactions.
    clearContent: (before, facts_kept) => clearContent(db, before, facts_kept),
    top: (dimension, question, limit) => top(db, dimension, question, limit),
    series: (dimension, key, question, step) => series(db, dimension, key, question, step),
    tools: (question, step) => tools(db, question, step),
    total: (question) => sums(db, { question, dimension: 'total' }, ['packets', 'bytes', 'sources']),
    port: (key, question) => port(db, key, question),
    source: (address, question) => source(db, address, question),
    matrix: (question, ports) => matrix(db, question, ports),
    coverage: (question) => coverage(db, question),
    watched: (question, step) => watched(db, question, step),
    sensorMinutes: (question) => sensorMinutes(db, question),
    stored: (range) => stored(db, range),
    interactions: openInteractions(db),
    windows: openWindows(db),
    size: () => size(db),
    snapshot: (directory) => alone(() => snapshot(db, directory)),
    restoreSnapshot: (directory) => alone(() => restoreSnapshot(db, directory)),
  }
}
