import { addDecoy, listDecoys, removeDecoy, type DecoyView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { call, useAnswer } from '../../api/api.ts'
import { ActProblem } from '../../people/act-problem.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { Ask } from '../../ui/ask.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useToast } from '../../ui/toast.tsx'
import { DecoyForm } from './decoy-form.tsx'
import { MarkLists } from './mark-lists.tsx'

const ROWS_MAX = 1000

function DecoyTable({ decoys, onChanged }: { readonly decoys: readonly DecoyView[]; readonly onChanged: () => void }) {
  const t = useText()
  const say = useToast()
  const { run, busy, error } = useStepUp()
  const putBack = async ({ network, note }: DecoyView) => {
    await run(() => call(addDecoy, { body: { network, note } }))
    onChanged()
  }
  const remove = async (decoy: DecoyView) => {
    const removed = await run(() => call(removeDecoy, { params: { id: decoy.id } }))
    onChanged()
    if (removed) say(t('decoys.removed', { network: decoy.network }), () => void putBack(decoy))
  }
  return (
    <>
      <ActProblem error={error} />
      <Table cards caption={t('decoys.list')} caption_hidden rows_shown_max={ROWS_MAX} rows={decoys} row_key={({ id }) => id} columns={[
        { id: 'network', head: t('decoys.network'), row_head: true, cell: ({ network }) => <code>{network}</code> },
        { id: 'note', head: t('decoys.note'), cell: ({ note }) => <span data-value>{note}</span> },
        { id: 'by', head: t('decoys.by'), cell: ({ created_by }) => <span data-value>{created_by}</span> },
        { id: 'at', head: t('decoys.at'), cell: ({ created_at }) => <Time at={created_at} both={false} /> },
        { id: 'remove', head: t('decoys.remove'), cell: (decoy) => (
          <Ask label={t('decoys.remove')} about={decoy.network} isPending={busy} question={t('decoys.remove_question', { network: decoy.network })} onConfirm={() => void remove(decoy)} />
        ) },
      ]} />
    </>
  )
}

/** Which addresses are our own decoys, and which lists mark sources? */
export function DecoysPage() {
  const t = useText()
  const say = useToast()
  const client = useQueryClient()
  const answer = useAnswer(listDecoys, {})
  const changed = () => void client.invalidateQueries({ queryKey: [listDecoys.id] })
  const sentence = answer.data ? t('decoys.sentence', { n: answer.data.decoys.length }) : t(answer.error ? 'top.sentence_failed' : 'decoys.sentence_loading')
  return (
    <Page name={t('shell.decoys')} sentence={sentence}>
      <p className="quiet prose">{t('decoys.private')}</p>
      <div className="grid">
        <div className="two-thirds stack">
          <Answered answer={answer} lines={6}>
            {({ decoys }) => (decoys.length === 0 ? <Empty title={t('decoys.empty')}><p>{t('decoys.empty_text')}</p></Empty> : <DecoyTable decoys={decoys} onChanged={changed} />)}
          </Answered>
        </div>
        <section className="third section" aria-labelledby="decoy-add">
          <h2 id="decoy-add">{t('decoys.add')}</h2>
          <DecoyForm onAdded={({ network }) => {
            say(t('decoys.added', { network }))
            changed()
          }} />
        </section>
      </div>
      <MarkLists />
    </Page>
  )
}
