import { portAnswer, seriesAnswer, topAnswer } from '@hirundo/contract'
import { DAY_S } from '@hirundo/base'
import { useAnswer } from '../../api/api.ts'
import type { Asking } from '../question/question.ts'
import { noveltyOf, type Novelty } from './novelty.ts'
import type { PortAsked } from './port-key.ts'

/** Ranks that are looked through for this port. */
export const RANKS_LOOKED_AT = 200
const LOOKED_BACK_DAYS = 365

export const portInput = (port: PortAsked, asking: Asking) => ({ params: { protocol: port.protocol, port: port.port }, query: asking.query })

/** Everything about a port in the period. */
export const usePort = (port: PortAsked, asking: Asking) => useAnswer(portAnswer, portInput(port, asking))

/** Its rank and the one before among the first; null: not among them; undefined: not known yet. */
export function usePortRank(port: PortAsked, asking: Asking): { readonly rank: number | null; readonly previous_rank: number | null } | undefined {
  const { data } = useAnswer(topAnswer, { params: { dimension: 'ports' }, query: { ...asking.query, limit: RANKS_LOOKED_AT } })
  if (!data) return undefined
  const found = data.data.find(({ key }) => key === port.key)
  return { rank: found?.rank ?? null, previous_rank: found?.previous_rank ?? null }
}

/** What a year of days before the period knows of it. */
export function useNovelty(port: PortAsked, asking: Asking): Novelty | undefined {
  const to = Date.parse(asking.from)
  const from = Math.floor((to / 1000 - LOOKED_BACK_DAYS * DAY_S) / DAY_S) * DAY_S * 1000
  const { data, isPlaceholderData } = useAnswer(seriesAnswer, {
    query: { ...asking.query, from: new Date(Math.max(0, from)).toISOString(), to: asking.from, dimension: 'port', key: port.key, step: DAY_S },
  })
  return data === undefined || isPlaceholderData ? undefined : noveltyOf(data.data.points)
}
