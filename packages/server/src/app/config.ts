import { roles, type Role } from '@hirundo/contract'
import { logLevels } from '../platform/log/log.ts'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { OperatorError } from '../platform/operator-error.ts'

const MiB = 1024 * 1024
const Url = (scheme: string) => Type.String({ pattern: `^(${scheme})://`, maxLength: 2000 })

/** Everything an operator may configure: by file, then environment, then flags; the later wins. */
export const NodeConfig = Type.Object({
  data_dir: Type.String({ minLength: 1, maxLength: 1000, default: '.hirundo', description: 'Where the node keeps everything' }),
  listen: Type.String({ pattern: '^(\\[[0-9a-fA-F:.]+\\]|[^:\\[\\]]+):[0-9]{1,5}$', default: '127.0.0.1:8080', description: 'HOST:PORT; port 0: any free one' }),
  public_url: Type.Optional(Type.Unsafe<string>({ ...Url('https?'), description: 'Where others reach the node, when behind a proxy' })),
  database_url: Type.Optional(Type.Unsafe<string>({ ...Url('postgres|postgresql'), description: 'Your own PostgreSQL (>= 17); absent: embedded' })),
  clickhouse_url: Type.Optional(Type.Unsafe<string>({ ...Url('https?'), description: 'Your own ClickHouse; absent: embedded' })),
  smtp_url: Type.Optional(Type.Unsafe<string>({ ...Url('smtps?'), description: 'Server that takes the node’s mail, as smtps://user:password@host:465; absent: no mail is sent' })),
  log_level: Type.Unsafe<(typeof logLevels)[number]>({ type: 'string', enum: [...logLevels], default: 'info' }),
  http: Type.Object({
    body_bytes_max: Type.Integer({ minimum: 1024, maximum: 64 * MiB, default: MiB, description: 'Of a JSON request' }),
    connections_max: Type.Integer({ minimum: 10, maximum: 100_000, default: 1000 }),
    request_ms_max: Type.Integer({ minimum: 1000, maximum: 600_000, default: 300_000, description: 'To receive a whole request' }),
    trusted_proxies: Type.Array(Type.String({ maxLength: 49 }), { maxItems: 32, default: [], description: 'CIDRs whose X-Forwarded-For is believed' }),
  }, { additionalProperties: false, default: {} }),
  clickhouse: Type.Object({
    memory_bytes_max: Type.Integer({ minimum: 256 * MiB, default: 900 * MiB, description: 'Embedded: over all queries, merges and caches' }),
    query_memory_bytes_max: Type.Integer({ minimum: 64 * MiB, default: 500 * MiB, description: 'Of one question' }),
    query_seconds_max: Type.Integer({ minimum: 1, maximum: 600, default: 20, description: 'Of one question' }),
    reader_sessions: Type.Integer({ minimum: 1, maximum: 32, default: 3, description: 'Embedded: questions at a time' }),
  }, { additionalProperties: false, default: {} }),
  people: Type.Object({
    session_idle_hours: Type.Integer({ minimum: 1, maximum: 720, default: 12, description: 'Without a request a session ends' }),
    session_hours_max: Type.Integer({ minimum: 1, maximum: 2160, default: 168, description: 'After this a person signs in again' }),
  }, { additionalProperties: false, default: {} }),
  report: Type.Object({
    browser: Type.String({ maxLength: 1000, default: '', description: 'Chromium or Chrome that prints reports as PDF; empty: the first one in PATH' }),
  }, { additionalProperties: false, default: {} }),
  oidc: Type.Optional(Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100, default: 'OpenID Connect', description: 'What people read on the button' }),
    issuer: Type.Unsafe<string>({ type: 'string', pattern: '^(https://|http://(localhost|127\\.0\\.0\\.1)[:/])', maxLength: 2000, description: 'URL of the identity provider; https' }),
    client_id: Type.String({ minLength: 1, maxLength: 200 }),
    client_secret: Type.String({ minLength: 1, maxLength: 1000 }),
    scope: Type.String({ minLength: 6, maxLength: 500, default: 'openid profile email' }),
    roles: Type.Array(Type.Object({
      claim: Type.String({ minLength: 1, maxLength: 200 }), value: Type.String({ minLength: 1, maxLength: 200 }), role: Type.Unsafe<Role>({ type: 'string', enum: [...roles] }),
    }, { additionalProperties: false }), { minItems: 1, maxItems: 64, description: 'Who has this value in this claim gets this role; who matches none is not let in' }),
  }, { additionalProperties: false })),
  observatory: Type.Record(Type.String(), Type.Unknown(), { default: {}, description: 'See the observatory’s settings' }),
  warning: Type.Record(Type.String(), Type.Unknown(), { default: {}, description: 'Bounds and times of the watch' }),
}, { additionalProperties: false })
export type NodeConfig = Static<typeof NodeConfig>

type Tree = { [key: string]: unknown }
type Schema = { type?: string; properties?: Record<string, Schema>; items?: Schema; default?: unknown; description?: string }

