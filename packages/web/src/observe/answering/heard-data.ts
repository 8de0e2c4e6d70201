import type { CallInput, Route } from '@hirundo/contract'
import type { FigureData } from '@hirundo/figures'
import { figureQuery } from '../figure/figure-query.ts'

/** What stands around every answer about interactions. */
export interface HeardAround {
  readonly from: string
  readonly to: string
  readonly sensors_heard: number
  readonly sensors_total: number
  readonly simulated: boolean
  readonly note: string | null
}

/** The numbers of a figure about interactions, with the answer that they come from and the request that gives them again. */
export function heardFigure<R extends Route>(
  route: R, input: CallInput<R>, { from, to, sensors_heard, sensors_total, simulated, note }: HeardAround, own: Pick<FigureData, 'id' | 'title' | 'columns' | 'rows'>,
): FigureData {
  return { ...own, query: figureQuery(route, input), from, to, coverage: { sensors_heard, sensors_total }, simulated, note }
}
