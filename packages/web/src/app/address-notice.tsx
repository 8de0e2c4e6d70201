import { useRouterState } from '@tanstack/react-router'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.tsx'
import { Notice } from '../ui/state.tsx'
import { notUnderstood } from './not-understood.ts'

/** A page shows its default where an address is mistyped: that must not pass for what was asked. */
export function AddressNotice() {
  const t = useText()
  const format = useFormat()
  const { pathname, search } = useRouterState({ select: ({ location }) => location })
  const words = notUnderstood(pathname, search as Readonly<Record<string, unknown>>, Date.now())
  if (words.length === 0) return null
  const shown = [...new Set(words.flatMap((word) => word.shown ?? []))]
  return (
    <Notice kind="person">
      {t('shell.address_unknown', { n: words.length, said: format.list(words.map(({ said }) => said)), has_shown: shown.length > 0 ? 'yes' : 'no', shown: format.list(shown) })}
    </Notice>
  )
}
