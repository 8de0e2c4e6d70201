import { makeFormat, type Format } from './make-format.ts'
import { useReader } from './text.tsx'

export type { Format }

/** Making one costs a millisecond, and a page has hundreds of components that write numbers: all of a reader share one. */
const made = new Map<string, Format>()

function sharedFormat(locale: string, zone: string): Format {
  const key = `${locale} ${zone}`
  const known = made.get(key)
  if (known) return known
  const format = makeFormat(locale, zone)
  made.set(key, format)
  return format
}

/** Numbers and times as the reader writes them. */
export function useFormat(): Format {
  const { locale, zone } = useReader()
  return sharedFormat(locale, zone)
}
