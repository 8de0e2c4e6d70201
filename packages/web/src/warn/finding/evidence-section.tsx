import { checkFinding, type CallOutput, type FindingView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../../api/api.ts'
import { ActProblem } from '../../people/act-problem.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Evidence = FindingView['evidence'][number]
type Checked = CallOutput<typeof checkFinding>
type Answer = Checked['answers'][number]

const reasons = ['late-data', 'retention', 'estimate'] as const
const isReason = (text: string | null): text is (typeof reasons)[number] => (reasons as readonly (string | null)[]).includes(text)

/** What was asked of the store, as words that can be asked again. */
function Query({ query, counted }: { readonly query: Evidence['query']; readonly counted: Evidence['counted'] | undefined }) {
  const t = useText()
  const words = [query.source, query.victim, query.protocol === undefined ? undefined : `${query.protocol}${query.port === undefined ? '' : `/${query.port}`}`].filter((word) => word !== undefined)
  return (
    <>
      {t(`warn.evidence_${query.of}`)} {words.map((word) => <code key={word} className="word">{word}</code>)}
      <span className="quiet block small"><Time at={query.from} both={false} /> – <Time at={query.to} both={false} />{query.research !== 'include' && <> · {t(`ui.research_${query.research}`)}</>}</span>
      {query.signature !== undefined && <span className="quiet block small">{t('warn.evidence_alike')}: <code>{query.signature === '' ? '—' : query.signature}</code></span>}
      {counted !== undefined && <span className="quiet block small">{t(counted === 'sample' ? 'warn.evidence_sample' : 'warn.evidence_at_least')}</span>}
    </>
  )
}

function Same({ answer }: { readonly answer: Answer | undefined }) {
  const t = useText()
  const format = useFormat()
  if (answer === undefined) return <span data-value>—</span>
  if (answer.same) return <span className="status good">{t('warn.evidence_same')}</span>
  return (
    <>
      <span className="status loss">{t('warn.evidence_differs', { packets: answer.now === null ? '—' : format.number(answer.now.packets) })}</span>
      {answer.reason !== null && <span className="quiet block small">{isReason(answer.reason) ? t(`warn.evidence_${answer.reason === 'late-data' ? 'late' : answer.reason}`) : <span data-value>{answer.reason}</span>}</span>}
    </>
  )
}

/** The questions behind the numbers; they can be asked again here, and must give the same. */
export function EvidenceSection({ finding }: { readonly finding: FindingView }) {
  const t = useText()
  const format = useFormat()
  const { run, busy, error } = useStepUp()
  const [checked, setChecked] = useState<Checked>()
  const check = async () => setChecked(await run(() => call(checkFinding, { params: { id: finding.id } })))
  const number = (value: number | null) => <span data-value>{value === null ? '—' : format.number(value)}</span>
  const rows = finding.evidence.map((evidence: Evidence, i) => ({ ...evidence, id: String(i), answer: checked?.answers[i] }))
  return (
    <section className="section">
      <div className="section-head"><h2>{t('warn.evidence')}</h2><Button isPending={busy} onPress={() => void check()}>{t('warn.evidence_check')}</Button></div>
      <p className="quiet small" role="status">{t(checked === undefined ? 'warn.evidence_note' : checked.reproduced ? 'warn.evidence_reproduced' : 'warn.evidence_not_reproduced')}</p>
      <ActProblem error={error} />
      <Table cards caption={t('warn.evidence')} caption_hidden rows={rows} row_key={({ id }) => id} columns={[
        { id: 'query', head: t('warn.evidence_query'), row_head: true, cell: ({ query, counted }) => <Query query={query} counted={counted} /> },
        { id: 'packets', head: t('ui.packets'), number: true, cell: ({ packets }) => number(packets) },
        { id: 'sources', head: t('ui.sources'), number: true, cell: ({ sources }) => number(sources) },
        { id: 'sensors', head: t('warn.figure.sensors'), number: true, cell: ({ sensors }) => number(sensors) },
        ...(checked === undefined ? [] : [{ id: 'same', head: t('warn.evidence_now'), cell: ({ answer }: { readonly answer: Answer | undefined }) => <Same answer={answer} /> }]),
      ]} />
    </section>
  )
}
