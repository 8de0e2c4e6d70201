import type { Kysely } from 'kysely'
import { findingDb } from '../tables.ts'
import type { DetectionContext } from '../watch/model.ts'
import { eventId, WITHDRAWN, type KeptDetection } from './detection-row.ts'
import type { Plan, StoredDetection } from './plan.ts'
import { LATE_DATA } from './withdraw.ts'

/** Stands in the history as the reason of what a look with other detectors or settings counted. */
export const LOOKED_AGAIN = 'looked-again'

/** Whether it is the same stretch with other numbers, and not an event that went on since it was told. */
function isRecounted(before: StoredDetection | undefined, next: KeptDetection): before is StoredDetection {
  if (!before || before.hash.equals(WITHDRAWN) || before.packets === next.packets) return false
  return !(before.open && next.end > before.end)
}

/**
 * A second look replaces numbers that somebody may have read: the history of each alarm says which, by one line for each
 * event. Of records, of which one look may change thousands, it does not.
 */
export async function noteRecounts(t: Kysely<unknown>, { mode, found_at_ms }: DetectionContext, { placed }: Plan, stored: ReadonlyMap<string, StoredDetection>): Promise<void> {
  if (mode === 'live') return
  const lines = placed.flatMap(([detection, { id, told }]) => {
    const before = stored.get(eventId(detection))
    if (id === undefined || (told <= 0 && detection.severity === 0) || !isRecounted(before, detection)) return []
    return [{
      finding_id: id, at: new Date(found_at_ms), by: 'system', what: 'recounted' as const, from_value: String(before.packets), to_value: String(detection.packets),
      text: mode === 'late' ? LATE_DATA : LOOKED_AGAIN,
    }]
  })
  if (lines.length > 0) await findingDb(t).insertInto('finding_change').values(lines).execute()
}
