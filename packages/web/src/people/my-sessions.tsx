import { endMySession, endMySessions, listMySessions, type PersonSessionView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { call, useAnswer } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Ask } from '../ui/ask.tsx'
import { Answered } from '../ui/state.tsx'
import { ActProblem } from './act-problem.tsx'
import { SessionTable } from './session-table.tsx'
import { useStepUp } from './use-step-up.ts'

/** Where I am signed in. */
export function MySessions() {
  const t = useText()
  const answer = useAnswer(listMySessions, {})
  const client = useQueryClient()
  const { run, error } = useStepUp()
  const show = (left: { readonly sessions: readonly PersonSessionView[] } | undefined) => left && client.setQueriesData({ queryKey: [listMySessions.id] }, left)
  return (
    <section className="section">
      <h2>{t('people.sessions')}</h2>
      <ActProblem error={error} />
      <Answered answer={answer} lines={3}>{({ sessions }) => <>
        <SessionTable sessions={sessions} onEnd={({ id }) => void run(() => call(endMySession, { params: { id } })).then(show)} />
        {sessions.length > 1 && <div><Ask label={t('people.sessions_end_others')} question={t('people.sessions_end_others_question')} onConfirm={() => void run(() => call(endMySessions, {})).then(show)} /></div>}
      </>}</Answered>
    </section>
  )
}
