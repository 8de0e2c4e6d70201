import { forecastPort, forecastTag, type CallOutput } from '@hirundo/contract'
import { fanChart } from '@hirundo/figures'
import { figureQuery } from '../../observe/figure/figure-query.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { keyOf } from './forecast-key.ts'
import type { ForecastAsking, ForecastOf } from './forecast-state.ts'

export type Forecast = CallOutput<typeof forecastPort>
/** So much history as lets the fan be seen. */
const HISTORY_SHOWN = { hour: 7 * 24, day: 60 } as const
const FAN_HEIGHT = 320

/** What was, and what is expected with intervals of 50, 80 and 95 %. */
export function FanFigure({ forecast, of, asking }: { readonly forecast: Forecast; readonly of: ForecastOf; readonly asking: ForecastAsking }) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const { history, points, simulated, step_s } = forecast
  const title = t(`forecasts.fan_${asking.measure}`, { key: keyOf(of) })
  const query = of.tag === undefined ? figureQuery(forecastPort, { params: of, query: { step: asking.step, measure: asking.measure } }) : figureQuery(forecastTag, { params: { tag: of.tag }, query: { step: asking.step } })
  const shown = history.slice(-HISTORY_SHOWN[asking.step])
  const [first, last] = [shown[0]?.at ?? points[0]?.at ?? new Date(0).toISOString(), points.at(-1)?.at ?? shown.at(-1)?.at ?? new Date(0).toISOString()]
  const level = (n: number) => format.percent(n)
  const end = points.at(-1)
  return (
    <FigureCard note={`${t('port.each', { step: format.duration(step_s), zone })}${end ? ` · ${t('forecasts.fan_note')}` : ''}`}
      data={{
        id: 'forecast', title, query, from: first, to: last, coverage: null, simulated, note: null,
        columns: [
          { key: 'at', label: t('port.at') }, { key: 'value', label: t('forecasts.value') }, { key: 'mean', label: t('forecasts.mean') },
          ...([50, 80, 95] as const).flatMap((n) => [{ key: `low_${n}`, label: t('forecasts.low', { level: level(n / 100) }) }, { key: `high_${n}`, label: t('forecasts.high', { level: level(n / 100) }) }]),
        ],
        rows: [...shown.map(({ at, value }) => ({ at, value })), ...points.map((point) => ({ ...point }))],
      }}
      draw={(width) => fanChart({
        id: 'forecast', title, width, height: FAN_HEIGHT, step_ms: step_s * 1000, locale, zone, format: format.compact,
        desc: end ? t('forecasts.fan_desc', { at: format.instant(end.at), mean: format.decimal(end.mean), low: format.decimal(end.low_80), high: format.decimal(end.high_80) }) : t('forecasts.too_little'),
        history: shown.map(({ at, value }) => ({ at_ms: Date.parse(at), value })), fan: points.map(({ at, ...point }) => ({ at_ms: Date.parse(at), ...point })),
        texts: { unit: t(asking.measure === 'packets' ? 'ui.per_sensor' : 'ui.sources'), now: t('forecasts.now'), levels: [level(0.5), level(0.8), level(0.95)] },
      })} />
  )
}
