import { Link } from '@tanstack/react-router'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'

export function NotFound() {
  const t = useText()
  return <Page name={t('shell.product')} sentence={t('shell.not_found')}><p>{t('shell.not_found_next')}</p><p><Link to="/observe">{t('shell.overview')}</Link></p></Page>
}

export function Forbidden() {
  const t = useText()
  return <Page name={t('shell.product')} sentence={t('shell.forbidden')}><p>{t('shell.forbidden_next')}</p></Page>
}

/** A bug of a page ends the page, not the shell around it. */
export function Failed() {
  const t = useText()
  return (
    <Page name={t('shell.product')} sentence={t('shell.failed')}>
      <p>{t('shell.failed_next')}</p>
      <div><Button onPress={() => location.reload()}>{t('shell.reload')}</Button></div>
    </Page>
  )
}
