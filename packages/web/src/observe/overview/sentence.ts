import type { LiveOverview } from '@hirundo/contract'
import { useFormat, type Format } from '../../text/format.ts'
import { useText, type Text } from '../../text/text.tsx'

/** Changes below this share are noise of a quiet hour, not news. */
const SAME_SHARE = 0.02

/** `14:32 JST (05:32 UTC)`; a reader in UTC reads it once. */
export function clockText(at: string, format: Format): string {
  const [own, utc] = [format.clock(at), format.clock(at, 'UTC')]
  return own === utc ? utc : `${own} (${utc})`
}

/** Tenths of packets are no news above ten. */
const meanText = (mean: number, format: Format): string => (mean < 10 ? format.decimal(mean) : format.number(Math.round(mean)))

const portText = (port: LiveOverview['ports'][number] | undefined): string => (port === undefined ? '—' : port.service == null ? port.key : `${port.key} (${port.service})`)

/** Packets per live sensor and second watched: minutes in which nobody watched make no hour quieter. */
const rateOf = (period: Pick<LiveOverview, 'coverage' | 'packets_per_sensor'> | null): number | undefined =>
  period === null || period.packets_per_sensor === null || period.coverage.watched_s === 0 ? undefined : period.packets_per_sensor / period.coverage.watched_s

function sentence(overview: LiveOverview, t: Text, format: Format): string {
  const { coverage, packets, sources, packets_per_sensor, previous, ports, newest_minute, sensors_total, sensors_pending } = overview
  if (sensors_total === 0) return t('overview.sentence_no_sensor', { pending: sensors_pending })
  const time = clockText(overview.to, format)
  if (packets_per_sensor === null || coverage.sensors_live === 0) {
    return newest_minute === null ? t('overview.sentence_nothing', { time, total: sensors_total })
      : t('overview.sentence_silent', { time, newest: clockText(newest_minute, format), total: coverage.sensors_total })
  }
  const values = {
    time, live: coverage.sensors_live, total: coverage.sensors_total, packets: format.number(packets), sources: format.number(sources),
    mean: meanText(packets_per_sensor, format), port: portText(ports[0]),
  }
  const before = rateOf(previous)
  const now = rateOf(overview)
  if (!before || now === undefined) return t('overview.sentence_first', values)
  const change = now / before - 1
  const direction = Math.abs(change) < SAME_SHARE ? 'same' : change > 0 ? 'more' : 'less'
  return t('overview.sentence', { ...values, direction, percent: format.percent(Math.abs(change)) })
}

/** What is happening now, in one sentence. */
export function useSentence(overview: LiveOverview | undefined, failed: boolean): string {
  const t = useText()
  const format = useFormat()
  return overview === undefined ? t(failed ? 'overview.sentence_failed' : 'overview.sentence_loading') : sentence(overview, t, format)
}
