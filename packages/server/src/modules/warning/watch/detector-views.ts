import { formatMillis, formatSeconds } from '@hirundo/base'
import type { DetectorView } from '@hirundo/contract'
import type { DetectorHealth } from '../detectors/engine.ts'
import type { Detector } from '../detectors/model.ts'
import type { DetectorRecord } from './model.ts'
import type { RunnerStatus } from './runner.ts'

const nothing: DetectorRecord = { findings_30_days: 0, alarms_per_day: 0, precision: { confirmed: 0, dismissed: 0, precision: null } }

export interface Seen {
  readonly status: RunnerStatus | undefined
  readonly now_s: number
  readonly late_after_s: number
}

function stateOf({ status, now_s, late_after_s }: Seen, health: DetectorHealth | undefined): Pick<DetectorView, 'state' | 'reason'> {
  if (status?.state === 'failed') return { state: 'failed', reason: status.reason ?? null }
  if (health?.failed !== undefined) return { state: 'failed', reason: health.failed }
  if (!status || status.state === 'waiting') return { state: 'waiting', reason: status?.reason ?? null }
  const late = status.watched_to === undefined || now_s - status.watched_to > late_after_s
  return { state: late ? 'late' : health?.learning ? 'learning' : 'ok', reason: status.reason ?? begunAnew(health) }
}

/** It looks as if it were well, and what it knew is gone. */
function begunAnew(health: DetectorHealth | undefined): string | null {
  const failed = health?.failed_before
  return failed === undefined ? null : `${health!.kind} was ended by an error at ${formatSeconds(failed.at)} and began anew without what it knew: ${failed.why}`
}

const without = (counts: Readonly<Record<string, number>>): Record<string, number> => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

/** How a detector is; what slices left out before any detector saw them is said of each. */
export function detectorView({ kind, version, source, defaults }: Detector, seen: Seen, record: DetectorRecord = nothing): DetectorView {
  const { status } = seen
  const health = status?.health.find((one) => one.kind === kind)
  return {
    kind, version, source, parameters: { ...(health?.parameters ?? { ...defaults, ...status?.setup?.parameters[kind] }) }, ...stateOf(seen, health), learning: health?.learning ?? null,
    last_run_at: status?.last_run_at_ms === undefined ? null : formatMillis(status.last_run_at_ms),
    window_from: status?.window ? formatSeconds(status.window.from) : null, window_to: status?.window ? formatSeconds(status.window.to) : null,
    shed: { ...without(status?.shed ?? {}), ...without(health?.shed ?? {}) }, ...record,
  }
}
