import { DAY_S, formatSeconds, ok, type Result } from '@hirundo/base'
import { forecastPort, forecastTag, listForecasts, listPrecursors, type Output } from '@hirundo/contract'
import { handle, type Handler, type Platform } from '../../../platform/module.ts'
import type { Forecasts } from './forecasts.ts'
import { Kept } from './kept.ts'
import type { Sign } from './precursors.ts'

/** After GreyNoise's observation that a spike is followed within three weeks in half, within six in 80 % of the cases. */
const HORIZON_DAYS = 21
const LOOK_BACK_DAYS = 365
const precursors_kept_max = 64

type PrecursorsView = Output<typeof listPrecursors>

/** Findings of these kinds that began since then, whatever was made of them but a dismissal as false. */
export type ReadSigns = (organisation_id: number, since_s: number) => Promise<readonly Sign[]>

export function forecastHandlers({ world }: Pick<Platform, 'world'>, forecasts: Forecasts, readSigns: ReadSigns): readonly Handler[] {
  const kept = new Kept<PrecursorsView>(precursors_kept_max)
  const precursorsOf = async (organisation_id: number, to: number): Promise<Result<PrecursorsView>> => {
    const signs = await readSigns(organisation_id, to - LOOK_BACK_DAYS * DAY_S)
    // Chance is counted over the time that findings are known of, not over a year of which most may lie before the node.
    const from = signs.reduce((least, { start }) => Math.min(least, start), to)
    const found = await forecasts.precursors(signs, { from, to, horizon_days: HORIZON_DAYS })
    return found.ok ? ok({ from: formatSeconds(from), to: formatSeconds(to), horizon_days: HORIZON_DAYS, signals: [...found.value] }) : found
  }
  return [
    handle(forecastPort, ({ params, query }, { actor }) => forecasts.of(actor!, { ...params, measure: query.measure ?? 'packets' }, query.step ?? 'hour')),
    handle(forecastTag, ({ params, query }, { actor }) => forecasts.of(actor!, { tag: params.tag }, query.step ?? 'hour')),
    handle(listForecasts, (_, { actor }) => forecasts.list(actor!)),
    handle(listPrecursors, (_, { actor }) => {
      const { organisation_id } = actor!
      const now = world.now()
      return kept.get(String(organisation_id), now, () => precursorsOf(organisation_id, Math.floor(now / 1000)))
    }),
  ]
}
