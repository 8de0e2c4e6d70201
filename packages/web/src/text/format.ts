import { useMemo } from 'react'
import { makeFormat, type Format } from './make-format.ts'
import { useReader } from './text.tsx'

export type { Format }

/** Numbers and times as the reader writes them. */
export function useFormat(): Format {
  const { locale, zone } = useReader()
  return useMemo(() => makeFormat(locale, zone), [locale, zone])
}
