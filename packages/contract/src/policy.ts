import { Type } from 'typebox'
import { maybe } from './people-shapes.ts'
import { LabelText, PolicyDiff, PolicyRow, PolicyText, PolicyWords, ProposalView, PurposeName, ViewerShape } from './policy-shapes.ts'
import { route } from './route.ts'
import { Instant, UuidText } from './shapes.ts'

const id = Type.Object({ id: UuidText })
const At = Type.Optional(Type.String({ ...Instant, description: 'At this instant; now when left out' }))
const Why = Type.String({ minLength: 1, maxLength: 1000 })

export const getPolicy = route({
  id: 'policy.get', method: 'GET', path: '/policy', needs: 'policy:read', summary: 'The policy set in force, and since when',
  output: Type.Object({
    epoch: Type.Integer(), since: Instant, by: Type.String(), text: PolicyText, policies: Type.Array(PolicyRow),
    is_default: Type.Boolean({ description: 'It says what this version of the node ships with' }),
  }),
  errors: [],
})
export const listPolicyEpochs = route({
  id: 'policy.epochs', method: 'GET', path: '/policy/epochs', needs: 'policy:read', summary: 'Policy sets that were in force, newest first, at most 100',
  output: Type.Object({ epochs: Type.Array(Type.Object({ epoch: Type.Integer(), since: Instant, by: Type.String(), approved_by: maybe(Type.String()), alone: Type.Boolean(), why: Type.String(), newly_allowed: Type.Integer() })) }), errors: [],
})
export const explainPolicy = route({
  id: 'policy.explain', method: 'POST', path: '/policy/explain', needs: 'policy:read', summary: 'Why a viewer can or cannot see what carries a label',
  body: Type.Object({ label: LabelText, viewer: ViewerShape, purpose: PurposeName, at: At }),
  output: Type.Object({ allowed: Type.Boolean(), epoch: Type.Integer(), label: LabelText, at: Instant, policies: Type.Array(PolicyWords, { description: 'Those that decided' }) }),
  errors: ['label/invalid', 'request/invalid'],
})
export const previewPolicy = route({
  id: 'policy.preview', method: 'POST', path: '/policy/preview', needs: 'policy:read', summary: 'What somebody would see: how much there is per label and kind, and whether they may',
  body: Type.Object({ viewer: ViewerShape, purpose: PurposeName }),
  output: Type.Object({
    epoch: Type.Integer(),
    labels: Type.Array(Type.Object({ label: LabelText, visible: Type.Boolean(), policies: Type.Array(Type.String()), counts: Type.Record(Type.String(), Type.Integer(), { description: 'By kind of thing' }) })),
  }),
  errors: ['request/invalid'],
})
export const checkPolicy = route({
  id: 'policy.check', method: 'POST', path: '/policy/check', needs: 'policy:read', summary: 'Whether a policy set is one: it can be read, each policy has an id, and names only what there is',
  body: Type.Object({ text: PolicyText }), output: Type.Object({ policies: Type.Array(PolicyRow) }), errors: ['policy/invalid'],
})
export const diffPolicy = route({
  id: 'policy.diff', method: 'POST', path: '/policy/diff', needs: 'policy:read', summary: 'What a policy set would newly allow and refuse against the one in force',
  body: Type.Object({ text: PolicyText }), output: PolicyDiff, errors: ['policy/invalid', 'policy/too-wide'],
})
export const listPolicyProposals = route({
  id: 'policy.proposals', method: 'GET', path: '/policy/proposals', needs: 'policy:read', summary: 'Changes of policy that were proposed, newest first, at most 100',
  output: Type.Object({ proposals: Type.Array(ProposalView) }), errors: [],
})
export const proposePolicy = route({
  id: 'policy.propose', method: 'POST', path: '/policy/proposals', needs: 'policy:write', step_up: true,
  summary: 'Proposes a policy set: in force at once if it only tightens, else when a second person approves',
  body: Type.Object({ text: PolicyText, why: Why }), output: ProposalView,
  errors: ['policy/invalid', 'policy/too-wide', 'policy/unchanged', 'policy/no-person', 'policy/changed-meanwhile', 'policy/too-many'],
})
export const approvePolicy = route({
  id: 'policy.approve', method: 'POST', path: '/policy/proposals/:id/approve', needs: 'policy:write', step_up: true,
  summary: 'Puts a proposed policy set in force: by somebody else than who proposed it, or after 24 hours where nobody else could',
  params: id, output: ProposalView, errors: ['policy/not-found', 'policy/wrong-state', 'policy/no-person', 'policy/second-person', 'policy/not-yet', 'policy/changed-meanwhile'],
})
export const withdrawPolicy = route({
  id: 'policy.withdraw', method: 'POST', path: '/policy/proposals/:id/withdraw', needs: 'policy:write', summary: 'Ends a proposal that waits',
  params: id, output: ProposalView, errors: ['policy/not-found', 'policy/wrong-state', 'policy/no-person'],
})

export const policyRoutes = [
  getPolicy, listPolicyEpochs, explainPolicy, previewPolicy, checkPolicy, diffPolicy, listPolicyProposals, proposePolicy, approvePolicy, withdrawPolicy,
] as const
