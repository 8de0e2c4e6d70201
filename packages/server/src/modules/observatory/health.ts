import type { Check, Facts, Platform } from '../../platform/module.ts'
import type { ObservatoryConfig } from './config.ts'
import { interactionsStored } from './answers/store.ts'
import type { Service } from './service.ts'
import { selectViews } from './sensors/store.ts'
import { isLive } from './sensors/view.ts'

/** How the collector, the projector, the tables of networks and retention are; names have texts at `status.part.<name>`. */
export async function observatoryChecks({ running, networks_problem }: Service, config: ObservatoryConfig): Promise<readonly Check[]> {
  if (!running) return [{ name: 'observatory', ok: false, detail: 'It has not started or is stopping.' }]
  const { backlog, projector, clock } = running
  const full = backlog.bytes > config.backlog_bytes_max
  const away = projector.failure
  return [
    {
      name: 'inbox', ok: !full,
      detail: full ? 'More waits than the node may hold; sensors keep theirs. Look at the projector.' : `${backlog.batches} batches wait to become queryable.`,
    },
    { name: 'projector', ok: away === undefined, detail: away === undefined ? 'Yes.' : `${away} does not answer; nothing is lost, it is tried again.` },
    { name: 'networks', ok: networks_problem === undefined, detail: networks_problem ?? 'They are as the settings say.' },
    {
      // Never a failure: the node works, and one that is restarted for it would not see its clock run for a day.
      name: 'retention', ok: true, attention: clock.held !== undefined,
      detail: clock.held === undefined ? 'As the settings say.' : `Held back, since the clock is not trusted: ${clock.held}. Check the date; it goes on after a day of an even clock.`,
    },
  ]
}

/** Sensors of all organisations on this node. */
export async function observatoryFacts({ db, world }: Pick<Platform, 'db' | 'world'>, config: ObservatoryConfig): Promise<Facts> {
  const [rows, interactions] = await Promise.all([selectViews(db).execute(), interactionsStored(db)])
  const count = (keep: (row: (typeof rows)[number]) => boolean): number => rows.filter(keep).length
  return {
    sensors: {
      approved: count(({ state, kind }) => state === 'approved' && kind === 'live'),
      pending: count(({ state }) => state === 'pending'),
      live: count((row) => isLive(row, world.now(), config.live_within_ms)),
      simulated: count(({ state, simulated }) => state === 'approved' && simulated),
      interactions,
    },
  }
}
