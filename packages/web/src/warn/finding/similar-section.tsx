import { Link } from '@tanstack/react-router'
import type { FindingView } from '@hirundo/contract'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { SeverityMark, StateMark } from '../words/marks.tsx'
import { titleOf } from '../words/subject.ts'
import { tellingFigures, toldText } from '../words/why.ts'

/** What was found before about the same port, victim or source, and how it ended. */
export function SimilarSection({ finding }: { readonly finding: FindingView }) {
  const t = useText()
  const format = useFormat()
  return (
    <section className="section">
      <h2>{t('warn.similar')}</h2>
      {finding.similar.length === 0 ? <p className="quiet">{t('warn.similar_none')}</p> : (
        <Table cards caption={t('warn.similar')} caption_hidden rows={finding.similar} row_key={({ id }) => id} columns={[
          { id: 'when', head: t('warn.since'), row_head: true, cell: ({ id, start }) => <Link to="/warn/findings/$id" params={{ id } as never}><Time at={start} both={false} /></Link> },
          { id: 'what', head: t('warn.finding'), cell: ({ kind, subject }) => titleOf(kind, subject, t) },
          { id: 'figure', head: t('warn.why'), cell: (one) => tellingFigures(one, 1).map((told) => <span key={told.name}>{toldText(told, format, t)}</span>) },
          { id: 'severity', head: t('warn.severity'), cell: ({ severity }) => <SeverityMark severity={severity} /> },
          { id: 'state', head: t('warn.state'), cell: ({ state }) => <StateMark state={state} /> },
        ]} />
      )}
    </section>
  )
}
