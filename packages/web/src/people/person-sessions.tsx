import { endPersonSession, endPersonSessions, listPersonSessions, type PersonSessionView, type PersonView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { call, useAnswer } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Ask } from '../ui/ask.tsx'
import { Answered } from '../ui/state.tsx'
import { ActProblem } from './act-problem.tsx'
import { SessionTable } from './session-table.tsx'
import { useStepUp } from './use-step-up.ts'

/** Where a person is signed in, for administrators. */
export function PersonSessions({ person: { id, name } }: { readonly person: PersonView }) {
  const t = useText()
  const client = useQueryClient()
  const answer = useAnswer(listPersonSessions, { params: { id } })
  const { run, error } = useStepUp()
  const show = (left: { readonly sessions: readonly PersonSessionView[] } | undefined) => {
    if (left) void client.invalidateQueries({ queryKey: [listPersonSessions.id] })
  }
  return (
    <section className="section" aria-labelledby="person-sessions">
      <h3 id="person-sessions">{t('people.sessions_of')}</h3>
      <ActProblem error={error} />
      <Answered answer={answer} lines={2}>{({ sessions }) => sessions.length === 0 ? <p className="quiet">{t('people.sessions_none')}</p> : <>
        <SessionTable sessions={sessions} onEnd={(session) => void run(() => call(endPersonSession, { params: { id, session_id: session.id } })).then(show)} />
        <div><Ask label={t('people.sessions_end_all')} question={t('people.sessions_end_all_question', { name })} onConfirm={() => void run(() => call(endPersonSessions, { params: { id } })).then(show)} /></div>
      </>}</Answered>
    </section>
  )
}
