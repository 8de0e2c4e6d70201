import { useText } from '../text/text.tsx'
import { Once } from '../ui/once.tsx'
import { Time } from '../ui/time.tsx'

/** An invitation's link, shown once. */
export function LinkOnce({ name, link, expires_at }: { readonly name: string; readonly link: string; readonly expires_at: string }) {
  const t = useText()
  return (
    <Once label={t('people.link_for', { name })} value={link}>
      <p>{t('people.link_about')}</p>
      <p>{t('people.link_until')} <Time at={expires_at} /></p>
    </Once>
  )
}
