import type { PersonSessionView } from '@hirundo/contract'
import { useText } from '../text/text.tsx'
import { Ask } from '../ui/ask.tsx'
import { Table, type Column } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

/** Where somebody is signed in. `onEnd` ends one; the present one ends by signing out. */
export function SessionTable({ sessions, onEnd }: { readonly sessions: readonly PersonSessionView[]; readonly onEnd: (session: PersonSessionView) => void }) {
  const t = useText()
  const name = ({ agent }: PersonSessionView): string => (agent === '' ? t('people.agent_unknown') : agent)
  const end: Column<PersonSessionView> = {
    id: 'act', head: t('people.actions'), cell: (session) => session.current ? null
      : <Ask label={t('people.session_end')} about={name(session)} question={t('people.session_end_question')} onConfirm={() => onEnd(session)} />,
  }
  return (
    <Table caption={t('people.sessions_table')} caption_hidden cards rows={sessions} row_key={({ id }) => id} columns={[
      { id: 'agent', head: t('people.session_agent'), row_head: true, cell: (session) => <>
        <span data-value={session.agent === '' ? undefined : true}>{name(session)}</span>{session.current && <span className="good"> · {t('people.session_current')}</span>}
        <span className="quiet block">{t(`people.method_${session.method.replace('-', '_') as 'passkey'}`)}</span>
      </> },
      { id: 'seen', head: t('people.last_seen'), cell: ({ last_seen_at }) => <Time at={last_seen_at} both={false} /> },
      { id: 'expires', head: t('people.session_ends'), cell: ({ expires_at }) => <Time at={expires_at} both={false} /> },
      ...(sessions.every(({ current }) => current) ? [] : [end]),
    ]} />
  )
}
