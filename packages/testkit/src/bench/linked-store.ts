import { copyFileSync, linkSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, startEmbedded } from '@hirundo/analytics'
import { realWorld } from '@hirundo/base'
import { layouts } from '@hirundo/server'

/** What lies in a store, over all organisations. */
export interface StoreContent {
  readonly rows: number
  readonly packets: number
  /** After the newest minute of any sensor. */
  readonly to_s: number
  /** Numbers of the sensors that watched. */
  readonly sensors: readonly number[]
  readonly tables_as_of: string | null
}

/** `store/abc/UUID/PART/FILE`: a part's files are written once and only ever removed. */
const PART_DEPTH = 4

/**
 * The data of an embedded store once more, without its bytes: files of parts are hard links, all else, which the engine
 * writes anew, is copied. What is done to the one does not touch the other. Throws where they are not on one file system.
 */
export function linkStore(from: string, to: string, depth = 0): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkStore(source, target, depth + 1)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (depth < PART_DEPTH) copyFileSync(source, target)
    else linkSync(source, target)
  }
}

/** Opens the store in `directory` alone and reads what the first organisation's sensors left there. */
export async function readContent(directory: string): Promise<StoreContent> {
  const embedded = await startEmbedded({ directory })
  const store = openStore({ url: embedded.url, agent: embedded.agent, layouts })
  try {
    await store.migrate()
    const to = Math.floor(realWorld.now() / 86_400_000) * 86_400
    const all = { from: 0, to }
    const seen = await store.coverage({ organisation: 1, ...all, research: 'include', fresh: { days: [all], hours: [all], raw_from: 0 } })
    if (seen.length === 0) throw new Error(`${directory} holds nothing that sensors of organisation 1 observed`)
    return {
      ...await store.stored(all), tables_as_of: await store.networksAsOf(),
      to_s: Math.max(...seen.map(({ last_minute }) => last_minute)) + 60, sensors: seen.map(({ sensor }) => sensor).toSorted((a, b) => a - b),
    }
  } finally {
    await store.close()
    await embedded.stop()
  }
}
