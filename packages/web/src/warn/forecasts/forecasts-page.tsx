import { serviceOf } from '@hirundo/base'
import { listForecasts, type CallOutput } from '@hirundo/contract'
import { Link } from '@tanstack/react-router'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import '../warn.css'
import { keyOf } from './forecast-key.ts'
import { readForecastOf } from './forecast-state.ts'
import { PrecursorsSection } from './precursors-section.tsx'
import { Coverage, ModelName, Verdict } from './skill.tsx'

type Forecasts = CallOutput<typeof listForecasts>
type Row = Forecasts['forecasts'][number]

/** What a row is of: a port, or what carries a tool's fingerprint. */
const ofRow = ({ protocol, port, tag }: Row) => readForecastOf(tag === null ? protocol ?? '' : 'tags', tag ?? String(port ?? ''))
const pathOf = ({ protocol, port, tag }: Row): string => `/warn/forecasts/${tag === null ? `${protocol}/${port}` : `tags/${tag}`}`

function Named({ row }: { readonly row: Row }) {
  const t = useText()
  const of = ofRow(row)
  if (of === undefined) return <span data-value>{row.tag ?? `${row.protocol}/${row.port}`}</span>
  const service = of.tag === undefined ? serviceOf(of.protocol, of.port) : null
  return <><Link to={pathOf(row) as never} data-value>{keyOf(of)}</Link>{service !== null && <span className="quiet" data-value> {service}</span>}{of.tag !== undefined && <span className="quiet block small">{t('forecasts.tag')}</span>}</>
}

function Interval({ low, high }: { readonly low: number; readonly high: number }) {
  const write = useFormat().column([low, high])
  return <span className="nowrap" data-value>{write(low)} – {write(high)}</span>
}

function ForecastTable({ forecasts }: { readonly forecasts: readonly Row[] }) {
  const t = useText()
  const format = useFormat()
  const number = (value: number) => <span data-value>{format.decimal(value)}</span>
  return (
    <Table cards caption={t('forecasts.table')} caption_hidden rows={forecasts} row_key={pathOf} columns={[
      { id: 'port', head: t('ui.port'), row_head: true, cell: (row) => <Named row={row} /> },
      { id: 'last', head: t('forecasts.last_day'), number: true, cell: ({ last_day }) => number(last_day) },
      { id: 'next', head: t('forecasts.next_day'), number: true, cell: ({ next_day }) => number(next_day) },
      { id: 'interval', head: t('forecasts.interval_80'), cell: ({ low_80, high_80 }) => <Interval low={low_80} high={high_80} /> },
      { id: 'best', head: t('forecasts.best'), cell: ({ best }) => <ModelName model={best} /> },
      { id: 'skill', head: t('forecasts.skill'), number: true, cell: ({ skill }) => <span data-value>{format.percent(skill)}</span> },
      { id: 'coverage', head: t('forecasts.coverage_80'), number: true, cell: ({ coverage_80 }) => <Coverage measured={coverage_80} /> },
      { id: 'verdict', head: t('forecasts.verdict'), cell: ({ beats_seasonal_naive }) => <Verdict beats={beats_seasonal_naive} /> },
    ]} />
  )
}

/** What is expected next at the busiest ports, and how far that can be believed? */
export function ForecastsPage() {
  const t = useText()
  const format = useFormat()
  const answer = useAnswer(listForecasts, {})
  const found = answer.data
  const all = found?.forecasts ?? []
  const beat = all.filter(({ beats_seasonal_naive }) => beats_seasonal_naive)
  // What rises above its interval's like: of those that can be believed, the one whose next day is furthest above its last.
  const rising = beat.filter(({ last_day }) => last_day > 0).toSorted((a, b) => b.next_day / b.last_day - a.next_day / a.last_day)[0]
  const rising_of = rising && ofRow(rising)
  const rises = rising !== undefined && rising.next_day > rising.last_day
  const sentence = found === undefined ? t(answer.error ? 'top.sentence_failed' : 'forecasts.loading') : found.made_at === null || all.length === 0 ? t('forecasts.sentence_none')
    : t('forecasts.sentence', {
      n: all.length, beat: beat.length, at: format.instant(found.made_at), rises: rises ? 'yes' : 'no', port: rising_of ? keyOf(rising_of) : '',
      last: rising ? format.decimal(rising.last_day) : '', next: rising ? format.decimal(rising.next_day) : '', low: rising ? format.decimal(rising.low_80) : '', high: rising ? format.decimal(rising.high_80) : '',
    })
  return (
    <Page name={t('forecasts.name')} sentence={sentence}>
      <Answered answer={answer} lines={10}>
        {({ forecasts }) => (forecasts.length === 0 ? <Empty title={t('forecasts.none')}><p>{t('forecasts.none_text')}</p></Empty> : (
          <div className="stack"><ForecastTable forecasts={forecasts} /><p className="figure-note">{t('forecasts.table_note')}</p></div>
        ))}
      </Answered>
      <PrecursorsSection />
    </Page>
  )
}
