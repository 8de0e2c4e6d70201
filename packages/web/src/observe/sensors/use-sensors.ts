import { coverageAnswer, listSensors } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useAnswer } from '../../api/api.ts'

export const ASKED_EVERY_MS = 15_000

/** All sensors of the organisation, asked again by itself. */
export const useSensors = () => useAnswer(listSensors, {}, { every_ms: ASKED_EVERY_MS })

/** The newest minute of each sensor in the last 24 hours, by its name. */
export interface LastMinutes {
  /** Of any of them; null: none. */
  readonly newest: string | null
  /** Null: none; undefined: not known yet. */
  of(name: string): string | null | undefined
}

export function useLastMinutes(): LastMinutes {
  const { data } = useAnswer(coverageAnswer, {}, { every_ms: ASKED_EVERY_MS })
  return useMemo(() => {
    const by_name = new Map<string, string>()
    let newest: string | null = null
    for (const { sensor, last_minute } of data?.data ?? []) {
      if (last_minute === null) continue
      // A name that went on to a successor stands twice.
      if (last_minute > (by_name.get(sensor) ?? '')) by_name.set(sensor, last_minute)
      if (newest === null || last_minute > newest) newest = last_minute
    }
    return { newest, of: (name) => (data === undefined ? undefined : (by_name.get(name) ?? null)) }
  }, [data])
}

/** To be called after a sensor was let in or shut out. */
export function useSensorsChanged(): () => void {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: [listSensors.id] })
    void client.invalidateQueries({ queryKey: [coverageAnswer.id] })
  }
}
