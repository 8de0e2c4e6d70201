import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { byId, NO_PERMIT, SCHEMA, type Policy } from './policy-set.ts'
import { entitiesOf, labelUid, viewerUid, type CedarRequest } from './request.ts'

export interface Verdict {
  readonly allowed: boolean
  /** Ids of the policies that decided: those that permit, or those that forbid; `no-permit` where none does either. */
  readonly policies: readonly string[]
}

/** Policy sets that stay parsed in Cedar's memory, which gives nothing back: names are used again. */
const slots_max = 64
/** By their text; the longest unused first. */
const slots = new Map<string, string>()

/** The name under which Cedar holds these policies. */
function slotOf(policies: readonly Policy[]): string {
  const key = policies.map(({ id, text }) => `${id}\n${text}`).join('\n')
  const known = slots.get(key)
  if (known !== undefined) {
    slots.delete(key)
    slots.set(key, known)
    return known
  }
  const [oldest] = slots
  const slot = slots.size < slots_max ? `set-${slots.size}` : oldest![1]
  if (slots.size >= slots_max) slots.delete(oldest![0])
  const parsed = preparsePolicySet(slot, { staticPolicies: byId(policies) })
  if (parsed.type === 'failure') throw new Error(`a checked policy set cannot be read: ${JSON.stringify(parsed.errors)}`)
  slots.set(key, slot)
  return slot
}

const action = { type: 'Action', id: 'see' } as const

/**
 * Asks Cedar once: a good part of a millisecond, so never where somebody waits for a list. Throws where a policy fails
 * on the question: Cedar would leave a forbidding policy out that fails, and let it through.
 */
export function askCedar(policies: readonly Policy[], request: CedarRequest): Verdict {
  const answer = statefulIsAuthorized({
    principal: viewerUid, action, resource: labelUid, context: { ...request.context }, entities: entitiesOf(request),
    preparsedPolicySetId: slotOf(policies), preparsedSchemaName: SCHEMA, validateRequest: true,
  })
  if (answer.type === 'failure') throw new Error(`Cedar refused a question: ${JSON.stringify(answer.errors)}`)
  const { decision, diagnostics } = answer.response
  if (diagnostics.errors.length > 0) throw new Error(`policies failed: ${JSON.stringify(diagnostics.errors)}`)
  const allowed = decision === 'allow'
  return { allowed, policies: !allowed && diagnostics.reason.length === 0 ? [NO_PERMIT] : diagnostics.reason.toSorted() }
}
