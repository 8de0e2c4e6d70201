import { useText } from '../text/text.tsx'
import { Page } from '../ui/page.tsx'

export function SettingsPage() {
  const t = useText()
  return <Page name={t('node.title')} sentence={t('node.title')}>{null}</Page>
}
