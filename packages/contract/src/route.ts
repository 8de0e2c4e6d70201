import type { ProblemCode } from '@hirundo/base'
import type { Static, TObject, TSchema } from 'typebox'

/**
 * What a caller must hold: a scope of an API token, `public` for nothing, `sensor` for a request that
 * carries a sensor's own signature (the handler checks it).
 */
export const scopes = [
  'observatory:read', 'sensors:read', 'sensors:write', 'tokens:write', 'audit:read', 'settings:write', 'node:operate',
] as const
export type Scope = (typeof scopes)[number]
export type Needs = Scope | 'public' | 'sensor'

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
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Content type of a request body that is not JSON; the handler gets its bytes. */
  readonly raw_body?: string
  readonly output: O
  readonly errors: readonly ProblemCode[]
}

export const route = <P extends TObject, Q extends TObject, B extends TSchema, O extends TSchema>(
  definition: Route<P, Q, B, O>,
): Route<P, Q, B, O> => definition

/** What a handler is given; absent parts are `undefined`. */
export interface Input<R> {
  readonly params: R extends Route<infer P, TObject, TSchema, TSchema> ? Static<P> : never
  readonly query: R extends Route<TObject, infer Q, TSchema, TSchema> ? Static<Q> : never
  readonly body: R extends Route<TObject, TObject, infer B, TSchema> ? Static<B> : never
}
export type Output<R> = R extends Route<TObject, TObject, TSchema, infer O> ? Static<O> : never
