import { listSensors, overviewAnswer, type LiveSensor, type SensorView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useAnswer } from '../../api/api.ts'

const ASKED_EVERY_MS = 15_000

/** All sensors of the organisation, asked again by itself. */
export const useSensors = () => useAnswer(listSensors, {}, { every_ms: ASKED_EVERY_MS })

/** What each live sensor sent last, by its id. */
export function useLastMinutes(): { readonly newest: string | null; readonly by_id: ReadonlyMap<string, LiveSensor> } {
  const { data } = useAnswer(overviewAnswer, {}, { every_ms: ASKED_EVERY_MS })
  return useMemo(() => ({ newest: data?.newest_minute ?? null, by_id: new Map((data?.sensors ?? []).map((one) => [one.id, one])) }), [data])
}

/** To be called after a sensor was let in or shut out. */
export function useSensorsChanged(): () => void {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: [listSensors.id] })
    void client.invalidateQueries({ queryKey: [overviewAnswer.id] })
  }
}

export type SensorHealth = 'pending' | 'live' | 'silent' | 'history' | 'revoked'

/** How a sensor is, in one word. An import has no connection that could be silent. */
export function healthOf({ state, kind, live }: Pick<SensorView, 'state' | 'kind' | 'live'>): SensorHealth {
  if (state !== 'approved') return state
  return kind === 'import' ? 'history' : live ? 'live' : 'silent'
}

const order: readonly SensorHealth[] = ['pending', 'silent', 'live', 'history', 'revoked']

/** Those that need somebody first, those that ended last, by name within. */
export const inOrder = (sensors: readonly SensorView[]): SensorView[] =>
  sensors.toSorted((a, b) => order.indexOf(healthOf(a)) - order.indexOf(healthOf(b)) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
