import { useText } from '../text/text.tsx'
import { Notice } from '../ui/state.tsx'

/** Said when this page came over plain HTTP from another machine: the browser then keeps no session, and passkeys do not work. */
export function TrustNotice() {
  const t = useText()
  if (isSecureContext) return null
  return (
    <Notice kind="person">
      <strong>{t('people.untrusted')}</strong>
      <span>{t('people.untrusted_next')}</span>
    </Notice>
  )
}
