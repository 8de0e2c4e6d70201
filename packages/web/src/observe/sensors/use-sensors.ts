import { listSensors, overviewAnswer, type LiveSensor } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useAnswer } from '../../api/api.ts'

export const ASKED_EVERY_MS = 15_000

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
