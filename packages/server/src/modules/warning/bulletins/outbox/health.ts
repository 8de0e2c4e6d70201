import { sql, type Kysely } from 'kysely'
import type { Check, Metrics } from '../../../../platform/module.ts'
import { dropped } from './still-told.ts'
import type { Outcome } from './settle.ts'

const DAY_MS = 86_400_000
const LATE_MS = 3_600_000

/** Whether messages go out: attention when some did not in the last 24 hours, or wait for more than an hour. */
export async function messageCheck(db: Kysely<unknown>, now_ms: number): Promise<Check> {
  const { rows } = await sql<{ sent: number, failed: number, unknown: number, waiting: number, late: number }>`select
      count(*) filter (where state = 'sent' and sent_at > ${new Date(now_ms - DAY_MS)})::int as sent,
      count(*) filter (where state = 'failed' and not problem = any(${dropped}::text[]) and created_at > ${new Date(now_ms - DAY_MS)})::int as failed,
      count(*) filter (where state = 'unknown' and created_at > ${new Date(now_ms - DAY_MS)})::int as unknown,
      count(*) filter (where state in ('waiting', 'sending'))::int as waiting,
      count(*) filter (where state in ('waiting', 'sending') and created_at < ${new Date(now_ms - LATE_MS)})::int as late
    from warning_message where state in ('waiting', 'sending') or created_at > ${new Date(now_ms - DAY_MS)} or sent_at > ${new Date(now_ms - DAY_MS)}`.execute(db)
  const { sent, failed, unknown, waiting, late } = rows[0]!
  const attention = failed > 0 || unknown > 0 || late > 0
  const next = attention ? '; "hirundo deliveries" says which and why' : ''
  return { name: 'messages', ok: true, attention, detail: `${sent} sent, ${failed} failed, ${unknown} unknown in 24 hours; ${waiting} wait, ${late} for more than an hour${next}` }
}

/** Counts how sendings end. */
export function messageMeters(metrics: Metrics): (outcome: Outcome) => void {
  const counters = {
    sent: metrics.counter('hirundo_messages_sent_total', 'Messages that were sent: mails, webhooks, notices'),
    again: metrics.counter('hirundo_messages_retried_total', 'Attempts after which a message waits to be tried again'),
    failed: metrics.counter('hirundo_messages_failed_total', 'Messages that were given up'),
    unknown: metrics.counter('hirundo_messages_unknown_total', 'Mails of which nobody knows whether the server took them'),
  }
  return ({ kind }) => counters[kind].inc()
}
