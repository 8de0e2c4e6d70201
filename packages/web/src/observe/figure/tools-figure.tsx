import type { CallInput, Route } from '@hirundo/contract'
import { shareBars } from '@hirundo/figures'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { answerFigure, type Answer } from './answer-figure.ts'
import { tools, type Tools } from './tools.ts'

interface ToolsFigureProps<R extends Route> {
  readonly id: string
  readonly route: R
  readonly input: CallInput<R>
  readonly answer: Answer
  readonly command: string
  readonly found: Tools
  readonly packets: number
}

/** How many packets carry a tool's fingerprint, and how many would by chance alone. */
export function ToolsFigure<R extends Route>({ id, route, input, answer, command, found, packets }: ToolsFigureProps<R>) {
  const t = useText()
  const format = useFormat()
  const title = t('port.tools_title')
  const by_chance = packets / 2 ** 16
  const data = answerFigure(route, input, { ...answer, note: null }, {
    id, title,
    columns: [{ key: 'tool', label: t('port.tool') }, { key: 'packets', label: t('ui.packets') }, { key: 'by_chance', label: t('port.by_chance') }],
    rows: tools.map((tool) => ({ tool: tool.name, packets: found[tool.id], by_chance: Math.round((packets / tool.chance) * 1000) / 1000 })),
  })
  return (
    <FigureCard data={data} command={command} note={t('port.tools_note', { expected: by_chance < 0.1 ? t('port.less_than', { n: format.decimal(0.1) }) : t('port.about', { n: format.decimal(by_chance) }) })}
      draw={(width) => shareBars({
        id, title, width, whole: packets, desc: t('port.tools_desc', { mirai: format.number(found.mirai), zmap: format.number(found.zmap), masscan: format.number(found.masscan) }),
        rows: tools.map((tool) => ({ key: tool.id, label: tool.name, value: found[tool.id], value_text: t('port.of_all', { n: format.number(found[tool.id]), share: format.percent(packets > 0 ? found[tool.id] / packets : 0) }) })),
      })} />
  )
}
