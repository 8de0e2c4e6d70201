import { problems, type Problem } from '@hirundo/base'
import { catalogues, isMessageKey, message as messageIn, type Language } from '@hirundo/contract'

export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  /** What a program may read of the detail. */
  readonly values: Problem['detail']
}

const detail_chars_max = 1000

/** The body of a problem+json answer (RFC 9457) in the reader's language. */
export function problemBody(problem: Problem, language: Language, request_id: string): ProblemBody {
  const { message, ...values } = problem.detail
  const reason = `reason.${values['reason']}`
  const text = message === undefined && isMessageKey(reason) ? messageIn(language, reason) : message === undefined ? Object.entries(values).map(([name, value]) => `${name}: ${value}`).join('; ') : String(message)
  return {
    type: `urn:hirundo:problem:${problem.code}`,
    title: catalogues[language][`problem.${problem.code}`],
    status: problems[problem.code].status,
    detail: text.slice(0, detail_chars_max),
    instance: `urn:uuid:${request_id}`,
    values,
  }
}
