import { createHash } from 'node:crypto'
import type { FindingKind, Subject } from '@hirundo/contract'
import { members_max, type Detection } from '../detectors/model.ts'
import { rankOf } from '../model.ts'
import type { DetectorIdentity } from '../watch/model.ts'
import { keptSubject, keptText, subjectKey } from './subject.ts'

/** Of one detection; no detector of ours gives so many. */
const evidence_max = 20
const crossed_max = 20
const figures_max = 50
const member_chars_max = 100

/** A detection as it is kept. Times in whole seconds. */
export interface KeptDetection {
  readonly kind: FindingKind
  readonly subject: Subject
  readonly subject_key: Buffer
  readonly start: number
  readonly end: number
  readonly open: boolean
  readonly severity: number
  readonly packets: number
  readonly max_ppm: number | null
  readonly sources: number | null
  readonly sensors: number | null
  readonly figures: Readonly<Record<string, number>>
  readonly crossed: Detection['crossed']
  readonly members: readonly string[]
  readonly evidence: Detection['evidence']
  readonly version: number
  readonly parameters: object
  readonly simulated: boolean
  /** SHA-256 of all that was told. */
  readonly hash: Buffer
}

const whole = (value: number | null | undefined): number | null =>
  (value === null || value === undefined || !Number.isFinite(value) ? null : Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(value))))

const finite = (figures: Detection['figures']): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)).slice(0, figures_max))

/** The detection within our bounds, in a form that the database takes whatever a stranger's payload was. */
export function keptDetection(detection: Detection, { version, parameters }: DetectorIdentity, simulated: boolean): KeptDetection {
  const subject = keptSubject(detection.subject)
  const { figures, crossed, evidence, members = [] } = detection
  const told = {
    kind: detection.kind, subject, start: Math.floor(detection.start), end: Math.floor(Math.max(detection.start, detection.end)), open: detection.open,
    severity: rankOf(detection.severity), packets: whole(detection.packets) ?? 0,
    max_ppm: Number.isFinite(detection.max_ppm) ? detection.max_ppm! : null,
    sources: whole(figures.sources ?? evidence[0]?.sources), sensors: whole(figures.sensors ?? evidence[0]?.sensors),
    figures: finite(figures), crossed: crossed.slice(0, crossed_max), members: members.slice(0, members_max).map((one) => keptText(one, member_chars_max)),
    evidence: evidence.slice(0, evidence_max), version, parameters, simulated,
  }
  return { ...told, subject_key: subjectKey(subject), hash: createHash('sha256').update(JSON.stringify(told)).digest() }
}

/** Tells an event of an organisation from all others. */
export const eventId = ({ kind, subject_key, start }: Pick<KeptDetection, 'kind' | 'subject_key' | 'start'>): string =>
  `${subjectId({ kind, subject_key })} ${start}`
export const subjectId = ({ kind, subject_key }: Pick<KeptDetection, 'kind' | 'subject_key'>): string => `${kind} ${subject_key.toString('base64')}`

/** Stands as the hash of what was taken back: told again it is news again. */
export const WITHDRAWN = Buffer.alloc(32)
