import type { Metrics } from '../../platform/module.ts'
import type { Backlog } from './collector/backlog.ts'
import type { Draft } from './projector/draft.ts'

/** What Prometheus is told after each plan; sums over all organisations, no names. */
export function projectionMeters(metrics: Metrics, backlog: Backlog): (draft: Draft) => void {
  const packets = metrics.counter('hirundo_observatory_packets_total', 'Packets made queryable')
  const rows = metrics.counter('hirundo_observatory_rows_total', 'Rows made queryable, of all tables')
  const batches = metrics.counter('hirundo_observatory_batches_total', 'Batches made queryable')
  const unread = metrics.counter('hirundo_observatory_unread_batches_total', 'Batches kept but not readable here')
  const waiting = metrics.gauge('hirundo_observatory_backlog_bytes', 'Received and not yet queryable')
  return (draft) => {
    packets.inc(draft.blocks.reduce((sum, block) => sum + block.packets, 0))
    rows.inc(draft.blocks.reduce((sum, block) => sum + block.rows, 0))
    batches.inc(draft.batches)
    unread.inc(draft.unread.length)
    waiting.set(backlog.bytes)
  }
}
