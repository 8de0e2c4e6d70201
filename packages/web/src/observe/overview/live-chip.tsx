import type { LiveOverview } from '@hirundo/contract'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import type { LiveState } from './live-stream.ts'

const colours: Readonly<Record<LiveState, string>> = { connecting: 'quiet hollow', live: 'good', reconnecting: 'person hollow', paused: 'quiet hollow' }

interface LiveChipProps {
  readonly state: LiveState
  readonly overview: LiveOverview | undefined
  readonly onPause: () => void
  readonly onResume: () => void
}

/** Whether the page follows the node, up to which minute, and how to hold it still. */
export function LiveChip({ state, overview, onPause, onResume }: LiveChipProps) {
  const t = useText()
  const newest = overview?.newest_minute
  return (
    <>
      <span className={`status ${colours[state]}`} role="status">{t(`overview.state_${state}`)}</span>
      {newest != null && <span className="quiet">{t('overview.newest_minute')} <Time at={newest} /></span>}
      {state === 'paused' ? <Button onPress={onResume}>{t('overview.resume')}</Button> : <Button kind="plain" onPress={onPause}>{t('overview.pause')}</Button>}
    </>
  )
}
