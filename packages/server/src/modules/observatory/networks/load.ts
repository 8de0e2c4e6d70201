import type { Store } from '@hirundo/analytics'
import { sql, type Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Settings } from '../../../platform/module.ts'
import { networksAsnFile, networksEconomyFile, researchNetworks } from '../config.ts'
import { observatoryDb } from '../tables.ts'
import { networkSources, networkTables, researchRows, type LoadedNames, type NetworkSettings, type NetworkSources } from './sources.ts'

export interface NetworkTools {
  readonly db: Kysely<unknown>
  readonly analytics: Pick<Store, 'loadNetworks' | 'networksAsOf'>
  readonly settings: Settings
  readonly log: Logger
  /** Reading the tables ends when it aborts. */
  readonly signal: AbortSignal
}

async function saveNames(db: Kysely<unknown>, names: ReadonlyMap<number, string>): Promise<void> {
  // Zero bytes cannot stand in PostgreSQL's text.
  const texts = [...names.values()].map((name) => name.replaceAll('\0', ''))
  await sql`insert into as_name (asn, name) select * from unnest(${[...names.keys()]}::bigint[], ${texts}::text[])
    on conflict (asn) do update set name = excluded.name where as_name.name <> excluded.name`.execute(db)
}

async function load({ db, analytics, log, signal }: NetworkTools, sources: NetworkSources, settings: NetworkSettings): Promise<void> {
  const research = researchRows(settings)
  if (!research.ok) throw new Error(`observatory.research_networks names "${research.problem.detail['value']}", which is no network`)
  const loaded: LoadedNames = { names: new Map(), bad: 0 }
  await analytics.loadNetworks(networkTables(sources, research.value, loaded, signal))
  signal.throwIfAborted()
  await saveNames(db, loaded.names)
  const { version, as_of } = sources
  await observatoryDb(db).insertInto('network_tables').values({ version, as_of })
    .onConflict((c) => c.column('one').doUpdateSet({ version, as_of })).execute()
  log.info({ as_of, networks: loaded.names.size, unusable_lines: loaded.bad }, 'loaded the tables of economies and networks')
}

const packagedOnly = (settings: NetworkSettings): NetworkSettings => ({ ...settings, economy_file: '', asn_file: '' })

/**
 * Loads the tables when the store has none or they are not those that the settings name. When the operator's cannot be
 * used, what is loaded stays, and a store without any gets those that come with the node. Gives why the operator's
 * could not be used; rejects when a store is away.
 */
export async function ensureNetworks(tools: NetworkTools): Promise<string | undefined> {
  const { db, analytics, settings: store, signal } = tools
  const settings: NetworkSettings = {
    economy_file: await store.get(networksEconomyFile), asn_file: await store.get(networksAsnFile), research: await store.get(researchNetworks),
  }
  const loaded = await observatoryDb(db).selectFrom('network_tables').select('version').executeTakeFirst()
  const present = (await analytics.networksAsOf()) !== null
  let why: string | undefined
  const sources = await networkSources(settings).catch((error: unknown) => {
    why = `a file of networks cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`
    return undefined
  })
  if (sources && present && loaded?.version === sources.version) return undefined
  if (sources) {
    try {
      await load(tools, sources, settings)
      return undefined
    } catch (error) {
      signal.throwIfAborted()
      if (settings.economy_file === '' && settings.asn_file === '' && settings.research.length === 0) throw error
      why = `the tables of networks that the settings name cannot be used: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  if (!present) await load(tools, await networkSources(packagedOnly(settings)), { ...packagedOnly(settings), research: [] })
  return why
}
