import { useText } from '../text/text.tsx'
import { Notice } from '../ui/state.tsx'

/** This machine by its address: sessions work there, passkeys need a name. */
const loopback = /^(127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Said when this page came over plain HTTP from another machine: the browser then keeps no session, and passkeys do not
 * work. On the node's own machine it offers the same page by name. `secret`: what was behind # and is needed there too.
 */
export function TrustNotice({ secret = '' }: { readonly secret?: string }) {
  const t = useText()
  if (loopback.test(location.hostname)) {
    const port = location.port === '' ? '' : `:${location.port}`
    const here = `${location.protocol}//localhost${port}${location.pathname}${location.search}${secret === '' ? '' : `#${encodeURIComponent(secret)}`}`
    return <Notice><span>{t('people.by_address')}</span><a href={here}>{t('people.by_name', { name: `localhost${port}` })}</a></Notice>
  }
  if (isSecureContext) return null
  return (
    <Notice kind="person">
      <strong>{t('people.untrusted')}</strong>
      <span>{t('people.untrusted_next')}</span>
    </Notice>
  )
}
