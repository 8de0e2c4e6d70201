import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function OverviewPage() {
  const t = useText()
  return <Page name={t('overview.title')} sentence={t('overview.title')}>{null}</Page>
}
