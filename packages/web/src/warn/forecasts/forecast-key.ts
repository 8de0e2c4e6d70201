import { tools } from '../../observe/figure/tools.ts'
import type { ForecastOf } from './forecast-state.ts'

/** `tcp/23`, or a tool by its own name. */
export const keyOf = (of: ForecastOf): string => (of.tag === undefined ? `${of.protocol}/${of.port}` : tools.find(({ id }) => id === of.tag)?.name ?? of.tag)
