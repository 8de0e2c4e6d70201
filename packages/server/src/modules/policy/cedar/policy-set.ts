import { readFileSync } from 'node:fs'
import { checkParseSchema, policySetTextToParts, policyToJson, preparseSchema, validate, type DetailedError, type PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { fail, ok, type Result } from '@hirundo/base'
import { POLICY_CHARS_MAX } from '@hirundo/contract'

export const policies_max = 100

/** One policy by its @id. */
export interface Policy {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly text: string
  /** Cedar's own JSON of it. */
  readonly json: PolicyJson
}

/** Policies that were read and checked against the schema; only `readPolicySet` makes one. */
export interface PolicySet {
  readonly text: string
  readonly policies: readonly Policy[]
}

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
export const schemaText = file('policy.cedarschema')
export const SCHEMA = 'hirundo'

/** The policies that the node ships with. */
export const defaultPolicyText = ['tlp', 'circle', 'limits'].map((name) => file(`default/${name}.cedar`)).join('\n')

const prepared = preparseSchema(SCHEMA, schemaText)
if (prepared.type === 'failure') throw new Error(`the policies' schema cannot be read: ${JSON.stringify(checkParseSchema(schemaText))}`)

const REASON_CHARS_MAX = 300
const says = ({ message, help }: DetailedError): string => (help ? `${message} (${help})` : message).slice(0, REASON_CHARS_MAX)
const invalid = (policy: string, reason: string) => fail('policy/invalid', { policy, reason })

const ID = /^[a-z][a-z0-9-]{0,63}$/

/** Policy by policy, in their order. Problem: `policy/invalid`. */
function partsOf(text: string): Result<readonly Policy[]> {
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') return invalid('', parts.errors.map(says).join('; ').slice(0, REASON_CHARS_MAX))
  if (parts.policy_templates.length > 0) return invalid('', 'templates are not taken')
  if (parts.policies.length > policies_max) return invalid('', `there are more than ${policies_max}`)
  const policies: Policy[] = []
  for (const [i, part] of parts.policies.entries()) {
    const answer = policyToJson(part)
    if (answer.type === 'failure') return invalid(String(i + 1), answer.errors.map(says).join('; '))
    const id = answer.json.annotations?.['id'] ?? ''
    if (!ID.test(id) || id === NO_PERMIT) return invalid(id.slice(0, 64) || String(i + 1), 'each policy has an @id of small letters, digits and hyphens')
    if (policies.some((one) => one.id === id)) return invalid(id, 'another policy has this @id')
    policies.push({ id, effect: answer.json.effect, text: part, json: answer.json })
  }
  return ok(policies)
}

/** Decided where no policy permits: Cedar then names none. */
export const NO_PERMIT = 'no-permit'

export const byId = (policies: readonly Policy[]): Record<string, string> => Object.fromEntries(policies.map(({ id, text }) => [id, text]))

/** Reads policies and checks each against the schema, strictly. Problem: `policy/invalid` with the policy's id and what is wrong. */
export function readPolicySet(text: string): Result<PolicySet> {
  if (text.length > POLICY_CHARS_MAX) return invalid('', `it is longer than ${POLICY_CHARS_MAX} characters`)
  const policies = partsOf(text)
  if (!policies.ok) return policies
  const checked = validate({ schema: schemaText, policies: { staticPolicies: byId(policies.value) }, validationSettings: { mode: 'strict' } })
  if (checked.type === 'failure') return invalid('', checked.errors.map(says).join('; ').slice(0, REASON_CHARS_MAX))
  const [error] = checked.validationErrors
  return error ? invalid(error.policyId, says(error.error)) : ok({ text, policies: policies.value })
}