/** `HIRUNDO_HTTP_BODY_BYTES_MAX` and the like; the two stores keep the names that the whole world uses. */
const fixedNames: Readonly<Record<string, string>> = { database_url: 'DATABASE_URL', clickhouse_url: 'CLICKHOUSE_URL', data_dir: 'HIRUNDO_DATA' }

export interface ConfigKey {
  readonly path: readonly string[]
  readonly variable: string
  readonly schema: Schema
}

/** Every key that has a name in the environment. */
export function configKeys(schema: Schema = NodeConfig as Schema, path: readonly string[] = []): ConfigKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const here = [...path, name]
    if (child.properties) return configKeys(child, here)
    const variable = fixedNames[here.join('.')] ?? `HIRUNDO_${here.join('_').toUpperCase()}`
    return [{ path: here, variable, schema: child }]
  })
}

function place(tree: Tree, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path as [string, ...string[]]
  if (rest.length === 0) tree[first] = value
  else place((tree[first] ??= {}) as Tree, rest, value)
}

function fromText(text: string, { variable, schema }: ConfigKey): unknown {
  if (schema.type === 'integer') {
    if (!/^-?\d{1,15}$/.test(text)) throw new OperatorError(`${variable} must be a whole number, and is "${text.slice(0, 40)}".`, 'Correct it or remove it.')
    return Number(text)
  }
  if (schema.type === 'array' && schema.items?.type !== 'object') return text.split(',').map((part) => part.trim()).filter((part) => part !== '')
  if (schema.type === 'object' || schema.type === 'array') {
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw new OperatorError(`${variable} must be JSON, and is "${text.slice(0, 40)}".`, 'Correct it or remove it.')
    }
  }
  return text
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Tree {
  const tree: Tree = {}
  for (const key of configKeys()) {
    const text = environment[key.variable]
    if (text !== undefined && text !== '') place(tree, key.path, fromText(text, key))
  }
  return tree
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

function merge(below: Tree, above: Tree): Tree {
  const merged: Tree = { ...below }
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue
    const under = merged[key]
    merged[key] = isTree(value) && isTree(under) ? merge(under, value) : value
  }
  return merged
}

export interface ConfigSources {
  /** Content of the file, parsed; what it is called, for messages. */
  readonly file?: { readonly name: string; readonly content: unknown }
  readonly environment?: NodeJS.ProcessEnv
  readonly flags?: { readonly [K in keyof NodeConfig]?: NodeConfig[K] | undefined }
}

function undeclared(tree: Tree, schema: Schema, path: string): string | undefined {
  for (const [key, value] of Object.entries(tree)) {
    const child = schema.properties?.[key]
    if (!child) return schema.properties ? `${path}${key}` : undefined
    const below = isTree(value) ? undeclared(value, child, `${path}${key}.`) : undefined
    if (below) return below
  }
  return undefined
}

/** The whole configuration. Throws OperatorError that names the key which is unknown or wrong. */
export function readConfig(sources: ConfigSources): NodeConfig {
  const { content, name } = sources.file ?? { content: {}, name: '' }
  if (!isTree(content)) throw new OperatorError(`${name} must hold one JSON object.`, 'Begin it with { and end it with }.')
  const given = merge(merge(content, fromEnvironment(sources.environment ?? {})), (sources.flags ?? {}) as Tree)
  const unknown = undeclared(given, NodeConfig as Schema, '')
  if (unknown !== undefined) throw new OperatorError(`${name || 'The configuration'} names "${unknown}", which no key is called.`, 'The operator’s guide lists the keys.')
  const config = Value.Default(NodeConfig, structuredClone(given))
  if (Value.Check(NodeConfig, config)) return config
  const [error] = Value.Errors(NodeConfig, config)
  const key = error!.instancePath.slice(1).replaceAll('/', '.')
  const form = error!.keyword === 'pattern' ? configKeys().find(({ path }) => path.join('.') === key)?.schema.description : undefined
  throw new OperatorError(`The configuration's "${key}" ${form === undefined ? error!.message : `has another form than it needs: ${form}`}.`, 'Correct the file, the environment variable or the flag that sets it.')
}

/** The configuration without what is secret in it: passwords of the stores' addresses, the secret shared with the identity provider. */
export function withoutSecrets(config: NodeConfig): NodeConfig {
  const hide = (text: string | undefined) => text?.replace(/\/\/[^/]*@/, '//***@').replace(/(password|secret|token)=[^&]*/gi, '$1=***')
  const hidden = { database_url: hide(config.database_url), clickhouse_url: hide(config.clickhouse_url), smtp_url: hide(config.smtp_url) }
  const oidc = config.oidc && { ...config.oidc, client_secret: '***' }
  return { ...config, ...(oidc ? { oidc } : {}), ...(JSON.parse(JSON.stringify(hidden)) as Partial<NodeConfig>) }
}
