import { getFinding, type FindingView } from '@hirundo/contract'
import { thresholdBars } from '@hirundo/figures'
import { figureQuery } from '../../observe/figure/figure-query.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Table } from '../../ui/table.tsx'
import { figureName, figureValue, isFigureName } from '../words/figure-units.ts'
import { settingRows } from '../words/setting-rows.ts'
import { underscored } from '../words/subject.ts'
import { crossedText, crossedValue, thresholdText } from '../words/why.ts'

/** Each threshold that was crossed: value, threshold, and how far beyond. */
export function WhyFigure({ finding }: { readonly finding: FindingView }) {
  const t = useText()
  const format = useFormat()
  const { crossed, start, end, simulated, kind, detector } = finding
  const title = t('warn.why_title')
  return (
    <FigureCard note={t('warn.why_note', { kind: t(`warn.kind_${underscored(kind)}`), version: detector.version })}
      data={{
        id: 'finding-why', title, query: figureQuery(getFinding, { params: { id: finding.id } }), from: start, to: end, coverage: null, simulated, note: null,
        columns: [{ key: 'figure', label: t('warn.figure_column') }, { key: 'value', label: t('warn.value_column') }, { key: 'rule', label: t('warn.rule_column') }, { key: 'threshold', label: t('warn.threshold_column') }],
        rows: crossed.map(({ figure, value, rule, threshold }) => ({ figure: figureName(figure, t), value, rule: rule === 'at_least' ? '≥' : '<', threshold })),
      }}
      draw={(width) => thresholdBars({
        id: 'finding-why', title, width, desc: format.list(crossed.map((one) => crossedText(one, format, t))),
        rows: crossed.map((one) => ({ key: one.figure, label: figureName(one.figure, t), value: one.value, threshold: one.threshold, value_text: crossedValue(one, format, t), threshold_text: thresholdText(one, format, t) })),
      })} />
  )
}

/** All figures of the finding, and the settings that the detector ran with. */
export function FiguresAndSettings({ finding: { figures, crossed, detector } }: { readonly finding: FindingView }) {
  const t = useText()
  const format = useFormat()
  const shown = Object.entries(figures).filter(([name]) => !crossed.some(({ figure }) => figure === name))
  return (
    <>
      {shown.length > 0 && <dl className="facts small-facts">{shown.map(([name, value]) => <div key={name}><dt>{figureName(name, t)}</dt><dd data-value>{isFigureName(name) ? figureValue(name, value, format, t) : format.decimal(value)}</dd></div>)}</dl>}
      <details className="more">
        <summary>{t('warn.parameters', { version: detector.version })}</summary>
        <Parameters parameters={detector.parameters} />
      </details>
    </>
  )
}

/** Settings by their own names: they are the words of the command line and of the API. */
export function Parameters({ parameters }: { readonly parameters: Readonly<Record<string, unknown>> }) {
  const t = useText()
  return (
    <Table caption={t('warn.told', { figure: t('warn.parameter'), value: t('warn.parameter_value') })} caption_hidden rows={settingRows(parameters)} row_key={({ name }) => name} columns={[
      { id: 'name', head: t('warn.parameter'), row_head: true, cell: ({ name }) => <code>{name}</code> },
      { id: 'value', head: t('warn.parameter_value'), cell: ({ value }) => <code>{value}</code> },
    ]} />
  )
}
