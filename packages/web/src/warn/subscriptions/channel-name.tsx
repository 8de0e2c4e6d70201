import { channels } from '@hirundo/contract'
import { useText } from '../../text/text.tsx'

/** By which way somebody is told; one that this version does not know is shown as the node calls it. */
export function ChannelName({ channel }: { readonly channel: string }) {
  const t = useText()
  const known = channels.find((one) => one === channel)
  return known === undefined ? <span data-value>{channel}</span> : <>{t(`subscriptions.channel_${known}`)}</>
}
