import type { CallInput, Route } from '@hirundo/contract'
import type { FigureData } from '@hirundo/figures'
import { requestLine } from '../../api/api.ts'

/** The request behind a figure's numbers, as its download names it. */
export function figureQuery<R extends Route>(route: R, input: CallInput<R>): FigureData['query'] {
  const [path = '', search = ''] = requestLine(route, input as never).slice(route.method.length + 1).split('?', 2)
  return { method: route.method, path, search }
}
