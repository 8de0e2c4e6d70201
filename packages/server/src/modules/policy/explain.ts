import { formatMillis, ok, type Result } from '@hirundo/base'
import type { Purpose, Viewer } from '@hirundo/contract'
import type { Platform } from '../../platform/module.ts'
import { askCedar } from './cedar/engine.ts'
import { requestOf } from './cedar/request.ts'
import { currentEpoch, policiesOf } from './epoch-store.ts'
import { formatLabel, parseLabel } from './label-codec.ts'
import { phaseAt } from './label.ts'
import { factsOf } from './viewer.ts'
import { saysOf } from './words.ts'

export interface Question {
  /** Canonical text; need not be interned. */
  readonly label: string
  readonly viewer: Viewer
  readonly purpose: Purpose
  readonly at_ms: number
}

/**
 * Why a viewer can or cannot see what carries a label: the policies that decide, and each in words. It asks Cedar itself, one
 * question, so it also answers for labels and viewers that there are not yet. Problems: `label/invalid`, `request/invalid`.
 */
export async function explain(platform: Pick<Platform, 'db' | 'world' | 'audit'>, organisation_id: number, { label: text, viewer, purpose, at_ms }: Question) {
  const label = parseLabel(text)
  if (!label.ok) return label
  const facts = factsOf(viewer)
  if (!facts.ok) return facts
  const epoch = await currentEpoch(platform, organisation_id)
  const verdict = askCedar(policiesOf(epoch).policies, requestOf(facts.value, label.value, phaseAt(label.value, at_ms), purpose))
  return ok({
    allowed: verdict.allowed, epoch: epoch.epoch, label: formatLabel(label.value), at: formatMillis(at_ms),
    policies: verdict.policies.map((id) => ({ id, says: saysOf(id, label.value, viewer, purpose) })),
  }) satisfies Result<unknown>
}
