import { formatSeconds, problems } from '@hirundo/base'
import { severities } from '@hirundo/contract'
import { members_max, type Detection } from '../../modules/warning/index.ts'
import type { CaptureDetections, CaptureFault } from './detect-captures.ts'
import { table } from './frame.ts'

/** How many belong to it, of whom `members` names those with most packets; null: the detector does not count them. */
export function membersTotal({ kind, members = [], figures }: Pick<Detection, 'kind' | 'members' | 'figures'>): number | null {
  if (members.length < members_max) return members.length
  const counted = { scan: figures.ports, 'own-network': figures.ports, synchronised: figures.synchronised_sources }[kind as string] ?? figures.members
  return counted === undefined ? null : Math.max(counted, members.length)
}

/** Detections as they are printed as JSON, in order of time. */
export function detectionRows({ detections, detectors }: CaptureDetections) {
  const parameters = new Map(detectors.map((one) => [one.kind, one.parameters]))
  return detections.map((one) => {
    const { kind, start, end, subject, severity, packets, max_ppm, figures, crossed, members } = one
    return {
      kind, start: formatSeconds(start), end: formatSeconds(end), subject, severity, packets, ...(max_ppm === undefined ? {} : { max_ppm }),
      figures, crossed, ...(members ? { members, members_total: membersTotal(one) } : {}), parameters: parameters.get(kind),
    }
  })
}
type Row = ReturnType<typeof detectionRows>[number]

function whom({ subject }: Row): string {
  const { victim, source, protocol, port, signature, novelty, value } = subject
  const service = protocol === undefined ? '' : `${protocol}${port === undefined ? '' : `/${port}`}`
  if (victim !== undefined) return `${victim} (victim, ${service})`
  return [source, service, signature && `(${signature})`, novelty && `new ${novelty} ${value ?? ''}`].filter(Boolean).join(' ')
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(3))
const why = ({ crossed }: Row): string => crossed.map(({ figure, value, threshold, rule }) => `${figure} ${number(value)} ${rule === 'below' ? '<' : '≥'} ${number(threshold)}`).join(', ')

/** What asks for most of a person's time first; within that in order of time. */
const byUrgency = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))

/** Thresholds of campaigns are not those of the parameters alone: without a word they look like a mistake. */
function thresholdsText(rows: readonly Row[]): string {
  const campaign = rows.find(({ kind }) => kind === 'campaign')
  if (!campaign) return ''
  const { members_min, growth, sensors_min } = campaign.parameters as { readonly members_min?: number; readonly growth?: number; readonly sensors_min?: number }
  return `\nThresholds are those that held then. A campaign: members_min (${members_min}) and growth (${growth}) times the most that came in a day before; sensors_min (${sensors_min}) sensors, or all there are: captures count as one.`
}

/** Detections for people; `hidden`: those that --severity left out. */
export function detectionsText(rows: readonly Row[], hidden: number, { counters, shed, faults }: CaptureDetections): string {
  const looked = `${counters.counted} of ${counters.packets} packets looked at${shed > 0 ? `; ${shed} samples left out, memory is bounded` : ''}`
  const others = hidden === 0 ? '' : ` ${hidden} of other severities not shown.`
  if (rows.length === 0) return faults.length > 0 && counters.packets === 0 ? looked : `${hidden > 0 ? 'Nothing of this severity found.' : 'Nothing found above the thresholds (--help names them).'}${others} ${looked}`
  const columns = [
    { title: 'kind', value: (row: Row) => row.kind }, { title: 'severity', value: (row: Row) => row.severity },
    { title: 'from', value: (row: Row) => row.start }, { title: 'to', value: (row: Row) => row.end },
    { title: 'subject', value: whom }, { title: 'packets', value: (row: Row) => row.packets }, { title: 'densest minute', value: (row: Row) => row.max_ppm },
    { title: 'why', value: why },
  ]
  return `${table(byUrgency(rows), columns)}\n${rows.length} found.${others} ${looked}${thresholdsText(rows)}`
}

/** Why a file could not be read to its end, in one line. */
export function faultText({ path, problem: { code, detail }, packets }: CaptureFault): string {
  const at = Number(detail['offset'] ?? 0)
  const what = `${path}: ${problems[code].title.replace(/^The/, 'the')}: ${detail['what']}${at > 0 ? `, at byte ${at}` : ''}`
  return packets > 0 ? `${what}; ${packets} ${packets === 1 ? 'packet' : 'packets'} before it count` : what
}
