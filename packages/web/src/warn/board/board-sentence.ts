import type { CallOutput, findingSummary } from '@hirundo/contract'
import type { Format } from '../../text/format.ts'
import type { Text } from '../../text/text.tsx'

export type Summary = CallOutput<typeof findingSummary>

/** How many need a person now, whether everything watches, and whether that is usual. */
export function boardSentence(summary: Summary | undefined, failed: boolean, format: Format, t: Text): string {
  if (summary === undefined) return t(failed ? 'top.sentence_failed' : 'warn.board_loading')
  const { waiting, alarms_today, alarms_per_day, detectors_ok, detectors_learning, detectors_total, watched_to, sensors_live, sensors_total } = summary
  return t('warn.board_sentence', {
    now: waiting.urgent + waiting.warning, urgent: waiting.urgent, notice: waiting.notice, today: alarms_today, usual: format.decimal(alarms_per_day),
    ok: detectors_ok, learning: detectors_learning, detectors: detectors_total, has_watched: watched_to === null ? 'no' : 'yes', watched: watched_to === null ? '' : format.instant(watched_to),
    live: sensors_live, sensors: sensors_total,
  })
}
