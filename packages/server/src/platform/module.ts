import type { Store } from '@hirundo/analytics'
import type { Result, World } from '@hirundo/base'
import type { Input, Output, Route, Scope } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Logger } from 'pino'
import type { Static, TSchema } from 'typebox'

/** Who asks: an API token or a signed-in person, of one organisation. */
export interface Actor {
  readonly kind: 'token' | 'person'
  /** As it stands in the audit: the token's id, or `person:<uuid>`. */
  readonly actor_id: string
  readonly name: string
  readonly organisation_id: number
  readonly scopes: readonly Scope[]
  readonly person_id?: string
  readonly session_id?: string
}

/** What a handler may know and say of HTTP beyond its route: needed by few, mainly to sign people in. */
export interface Exchange {
  /** Of the caller, after trusted proxies; goes into no log, answer or table. */
  readonly address: string
  /** `https://node.example`: how the caller reached the node, or its configured public address. */
  readonly origin: string
  /** Path and query as asked. */
  readonly url: string
  /** Adds a cookie to the answer. */
  setCookie(text: string): void
  /** Answers 303 to `location` in place of the result. */
  redirect(location: string): void
}

export interface RequestContext {
  /** Undefined only on `public` and `sensor` routes. */
  readonly actor: Actor | undefined
  readonly raw_body: Uint8Array | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Absent where a handler is called without HTTP. */
  readonly exchange?: Exchange
  /** Of the request, in its log line and in problems as `urn:uuid:`. */
  readonly request_id: string
}

/** A route with the function that answers it. A problem's `retry_after_s` becomes the Retry-After header. */
export interface Handler {
  readonly route: Route
  readonly answer: (input: never, context: RequestContext) => Promise<Result<unknown>>
}

export const handle = <R extends Route>(
  route: R,
  answer: (input: Input<R>, context: RequestContext) => Promise<Result<Output<R>>>,
): Handler => ({ route: route as Route, answer })

/** Frames for whoever listens. Each replaces the one before: a reader that is slow gets the newest and not all. */
export interface EventFeed {
  /** Takes a listener in and gives what takes it off again; `send` may be called at once. */
  add(send: (frame: Uint8Array) => void): () => void
}

/** A route of events; `open` says whose feed it is, or why there is none. */
export const handleEvents = <R extends Route & { readonly events: string }>(
  route: R,
  open: (input: Input<R>, context: RequestContext) => Promise<Result<EventFeed>>,
): Handler => ({ route, answer: open })

/** An answer that is a file; its content type is what its route `produces`. */
export interface FileAnswer {
  readonly bytes: Uint8Array
  /** Replace those that every answer has, as the content security policy of a page. */
  readonly headers: Readonly<Record<string, string>>
}

export const handleFile = <R extends Route & { readonly produces: string }>(
  route: R,
  answer: (input: Input<R>, context: RequestContext) => Promise<Result<FileAnswer>>,
): Handler => ({ route, answer })

/** What the composition root hands to every module. */
export interface Platform {
  readonly world: World
  readonly log: Logger
  readonly db: Kysely<unknown>
  readonly analytics: Store
  readonly audit: (entry: AuditEntry, db?: Kysely<unknown>) => Promise<void>
  readonly metrics: Metrics
  readonly settings: Settings
  readonly node_key: NodeKey
  /** The node's own; a module keeps its files in `<data_dir>/<module name>/`, which it makes itself. */
  readonly data_dir: string
}

/** The node's Ed25519 identity, kept in its data directory. */
export interface NodeKey {
  /** 32 bytes. */
  readonly public_key_raw: Uint8Array
  /** `fingerprintText` of the raw key's SHA-256. */
  readonly fingerprint: string
  /** Ed25519 signature of 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

export interface AuditEntry {
  readonly organisation_id: number
  /** Token id, `person:<uuid>`, `system`, or `sensor:<uuid>`. */
  readonly actor: string
  /** `module.verb`, e.g. `sensor.approve`. */
  readonly action: string
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Prometheus instruments, made once by name. */
export interface Metrics {
  counter(name: string, help: string): { inc(by?: number): void }
  gauge(name: string, help: string): { set(value: number): void }
}

/** A value that operators change at run time through the settings routes; the default stands until then. */
export interface Setting<S extends TSchema = TSchema> {
  /** `module.name_unit`, e.g. `observatory.raw_retention_days`. */
  readonly key: string
  readonly summary: string
  readonly schema: S
  readonly default: Static<S>
}

export interface Settings {
  get<S extends TSchema>(setting: Setting<S>): Promise<Static<S>>
}

/** One thing that `/readyz` and `hirundo doctor` ask. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  /** It works, and yet a person should read the detail. */
  readonly attention?: boolean
  /** What was found and, when not ok, the next step. Names no sensor, address or path. */
  readonly detail: string
}

/** What the status page and `hirundo status` show. */
export interface Facts {
  readonly sensors: { readonly approved: number; readonly pending: number; readonly live: number; readonly simulated: number; readonly interactions: number }
}

/** A capability of the node. `start` runs after migrations; `stop` must finish or give up what it began. */
export interface Module {
  readonly name: string
  readonly migrations: Readonly<Record<string, Migration>>
  readonly handlers: readonly Handler[]
  readonly settings?: readonly Setting[]
  start?(): Promise<void>
  stop?(): Promise<void>
  checks?(): Promise<readonly Check[]>
  facts?(): Promise<Facts>
  /**
   * Copies what the module keeps in files below `directory` (empty, made by the caller), as it must stand in
   * `<data_dir>/<name>/` after a restore. Runs after PostgreSQL and the analytics store were copied, so the copy may be
   * ahead of them and never behind.
   */
  backup?(directory: string): Promise<void>
  /** The backup that `backup` last took part in is complete and was read back: what it holds may be let go of. */
  backedUp?(): Promise<void>
}
