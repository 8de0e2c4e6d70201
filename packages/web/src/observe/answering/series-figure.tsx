import { handshakes, heardSeries, type CallOutput } from '@hirundo/contract'
import { lineSeries } from '@hirundo/figures'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { commandLine, type Asking } from '../question/question.ts'
import { heardFigure } from './heard-data.ts'
import { wholeSteps } from './whole-steps.ts'

const HEIGHT = 240
/** Strongest evidence first: its line is the one that people look for. */
const order = handshakes.toReversed()

/** How many interactions there were in each step, by what each proves. */
export function SeriesFigure({ asking, answer }: { readonly asking: Asking; readonly answer: CallOutput<typeof heardSeries> }) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const title = t('answering.series_title')
  const { step_s } = answer.data
  const points = wholeSteps(answer)
  const drawn = new Set(points.map(({ at }) => at))
  const left_out = answer.data.points.filter(({ at }) => !drawn.has(at)).length
  const data = heardFigure(heardSeries, { query: asking.query }, answer, {
    id: 'heard-series', title, rows: answer.data.points,
    columns: [
      { key: 'at', label: t('port.at') }, ...order.map((strength) => ({ key: strength, label: t(`answering.${strength}`) })),
      { key: 'requests', label: t('answering.requests') }, { key: 'sources', label: t('ui.sources') },
    ],
  })
  const most = (strength: (typeof order)[number]) => format.number(points.reduce((max, point) => Math.max(max, point[strength]), 0))
  return (
    <FigureCard data={data} command={commandLine('interactions series', asking)} note={[t('port.each', { step: format.duration(step_s), zone }), ...(left_out > 0 ? [t('explore.left_out', { n: left_out })] : [])].join(' · ')} draw={(width) => lineSeries({
      id: data.id, title, width, height: HEIGHT, from_ms: Date.parse(answer.from), to_ms: Date.parse(answer.to) - step_s * 1000, step_ms: step_s * 1000, locale, zone, format: format.compact,
      desc: t('answering.series_desc', { dialogue: most('dialogue'), completed: most('completed'), none: most('none') }), texts: { unit: t('answering.interactions') },
      series: order.map((strength) => ({ key: strength, label: t(`answering.${strength}`), points: points.map((point) => ({ at_ms: Date.parse(point.at), value: point[strength] })) })),
    })} />
  )
}
