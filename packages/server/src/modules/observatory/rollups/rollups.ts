import type { Store } from '@hirundo/analytics'
import { DAY_S, HOUR_S, type World } from '@hirundo/base'
import type { Kysely } from 'kysely'
import type { ObservatoryConfig } from '../config.ts'
import { monthOf } from '../projector/months.ts'
import { dirtyPeriods, markDone, readFloor, type DirtyPeriod } from './store.ts'

export interface RollupTools {
  readonly db: Kysely<unknown>
  readonly analytics: Pick<Store, 'rollupHours' | 'rollupDays'>
  readonly config: ObservatoryConfig
  readonly world: World
}

const PERIODS_READ = 48

/** The newest partition's worth of `periods`: what the store recomputes together. */
function newestPartition(periods: readonly DirtyPeriod[], partition: (start: number) => number): DirtyPeriod[] {
  const [newest] = periods
  return newest ? periods.filter(({ start }) => partition(start) === partition(newest.start)) : []
}

async function rollTier(tools: RollupTools, tier: 'hour' | 'day'): Promise<boolean> {
  const { db, analytics, config, world } = tools
  const now_s = Math.floor(world.now() / 1000)
  const unit = tier === 'hour' ? HOUR_S : DAY_S
  const periods = await dirtyPeriods(db, tier, {
    from: await readFloor(db, 'raw'),
    closed_before: now_s - config.hour_closes_after_s - unit + 1,
    quiet_before: new Date(world.now() - config.rollup_quiet_ms),
  }, PERIODS_READ)
  const some = newestPartition(periods, tier === 'hour' ? (start) => start - (start % DAY_S) : monthOf)
  if (some.length === 0) return false
  const starts = some.map(({ start }) => start)
  if (tier === 'hour') await analytics.rollupHours(starts)
  else await analytics.rollupDays(starts)
  await markDone(db, tier, some)
  return true
}

/**
 * Computes one partition of hours or, when no hour waits, of days. What was dirty when it began is done after it, and
 * rows that come meanwhile leave it dirty. Gives whether there was anything to do; rejects when a store is away.
 */
export const rollOnce = async (tools: RollupTools): Promise<boolean> => (await rollTier(tools, 'hour')) || rollTier(tools, 'day')
