import type { Store } from '@hirundo/analytics'
import type { Result, World } from '@hirundo/base'
import type { Input, Output, Route, Scope } from '@hirundo/contract'
import type { Kysely, Migration } from 'kysely'
import type { Logger } from 'pino'

/** Who asks: an API token of one organisation. */
export interface Actor {
  readonly token_id: string
  readonly name: string
  readonly organisation_id: number
  readonly scopes: readonly Scope[]
}

export interface RequestContext {
  /** Undefined only on `public` and `sensor` routes. */
  readonly actor: Actor | undefined
  readonly raw_body: Uint8Array | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** A route with the function that answers it. */
export interface Handler {
  readonly route: Route
  readonly answer: (input: never, context: RequestContext) => Promise<Result<unknown>>
}

export const handle = <R extends Route>(
  route: R,
  answer: (input: Input<R>, context: RequestContext) => Promise<Result<Output<R>>>,
): Handler => ({ route, answer })

/** What the composition root hands to every module. */
export interface Platform {
  readonly world: World
  readonly log: Logger
  readonly db: Kysely<unknown>
  readonly analytics: Store
  readonly audit: (entry: AuditEntry, db?: Kysely<unknown>) => Promise<void>
  readonly metrics: Metrics
  readonly data_dir: string
}

export interface AuditEntry {
  readonly organisation_id: number
  /** Token id, `system`, or `sensor:<uuid>`. */
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

/** A capability of the node. `start` runs after migrations; `stop` must finish or give up what it began. */
export interface Module {
  readonly name: string
  readonly migrations: Readonly<Record<string, Migration>>
  readonly handlers: readonly Handler[]
  start?(): Promise<void>
  stop?(): Promise<void>
}
