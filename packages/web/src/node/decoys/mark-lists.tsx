import { listMarks } from '@hirundo/contract'
import { useAnswer } from '../../api/api.ts'
import { markNames } from '../../observe/source/heard/marks-notice.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Answered } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

/** Which lists mark sources as standing for many. They are loaded by the API. */
export function MarkLists() {
  const t = useText()
  const format = useFormat()
  const answer = useAnswer(listMarks, {})
  return (
    <section className="section" aria-labelledby="marks">
      <h2 id="marks">{t('decoys.marks')}</h2>
      <p className="quiet prose">{t('decoys.marks_about')}</p>
      <Answered answer={answer} lines={3}>
        {({ lists }) => (lists.length === 0
          ? <><p>{t('decoys.marks_empty')}</p><pre className="code" data-value tabIndex={0} aria-label={t('ui.query_cli')}>hirundo marks load FILE --list NAME --kind tor-exit --as-of YYYY-MM-DD</pre></>
          : <Table cards caption={t('decoys.marks_name')} caption_hidden rows={lists} row_key={({ list }) => list} columns={[
            { id: 'list', head: t('decoys.marks_name'), row_head: true, cell: ({ list }) => <span data-value>{list}</span> },
            { id: 'kind', head: t('decoys.marks_kind'), cell: ({ kind }) => t(markNames[kind]) },
            { id: 'networks', head: t('decoys.marks_networks'), number: true, cell: ({ networks }) => <span data-value>{format.number(networks)}</span> },
            { id: 'as_of', head: t('decoys.marks_as_of'), cell: ({ as_of }) => <span data-value>{as_of}</span> },
            { id: 'loaded', head: t('decoys.marks_loaded'), cell: ({ loaded_at }) => <Time at={loaded_at} both={false} /> },
          ]} />)}
      </Answered>
    </section>
  )
}
