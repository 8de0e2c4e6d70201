import { listFindings, listMutes, removeMute, findingSummary, type Mute } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, useAnswer } from '../../api/api.ts'
import { useScope } from '../../app/session.tsx'
import { ActProblem } from '../../people/act-problem.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useFormat } from '../../text/format.ts'
import { useText, type Text } from '../../text/text.tsx'
import { Ask } from '../../ui/ask.tsx'
import { Button } from '../../ui/button.tsx'
import { Answered } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useToast } from '../../ui/toast.tsx'
import { underscored } from '../words/subject.ts'
import { MuteDrawer } from './mute-drawer.tsx'

const subjectText = ({ source, victim, protocol, port }: Mute['subject'], t: Text): string =>
  source ?? victim ?? (protocol === undefined ? t('warn.mute_any') : port === undefined ? protocol : `${protocol}/${port}`)

function Rules({ mutes, onChanged }: { readonly mutes: readonly Mute[]; readonly onChanged: () => void }) {
  const t = useText()
  const format = useFormat()
  const say = useToast()
  const may_write = useScope('findings:write')
  const { run, busy, error } = useStepUp()
  const remove = async (mute: Mute) => {
    const removed = await run(() => call(removeMute, { params: { id: mute.id } }))
    onChanged()
    if (removed) say(t('warn.mute_removed'))
  }
  const nameOf = (mute: Mute): string => (mute.kind === null ? t('warn.kind_all') : t(`warn.kind_${underscored(mute.kind)}`))
  return (
    <>
      <ActProblem error={error} />
      <Table cards caption={t('warn.mutes')} caption_hidden rows={mutes} row_key={({ id }) => id} columns={[
        { id: 'what', head: t('warn.kind'), row_head: true, cell: nameOf },
        { id: 'subject', head: t('warn.subject'), cell: ({ subject }) => <span data-value>{subjectText(subject, t)}</span> },
        { id: 'why', head: t('warn.mute_why'), cell: ({ why, created_by }) => <><span data-value>{why}</span><span className="quiet block small" data-value>{created_by}</span></> },
        { id: 'until', head: t('warn.mute_ends'), cell: ({ until }) => <Time at={until} /> },
        { id: 'kept', head: t('warn.mute_kept'), number: true, cell: ({ muted_findings }) => <span data-value>{format.number(muted_findings)}</span> },
        ...(may_write ? [{ id: 'remove', head: t('warn.acts'), cell: (mute: Mute) => (
          <Ask kind="primary" label={t('warn.mute_remove')} about={`${nameOf(mute)}, ${subjectText(mute.subject, t)}`} isPending={busy} question={t('warn.mute_remove_question', { n: mute.muted_findings })} onConfirm={() => void remove(mute)} />
        ) }] : []),
      ]} />
    </>
  )
}

/** Rules that keep findings off the board; what they kept can be asked for at any time. */
export function MuteSection() {
  const t = useText()
  const client = useQueryClient()
  const may_write = useScope('findings:write')
  const [adding, setAdding] = useState(false)
  const answer = useAnswer(listMutes, {})
  const changed = () => void Promise.all([listMutes, listFindings, findingSummary].map(({ id }) => client.invalidateQueries({ queryKey: [id] })))
  return (
    <section className="section">
      <div className="section-head"><h2>{t('warn.mutes')}</h2>{may_write && <Button onPress={() => setAdding(true)}>{t('warn.mute_new')}</Button>}</div>
      <Answered answer={answer} lines={3}>{({ mutes }) => (mutes.length === 0 ? <p className="quiet">{t('warn.mutes_none')}</p> : <Rules mutes={mutes} onChanged={changed} />)}</Answered>
      {adding && <MuteDrawer first={{ kind: null, subject: {} }} onClose={() => setAdding(false)} onDone={() => {
        setAdding(false)
        changed()
      }} />}
    </section>
  )
}
