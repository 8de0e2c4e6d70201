import type { ProblemCode } from './problem.ts'

/** What went wrong, for the one who asked: a registered code and the values its text names. */
export interface Problem {
  readonly code: ProblemCode
  readonly detail: Readonly<Record<string, string | number | boolean>>
}

/** An expected outcome is a value; a bug throws. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

export const fail = (code: ProblemCode, detail: Problem['detail'] = {}): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { code, detail },
})

/** The value, or a throw: for places where failure would be our own bug. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(`unexpected problem ${result.problem.code} ${JSON.stringify(result.problem.detail)}`)
}
