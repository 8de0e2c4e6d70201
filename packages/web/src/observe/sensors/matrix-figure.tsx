import { matrixAnswer, type CallOutput, type coverageAnswer } from '@hirundo/contract'
import { matrixHeat } from '@hirundo/figures'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { exploreAddress, portAddress } from '../figure/addresses.ts'
import { answerFigure } from '../figure/answer-figure.ts'
import { commandLine, type Asking } from '../question/question.ts'

const PORTS = 20

const matrixInput = (asking: Asking) => ({ query: { ...asking.query, limit: PORTS } })
/** Packets of each sensor at each of the first ports. */
export const useMatrix = (asking: Asking) => useAnswer(matrixAnswer, matrixInput(asking))

interface MatrixFigureProps {
  readonly asking: Asking
  readonly answer: CallOutput<typeof matrixAnswer>
  readonly coverage: CallOutput<typeof coverageAnswer>['data']
}

/** Which sensor sees which port. A sensor that did not watch is hatched: nothing is known, not zero. */
export function MatrixFigure({ asking, answer, coverage }: MatrixFigureProps) {
  const t = useText()
  const format = useFormat()
  const title = t('sensors.matrix_title')
  const { ports, packets } = answer.data
  const index = new Map(answer.data.sensors.map((name, i) => [name, i]))
  const names = [...new Set([...answer.data.sensors, ...coverage.map(({ sensor }) => sensor)])].toSorted()
  const watched = new Set(coverage.filter(({ observed_s }) => observed_s > 0).map(({ sensor }) => sensor))
  const values = names.map((name) => {
    const row = packets[index.get(name) ?? -1]
    return row ?? ports.map(() => (watched.has(name) ? 0 : null))
  })
  const data = answerFigure(matrixAnswer, matrixInput(asking), answer, {
    id: 'sensors-by-ports', title, columns: [{ key: 'sensor', label: t('ui.sensor') }, ...ports.map((port) => ({ key: port, label: port }))],
    rows: names.map((sensor, i) => ({ sensor, ...Object.fromEntries(ports.map((port, p) => [port, values[i]![p]!])) })),
  })
  return (
    <FigureCard data={data} command={commandLine(`matrix --limit ${PORTS}`, asking)} note={t('sensors.matrix_note')} draw={(width) => matrixHeat({
      id: data.id, title, width, rows: names, columns: ports, values, format: format.compact, desc: t('sensors.matrix_desc', { sensors: names.length, ports: ports.length }),
      cellText: (row, column, value) => t(value === null ? 'sensors.matrix_hole' : 'sensors.matrix_cell', { sensor: names[row]!, port: ports[column]!, packets: format.number(value ?? 0) }),
      rowHref: (row) => exploreAddress('sensor', [names[row]!], asking.search), columnHref: (column) => portAddress(ports[column]!, asking.search),
      texts: { unit: t('ui.packets'), hatched: t('sensors.not_watched') },
    })} />
  )
}
