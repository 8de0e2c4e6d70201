import { serviceOf } from '@hirundo/base'
import { forecastPort, forecastTag } from '@hirundo/contract'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Segmented } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty, Notice } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import '../warn.css'
import { FanFigure, type Forecast } from './fan-figure.tsx'
import { keyOf } from './forecast-key.ts'
import { measures, readForecast, readForecastOf, steps, type ForecastAsking, type ForecastOf } from './forecast-state.ts'
import { Coverage, ModelName } from './skill.tsx'

/** One of the two questions is asked: a page is of a port or of a tool. */
function useForecast(of: ForecastOf, { step, measure }: ForecastAsking) {
  const is_port = of.tag === undefined
  const port = useAnswer(forecastPort, { params: is_port ? of : { protocol: 'tcp', port: 0 }, query: { step, measure } }, { enabled: is_port })
  const tag = useAnswer(forecastTag, { params: { tag: of.tag ?? 'mirai' }, query: { step } }, { enabled: !is_port })
  return is_port ? port : tag
}

/** Every model that competed, the best first: measured on the same past, each origin with what was known then. */
function Models({ forecast: { models, best } }: { readonly forecast: Forecast }) {
  const t = useText()
  const format = useFormat()
  const rows = models.toSorted((a, b) => b.skill - a.skill)
  return (
    <section className="section">
      <h2>{t('forecasts.models')}</h2>
      <Table cards caption={t('forecasts.models')} caption_hidden rows={rows} row_key={({ model }) => model} columns={[
        { id: 'model', head: t('forecasts.model'), row_head: true, cell: ({ model }) => <><ModelName model={model} />{model === best && <strong className="block small">{t('forecasts.shown')}</strong>}</> },
        { id: 'error', head: t('forecasts.error'), number: true, cell: ({ mean_absolute_error }) => <span data-value>{format.decimal(mean_absolute_error)}</span> },
        { id: 'skill', head: t('forecasts.skill'), number: true, cell: ({ skill }) => <span data-value>{format.percent(skill)}</span> },
        { id: 'c50', head: t('forecasts.coverage_50'), number: true, cell: ({ coverage_50 }) => <Coverage measured={coverage_50} /> },
        { id: 'c80', head: t('forecasts.coverage_80'), number: true, cell: ({ coverage_80 }) => <Coverage measured={coverage_80} /> },
        { id: 'c95', head: t('forecasts.coverage_95'), number: true, cell: ({ coverage_95 }) => <Coverage measured={coverage_95} /> },
        { id: 'origins', head: t('forecasts.origins'), number: true, cell: ({ origins }) => <span data-value>{format.number(origins)}</span> },
      ]} />
      <p className="figure-note">{t('forecasts.models_note')}</p>
    </section>
  )
}

function useSentence(of: ForecastOf, { measure, step }: ForecastAsking, forecast: Forecast | undefined, failed: boolean): string {
  const t = useText()
  const format = useFormat()
  const key = keyOf(of)
  if (forecast === undefined) return t(failed ? 'top.sentence_failed' : 'forecasts.port_loading', { key })
  const end = forecast.points.at(-1)
  const model = forecast.models.find((one) => one.model === forecast.best)
  if (!forecast.enough || end === undefined || model === undefined) return t('forecasts.port_too_little', { key })
  const service = of.tag === undefined ? serviceOf(of.protocol, of.port) : null
  return t('forecasts.port_sentence', {
    key, service: service ?? '', has_service: service === null ? 'no' : 'yes', measure, step, at: format.instant(end.at), mean: format.decimal(end.mean), low: format.decimal(end.low_80), high: format.decimal(end.high_80),
    beats: forecast.beats_seasonal_naive ? 'yes' : 'no', skill: format.percent(Math.abs(model.skill)), has_coverage: model.coverage_80 === null ? 'no' : 'yes', coverage: model.coverage_80 === null ? '' : format.percent(model.coverage_80), origins: model.origins,
  })
}

function Story({ of }: { readonly of: ForecastOf }) {
  const t = useText()
  const navigate = useNavigate()
  const read = readForecast(useSearch({ strict: false }) as Record<string, unknown>)
  const asking: ForecastAsking = of.tag === undefined ? read : { ...read, measure: 'packets' }
  const key = keyOf(of)
  const change = (part: Partial<ForecastAsking>) => void navigate({ to: '.', resetScroll: false, search: { ...asking, ...part } } as never)
  const answer = useForecast(of, asking)
  const sentence = useSentence(of, asking, answer.data, answer.error !== null)
  return (
    <Page name={t('forecasts.port_name', { key })} sentence={sentence} filters={<>
      <Segmented label={t('forecasts.step')} value={asking.step} onChange={(step) => change({ step })} choices={steps.map((id) => ({ id, label: t(`forecasts.step_${id}`) }))} />
      {of.tag === undefined && <Segmented label={t('forecasts.measure')} value={asking.measure} onChange={(measure) => change({ measure })} choices={measures.map((id) => ({ id, label: t(`ui.${id}`) }))} />}
    </>}>
      <Answered answer={answer} lines={10}>
        {(forecast) => (
          <>
            {forecast.enough && !forecast.beats_seasonal_naive && <Notice kind="person"><strong>{t('forecasts.no_skill')}</strong><span>{t('forecasts.no_skill_text')}</span></Notice>}
            {!forecast.enough && <Notice>{t('forecasts.too_little')}</Notice>}
            <FanFigure forecast={forecast} of={of} asking={asking} />
            {forecast.models.length > 0 && <Models forecast={forecast} />}
          </>
        )}
      </Answered>
      <nav className="row" aria-label={t('port.more')}>
        {of.tag === undefined && <>
          <Link to="/observe/ports/$protocol/$port" params={{ protocol: of.protocol, port: String(of.port) } as never}>{t('shell.search_port', { key })}</Link>
          <Link to="/warn" search={{ subject: key } as never}>{t('forecasts.to_findings')}</Link>
        </>}
        <Link to="/warn/forecasts">{t('forecasts.to_all')}</Link>
      </nav>
    </Page>
  )
}

/** The next hours or days of one port or tool, by the model that did best so far. */
export function ForecastPage() {
  const t = useText()
  const { protocol = '', port = '' } = useParams({ strict: false }) as { readonly protocol?: string; readonly port?: string }
  const of = readForecastOf(protocol, port)
  if (of) return <Story key={keyOf(of)} of={of} />
  return (
    <Page name={t('forecasts.name')} sentence={t('port.invalid', { text: `${protocol}/${port}`.slice(0, 60) })}>
      <Empty title={t('port.invalid_title')}><p>{t('port.invalid_text')}</p><p><Link to="/warn/forecasts">{t('forecasts.to_all')}</Link></p></Empty>
    </Page>
  )
}
