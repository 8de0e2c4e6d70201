import type { ProblemCode } from '@hirundo/base'
import { Type, type Static, type TObject, type TSchema } from 'typebox'

/**
 * What a caller must hold: a scope of an API token or of a person's role, `person` for any signed-in person, `public`
 * for nothing, `sensor` for a request that carries a sensor's own signature (the handler checks it).
 */
export const scopes = [
  'observatory:read', 'content:read', 'sensors:read', 'sensors:write', 'findings:read', 'findings:write', 'bulletins:release',
  'directory:read', 'directory:write',
  'policy:read', 'policy:write', 'tokens:write', 'people:write', 'audit:read', 'node:operate',
] as const
export type Scope = (typeof scopes)[number]
export const ScopeName = Type.Unsafe<Scope>({ type: 'string', enum: [...scopes] })
export type Needs = Scope | 'person' | 'public' | 'sensor'

/** One operation of the API: validation, OpenAPI, handler and client types all come from this constant. */
export interface Route<
  P extends TObject = TObject, Q extends TObject = TObject, B extends TSchema = TSchema, O extends TSchema = TSchema,
> {
  /** `module.operation`, unique; the OpenAPI operationId. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below /api/v1, with `:name` for parameters. */
  readonly path: string
  readonly summary: string
  readonly needs: Needs
  /** A person's session must have been authenticated within the last 15 minutes, else `auth/reauthenticate`. */
  readonly step_up?: true
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Content type of a request body that is not JSON; the handler gets its bytes. */
  readonly raw_body?: string
  /** Name of the events of a stream (text/event-stream); each carries one `output` as its data. */
  readonly events?: string
  /** Content type of an answer that is a file and not JSON; `output` then describes its bytes. */
  readonly produces?: string
  readonly output: O
  readonly errors: readonly ProblemCode[]
}

/** Keeps the exact type of the definition, from which `Input`, `Output` and the client take theirs. */
export const route = <const D extends Route>(definition: D): D => definition

/** What a handler is given; parts that the route does not declare are `undefined`. */
export interface Input<R> {
  readonly params: R extends { params: infer P extends TObject } ? Static<P> : undefined
  readonly query: R extends { query: infer Q extends TObject } ? Static<Q> : undefined
  readonly body: R extends { body: infer B extends TSchema } ? Static<B> : undefined
}
export type Output<R> = R extends { output: infer O extends TSchema } ? Static<O> : never
