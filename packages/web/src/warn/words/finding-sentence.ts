import type { FindingView } from '@hirundo/contract'
import type { Format } from '../../text/format.ts'
import type { Text } from '../../text/text.tsx'
import { figureValue } from './figure-units.ts'
import { subjectValues, underscored } from './subject.ts'

/** What was seen, since when, and how sure: by the evidence and by how often this detector was right so far. */
export function findingSentence(finding: FindingView, format: Format, t: Text): string {
  const { kind, subject, start, end, open, packets, figures, sources, sensors, detector: { precision } } = finding
  const told = (name: Parameters<typeof figureValue>[0]): string => (figures[name] === undefined ? '' : figureValue(name, figures[name], format, t))
  const seen = t(`warn.seen_${underscored(kind)}`, {
    ...subjectValues(subject, t), since: format.instant(start), until: format.instant(end), open: open ? 'yes' : 'no',
    packets_n: packets, packets: format.number(packets), sources_n: sources ?? 0, sources: format.number(sources ?? 0), sensors: sensors ?? 0, has_sensors: sensors === null ? 'no' : 'yes',
    members: format.number(figures['members'] ?? finding.members.length), doubling: told('doubling_time_s'), low: told('doubling_time_low_s'), high: told('doubling_time_high_s'),
    has_doubling: told('doubling_time_s') === '' ? 'no' : told('doubling_time_low_s') !== '' && told('doubling_time_high_s') !== '' ? 'interval' : 'yes',
    requests_n: figures['requests'] ?? packets, requests: format.number(figures['requests'] ?? packets), synchronised: format.number(figures['synchronised_sources'] ?? sources ?? 0),
    before: format.number(Math.round(figures['packets_before'] ?? 0)), has_before: figures['packets_before'] === undefined ? 'no' : 'yes',
    proof: (figures['dialogues'] ?? 0) > 0 ? 'dialogue' : (figures['handshakes'] ?? 0) > 0 ? 'handshake' : 'none',
  })
  const judged = precision.confirmed + precision.dismissed
  const sure = t('warn.sure', { judged, confirmed: precision.confirmed, share: precision.precision === null ? '' : format.percent(precision.precision) })
  return t('warn.seen_and_sure', { seen, sure })
}
