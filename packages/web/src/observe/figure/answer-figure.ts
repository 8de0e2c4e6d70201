import type { CallInput, Route } from '@hirundo/contract'
import type { FigureData } from '@hirundo/figures'
import { figureQuery } from './figure-query.ts'

/** What stands around every answer of the observatory. */
export interface Answer {
  readonly from: string
  readonly to: string
  readonly coverage: FigureData['coverage']
  readonly simulated: boolean
  readonly note: string | null
}

/** The numbers of a figure with the answer that they come from and the request that gives them again. */
export function answerFigure<R extends Route>(
  route: R, input: CallInput<R>, { from, to, coverage, simulated, note }: Answer, own: Pick<FigureData, 'id' | 'title' | 'columns' | 'rows'>,
): FigureData {
  return { ...own, query: figureQuery(route, input), from, to, coverage, simulated, note }
}
