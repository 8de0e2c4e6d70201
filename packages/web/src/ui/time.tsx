import { useFormat } from '../text/format.ts'
import { useReader } from '../text/text.tsx'

/** An instant in the reader's zone with UTC beside it; `—` stands for never. Data, not a text of ours. */
export function Time({ at, both = true }: { readonly at: string | null; readonly both?: boolean }) {
  const format = useFormat()
  const { zone } = useReader()
  if (at === null) return <span data-value>—</span>
  return (
    <time className="time" dateTime={at} title={format.utc(at)} data-value>
      <span>{format.instant(at)}</span>{both && zone !== 'UTC' && <> <span className="quiet">{format.utc(at)}</span></>}
    </time>
  )
}
