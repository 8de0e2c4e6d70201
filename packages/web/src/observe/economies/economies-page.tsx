import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function EconomiesPage() {
  const t = useText()
  return <Page name={t('economies.title')} sentence={t('economies.title')}>{null}</Page>
}
