import { overviewAnswer, type LiveOverview } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useAnswer } from '../../api/api.ts'
import { useReader } from '../../text/text.tsx'
import { LiveStream, type LiveState } from './live-stream.ts'

/** The overview, kept up to date by the node; the first one and every problem come by a plain question. */
export function useLive() {
  const { locale } = useReader()
  const client = useQueryClient()
  const answer = useAnswer(overviewAnswer, {})
  const { refetch } = answer
  const [state, setState] = useState<LiveState>('connecting')
  const stream = useRef<LiveStream>(undefined)
  useEffect(() => {
    const key = [overviewAnswer.id, {}, locale]
    const opened = new LiveStream({
      onState: setState,
      onRefused: () => void refetch(),
      onDocument: (next) => client.setQueryData<LiveOverview>(key, (before) => (before !== undefined && before.at > next.at ? before : next)),
    })
    stream.current = opened
    return () => opened.close()
  }, [client, locale, refetch])
  return {
    answer, state,
    pause: () => stream.current?.pause(),
    resume: () => stream.current?.resume(),
  }
}
