import { useFormat } from '../text/format.ts'
import { useReader } from '../text/text.tsx'

interface TimeProps {
  readonly at: string | null
  /** With UTC beside it; else UTC is in the title only. */
  readonly both?: boolean
  /** To the second instead of the minute: where several stand in one minute and their order matters. */
  readonly seconds?: boolean
}

/** An instant in the reader's zone with UTC beside it; `—` stands for never. Data, not a text of ours. */
export function Time({ at, both = true, seconds = false }: TimeProps) {
  const format = useFormat()
  const { zone } = useReader()
  if (at === null) return <span data-value>—</span>
  const utc = format.utc(at, seconds)
  return (
    <time className="time" dateTime={at} title={utc} data-value>
      <span>{seconds ? format.second(at) : format.instant(at)}</span>{both && zone !== 'UTC' && <> <span className="quiet">{utc}</span></>}
    </time>
  )
}
