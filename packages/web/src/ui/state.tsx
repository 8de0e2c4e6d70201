import type { ReactNode } from 'react'
import { ProblemError } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Button } from './button.tsx'

/** Grey room of about the size of what comes. */
export function Loading({ lines = 6 }: { readonly lines?: number }) {
  const t = useText()
  return (
    <div className="stack" role="status" aria-label={t('ui.loading')}>
      {Array.from({ length: lines }, (_, i) => <div key={i} className={`skeleton skeleton-${i % 3}`} />)}
    </div>
  )
}

/** Nothing to show: why, and what to do. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: ReactNode }) => (
  <div className="empty"><h2>{title}</h2>{children}</div>
)

/** What went wrong, by the node's own words, with the next step. */
export function ProblemView({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const t = useText()
  const problem = error instanceof ProblemError ? error.problem : undefined
  const away = problem?.code === 'unreachable'
  // An answer that says no has said why in its title; only a failure of the node or of the page needs advice of ours.
  const next = away ? t('ui.problem_unreachable_next') : problem?.detail || (problem === undefined || problem.status >= 500 ? t('shell.failed_next') : undefined)
  return (
    <div className="notice loss" role="alert">
      <strong>{away ? t('ui.problem_unreachable') : (problem?.title ?? t('shell.failed'))}</strong>
      {next !== undefined && <span data-value={problem?.detail ? true : undefined}>{next}</span>}
      {problem?.instance && problem.status >= 500 ? <span className="quiet">{t('ui.problem_instance', { instance: problem.instance })}</span> : null}
      {onRetry && <Button onPress={onRetry}>{t('ui.retry')}</Button>}
    </div>
  )
}

interface AnswerState<T> { readonly data: T | undefined; readonly error: unknown; readonly isPending: boolean; readonly refetch: () => unknown }

/** The three states of an answer: skeleton, problem, content. What was there stays visible beside a new problem. */
export function Answered<T>({ answer, children, lines }: { readonly answer: AnswerState<T>; readonly children: (data: T) => ReactNode; readonly lines?: number }) {
  return (
    <>
      {answer.error !== null && answer.error !== undefined && <ProblemView error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.data !== undefined ? children(answer.data) : answer.isPending && !answer.error ? <Loading {...(lines === undefined ? {} : { lines })} /> : null}
    </>
  )
}

/** A message beside the left edge: `person`: somebody must act; `loss`: something was lost. */
export const Notice = ({ kind, children }: { readonly kind?: 'person' | 'loss'; readonly children: ReactNode }) => (
  <div className={`notice${kind ? ` ${kind}` : ''}`} role="note">{children}</div>
)
