import { useText } from '../../text/text.tsx'
import { NothingFound } from './nothing-found.tsx'

/** No packet in the period: because none came, or because nobody watched; and what to do. */
export function NothingCame({ watched }: { readonly watched: boolean }) {
  const t = useText()
  return <NothingFound title={t(watched ? 'top.empty' : 'top.empty_unwatched')} text={t(watched ? 'top.empty_text' : 'top.empty_unwatched_text')} />
}
