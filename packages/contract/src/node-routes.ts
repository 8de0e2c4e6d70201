import { Type, type Static } from 'typebox'
import { route, ScopeName, scopes } from './route.ts'
import { Instant, Name, Next, pageQuery, UuidText } from './shapes.ts'

const Cidr = Type.String({ minLength: 2, maxLength: 49, description: 'Network in CIDR notation' })

export const TokenView = Type.Object({
  id: UuidText,
  organisation: UuidText,
  name: Name,
  scopes: Type.Array(ScopeName),
  networks: Type.Array(Cidr, { description: 'Where requests must come from; empty: anywhere' }),
  created_at: Instant,
  expires_at: Type.Union([Instant, Type.Null()]),
  last_used_at: Type.Union([Instant, Type.Null()], { description: 'To within a minute' }),
  revoked_at: Type.Union([Instant, Type.Null()]),
  made: Type.Array(Type.Object({ id: UuidText, name: Name }), { maxItems: 100, description: 'In lists: tokens in force that it made, and that those made; revoking it ends them too' }),
})
export type TokenView = Static<typeof TokenView>

export const listTokens = route({
  id: 'tokens.list', method: 'GET', path: '/tokens', needs: 'tokens:write', summary: 'API tokens of the organisation, newest first',
  query: Type.Object(pageQuery),
  output: Type.Object({ tokens: Type.Array(TokenView), next: Next }),
  errors: ['request/invalid'],
})

export const createToken = route({
  id: 'tokens.create', method: 'POST', path: '/tokens', needs: 'tokens:write', step_up: true,
  summary: 'Creates a token with at most the scopes of the one that asks; its text is shown only in this answer',
  body: Type.Object({
    name: Name,
    scopes: Type.Array(ScopeName, { minItems: 1, maxItems: scopes.length }),
    networks: Type.Optional(Type.Array(Cidr, { maxItems: 32 })),
    expires_at: Type.Optional(Instant),
    organisation: Type.Optional(Type.String({ maxLength: 36, description: 'Another organisation of this node; needs node:operate' })),
  }),
  output: Type.Object({ token: Type.String(), view: TokenView }),
  errors: ['request/invalid', 'auth/required', 'auth/forbidden', 'organisation/not-found'],
})

export const revokeToken = route({
  id: 'tokens.revoke', method: 'DELETE', path: '/tokens/:id', needs: 'tokens:write',
  summary: 'Ends a token at once, and all tokens that it made; doing it again changes nothing',
  params: Type.Object({ id: UuidText }),
  output: TokenView,
  errors: ['token/not-found'],
})

export const OrganisationView = Type.Object({ id: UuidText, name: Name, created_at: Instant })
export type OrganisationView = Static<typeof OrganisationView>

export const listOrganisations = route({
  id: 'organisations.list', method: 'GET', path: '/organisations', needs: 'node:operate', summary: 'Organisations on this node',
  output: Type.Object({ organisations: Type.Array(OrganisationView) }),
  errors: [],
})

export const createOrganisation = route({
  id: 'organisations.create', method: 'POST', path: '/organisations', needs: 'node:operate', summary: 'Adds an organisation to this node',
  body: Type.Object({ name: Name }),
  output: OrganisationView,
  errors: ['organisation/name-taken'],
})

export const AuditEntryView = Type.Object({
  id: Type.Integer(),
  at: Instant,
  actor: Type.String({ description: 'Token id, `person:<uuid>`, `system` or `sensor:<uuid>`' }),
  action: Type.String(),
  subject: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
})
export type AuditEntryView = Static<typeof AuditEntryView>

export const listAudit = route({
  id: 'audit.list', method: 'GET', path: '/audit', needs: 'audit:read', summary: 'Every change, newest first',
  query: Type.Object({ ...pageQuery, action: Type.Optional(Type.String({ maxLength: 100, description: 'Only this action' })) }),
  output: Type.Object({ entries: Type.Array(AuditEntryView), next: Next }),
  errors: ['request/invalid'],
})

export const SettingView = Type.Object({
  key: Type.String(),
  summary: Type.String(),
  value: Type.Unknown(),
  default: Type.Unknown(),
  changed_at: Type.Union([Instant, Type.Null()]),
})
export type SettingView = Static<typeof SettingView>

export const listSettings = route({
  id: 'settings.list', method: 'GET', path: '/settings', needs: 'node:operate', summary: 'What can be changed while the node runs',
  output: Type.Object({ settings: Type.Array(SettingView) }),
  errors: [],
})

export const putSetting = route({
  id: 'settings.put', method: 'PUT', path: '/settings/:key', needs: 'node:operate', summary: 'Changes one setting',
  params: Type.Object({ key: Type.String({ maxLength: 100 }) }),
  body: Type.Object({ value: Type.Unknown() }),
  output: SettingView,
  errors: ['setting/not-found', 'setting/invalid'],
})

export const CheckView = Type.Object({
  name: Type.String(), ok: Type.Boolean(),
  attention: Type.Optional(Type.Boolean({ description: 'It works, and yet a person should read the detail' })),
  detail: Type.String({ description: 'In English, for operators' }),
})
export type CheckView = Static<typeof CheckView>

export const NodeStatus = Type.Object({
  version: Type.String(),
  fingerprint: Type.String({ description: 'Of the node key; sensors pin it' }),
  started_at: Instant,
  uptime_s: Type.Integer(),
  ready: Type.Boolean(),
  checks: Type.Array(CheckView),
  sensors: Type.Object({
    approved: Type.Integer(), pending: Type.Integer(), live: Type.Integer(), simulated: Type.Integer(),
    interactions: Type.Integer({ description: 'Interactions with sensors that answer, stored so far' }),
  }),
})
export type NodeStatus = Static<typeof NodeStatus>

export const nodeStatus = route({
  id: 'node.status', method: 'GET', path: '/node', needs: 'node:operate', summary: 'How the node and its parts are',
  output: NodeStatus,
  errors: [],
})

export const BackupView = Type.Object({
  id: UuidText,
  state: Type.Union([Type.Literal('running'), Type.Literal('done'), Type.Literal('failed')]),
  started_at: Instant,
  files: Type.Integer(),
  size_bytes: Type.Integer(),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it failed' }),
})
export type BackupView = Static<typeof BackupView>

export const startBackup = route({
  id: 'node.backup', method: 'POST', path: '/node/backups', needs: 'node:operate',
  summary: 'Starts a backup into a directory of the node’s machine that does not exist yet or is empty',
  body: Type.Object({ directory: Type.String({ minLength: 1, maxLength: 1000, pattern: '^/' }) }),
  output: BackupView,
  errors: ['request/invalid', 'backup/running', 'backup/target-invalid'],
})

export const getBackup = route({
  id: 'node.backup-status', method: 'GET', path: '/node/backups/:id', needs: 'node:operate', summary: 'How a backup goes',
  params: Type.Object({ id: UuidText }),
  output: BackupView,
  errors: ['backup/not-found'],
})

/** Routes of the node itself, beside those of its modules. */
export const nodeRoutes = [
  listTokens, createToken, revokeToken, listOrganisations, createOrganisation, listAudit, listSettings, putSetting,
  nodeStatus, startBackup, getBackup,
] as const
