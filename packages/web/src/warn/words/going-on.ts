import type { Format } from '../../text/format.ts'
import type { Text } from '../../text/text.tsx'
import type { Finding } from './finding.ts'

/** An event that goes on is told every ten minutes, and the minute is looked at when all sensors delivered it. */
const QUIET_MS = 15 * 60_000
/** Within it an hour and minute alone name one instant. */
const TODAY_MS = 12 * 3_600_000

/** Of an event that goes on and of which nothing came for a while when it was last told: it is over only after a silence of up to a day. */
export const isQuiet = ({ open, end }: Pick<Finding, 'open' | 'end'>, now_ms: number): boolean => open && now_ms - Date.parse(end) > QUIET_MS

/** How long it lasted or has lasted so far, or since when it is quiet. */
export function lastedText(finding: Pick<Finding, 'open' | 'start' | 'end'>, now_ms: number, format: Format, t: Text): string {
  const { start, end, open } = finding
  if (isQuiet(finding, now_ms)) return t('warn.going_on_quiet', { at: now_ms - Date.parse(end) < TODAY_MS ? format.minute(end) : format.instant(end) })
  return t(open ? 'warn.going_on' : 'warn.lasted', { length: format.duration(Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000)) })
}
