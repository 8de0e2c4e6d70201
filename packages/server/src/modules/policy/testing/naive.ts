import type { Purpose, Viewer } from '@hirundo/contract'
import type { Label } from '../label.ts'

const isMember = ({ own, role }: Viewer): boolean => own && role !== 'client'

function inCircle({ circle, tlp }: Label, viewer: Viewer): boolean {
  if (circle.kind === 'own') return isMember(viewer)
  if (circle.kind === 'teams') return isMember(viewer) || (viewer.team !== null && circle.teams.includes(viewer.team))
  if (isMember(viewer)) return true
  const membership = viewer.communities.find(({ founder, id }) => founder === circle.founder && id === circle.id)
  return tlp === 'TLP:CLEAR' || membership?.scopes.includes('receive') === true
}

/** Suspended from receiving where the thing belongs, and it is not what the suspension leaves open. */
function isSuspended({ circle, tlp, layer }: Label, viewer: Viewer): boolean {
  if (viewer.own || circle.kind !== 'community') return false
  const membership = viewer.communities.find(({ founder, id }) => founder === circle.founder && id === circle.id)
  if (!membership || membership.scopes.includes('receive')) return false
  return !(membership.carve_outs.includes('public-advisories') && tlp === 'TLP:CLEAR' && layer === 'public')
}

/** The default policies a second time, as a person would say them: tests compare. */
export function naivelyAllowed(label: Label, viewer: Viewer, purpose: Purpose, now_ms: number): boolean {
  const { tlp, layer, circle } = label
  if (label.expiry_ms !== undefined && now_ms >= label.expiry_ms) return false
  if (label.embargo_ms !== undefined && now_ms < label.embargo_ms && !isMember(viewer)) return false
  if (layer !== 'public' && !viewer.layers.some((one) => one === layer)) return false
  if (label.purpose !== 'any' && !(label.purpose === purpose && viewer.purposes.includes(purpose))) return false
  if (!inCircle(label, viewer) || isSuspended(label, viewer)) return false
  if (tlp === 'TLP:CLEAR') return true
  if (viewer.role === 'public') return false
  if (tlp === 'TLP:GREEN') return true
  if (!viewer.purposes.includes(purpose)) return false
  if (tlp === 'TLP:AMBER') return true
  if (viewer.role === 'client') return false
  if (tlp === 'TLP:AMBER+STRICT') return true
  return viewer.role !== 'viewer' && (circle.kind !== 'community' || viewer.own)
}
