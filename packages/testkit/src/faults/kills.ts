import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../traffic/random.ts'
import { storeProcess, type Stage } from './stage.ts'

export const targets = ['sensor', 'node', 'clickhouse', 'postgres'] as const
export type Target = (typeof targets)[number]
export type KillCounts = Record<Target, number>

const GAP_MS_MIN = 100
const GAP_MS_SPREAD = 2_400
/** How long a process that is down may take to be there again before another kind is killed instead. */
const ABSENT_MS_MAX = 20_000
const LOOK_MS = 25

/** SIGKILLs one process of the kind; false when there is none at this moment. */
function killOne(stage: Stage, target: Target, random: Random): boolean {
  if (target === 'node') return stage.node.kill()
  if (target === 'sensor') return stage.sensors[random.below(stage.sensors.length)]!.process.kill()
  const row = storeProcess(stage.node.child.pid, target)
  if (!row) return false
  try {
    return process.kill(row.pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** As soon as there is a process of the kind; false when none came. */
async function killWhenThere(stage: Stage, target: Target, random: Random): Promise<boolean> {
  for (const end = performance.now() + ABSENT_MS_MAX; performance.now() < end;) {
    if (killOne(stage, target, random)) return true
    await sleep(LOOK_MS)
  }
  return false
}

/**
 * Kills at random moments drawn from the seed until there were `kills` of them, each kind equally often. Whatever runs
 * at such a moment is killed, also while it still starts; what is down then is killed as soon as it is there.
 */
export async function killAround(stage: Stage, kills: number, seed: number, onKill: (done: number, target: Target) => void): Promise<KillCounts> {
  const random = new Random(seed, 0x6b111)
  const counts: KillCounts = { sensor: 0, node: 0, clickhouse: 0, postgres: 0 }
  let done = 0
  for (let left: Target[] = []; done < kills;) {
    await sleep(GAP_MS_MIN + random.below(GAP_MS_SPREAD))
    if (left.length === 0) left = [...targets]
    const [target] = left.splice(random.below(left.length), 1) as [Target]
    if (!(await killWhenThere(stage, target, random))) continue
    counts[target]++
    onKill(++done, target)
  }
  return counts
}
