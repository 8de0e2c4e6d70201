import { DAY_S, formatSeconds, ok } from '@hirundo/base'
import { forecastPort, forecastTag, listForecasts, listPrecursors } from '@hirundo/contract'
import { handle, type Handler, type Platform } from '../../../platform/module.ts'
import type { Forecasts } from './forecasts.ts'
import { precursors, type Sign } from './precursors.ts'

/** After GreyNoise's observation that a spike is followed within three weeks in half, within six in 80 % of the cases. */
const HORIZON_DAYS = 21
const LOOK_BACK_DAYS = 365

/** Findings of these kinds that began since then, whatever was made of them but a dismissal as false. */
export type ReadSigns = (organisation_id: number, since_s: number) => Promise<readonly Sign[]>

export function forecastHandlers({ world }: Pick<Platform, 'world'>, forecasts: Forecasts, readSigns: ReadSigns): readonly Handler[] {
  return [
    handle(forecastPort, ({ params, query }, { actor }) => forecasts.of(actor!, { ...params, measure: query.measure ?? 'packets' }, query.step ?? 'hour')),
    handle(forecastTag, ({ params, query }, { actor }) => forecasts.of(actor!, { tag: params.tag }, query.step ?? 'hour')),
    handle(listForecasts, (_, { actor }) => forecasts.list(actor!)),
    handle(listPrecursors, async (_, { actor }) => {
      const to = Math.floor(world.now() / 1000)
      const signs = await readSigns(actor!.organisation_id, to - LOOK_BACK_DAYS * DAY_S)
      // Chance is counted over the time that findings are known of, not over a year of which most may lie before the node.
      const from = signs.reduce((least, { start }) => Math.min(least, start), to)
      return ok({
        from: formatSeconds(from), to: formatSeconds(to), horizon_days: HORIZON_DAYS,
        signals: [...precursors(signs, { from, to, horizon_days: HORIZON_DAYS })],
      })
    }),
  ]
}
