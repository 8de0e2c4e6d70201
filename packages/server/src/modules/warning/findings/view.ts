import { formatMillis } from '@hirundo/base'
import type { FindingRow, Subject } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import { severityOf } from '../model.ts'
import type { FoundFinding } from './events.ts'
import type { SelectedFinding } from './select.ts'

export const readsContent = ({ scopes }: Pick<Actor, 'scopes'>): boolean => scopes.includes('content:read')

/** Values that strangers wrote are content; a fingerprint of TLS is none. */
export function shownSubject(subject: Subject, content: boolean): Subject {
  if (content || subject.value === undefined || subject.novelty === 'ja4') return subject
  return { ...subject, value: null }
}

/** A finding in a list. `content`: the reader holds content:read. */
export function rowOf(row: SelectedFinding, content: boolean): FindingRow {
  return {
    id: row.uuid, kind: row.kind, subject: shownSubject(row.subject, content), severity: severityOf(row.severity), state: row.state, muted: row.muted, open: row.open,
    start: formatMillis(row.start_at.getTime()), end: formatMillis(row.end_at.getTime()), found_at: formatMillis(row.found_at.getTime()),
    occurrences: row.occurrences, packets: row.packets, max_ppm: row.max_ppm, sources: row.sources, sensors: row.sensors,
    economy: row.economy, asn: row.asn, as_name: row.as_name, owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner_name ?? '' },
    simulated: row.simulated, own: row.own, figures: { ...row.figures }, crossed: [...row.crossed],
  }
}

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)

/** A finding as other parts of the node hear of it. */
export const foundOf = (row: SelectedFinding): FoundFinding => ({
  id: row.uuid, organisation_id: row.organisation_id, kind: row.kind, subject: row.subject, severity: severityOf(row.severity), state: row.state, muted: row.muted,
  open: row.open, start: seconds(row.start_at), end: seconds(row.end_at), packets: row.packets, economy: row.economy, asn: row.asn, as_name: row.as_name,
  own: row.own, simulated: row.simulated, tlp: row.tlp, figures: row.figures, crossed: row.crossed,
})
